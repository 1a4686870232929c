import ipaddress
import socket
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.discovery.ip import address_of, ip_of, normal, parse_address, plain, scope_of


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("FE80:0:0::1%eth0", "fe80::1%eth0"),
        ("fd00::0:1", "fd00::1"),
        ("fd00::1%eth0", "fd00::1"),  # a scope means something on link-local addresses only
        ("10.0.0.5", "10.0.0.5"),
        ("Line 3", "Line 3"),
        ("10.0.0.5%eth0", "10.0.0.5%eth0"),  # no address
        ("fe80::1%", "fe80::1%"),
        ("fe80::1%eth 0", "fe80::1%eth 0"),
        ("fe80::1%\x1b[31m", "fe80::1%\x1b[31m"),
        ("fe80::1%" + "e" * 33, "fe80::1%" + "e" * 33),
    ],
)
def test_an_address_is_written_in_one_way(written: str, expected: str) -> None:
    assert normal(written) == expected


def test_the_number_of_an_adapter_becomes_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "if_indextoname", {7: "en0"}.__getitem__)
    monkeypatch.setattr(sys, "platform", "darwin")

    assert normal("fe80::1%7") == "fe80::1%en0"
    assert address_of(("fe80::1", 8100, 0, 7)) == "fe80::1%en0"
    assert address_of(("fe80::1%en0", 8100, 0, 7)) == "fe80::1%en0"  # some systems tell it twice


def test_on_windows_a_scope_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(socket, "if_indextoname", lambda _: "ethernet_32769")

    assert normal("fe80::1%12") == "fe80::1%12"
    assert address_of(("fe80::1", 8100, 0, 12)) == "fe80::1%12"


def test_a_number_of_no_adapter_stays() -> None:
    assert normal("fe80::1%987654") == "fe80::1%987654"
    assert normal("fe80::1%" + "9" * 30) == "fe80::1%" + "9" * 30


def test_a_system_without_names_of_adapters_keeps_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "if_indextoname", raising=False)

    assert normal("fe80::1%1") == "fe80::1%1"


def test_where_somebody_is_needs_no_scope_but_on_a_link() -> None:
    assert address_of(("10.0.0.5", 8100)) == "10.0.0.5"
    assert address_of(("fd00::5", 8100, 0, 0)) == "fd00::5"


def test_an_interface_keeps_its_scope() -> None:
    interface = ipaddress.ip_interface("fe80::1%eth0/64")

    assert str(ip_of(interface)) == "fe80::1%eth0"
    assert scope_of(ip_of(interface)) == "eth0"
    assert plain(str(interface)) == plain("fe80::1%eth0") == "fe80::1"


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none_and_normal_is_normal(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    if (address := parse_address(text)) is not None:
        assert str(address).isprintable()
