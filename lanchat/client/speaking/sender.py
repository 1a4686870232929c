"""Sends what this person says: cuts it into parts, keeps them in the outbox, and sends them as the host takes them.

What is not confirmed at once stands in the log all the same (`Showing`): nobody has to wonder where their words went.

While rooms are being entered (from `hold` to `resume`), nothing is sent: what the host replays there decides first
which parts had arrived before the last connection broke.
"""

import time
from collections.abc import Callable
from typing import Protocol

from lanchat.client.speaking.outbox import Outbox, Outcome, Pending
from lanchat.client.speaking.phrasing import Manner, Part, Saying, phrase
from lanchat.client.speaking.replay_notes import ReplayNotes
from lanchat.client.speaking.showing import Showing
from lanchat.client.state.apply import apply
from lanchat.client.state.changes import Change
from lanchat.client.state.entries import EntryKind
from lanchat.client.state.heard import as_echo
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message
from lanchat.protocol.names import shown

Publish = Callable[[list[Change]], None]


class Uplink(Protocol):
    """The connection to the host; it may be down."""

    @property
    def is_up(self) -> bool:
        """Whether what is sent now reaches the host, as far as anybody knows."""

    def send(self, messages: list[Message]) -> bool:
        """Send messages, or return False if there is no connection."""


class Sender:
    """Sends everything said in one conversation.

    `undelivered`: what the host refused, what there was no space to keep, and at the end what was not confirmed.
    """

    def __init__(self, state: ClientState, uplink: Uplink, publish: Publish) -> None:
        self.undelivered: list[Part] = []
        self._state = state
        self._uplink = uplink
        self._publish = publish
        self._outbox = Outbox()
        self._replayed = ReplayNotes()
        self._showing = Showing(state, publish)
        self._source = state.nick  # "nick!user@host" as others get it, once the host has told us
        self._is_held = False
        self._references = 0

    @property
    def unconfirmed(self) -> int:
        """How many parts are neither confirmed nor refused yet."""
        return len(self._outbox)

    @property
    def is_done(self) -> bool:
        """Whether everything said is confirmed, refused or given up."""
        return not len(self._outbox)

    @property
    def has_space(self) -> bool:
        """Whether more can be said."""
        return self._outbox.free > 0

    # ---- saying -------------------------------------------------------------------------------------------------

    def say(self, saying: Saying) -> None:
        """Send a saying now, or as soon as that is possible. Where it is not kept, tell this person."""
        channel = self._state.channel(saying.target)
        if channel is not None and not channel.is_open and self._uplink.is_up and not self._is_held:
            self._tell(f"You are not in {channel.title} any more. /join {channel.title} goes back.", EntryKind.ERROR)
            return
        parts = self._phrase(saying)
        if len(parts) > self._outbox.free:
            self._tell("Too much is waiting to be sent already; this was not kept.", EntryKind.ERROR)
            self.undelivered += parts
            return
        for part in parts:
            self._outbox.put(part, self._state.host_time(time.time()))
        if not self._uplink.is_up:
            self._showing.wait(self._outbox.pending)
        self.flush()

    def messages_for(self, saying: Saying) -> int:
        """Return how many messages a saying is; 0 if they cannot be kept until they are sent."""
        count = len(self._phrase(saying))
        return count if count <= self._outbox.free else 0

    def _phrase(self, saying: Saying) -> list[Part]:
        self._references += 1
        return phrase(saying, Manner(self._source, self._state.capabilities), f"m{self._references}-")

    def _tell(self, text: str, kind: EntryKind = EntryKind.INFO) -> None:
        self._publish(self._state.tell(text, time.time(), kind))

    def flush(self) -> None:
        """Send what the outbox lets out, if the connection is up and the rooms are entered."""
        if self.is_done or not self._uplink.is_up or self._is_held:
            return
        has_echo = self._state.offers("echo-message")
        has_labels = has_echo and self._state.offers("labeled-response")
        for pending, messages in self._outbox.due(self._is_open, has_labels=has_labels, has_echo=has_echo):
            self._uplink.send(messages)
            if has_echo:
                self._showing.set_out(pending)
            else:
                self._echo(pending)

    def _is_open(self, target: str) -> bool:
        channel = self._state.channel(target)
        return channel.is_open if channel is not None else not self._state.features.is_channel(target)

    def tick(self) -> None:
        """Show what the host has not confirmed for a while. Called about once a second."""
        self._showing.slow(self._outbox.pending, self._state.host_time(time.time()))

    def _echo(self, pending: Pending) -> None:
        """Show what was said where the host does not send it back."""
        for message in pending.part.messages:
            own = Message(message.command, message.params, self._source, message.tags)
            changes = apply(self._state, as_echo(own, pending.number), time.time())
            self._showing.note(pending, changes)
            self._publish(changes)

    # ---- what the host says to it -------------------------------------------------------------------------------

    def hear(self, message: Message, *, is_own: bool) -> Message:
        """Look at a message of the host: it may confirm or refuse a part. `is_own`: this person is its source.

        Returns the message, marked if it is the echo of a part.
        """
        number = self._outbox.echoed_by(message) if is_own else None
        outcomes = self._outbox.hear(message, is_own=is_own)
        if is_own:
            self._note_source(message)
        if number is None:
            self._conclude(outcomes)
            return message
        self._note_undelivered(outcomes)  # the echo itself takes the place of what is shown
        return as_echo(message, number)

    def _note_source(self, message: Message) -> None:
        if "!" in message.source:
            self._source = message.source
        if message.command == "NICK" and message.params:
            self._source = message.params[0] + self._source[len(self._source.partition("!")[0]) :]

    def note_replayed(self, changes: list[Change]) -> None:
        """Note what the host replays of our own."""
        self._replayed.note(changes)

    def _conclude(self, outcomes: list[Outcome]) -> None:
        self._note_undelivered(outcomes)
        for outcome in outcomes:
            self._showing.conclude(outcome)

    def _note_undelivered(self, outcomes: list[Outcome]) -> None:
        self.undelivered += [outcome.part for outcome in outcomes if not outcome.is_delivered]

    # ---- connections that come and go ---------------------------------------------------------------------------

    def hold(self, nick: str) -> None:
        """Begin with a new connection, registered under this nick. Nothing is sent before `resume`."""
        self._source = nick
        self._replayed.forget()
        self._is_held = True

    def resume(self) -> None:
        """Go on, now that the rooms are entered: parts that the host replayed had arrived, others are sent again."""
        self._is_held = False
        outcomes = self._outbox.settle(self._replayed.by_target, self._state.features.is_channel)
        self._conclude(outcomes)
        self._showing.settle(self._outbox.pending)
        for outcome in outcomes:
            if not outcome.is_delivered:
                self._tell_doubt(outcome.part)

    def _tell_doubt(self, part: Part) -> None:
        who, text = shown(part.target), part.text
        self._tell(f'The connection broke while {who} was sent "{text}"; it may not have arrived.', EntryKind.ERROR)

    def disconnected(self) -> None:
        """Note that the connection broke: nobody knows whether what was under way has arrived."""
        self._outbox.disconnected()
        self._showing.cut(self._outbox.pending)

    def give_up(self, target: str) -> None:
        """Give up everything for a room that does not let us in."""
        self._conclude(self._outbox.fail(target))

    def finish(self) -> None:
        """Count everything unconfirmed as undelivered, at the end of the conversation."""
        self.undelivered += self._outbox.waiting
        self._showing.give_up(self._outbox.pending)
