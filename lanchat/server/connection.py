"""One peer's socket: what came from it and waits, what is to go to it and waits."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from lanchat.errors import ProtocolError
from lanchat.limits import MAX_SENDQ_BYTES, RECEIVE_BYTES
from lanchat.protocol.message import Message

if TYPE_CHECKING:
    from lanchat.chat.session import Session
    from lanchat.protocol.irc_wire import Wire
    from lanchat.protocol.plain_wire import PlainWire
    from lanchat.protocol.web_wire import WebWire
    from lanchat.server.loop import Timer
    from lanchat.server.packet import Packet
    from lanchat.server.server import Server


class Connection:
    """A peer. `outbox` is what this turn has for it; it leaves in one send, the rest when the peer takes it."""

    __slots__ = (
        "_is_reading",
        "_server",
        "_take",
        "_unsent",
        "_unsent_bytes",
        "address",
        "first_bytes",
        "inbox",
        "is_ending",
        "is_over",
        "outbox",
        "plain",
        "session",
        "sock",
        "timer",
        "unread",
        "web",
        "wire",
    )

    def __init__(self, server: Server, sock: socket.socket, address: str) -> None:
        self._server = server
        self.sock = sock
        self._take: Callable[[bytes], int] = sock.send  # takes bytes to the peer, or keeps them while it takes none
        self.address = address
        self.first_bytes: bytes | None = b""  # until the kind of peer is known
        self.wire: Wire | None = None
        self.web: WebWire | None = None
        self.plain: PlainWire | None = None  # where a pause ends a message
        self.session: Session | None = None
        self.unread = b""  # what came and is not in the inbox yet
        self.inbox: deque[Message | ProtocolError] = deque()  # not carried out yet
        self.outbox: Packet | None = None
        self._unsent: list[bytes] = []
        self._unsent_bytes = 0
        self.timer: Timer | None = None
        self._is_reading = True
        self.is_ending = False  # nothing more is read; closed when all is sent
        self.is_over = False
        server.loop.watch(sock, self)

    # ---- From the peer ---------------------------------------------------------------------------------------------

    def on_readable(self) -> None:
        """Read what is there, one turn's worth of it."""
        try:
            data = self.sock.recv(RECEIVE_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._server.lost(self, error.strerror or "Connection lost")
            return
        if not data:
            if self.outbox is None:  # else what this turn has for it leaves first; the next turn hears of the end again
                self._server.lost(self, "Connection closed")
        elif not self.is_ending:
            self._server.received(self, data)

    def read(self, *, is_wanted: bool) -> None:
        """Go on reading, or leave it to the peer to wait."""
        if is_wanted != self._is_reading and not self.is_over:
            self._is_reading = is_wanted
            self._watch()

    # ---- To the peer -----------------------------------------------------------------------------------------------

    def _keep_rest(self, data: bytes) -> None:
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
        self._take = self._hold
        self._unsent.append(data)
        self._unsent_bytes += len(data)
        if self._unsent_bytes > MAX_SENDQ_BYTES:
            self._server.lose(self, "SendQ exceeded")

    def _failed(self, error: OSError) -> int:
        """Note that nothing was sent; unless the peer is just slow, it is lost."""
        if not isinstance(error, (BlockingIOError, InterruptedError)):
            self.drop_unsent()
            self._server.lost(self, error.strerror or "Connection lost")
        return 0

    def on_writable(self) -> None:
        """Send more of what waits."""
        data = b"".join(self._unsent)
        try:
            sent = self.sock.send(data)
        except OSError as error:
            sent = self._failed(error)
        if self.is_over:
            return
        self.drop_unsent()
        if sent < len(data):
            self._keep(data[sent:])
            return
        self._watch()
        if self.is_ending:
            self._say_end()

    @property
    def is_all_sent(self) -> bool:
        """Whether nothing waits to be sent."""
        return self.outbox is None and not self._unsent

    def drop_unsent(self) -> None:
        """Forget what waits to be sent."""
        self._unsent, self._unsent_bytes = [], 0
        self._take = self.sock.send

    # ---- The end ---------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Read no more; close once all is sent and the peer has ended too. (A reset would take our last words away.)"""
        self.is_ending = True
        self.unread = b""
        self.inbox.clear()
        self._is_reading = True  # and thrown away, until the peer's end
        self._watch()
        if not self._unsent:
            self._say_end()

    def _say_end(self) -> None:
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            self._server.lost(self, error.strerror or "Connection lost")

    def close(self) -> None:
        """Let go of the socket."""
        self.is_over = True
        self.outbox = None
        self._server.loop.watch(self.sock, self, reads=False)
        self.sock.close()
        if self.timer:
            self.timer.cancel()

    def _watch(self) -> None:
        self._server.loop.watch(self.sock, self, reads=self._is_reading, writes=bool(self._unsent))


def send_all(connections: Iterable[Connection]) -> None:
    """Send each connection what this turn has for it.

    That a peer takes all at once is the usual case and costs no call but the system's: the shorter the time from one
    send to the next, the less often the receivers are put to sleep and woken up again (docs/performance.md).
    """
    last, data, size = None, b"", 0
    for connection in connections:
        packet = connection.outbox
        if packet is not last:  # most are sent the same
            if packet is None:
                continue
            last, data = packet, packet.whole()
            size = len(data)
        connection.outbox = None
        take = connection._take
        try:
            sent = take(data)
        except OSError as error:
            sent = connection._failed(error)
        if sent != size:
            connection._keep_rest(data[sent:])
