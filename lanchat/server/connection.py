"""One peer's socket: what came from it and waits, what is to go to it and waits."""

from __future__ import annotations

import socket
from collections import deque
from typing import TYPE_CHECKING

from lanchat.errors import ProtocolError
from lanchat.limits import RECEIVE_BYTES
from lanchat.protocol.message import Message

if TYPE_CHECKING:
    from lanchat.chat.session import Session
    from lanchat.protocol.irc_wire import Wire
    from lanchat.protocol.plain_wire import PlainWire
    from lanchat.protocol.web_wire import WebWire
    from lanchat.server.loop import Timer
    from lanchat.server.server import Server


class Connection:
    """A peer. `outbox` is what this turn has for it; it leaves in one send, the rest when the peer takes it."""

    __slots__ = (
        "_is_reading",
        "_server",
        "_unsent",
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
        "unsent_bytes",
        "web",
        "wire",
    )

    def __init__(self, server: Server, sock: socket.socket, address: str) -> None:
        self._server = server
        self.sock = sock
        self.address = address
        self.first_bytes: bytes | None = b""  # until the kind of peer is known
        self.wire: Wire | None = None
        self.web: WebWire | None = None
        self.plain: PlainWire | None = None  # where a pause ends a message
        self.session: Session | None = None
        self.inbox: deque[Message | ProtocolError] | None = None  # read, but not carried out yet
        self.outbox: list[bytes] = []
        self._unsent: list[bytes] = []
        self.unsent_bytes = 0
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
            self._server.lost(self, "Connection closed")
        elif not self.is_ending:
            self._server.received(self, data)

    def read(self, *, is_wanted: bool) -> None:
        """Go on reading, or leave it to the peer to wait."""
        if is_wanted != self._is_reading and not self.is_over:
            self._is_reading = is_wanted
            self._watch()

    # ---- To the peer -----------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Send this turn's bytes; keep what the peer does not take."""
        data = self.outbox[0] if len(self.outbox) == 1 else b"".join(self.outbox)
        self.outbox.clear()
        if self._unsent:  # it takes nothing now: on_writable will go on
            self._unsent.append(data)
            self.unsent_bytes += len(data)
        else:
            self._send(data)

    def _send(self, data: bytes) -> None:
        try:
            sent = self.sock.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            self._unsent, self.unsent_bytes = [], 0
            self._server.lost(self, error.strerror or "Connection lost")
            return
        was_waiting = self.unsent_bytes > 0
        self.unsent_bytes = len(data) - sent
        self._unsent = [data[sent:]] if self.unsent_bytes else []
        if was_waiting != (self.unsent_bytes > 0):
            self._watch()

    def on_writable(self) -> None:
        """Send more of what waits."""
        self._send(b"".join(self._unsent))
        if self.is_ending and not self._unsent and not self.is_over:
            self._say_end()

    def drop_unsent(self) -> None:
        """Forget what waits to be sent."""
        self._unsent, self.unsent_bytes = [], 0

    # ---- The end ---------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Read no more; close once all is sent and the peer has ended too. (A reset would take our last words away.)"""
        self.is_ending = True
        self.inbox = None
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
        self._server.loop.watch(self.sock, self, reads=False)
        self.sock.close()
        if self.timer:
            self.timer.cancel()

    def _watch(self) -> None:
        self._server.loop.watch(self.sock, self, reads=self._is_reading, writes=bool(self._unsent))
