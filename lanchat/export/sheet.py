"""A file of what was said, written while it is read: its head, which comes first, is known last.

So the body is written to a file of its own, and copied behind the head at the end. Nothing of it stays in memory but
what the head shows, and the beginnings of the last messages, which answers quote.
"""

from __future__ import annotations

import shutil
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import IO, Protocol

from lanchat.export.entries import Entry, Kind
from lanchat.export.summary import Bars, Summary
from lanchat.export.times import Minute, clock_within, minute

SHOWN = frozenset({Kind.MESSAGE, Kind.ACTION, Kind.NOTICE, Kind.TOPIC, Kind.REDACTION, Kind.KICK})
_MAX_QUOTED = 5_000  # messages whose beginnings are kept
_MAX_QUOTE_CHARS = 60


@dataclass(frozen=True, slots=True)
class About:
    """What a sheet is of. `since` and `until` are in UNIX milliseconds; 0: from the first message on."""

    room: str
    since: int
    until: int

    def clock(self, at: int) -> str:
        """Return a time of day in the period, with its date if it has several days."""
        return clock_within(at, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that another one answers: who said it, and how it begins; "" and "" where that is not known."""

    name: str = ""
    text: str = ""


class Format(Protocol):
    """One way to write a sheet down. Each method returns a piece of it, with its line end."""

    has_head: bool
    """Whether there is a head; else `head` is not called, and everything is written at once."""

    shows_all: bool
    """Whether people's coming and going is in it, too."""

    def head(self, about: About, summary: Summary) -> str:
        """Return what stands before all messages."""

    def day(self, at: Minute) -> str:
        """Return what stands before the first message of a day, or of another difference to UTC."""

    def hour(self, at: Minute) -> str:
        """Return what stands before the first message of an hour."""

    def entry(self, entry: Entry, quote: Quote | None) -> str:
        """Return one entry; `quote`: of the message it answers, None for no answer."""

    def foot(self) -> str:
        """Return what stands at the end."""


class Sheet:
    """A sheet as it grows. `body`: where it is written until the end; for a format without a head, where it goes."""

    def __init__(self, form: Format, about: About, body: IO[str]) -> None:
        self.summary = Summary(bars=Bars.of(about.since, about.until))
        self._form = form
        self._about = about
        self._body = body
        self._day = ("", "")
        self._hour = ""
        self._first_at = about.until
        self._quotes: OrderedDict[str, Quote] = OrderedDict()

    def add(self, entry: Entry, answered: Entry | None = None) -> None:
        """Write an entry. `answered`: the message that it answers, where it is known and not in the sheet."""
        if not (self._form.shows_all or entry.kind in SHOWN):
            return
        self._first_at = min(self._first_at, entry.at)
        self.summary.add(entry)
        self._begin_hour(minute(entry.at))
        self._body.write(self._form.entry(entry, self._quote(entry, answered)))
        self._remember(entry)

    def _begin_hour(self, at: Minute) -> None:
        if self._day != (at.day, at.offset):
            self._day, self._hour = (at.day, at.offset), ""
            self._body.write(self._form.day(at))
        if self._hour != at.clock[:2]:
            self._hour = at.clock[:2]
            self._body.write(self._form.hour(at))

    def is_quotable(self, msgid: str) -> bool:
        """Tell whether the beginning of a message is known."""
        return msgid in self._quotes

    def _quote(self, entry: Entry, answered: Entry | None) -> Quote | None:
        if not entry.reply_to:
            return None
        return quote_of(answered) if answered else self._quotes.get(entry.reply_to, Quote())

    def _remember(self, entry: Entry) -> None:
        if not (entry.is_spoken and entry.msgid):
            return
        self._quotes[entry.msgid] = quote_of(entry)
        if len(self._quotes) > _MAX_QUOTED:
            self._quotes.popitem(last=False)

    def finish(self, out: IO[str]) -> None:
        """Write the head, the body and the foot."""
        if self._form.has_head:
            about = self._about if self._about.since else replace(self._about, since=self._first_at)
            out.write(self._form.head(about, self.summary))
            self._body.seek(0)
            shutil.copyfileobj(self._body, out)
        out.write(self._form.foot())


def quote_of(entry: Entry) -> Quote:
    """Return how a message begins."""
    first = entry.lines[0].strip()
    is_cut = len(first) > _MAX_QUOTE_CHARS or len(entry.lines) > 1
    return Quote(entry.name, f"{first[:_MAX_QUOTE_CHARS].rstrip()} …" if is_cut else first)
