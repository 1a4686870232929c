"""One address tries to have the host hold all that it can."""

import itertools
import sys
from collections.abc import Callable

import pytest

from lanchat.limits import MAX_CONNECTIONS_PER_ADDRESS, MAX_HELD_FOR_ADDRESS_BYTES
from tests.hosting import HostProcess
from tests.server.peer import Peer

_SOURCE = "127.0.0.2"
_EMOJI = "\U0001f600"  # makes Python keep each character of a line in four bytes


def _talk(peers: list[Peer]) -> None:
    """Much to many, in private and in lines that take the most."""
    for number, peer in enumerate(peers):
        for to in range(30):
            peer.send(f"PRIVMSG p{(number + to) % len(peers)} :{_EMOJI}{'x' * 350}")
        peer.send("BATCH +1 draft/multiline p0", *[f"@batch=1 PRIVMSG p0 :{_EMOJI}{'x' * 380}"] * 40)


def _lists(peers: list[Peer]) -> None:
    """Channels, bans, watched names, read markers."""
    for number, peer in enumerate(peers):
        peer.send("JOIN " + ",".join(f"#{(number * 50 + at) % 200}" for at in range(50)))
        for start, letter in itertools.product(range(0, 60, 6), "be"):
            masks = " ".join(f"{'m' * 50}{start + at}!*@*" for at in range(6))
            peer.send(f"MODE #{number * 50 % 200} +{letter * 6} {masks}")
        for start in range(0, 100, 10):
            peer.send("MONITOR + " + ",".join(f"{'w' * 30}{number}_{start + at}" for at in range(10)))
        for target in range(100):
            peer.send(f"MARKREAD #{'r' * 50}{target} timestamp=2020-01-01T00:00:00.000Z")


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read from /proc")
def test_the_most_that_one_address_can_have_the_host_hold_is_32_mib(start_host: Callable[..., HostProcess]) -> None:
    host = start_host("--name", "Line 3", "--quiet", "--no-flood-limits")
    ada = host.member("ada")
    ada.fence()
    before_bytes = host.resident_bytes()
    peers = [host.peer(source=_SOURCE) for _ in range(MAX_CONNECTIONS_PER_ADDRESS)]
    for number, peer in enumerate(peers):
        peer.register(f"p{number}", caps="batch draft/multiline echo-message")
    for fill in (_lists, _talk):
        fill(peers)
        for peer in peers:
            peer.fence()
    for peer in peers:  # now nobody reads any more, and all ask for more than fits
        peer.send(*["MOTD", "LIST", "NAMES", "WHO *"] * 5, b"@" + b"x" * 15_000)
    ada.fence()
    held_bytes = host.resident_bytes() - before_bytes
    assert 4_000_000 < held_bytes <= MAX_HELD_FOR_ADDRESS_BYTES
