"""Bytes of peers that talk → messages → the chat: a little of each peer at a time, and no faster than it may."""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lanchat.chat.chat import Chat
from lanchat.errors import LineTooLong, ProtocolError
from lanchat.limits import MAX_SNIFF_BYTES, PLAIN_PAUSE_S
from lanchat.protocol.irc_wire import Wire
from lanchat.protocol.message import Message
from lanchat.protocol.plain_wire import PlainWire
from lanchat.server.ending import Ending
from lanchat.server.net.connection import Connection
from lanchat.server.net.loop import Loop, Timer
from lanchat.server.peers import Peers, Perform, Warn

_TURN_S = 0.005  # what one peer's messages may take of a turn while they are many; the others wait no longer than that
_PIECE_BYTES = 1_024  # some hundred messages at most: no peer can have us hold more of them than that


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

    def adopt(self, connection: Connection, wire: Wire) -> Talker:
        """Make a peer a session of the chat, now that it is known how to speak with it."""
        talker = Talker(self, connection, wire)
        connection.peer = talker
        return talker


class Talker:
    """A peer with a session. What it sent waits in two places, `_unread` as bytes and `_inbox` as messages."""

    __slots__ = ("_connection", "_inbox", "_intake", "_pause", "_unread", "session", "wire")

    def __init__(self, intake: Intake, connection: Connection, wire: Wire) -> None:
        self._intake = intake
        self._connection = connection
        self.wire = wire
        self.session = intake.chat.connect(wire, connection.address, intake.clock())
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

        An example: somebody pastes 60 lines of PRIVMSG in one send, 4 kB. The first piece of 1 kB is parsed, 15
        messages, and they are carried out; so are those of the next piece, until the allowance of 40 is spent. From
        then on `wait_s` is 0.2 s a message: the pump sets a timer and stops. Twenty messages stay in the inbox and in
        `_unread`, so the socket is read no more; what the peer goes on sending fills the system's buffers, then its
        own, and its next send waits. Nothing is lost, and the room hears five lines a second. While a secret of its is
        hashed, a peer waits in the same way; a turn that took 5 ms gives way to the other peers, and goes on at once.
        """
        session, until = self.session, time.monotonic() + _TURN_S
        while not session.is_closed and not session.is_waiting and self._has_more():
            now = self._intake.clock()
            wait_s = session.allowance.wait_s(now) if session.allowance else 0.0
            if wait_s > 0 or time.monotonic() > until:
                self._intake.loop.call_later(wait_s, self.pump)
                break
            self._handle(self._inbox.popleft(), now)
        if not self._connection.is_ending:
            self._connection.read(is_wanted=self._is_read_on())

    def _is_read_on(self) -> bool:
        """Tell whether more of this peer's bytes are wanted. While it waits they are, a few: its end comes so, too."""
        is_idle = not (self._inbox or self._unread)
        return is_idle or (self.session.is_waiting and len(self._unread) < MAX_SNIFF_BYTES)

    def _handle(self, incoming: Message | ProtocolError, now: float) -> None:
        """Have the chat carry out one message. A fault of ours that it uncovers costs one peer, not the room."""
        intake = self._intake
        try:
            intake.perform(intake.chat.handle(self.session, incoming, now))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on talking
            intake.warn(f"A fault of lanchat's own, please report it: {_describe(error, incoming)}")
            intake.ending.evict(self._connection, "Internal error")

    def _has_more(self) -> bool:
        """Tell whether there is a message to carry out, parsing bytes as far as it takes to know."""
        while self._unread and not self._inbox:
            piece, self._unread = self._unread[:_PIECE_BYTES], self._unread[_PIECE_BYTES:]
            try:
                self._inbox.extend(self.wire.receive(piece))
            except LineTooLong:
                self._intake.ending.evict(self._connection, "Line without end")
                return False
            self.answer()
            if self._pause:
                self.await_pause()
        return bool(self._inbox)

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
        if isinstance(self.wire, PlainWire) and not self._unread and not self._connection.is_ending:
            self._inbox.extend(self.wire.receive_pause())
            self.answer()
            self.pump()

    # ---- The end ---------------------------------------------------------------------------------------------------

    def parting_words(self, reason: str) -> bytes:
        """Return an ERROR as this peer reads it."""
        return self.wire.encode(Message("ERROR", (reason,)))

    def gone(self, reason: str) -> None:
        """Tell the chat that the peer is gone. What it sent and the chat has not seen is dropped."""
        intake = self._intake
        self._unread = b""
        self._inbox.clear()
        if self._pause:
            self._pause.cancel()
        self.session.carrier = None
        intake.peers.by_session.pop(self.session, None)
        intake.perform(intake.chat.disconnect(self.session, reason, intake.clock()))


def _describe(error: Exception, incoming: Message | ProtocolError) -> str:
    """One line about a fault: what, where, and at which command. No word of what was said."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    command = incoming.command if isinstance(incoming, Message) else type(incoming).__name__
    return f"{type(error).__name__} at {place}, carrying out {command}"
