"""Looking at what was said at another time: searching it, and showing a part of it beside what is said now.

    /search valve        SEARCH text=valve            the results, by their numbers
    /open 3              AROUND the third one         a view, with it in the middle
    /history 06:00       AFTER that time              a view, from there on

In a view older and newer pages load while it is scrolled. Where nothing can be scrolled (`is_line_by_line`), what would
be in it is printed instead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lanchat.client.rooms.asking import Ask, asked, of_msgid, of_time
from lanchat.client.rooms.older import Older, told
from lanchat.client.rooms.pages import Page
from lanchat.client.speaking.actions import Look
from lanchat.client.speaking.seeking import NotSought, search_of
from lanchat.client.state.changes import Change, Found, Recalled, ViewChanged
from lanchat.client.state.channels import Channel
from lanchat.client.state.clock import stamped
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.found import VIEW, Hit, View
from lanchat.client.state.heard import clean_name
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message
from lanchat.protocol.names import shown
from lanchat.protocol.text import clean
from lanchat.when import NotATime, Period, parse_range

_AROUND_LINES = 21  # printed: ten before, ten after
_MOST_LINES = 10_000  # of one /history that is printed


@dataclass(slots=True)
class Looking:
    """Carries out /search, /open and /history."""

    state: ClientState
    ask: Ask
    tell: Callable[[list[Change]], None]
    older: Older
    is_line_by_line: bool = False

    def look(self, look: Look, now: datetime) -> None:
        """Carry out one of them, or say why not. `now`: in this person's time zone."""
        how = {"search": self._search, "open": self._open, "history": self._history}[look.how]
        try:
            how(look.text, now)
        except (NotATime, NotSought) as error:
            self._refuse(str(error), now)

    def _refuse(self, text: str, now: datetime) -> None:
        self.tell(self.state.tell(text, now.timestamp(), EntryKind.ERROR))

    def _ask(self, question: Message, now: datetime, then: Callable[[Page], None]) -> None:
        def answered(page: Page) -> None:
            if page.failure:
                words = clean(page.words).rstrip(".")
                self._refuse(f"The host could not look it up: {words}." if words else "The host did not answer.", now)
            else:
                then(page)

        if not self.ask(question, answered):
            self._refuse("There is no connection at the moment; try again when it is back.", now)

    # ---- searching --------------------------------------------------------------------------------------------------

    def _search(self, words: str, now: datetime) -> None:
        self._ask(search_of(self.state, words, now), now, lambda page: self._found(words, page, now))

    def _found(self, words: str, page: Page, now: datetime) -> None:
        hits: list[Hit] = []
        for unit in page.units():
            if unit[0].command == "NOTE":
                self.tell(self.state.tell(f"{clean(unit[0].params[-1]).rstrip('.')}.", now.timestamp()))
            else:
                hits += self._hits(unit)
        self.state.hits = tuple(hits)
        if hits:
            self.tell([Found(clean(words))])
        else:
            self.tell(self.state.tell(f"Nothing was found for {clean(words)}.", now.timestamp(), EntryKind.REPLY))

    def _hits(self, unit: list[Message]) -> list[Hit]:
        params = unit[0].params
        place = 2 if unit[0].command == "BATCH" else 0
        target = clean_name(params[place]) if len(params) > place else ""
        if self.state.is_own(target):
            target = clean_name(unit[0].nick)
        if not target:
            return []
        room = self.state.title_of(target) if self.state.features.is_channel(target) else shown(target)
        return [Hit(target, room, entry) for entry in told(self.state, target, unit) if entry.is_spoken]

    # ---- views ------------------------------------------------------------------------------------------------------

    def _open(self, text: str, now: datetime) -> None:
        hits, number = self.state.hits, text.strip() or str(len(self.state.hits))
        if not hits:
            raise NotSought("There are no results to open; /search WORDS looks for some.")
        if not (number.isascii() and number.isdecimal() and len(number) < 6 and 1 <= int(number) <= len(hits)):
            raise NotSought(f"There is no result {clean(number)}; they go from 1 to {len(hits)}.")
        hit = hits[int(number) - 1]
        limit = _AROUND_LINES if self.is_line_by_line else 100
        question = asked("AROUND", hit.target, of_msgid(hit.entry.msgid), limit=limit)
        title = f"{hit.room} · {stamped(hit.entry.at_s)}"
        self._ask(question, now, lambda page: self._show(hit.target, title, page, hit.entry.msgid))

    def _history(self, text: str, now: datetime) -> None:
        period, channel = parse_range(text, now), self.state.current
        title = f"{channel.title} · {clean(text)}"
        if self.is_line_by_line:
            self._print(channel.name, title, period, now, [])
        else:
            question = asked(*_between(channel.name, period, None))
            self._ask(question, now, lambda page: self._show_from(channel.name, title, page, now))

    def _show_from(self, target: str, title: str, page: Page, now: datetime) -> None:
        if not page.msgids:
            self._tell_nothing(title, now)
        else:
            self._show(target, title, page, "")

    def _tell_nothing(self, title: str, now: datetime) -> None:
        self.tell(self.state.tell(f"Nothing was said then: {title}.", now.timestamp(), EntryKind.REPLY))

    def _show(self, target: str, title: str, page: Page, msgid: str) -> None:
        entries = told(self.state, target, page.messages)
        if self.is_line_by_line:
            self.tell([Recalled(title, tuple(entries))])
            return
        channel = Channel(VIEW, title)
        for entry in entries:
            channel.entries.add(entry)
        if (found := channel.entries.by_msgid(msgid)) is not None:
            channel.entries.rule_at, channel.entries.rule_text = found.serial, "found"
        self.state.view = View(target, channel)
        self.tell([ViewChanged()])

    def _print(
        self, target: str, title: str, period: Period, now: datetime, before: list[Entry], after: str = ""
    ) -> None:
        """Ask for one page after the other, and print all of them."""

        def answered(page: Page) -> None:
            entries = [*before, *told(self.state, target, page.messages)]
            if (page.is_end or not page.msgids) and not entries:
                self._tell_nothing(title, now)
            elif page.is_end or not page.msgids or len(entries) >= _MOST_LINES:
                self.tell([Recalled(title, tuple(entries))])
            else:
                self._print(target, title, period, now, entries, page.msgids[-1])

        self._ask(asked(*_between(target, period, after)), now, answered)

    # ---- in a view --------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Go back to what is said now."""
        if self.state.view is not None:
            self.state.view = None
            self.tell([ViewChanged(), *self.state.see()])

    def load_older(self, view: View) -> None:
        """Load a page above the view."""
        self.older.load(view.channel, view.target)

    def load_newer(self, view: View) -> None:
        """Load a page below the view."""

        def loaded(is_complete: bool) -> None:
            view.is_complete = is_complete

        if not view.is_complete:
            self.older.load_newer(view.channel, view.target, loaded)


def _between(target: str, period: Period, after: str | None) -> tuple[str, ...]:
    """Return the question for a period, or what is left of it after a message."""
    start = of_time(period.start.timestamp() - 0.001) if period.start else "*"
    place = of_msgid(after) if after else start
    if period.end is None:
        return "AFTER", target, place
    return "BETWEEN", target, place, of_time(period.end.timestamp())
