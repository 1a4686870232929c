"""One peer's socket: what came goes to the `Peer` at its other end, what is to go waits until the socket takes it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Protocol

from lanchat.limits import MAX_SENDQ_BYTES, MAX_SENDQ_BYTES_OF_ADDRESS, RECEIVE_BYTES
from lanchat.protocol.packet import Carrier, Packet
from lanchat.server.net.loop import Loop


class Peer(Protocol):
    """Who is at the other end, of one kind or another: what its bytes mean, and what its end means."""

    def received(self, data: bytes) -> None:
        """Take bytes that the peer sent."""

    def parting_words(self, reason: str) -> bytes:
        """Return what tells the peer why it is disconnected; b"" where it would not understand."""

    def farewell(self) -> bytes:
        """Return what its protocol says at the very end, behind everything else; b"" if nothing."""

    def gone(self, reason: str) -> None:
        """Take note that the peer is disconnected. May come twice."""


class Owner(Protocol):
    """Who looks after connections."""

    def gone(self, connection: Connection, reason: str) -> None:
        """Take note that a socket has ended, however it did."""

    def evict(self, connection: Connection, reason: str) -> None:
        """Disconnect a peer that exceeded a limit."""


class Source:
    """What the connections of one address share, so that many of them get no more than one."""

    __slots__ = ("connections", "turn", "unsent_bytes", "used_s")

    def __init__(self) -> None:
        self.connections = 0
        self.unsent_bytes = 0  # wait to be sent
        self.turn = 0  # of the loop, in which …
        self.used_s = 0.0  # … they were listened to so long

    def left_s(self, turn: int, share_s: float) -> float:
        """Return how long they may still be listened to in a turn of the loop."""
        if self.turn != turn:
            self.turn, self.used_s = turn, 0.0
        return share_s - self.used_s


class Connection:
    """A peer's socket. `outbox` is what this turn has for the peer: it leaves in one send, the rest when there is room.

    Its end has two steps. `finish` stops reading and sends what waits; then the socket is shut down for writing and
    lives until the peer has ended, too, since closing it sooner would make the system send a reset, and a reset takes
    our last words away from a peer that has not read them yet. `close` lets go of it at once.
    """

    __slots__ = (
        "_is_reading",
        "_loop",
        "_owner",
        "_unsent",
        "_unsent_bytes",
        "address",
        "is_cut",
        "is_ending",
        "is_over",
        "outbox",
        "peer",
        "sock",
        "source",
        "take",
    )

    def __init__(self, loop: Loop, owner: Owner, sock: socket.socket, address: str) -> None:
        self.source = Source()  # its own, until it is counted in
        self._loop = loop
        self._owner = owner
        self.sock = sock
        self.take: Callable[[bytes], int] = sock.send  # takes bytes to the peer, or keeps them while it takes none
        self.address = address
        self.peer: Peer | None = None  # set by who accepts it
        self.outbox: Packet | None = None
        self._unsent: list[bytes] = []
        self._unsent_bytes = 0
        self._is_reading = True
        self.is_cut = False  # bytes on their way were dropped, perhaps in the middle of a line or frame
        self.is_ending = False  # nothing more is read; closed when all is sent
        self.is_over = False
        loop.watch(sock, self)

    # ---- From the peer ---------------------------------------------------------------------------------------------

    def on_readable(self) -> None:
        """Read what is there, one turn's worth of it."""
        try:
            data = self.sock.recv(RECEIVE_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._owner.gone(self, error.strerror or "Connection lost")
            return
        if not data:
            if self.outbox is None:  # else what this turn has for it leaves first; the next turn hears of the end again
                self._owner.gone(self, "Connection closed")
        elif self.peer and not self.is_ending:
            self.peer.received(data)

    def read(self, *, is_wanted: bool) -> None:
        """Go on reading, or leave what comes to the system, and so in the end to the peer, which has to wait."""
        if is_wanted != self._is_reading and not self.is_over:
            self._is_reading = is_wanted
            self._watch()

    # ---- To the peer -----------------------------------------------------------------------------------------------

    def keep_rest(self, data: bytes) -> None:
        """Keep what the peer did not take, and ask to be told when it takes more."""
        if not self.is_over:
            self._keep(data)
            self._watch()

    def _hold(self, data: bytes) -> int:
        """Take bytes in place of a peer that takes none now: on_writable will go on."""
        self._keep(data)
        return len(data)

    def _keep(self, data: bytes) -> None:
        """Keep what the peer did not take, up to a bound."""
        self.take = self._hold
        self._unsent.append(data)
        self._unsent_bytes += len(data)
        self.source.unsent_bytes += len(data)
        if self._unsent_bytes > MAX_SENDQ_BYTES or self.source.unsent_bytes > MAX_SENDQ_BYTES_OF_ADDRESS:
            self._owner.evict(self, "SendQ exceeded")

    def failed(self, error: OSError) -> int:
        """Note that nothing was sent; unless the peer is just slow, it is gone."""
        if not isinstance(error, (BlockingIOError, InterruptedError)):
            self.drop_unsent()
            self._owner.gone(self, error.strerror or "Connection lost")
        return 0

    def on_writable(self) -> None:
        """Send more of what waits."""
        data = b"".join(self._unsent)
        try:
            sent = self.sock.send(data)
        except OSError as error:
            sent = self.failed(error)
        if self.is_over:
            return
        self.drop_unsent()
        if sent < len(data):
            self._keep(data[sent:])
            return
        self._watch()
        if self.is_ending:
            self._shut_down()

    @property
    def is_all_sent(self) -> bool:
        """Whether nothing waits to be sent."""
        return self.outbox is None and not self._unsent

    def cut(self) -> None:
        """Drop what waits to be sent, of which the peer may have read a part."""
        if self._unsent:
            self.is_cut = True
            self.outbox = None
        self.drop_unsent()

    def drop_unsent(self) -> None:
        """Forget what waits to be sent."""
        self.source.unsent_bytes -= self._unsent_bytes
        self._unsent, self._unsent_bytes = [], 0
        self.take = self.sock.send

    # ---- The end ---------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Throw away what still comes, send what waits, then tell the peer that nothing more follows."""
        self.is_ending = True
        self._is_reading = True  # until the peer's end
        self._watch()
        if not self._unsent:
            self._shut_down()

    def _shut_down(self) -> None:
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            self._owner.gone(self, error.strerror or "Connection lost")

    def close(self) -> None:
        """Close the socket, whatever waits."""
        self.is_over = True
        self.outbox = None
        self.drop_unsent()
        self._loop.watch(self.sock, self, reads=False)
        self.sock.close()

    def _watch(self) -> None:
        self._loop.watch(self.sock, self, reads=self._is_reading, writes=bool(self._unsent))


def send_all(carriers: Iterable[Carrier]) -> None:
    """Send each peer what this turn has for it.

    That a peer takes all at once is the usual case and costs no call but the system's: the shorter the time from one
    send to the next, the less often the receivers are put to sleep and woken up again (docs/performance.md).
    """
    last, data, size = None, b"", 0
    for carrier in carriers:
        packet = carrier.outbox
        if packet is not last:  # most are sent the same
            if packet is None:
                continue
            last, data = packet, packet.whole()
            size = len(data)
        carrier.outbox = None
        take = carrier.take
        try:
            sent = take(data)
        except OSError as error:
            sent = carrier.failed(error)
        if sent != size:
            carrier.keep_rest(data[sent:])
