"""What was said before, put together: rooms caught up with, older pages, gaps.

While rooms are caught up with, what others say live is held back: it comes after what they said before. A barrier
behind each question tells when an answer did not come and will not.
"""

from collections.abc import Callable
from typing import Protocol

from lanchat.client.connection.barriers import Barriers
from lanchat.client.rooms.asking import CHATHISTORY
from lanchat.client.rooms.catching_up import CatchingUp
from lanchat.client.rooms.looking import Looking
from lanchat.client.rooms.older import Older
from lanchat.client.rooms.pages import Pages, Then
from lanchat.client.rooms.private_talk import PrivateTalk
from lanchat.client.state.changes import Change
from lanchat.client.state.channels import Channel
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message

MAX_HELD = 5_000  # messages said live during a catch-up, which takes milliseconds; beyond, order is given up
_PROMPT = frozenset({"PING", "PONG", "CAP", "AUTHENTICATE", "FAIL", "WARN", "NOTE", "ERROR", "MARKREAD", "ACK"})


class Uplink(Protocol):
    """The connection to the host; it may be down."""

    def send(self, messages: list[Message]) -> bool:
        """Send messages, or return False if there is no connection."""


class Past:
    """What was said before in the rooms of a conversation. `replayed` is told what changed by what was missed."""

    def __init__(
        self,
        state: ClientState,
        uplink: Uplink,
        barriers: Barriers,
        publish: Callable[[list[Change]], None],
        replayed: Callable[[list[Change]], None],
    ) -> None:
        self._state = state
        self._uplink = uplink
        self._barriers = barriers
        self._publish = publish
        self._pages = Pages()
        self._held: list[Message] = []
        self._held_ids: set[str] = set()
        self.catching_up = CatchingUp(state, self._ask_behind_a_barrier, replayed, self._held_ids)
        self.private = PrivateTalk(state, self._ask_behind_a_barrier, replayed, lambda message: uplink.send([message]))
        self._older = Older(state, self._ask, publish)
        self.looking = Looking(state, self._ask, publish, self._older)

    # ---- asking -----------------------------------------------------------------------------------------------------

    def _ask(self, question: Message, then: Then) -> bool:
        return self._uplink.send([self._pages.ask(question, then)])

    def _ask_behind_a_barrier(self, question: Message, then: Then) -> bool:
        barrier = self._barriers.raise_next()
        return self._uplink.send([self._pages.ask(question, then, self._barriers.raised), barrier])

    @property
    def is_catching_up(self) -> bool:
        """Whether something that was said before is still to come."""
        return self.catching_up.is_under_way or self.private.is_under_way

    def came_back(self) -> None:
        """Catch up with private talk, now that the rooms are being joined again."""
        if self._state.offers(CHATHISTORY):
            self.private.begin()

    @property
    def is_not_kept(self) -> bool:
        """Whether what was said was asked for from a time on, of a host that does not tell it."""
        return self.catching_up.since_s is not None and not self._state.offers(CHATHISTORY)

    def entered(self, name: str) -> None:
        """Catch up with a channel that this person has just come into, where the host keeps what is said."""
        channel = self._state.channel(name)
        if channel is not None and self._state.offers(CHATHISTORY):
            self.catching_up.begin(channel)

    def load_older(self, channel: Channel) -> None:
        """Load what was said before the oldest message of a channel."""
        self._older.load(channel, channel.name)

    def fill_gap(self, channel: Channel, serial: int) -> None:
        """Load what a gap holds, from its end."""
        self._older.fill(channel, channel.name, serial)

    # ---- what the host says -----------------------------------------------------------------------------------------

    def hear(self, message: Message) -> list[Message]:
        """Look at a message of the host; return what is to be handled now: it, nothing, or all that waited."""
        was_catching_up = self.is_catching_up
        if self._pages.hear(message):
            if was_catching_up and not self.is_catching_up:
                self._publish(self._state.see())
            return self.released()
        if self.is_catching_up and self._waits(message) and len(self._held) < MAX_HELD:
            self._held.append(message)
            self._held_ids.add(message.tags.get("msgid", ""))
            self._held_ids.discard("")
            return []
        return [*self.released(), message]

    def _waits(self, message: Message) -> bool:
        """Tell whether a message is a part of what goes on in rooms: it comes after what went on there before."""
        is_own_join = message.command == "JOIN" and self._state.is_own(message.nick)
        return not (message.command.isdecimal() or message.command in _PROMPT or is_own_join)

    def released(self) -> list[Message]:
        """Return what waited, once nothing is caught up with any more."""
        if self.is_catching_up:
            return []
        held, self._held = self._held, []
        self._held_ids.clear()
        return held

    def passed_barrier(self) -> None:
        """Give up what was asked before a barrier that the host has passed."""
        self._pages.give_up(self._barriers.passed)

    def disconnected(self) -> None:
        """Forget all questions; what waited is asked for again."""
        self._pages.forget()
        self.catching_up.forget()
        self.private.forget()
        self._older.forget()
        self._held.clear()
        self._held_ids.clear()
