"""Shows what this person said as long as the host has not confirmed it.

Mostly the echo is there in an instant, and is all that is shown. Otherwise the part stands in the log already, dim,
in its place and with its own time:

    said without a connection           "hello (not sent yet)"
    no answer for 2 s                   "hello (on its way)"
    sent when the connection broke      "hello (not confirmed yet)"; once the replay is here, it is not sent, or arrived
    refused, or given up                "hello (not delivered)"; a whisper of a broken connection "may not have arrived"
"""

from collections.abc import Callable, Iterable

from lanchat.client.speaking.outbox import Outcome, Pending
from lanchat.client.state.changes import Change, DeliveryChanged, EntryAdded
from lanchat.client.state.channels import Channel
from lanchat.client.state.entries import Delivery, Entry, EntryKind
from lanchat.client.state.meaning.own import mark, show_own
from lanchat.client.state.meaning.private import begin_talk
from lanchat.client.state.state import ClientState

SLOW_S = 2.0  # without an answer; on a LAN it comes within some ms

Publish = Callable[[list[Change]], None]


class Showing:
    """Puts parts of the outbox into the log, and says there what became of them."""

    def __init__(self, state: ClientState, publish: Publish) -> None:
        self._state = state
        self._publish = publish

    def wait(self, pending: Iterable[Pending]) -> None:
        """Show what waits for a connection."""
        for one in pending:
            self._show(one, Delivery.CUT_OFF if one.is_sent else Delivery.WAITING)

    def slow(self, pending: Iterable[Pending], now_s: float) -> None:
        """Show what was said a while ago and is still not confirmed."""
        for one in pending:
            if now_s - one.said_s >= SLOW_S and not self._state.unconfirmed.has(one.number):
                self._show(one, Delivery.UNDER_WAY)

    def set_out(self, pending: Pending) -> None:
        """Note that a part is sent now."""
        self._publish(mark(self._state, pending.number, Delivery.UNDER_WAY))

    def note(self, pending: Pending, changes: Iterable[Change]) -> None:
        """Note which entry shows a part that we echoed ourselves: the host may still refuse it."""
        for change in changes:
            if isinstance(change, EntryAdded | DeliveryChanged) and change.entry.is_own:
                channel = self._state.channel(change.channel)
                if channel is not None:
                    self._state.unconfirmed.note(pending.number, channel, change.entry.serial)

    def cut(self, pending: Iterable[Pending]) -> None:
        """The connection broke: show all that is not confirmed, also what the host was just echoing."""
        waiting = list(pending)
        self.wait(waiting)
        for number in self._echoing(waiting):
            self._publish(mark(self._state, number, Delivery.CUT_OFF))

    def settle(self, pending: Iterable[Pending]) -> None:
        """The replay is here: what was not in it has not arrived, but for what the host had begun to echo."""
        waiting = list(pending)
        for one in waiting:
            self._publish(mark(self._state, one.number, Delivery.WAITING))
        for number in self._echoing(waiting):
            self._publish(mark(self._state, number, Delivery.DONE))
            self._state.unconfirmed.forget(number)

    def _echoing(self, waiting: Iterable[Pending]) -> set[int]:
        return set(self._state.unconfirmed) - {one.number for one in waiting}

    def conclude(self, outcome: Outcome) -> None:
        """Show what became of a part that no echo confirms."""
        pending = outcome.pending
        if pending is None:
            return
        if outcome.is_delivered:
            self._publish(mark(self._state, pending.number, Delivery.DONE))
        else:
            self._show(pending, Delivery.DOUBTFUL if pending.is_doubtful else Delivery.FAILED)
        self._state.unconfirmed.forget(pending.number)

    def give_up(self, pending: Iterable[Pending]) -> None:
        """Nothing more is sent: show what was not confirmed as not delivered."""
        for one in pending:
            self._show(one, Delivery.DOUBTFUL if one.is_sent else Delivery.FAILED)

    def _show(self, pending: Pending, delivery: Delivery) -> None:
        if channel := self._channel_of(pending):
            is_aside = not self._state.features.is_channel(pending.part.target) and not channel.is_private
            entry = _entry(self._state, pending, delivery, is_whisper=is_aside)
            self._publish(show_own(self._state, pending.number, channel, entry))

    def _channel_of(self, pending: Pending) -> Channel | None:
        """Return where a part is shown: what is for one person in the talk with them, or in the open channel."""
        target = pending.part.target
        if self._state.features.is_channel(target):
            return self._state.channel(target)
        return begin_talk(self._state, target) or self._state.current


def _entry(state: ClientState, pending: Pending, delivery: Delivery, *, is_whisper: bool) -> Entry:
    part = pending.part
    kind = EntryKind.ACTION if part.is_action else EntryKind.WHISPER if is_whisper else EntryKind.MESSAGE
    return Entry(
        kind,
        pending.said_s,
        nick=state.nick,
        text=part.text,
        to=part.target if is_whisper else "",
        reply_to=part.messages[0].tags.get("+reply", ""),
        is_own=True,
        delivery=delivery,
    )
