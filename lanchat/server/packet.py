"""What a turn of the loop has for a peer: bytes, and the bytes before them.

A room tells the same to many. All who were told the same since the turn began share one packet, so what goes to them
is encoded once for each kind of receiver, put together once, and kept once, however many they are.
"""

from __future__ import annotations

from lanchat.chat.session import Session
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


class Encoding:
    """One message on its way to many sessions: its packets, by kind of receiver and by what they were told before."""

    __slots__ = ("_bytes", "_message", "_packets")

    def __init__(self, message: Message) -> None:
        self._message = message
        self._bytes: dict[object, bytes] = {}  # by kind of receiver
        self._packets: dict[tuple[object, Packet | None], Packet | None] = {}

    def packet(self, session: Session, before: Packet | None) -> Packet | None:
        """Return what a session is to be sent, all told; unchanged if its wire has no use for the message."""
        key = (session.kind, before)
        if key not in self._packets:
            data = self._encoded(session)
            self._packets[key] = Packet(before, data) if data else before
        return self._packets[key]

    def _encoded(self, session: Session) -> bytes:
        if session.kind not in self._bytes:
            self._bytes[session.kind] = session.wire.encode(self._message)
        return self._bytes[session.kind]
