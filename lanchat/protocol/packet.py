"""What a turn of the loop has for a peer: bytes, and the bytes before them.

A room tells the same to many. All who were told the same since the turn began share one packet, so what goes to them
is encoded once for each kind of receiver, put together once, and kept once, however many they are.

An example: Ana, Bo and Cem were told nothing yet (their outboxes are None) when Zoe says "hello". Ana's client asked
for server-time, the others did not, so there are two kinds and two new packets: Bo and Cem share the second. When she
then says "all" to the three, each of the two packets gets one packet behind it. Had only Bo been told something in
between, his packet and Cem's would no longer be the same, and from there on the two would have packets of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Protocol

from lanchat.protocol.irc_wire import Wire
from lanchat.protocol.message import Message


class Packet:
    """Bytes to be sent, behind those of the packet before. Never changed, as others share it."""

    __slots__ = ("_before", "_data", "_whole")

    def __init__(self, before: Packet | None, data: bytes) -> None:
        self._before = before
        self._data = data
        self._whole = b"" if before else data

    def whole(self) -> bytes:
        """Return all bytes of the turn, put together the first time they are asked for."""
        if not self._whole:
            parts = [self._data]
            packet = self._before
            while packet is not None:
                parts.append(packet._data)
                packet = packet._before
            self._whole = b"".join(reversed(parts))
        return self._whole


class Carrier(Protocol):
    """What takes packets to a peer: a connection. `outbox` is what this turn has for the peer."""

    outbox: Packet | None
    take: Callable[[bytes], int]
    """Sends bytes, or keeps them where the peer takes none now; returns how many of them it took."""

    def failed(self, error: OSError) -> int:
        """Take note that `take` raised an error; return how many bytes were taken, none."""

    def keep_rest(self, data: bytes) -> None:
        """Keep what `take` did not take."""


class Receiver(Protocol):
    """Who is told: receivers of equal kind are sent equal bytes."""

    kind: Hashable
    wire: Wire


class Encoding:
    """One message on its way to many sessions: its packets, by kind of receiver and by what they were told before."""

    __slots__ = ("_bytes", "_message", "_packets")

    def __init__(self, message: Message) -> None:
        self._message = message
        self._bytes: dict[object, bytes] = {}  # by kind of receiver
        self._packets: dict[tuple[object, Packet | None], Packet | None] = {}

    def packet(self, receiver: Receiver, before: Packet | None) -> Packet | None:
        """Return all that a receiver is to be sent in this turn; unchanged if its wire has no use for the message."""
        key = (receiver.kind, before)
        if key not in self._packets:
            data = self._encoded(receiver)
            self._packets[key] = Packet(before, data) if data else before
        return self._packets[key]

    def _encoded(self, receiver: Receiver) -> bytes:
        if receiver.kind not in self._bytes:
            self._bytes[receiver.kind] = receiver.wire.encode(self._message)
        return self._bytes[receiver.kind]
