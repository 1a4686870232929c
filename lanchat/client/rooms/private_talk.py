"""Hearing what was said to this person alone, and by them, while the connection was lost.

The host is asked with whom there was any talk since then (TARGETS), and for what was said with each of them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from lanchat.client.rooms.asking import Ask, asked, of_time
from lanchat.client.rooms.pages import Page
from lanchat.client.state.apply import apply
from lanchat.client.state.changes import Change
from lanchat.client.state.heard import clean_name
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message

MAX_PARTNERS = 20  # of private talk in one outage
_A_DAY_S = 86_400.0  # clocks differ; nothing was said after now


@dataclass(slots=True)
class PrivateTalk:
    """Catches up with private talk. `is_under_way`: something is still to come."""

    state: ClientState
    ask: Ask
    tell: Callable[[list[Change]], None]
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
        """Ask with whom there was talk since something was heard last; nothing was missed before that."""
        self._since_s = self.state.heard_s
        if self._since_s:
            until_s = self.state.host_time(time.time()) + _A_DAY_S
            params = ("TARGETS", of_time(self._since_s), of_time(until_s), str(2 * MAX_PARTNERS))
            self._ask(Message("CHATHISTORY", params), self._heard_partners)

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
        for name in partners[:MAX_PARTNERS]:
            self._ask(asked("AFTER", name, of_time(self._since_s)), partial(self._heard, name))

    def _heard(self, name: str, page: Page) -> None:
        now_s = time.time()
        for message in page.messages:
            self.tell(apply(self.state, message, now_s, replayed_in=name))
