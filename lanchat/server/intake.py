"""Bytes of peers that talk → messages → the chat: a little of each peer at a time, and no faster than it may."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from lanchat.chat.chat import Chat
from lanchat.chat.state.flood import Allowance
from lanchat.errors import LineTooLong, ProtocolError, WireEnded
from lanchat.limits import FLOOD_PER_CPU_S, MAX_SNIFF_BYTES, PLAIN_PAUSE_S
from lanchat.protocol.irc_wire import Wire
from lanchat.protocol.message import Message
from lanchat.protocol.plain_wire import PlainWire
from lanchat.server.ending import Ending
from lanchat.server.net.connection import Connection
from lanchat.server.net.loop import Loop, Timer
from lanchat.server.peers import Peers, Perform, Warn
from lanchat.server.pricing import price_of

_TURN_S = 0.005  # what one address's messages may take of a turn; the others wait no longer than that
_PIECE_BYTES = 512  # 256 messages at most: no peer can have us hold more of them than that


@dataclass(frozen=True, slots=True)
class Intake:
    """What all peers that talk share. `clock` returns UNIX seconds."""

    loop: Loop
    chat: Chat
    peers: Peers
    ending: Ending
    perform: Perform
    warn: Warn
    clock: Callable[[], float]

    def adopt(self, connection: Connection, wire: Wire, allowance: Allowance | None) -> Talker:
        """Make a peer a session of the chat, now that it is known how to speak with it."""
        talker = Talker(self, connection, wire, allowance)
        connection.peer = talker
        return talker

    def turn_left_s(self, connection: Connection, *, is_shared: bool) -> float:
        """Return how long a peer may be listened to in this turn: many connections of one address as long as one."""
        return connection.source.left_s(self.peers.turn, _TURN_S) if is_shared else _TURN_S


class Talker:
    """A peer with a session. What it sent waits in two places, `_unread` as bytes and `_inbox` as messages."""

    __slots__ = ("_connection", "_inbox", "_intake", "_pause", "_unread", "session", "wire")

    def __init__(self, intake: Intake, connection: Connection, wire: Wire, allowance: Allowance | None) -> None:
        self._intake = intake
        self._connection = connection
        self.wire = wire
        self.session = intake.chat.connect(wire, connection.address, intake.clock(), allowance)
        self.session.carrier = connection
        intake.peers.by_session[self.session] = connection
        self._unread = b""
        self._inbox: deque[Message | ProtocolError] = deque()
        self._pause: Timer | None = None  # that ends a message, for peers that send no line ends

    # ---- From the peer ---------------------------------------------------------------------------------------------

    def received(self, data: bytes) -> None:
        """Take bytes that the peer sent."""
        self._unread += data
        self.pump()

    def pump(self) -> None:
        """Run queued messages through the chat. Over its allowance, a peer's messages stay queued and are not read on.

        An example: somebody pastes 60 lines of PRIVMSG in one send, 4 kB. The first piece of 512 bytes is parsed, 8
        messages, and they are carried out; so are those of the next piece, until the allowance of 40 is spent. From
        then on `wait_s` is 0.2 s a message: the pump sets a timer and stops. Twenty messages stay in the inbox and in
        `_unread`, so the socket is read no more; what the peer goes on sending fills the system's buffers, then its
        own, and its next send waits. Nothing is lost, and the room hears five lines a second. While a secret of its is
        hashed, a peer waits in the same way. When all that one address sent has taken 5 ms of a turn, wherever the pump
        is, it gives way to the other peers and goes on in the next. What it worked is charged, whatever came of it.
        """
        allowance, started_s, worked_s = self.session.allowance, time.monotonic(), time.thread_time()
        try:
            self._pump_until(started_s + self._intake.turn_left_s(self._connection, is_shared=allowance is not None))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on talking
            self._intake.ending.lose(self._connection, error, "reading what a peer sent")
        if allowance:
            self._connection.source.used_s += time.monotonic() - started_s
            allowance.spend((time.thread_time() - worked_s) * FLOOD_PER_CPU_S)

    def _pump_until(self, until: float) -> None:
        session = self.session
        while not session.is_closed and not session.is_waiting and (self._inbox or self._unread):
            now = time.monotonic()
            wait_s = session.allowance.wait_s(now) if session.allowance else 0.0
            if wait_s > 0 or now > until:
                self._intake.loop.call_later(wait_s, self.pump)
                break
            if self._inbox:
                self._handle(self._inbox.popleft())
            else:
                self._parse()
        if not self._connection.is_ending:
            self._connection.read(is_wanted=self._is_read_on())

    def _is_read_on(self) -> bool:
        """Tell whether more of this peer's bytes are wanted. While it waits they are, a few: its end comes so, too."""
        is_idle = not (self._inbox or self._unread)
        return is_idle or (self.session.is_waiting and len(self._unread) < MAX_SNIFF_BYTES)

    def _handle(self, incoming: Message | ProtocolError) -> None:
        """Have the chat carry out one message. A fault of ours that it uncovers costs one peer, not the room."""
        intake = self._intake
        if isinstance(incoming, WireEnded):
            end = intake.ending.evict if incoming.is_breach else intake.ending.part
            end(self._connection, str(incoming))
            return
        try:
            effects = intake.chat.handle(self.session, incoming, intake.clock())
            if self.session.allowance:
                self.session.allowance.spend(price_of(effects))
            intake.perform(effects)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on talking
            command = incoming.command if isinstance(incoming, Message) else type(incoming).__name__
            intake.ending.lose(self._connection, error, f"carrying out {command}")

    def _parse(self) -> None:
        """Read the messages of one piece of what came. Lines that say nothing cost as much as others."""
        piece, self._unread = self._unread[:_PIECE_BYTES], self._unread[_PIECE_BYTES:]
        try:
            self._inbox.extend(self.wire.receive(piece))
        except LineTooLong:
            self._intake.ending.evict(self._connection, "Line without end")
            return
        blank = self.wire.blanks(piece, len(self._inbox))
        if self.session.allowance and blank > 0:
            self.session.allowance.spend(blank)
        self.answer()
        if self._pause:
            self.await_pause()

    def answer(self) -> None:
        """Send what the wire itself has to say, not the chat: a plain peer's questions."""
        self._intake.peers.send(self._connection, self.wire.answer())

    # ---- Pauses ----------------------------------------------------------------------------------------------------

    def await_pause(self) -> None:
        """Take a pause in what comes for the end of a message, from now on."""
        if self._pause:
            self._pause.cancel()
        self._pause = self._intake.loop.call_later(PLAIN_PAUSE_S, self._paused)

    def _paused(self) -> None:
        try:
            self._end_message()
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on talking
            self._intake.ending.lose(self._connection, error, "ending a message at a pause")

    def _end_message(self) -> None:
        if isinstance(self.wire, PlainWire) and not self._unread and not self._connection.is_ending:
            self._inbox.extend(self.wire.receive_pause())
            self.answer()
            self.pump()

    # ---- The end ---------------------------------------------------------------------------------------------------

    def parting_words(self, reason: str) -> bytes:
        """Return an ERROR as this peer reads it."""
        return b"" if self._is_lost else self.wire.encode(Message("ERROR", (reason,)))

    def farewell(self) -> bytes:
        """Return the end of this peer's protocol."""
        return b"" if self._is_lost else self.wire.farewell()

    @property
    def _is_lost(self) -> bool:
        """Whether the peer would take whatever follows for the rest of what was cut off."""
        return self.wire.is_framed and self._connection.is_cut

    def gone(self, reason: str) -> None:
        """Tell the chat that the peer is gone. What it sent and the chat has not seen is dropped."""
        intake = self._intake
        self._unread = b""
        self._inbox.clear()
        if self._pause:
            self._pause.cancel()
        self.session.carrier = None
        intake.peers.by_session.pop(self.session, None)
        effects = intake.chat.disconnect(self.session, reason, intake.clock())
        if self.session.allowance:
            self.session.allowance.spend(price_of(effects))
        intake.perform(effects)
