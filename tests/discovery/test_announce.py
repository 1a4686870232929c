import ipaddress
import threading

import pytest

from lanchat.discovery import announce
from lanchat.discovery.addresses import Adapter, Reach
from lanchat.discovery.announce import AnnounceEvent, AnnounceFailed, Announcer, NetworkChanged
from lanchat.discovery.rooms import Advertisement
from tests.discovery.peers import ID_A

ROOM = Advertisement(ID_A, "Line 3", "#Line-3", 8100, is_password_needed=False, version="0.1.0")
DEADLINE_S = 20.0


def threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "announcer"]


def ignore(_: AnnounceEvent) -> None:
    pass


def test_rooms_that_only_this_machine_can_reach_are_not_announced() -> None:
    announcer = Announcer([ROOM], listen=["127.0.0.1", "::1"], on_event=ignore)

    announcer.start()

    assert threads() == []
    announcer.close()


def test_closing_needs_no_start_and_may_be_repeated() -> None:
    announcer = Announcer([ROOM], on_event=ignore)

    announcer.close()
    announcer.close()


def test_without_a_network_it_waits_and_can_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()

    def no_adapters() -> list[Adapter]:
        looked.set()
        return []

    monkeypatch.setattr(announce, "read_adapters", no_adapters)
    announcer = Announcer([ROOM], on_event=ignore)
    announcer.start()
    assert looked.wait(DEADLINE_S)

    announcer.close(DEADLINE_S)

    assert threads() == []
    announcer.close()


def test_closing_right_after_the_start_ends_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce, "read_adapters", list)
    for _ in range(20):
        announcer = Announcer([ROOM], on_event=ignore)
        announcer.start()
        announcer.close(DEADLINE_S)

    assert threads() == []


def test_an_address_that_cannot_be_used_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is of a documentation network: binding to it fails, and nothing is ever sent."""
    monkeypatch.setattr(announce, "RETRY_S", 0.01)
    monkeypatch.setattr(announce, "DAMP_S", 0.0)
    monkeypatch.setattr(announce, "POLL_S", 0.01)
    adapters = [Adapter("eth0", (ipaddress.ip_interface("192.0.2.1/24"),))]
    tries = 0
    is_gone = False

    def read() -> list[Adapter]:
        nonlocal tries
        tries += 1
        return [] if is_gone else adapters

    monkeypatch.setattr(announce, "read_adapters", read)
    events: list[AnnounceEvent] = []
    failed, moved = threading.Event(), threading.Event()

    def take(event: AnnounceEvent) -> None:
        nonlocal is_gone
        events.append(event)
        if isinstance(event, AnnounceFailed):
            failed.set()
        if isinstance(event, NetworkChanged):
            moved.set()
        raise RuntimeError("a host that breaks on an event must not end the announcing")

    announcer = Announcer([ROOM], on_event=take)
    announcer.start()
    try:
        assert failed.wait(DEADLINE_S)
        is_gone = True
        assert moved.wait(DEADLINE_S)
    finally:
        announcer.close(DEADLINE_S)

    assert [type(event) for event in events] == [AnnounceFailed, NetworkChanged]
    assert events[1] == NetworkChanged((), Reach.NOBODY)
    assert tries > 2


def test_ipv6_addresses_that_come_and_go_beside_one_of_ipv4_are_no_news() -> None:
    events: list[AnnounceEvent] = []
    announcer = Announcer([ROOM], on_event=events.append)

    def have(*addresses: str) -> None:
        announcer._adapters = [Adapter("eth0", tuple(ipaddress.ip_interface(one) for one in addresses))]
        announcer._tell_moved()

    have("10.0.0.5/24", "2001:db8::1/64", "fe80::1%eth0/64")
    have("10.0.0.5/24", "2001:db8::2/64", "fe80::1%eth0/64")
    assert events == []  # it takes a new address every day; RFC 8981
    have("fe80::1%eth0/64")
    have("fd00::1/64", "fe80::1%eth0/64")
    assert events == [
        NetworkChanged(("fe80::1%eth0",), Reach.SELF_ASSIGNED),
        NetworkChanged(("fd00::1",), Reach.NETWORK),
    ]
