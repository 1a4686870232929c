"""Hearing what was said in a room before this person came, or while the connection was lost.

    the first time    LATEST 100: what was said last; with `since`, AFTER that time
    again             AFTER the last message that was heard, page by page, up to its end or `at_most` messages;
                      beyond, LATEST 100 below a gap, which is filled when it is scrolled to
    unknown by now    LATEST 100: the host keeps that message no longer, or keeps another history

What is said in the meantime waits (`past.py`), so that a page is always appended in its place.
"""

import time
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field

from lanchat.client.rooms.asking import Ask, asked, of_msgid, of_time
from lanchat.client.rooms.pages import Page
from lanchat.client.state.apply import apply
from lanchat.client.state.changes import Change
from lanchat.client.state.channels import Channel
from lanchat.client.state.clock import moment
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.heard import time_of
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

AT_MOST = 500  # messages of one room after a lost connection, before a gap is left
LINE_BY_LINE = 10_000  # the same where nobody can scroll to a gap


@dataclass(slots=True)
class CatchingUp:
    """The rooms being caught up with. `since_s`: from when on, in rooms entered for the first time; None: the last."""

    state: ClientState
    ask: Ask
    tell: Callable[[list[Change]], None]  # what was replayed
    held: Set[str]  # the ids of what was said live since the question, and waits
    at_most: int = AT_MOST
    since_s: float | None = None
    _left: dict[str, int] = field(default_factory=dict)  # by folded channel: how many more messages may come

    @property
    def is_under_way(self) -> bool:
        """Whether something is still to come."""
        return bool(self._left)

    def begin(self, channel: Channel) -> None:
        """Catch up with a room that was just entered."""
        self._left[fold(channel.name)] = self.at_most
        heard = channel.continuity
        if heard.last_msgid:
            self._after(channel.name, of_msgid(heard.last_msgid))
        elif self.since_s is not None and not heard.is_back:
            self._after(channel.name, of_time(self.since_s))
        else:
            self._latest(channel.name)

    def forget(self) -> None:
        """Stop: the connection is gone."""
        self._left.clear()

    def _done(self, name: str) -> None:
        self._left.pop(fold(name), None)

    def _after(self, name: str, place: str) -> None:
        if not self.ask(asked("AFTER", name, place), lambda page: self._heard_after(name, page)):
            self._done(name)

    def _latest(self, name: str) -> None:
        if not self.ask(asked("LATEST", name, "*"), lambda page: self._heard_latest(name, page)):
            self._done(name)

    def _heard_after(self, name: str, page: Page) -> None:
        channel = self.state.channel(name)
        if channel is None:
            self._done(name)
        elif page.failure:
            self._latest(name)
        else:
            channel.continuity.expect_no_hole()
            self._append(channel, page)
            self._go_on(name, page)

    def _go_on(self, name: str, page: Page) -> None:
        """Ask for the next page, if there is one and it is not too much already."""
        self._left[fold(name)] = self._left.get(fold(name), 0) - len(page.msgids)
        if page.is_end or not page.msgids:
            self._done(name)
        elif self._left[fold(name)] > 0:
            self._after(name, of_msgid(page.msgids[-1]))
        else:
            self._latest(name)

    def _heard_latest(self, name: str, page: Page) -> None:
        channel = self.state.channel(name)
        self._done(name)
        if channel is None:
            return
        heard = channel.continuity
        is_joined_to_it = not heard.has_heard or any(map(heard.knows, page.msgids))
        if not is_joined_to_it and page.msgids and not page.is_end:
            heard.expect_no_hole()
            self.tell(self.state.add(channel, _gap(channel, page.messages)))
        elif not heard.has_heard:
            channel.entries.is_whole = page.is_end
        self._append(channel, page)

    def _append(self, channel: Channel, page: Page) -> None:
        """Append a page, but for what was heard live: that is no older than our coming in, and is told as new."""
        now_s = time.time()
        for message in page.without(self.held):
            self.tell(apply(self.state, message, now_s, replayed_in=channel.name))


def _gap(channel: Channel, after: Sequence[Message]) -> Entry:
    last_s = channel.continuity.known_until_s
    next_s = min(time_of(one.tags.get("time", ""), last_s) for one in after)
    text = (
        f"Some messages between {moment(last_s).hour} and {moment(next_s).hour} are missing here; /history shows them."
    )
    return Entry(EntryKind.GAP, max(last_s, next_s), text=text)
