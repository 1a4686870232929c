"""Hearing what was said to this person alone, and by them, before they came and while the connection was lost.

The host is asked with whom there was any talk (TARGETS), and for what was said with each of them:

    after a lost connection    AFTER the last message that was heard, page by page
    at the beginning           LATEST 100, with each of the last days, where talk has tabs; a tab opened later as well
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from lanchat.client.rooms.asking import CHATHISTORY, Ask, asked, of_msgid, of_time
from lanchat.client.rooms.pages import Page
from lanchat.client.state.apply import apply
from lanchat.client.state.changes import Change
from lanchat.client.state.channels import Channel
from lanchat.client.state.heard import clean_name
from lanchat.client.state.meaning.private import begin_talk
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message

MAX_PARTNERS = 20  # of private talk in one outage
MAX_PAGES = 10  # with one of them
RECENT_S = 7 * 86_400.0  # at the beginning: talk of the last week gets its tab again
MAX_RECENT = 10
_A_DAY_S = 86_400.0  # clocks differ; nothing was said after now


@dataclass(slots=True)
class PrivateTalk:
    """Catches up with private talk. `is_under_way`: something is still to come. `send`: what needs no answer."""

    state: ClientState
    ask: Ask
    tell: Callable[[list[Change]], None]
    send: Callable[[Message], object]
    _open: int = 0  # questions without an answer
    _since_s: float = 0.0

    @property
    def is_under_way(self) -> bool:
        """Whether something is still to come."""
        return self._open > 0

    def forget(self) -> None:
        """Stop: the connection is gone."""
        self._open = 0

    def begin(self) -> None:
        """Ask with whom there was talk since something was heard last, or at the beginning of late."""
        self._since_s = self.state.heard_s
        now_s = self.state.host_time(time.time())
        if self._since_s:
            self._ask_for_partners(self._since_s, now_s, 2 * MAX_PARTNERS)
        elif self.state.has_tabs:
            self._ask_for_partners(now_s - RECENT_S, now_s, 2 * MAX_RECENT)

    def _ask_for_partners(self, since_s: float, now_s: float, most: int) -> None:
        params = ("TARGETS", of_time(since_s), of_time(now_s + _A_DAY_S), str(most))
        self._ask(Message("CHATHISTORY", params), self._heard_partners)

    def enter(self, talk: Channel) -> None:
        """Hear what was said last in a talk that was just opened, unless something of it is here."""
        if not len(talk.entries) and not talk.entries.is_whole and self.state.offers(CHATHISTORY):
            self._latest(talk)

    def _ask(self, question: Message, then: Callable[[Page], None]) -> None:
        def answered(page: Page) -> None:
            self._open = max(0, self._open - 1)
            then(page)

        if self.ask(question, answered):
            self._open += 1

    def _heard_partners(self, page: Page) -> None:
        names = [
            clean_name(line.params[1]) for line in page.messages if line.params[:1] == ("TARGETS",) and line.params[1:]
        ]
        partners = [name for name in names if name and not self.state.features.is_channel(name)]
        for name in partners[-MAX_PARTNERS if self._since_s else -MAX_RECENT :]:  # the latest come last
            self._catch_up(name)

    def _catch_up(self, name: str) -> None:
        talk = begin_talk(self.state, name)
        if self._since_s:
            if talk is not None:
                talk.continuity.come_back()
                talk.continuity.expect_no_hole()
            self._after(name, of_time(self._since_s), MAX_PAGES)
        elif talk is not None:
            self._latest(talk)

    def _latest(self, talk: Channel) -> None:
        if self.state.offers("draft/read-marker"):
            self.send(Message("MARKREAD", (talk.name,)))
        self._ask(asked("LATEST", talk.name, "*"), lambda page: self._heard_latest(talk, page))

    def _heard_latest(self, talk: Channel, page: Page) -> None:
        talk.entries.is_whole = page.is_end and not page.failure
        self._heard(talk.name, page)

    def _after(self, name: str, place: str, pages: int) -> None:
        self._ask(asked("AFTER", name, place), partial(self._heard_after, name, pages))

    def _heard_after(self, name: str, pages: int, page: Page) -> None:
        self._heard(name, page)
        if page.msgids and not page.is_end and pages > 1:
            self._after(name, of_msgid(page.msgids[-1]), pages - 1)

    def _heard(self, name: str, page: Page) -> None:
        now_s = time.time()
        for message in page.messages:
            self.tell(apply(self.state, message, now_s, replayed_in=name))
