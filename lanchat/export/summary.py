"""What stands at the head of a sheet: who took part, what was urgent, which files, how much was said when.

All of it is bounded: the head of a year's talk takes as much memory as that of a shift.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote

from lanchat.export.entries import Entry, name_of
from lanchat.export.times import minute
from lanchat.protocol.names import fold
from lanchat.protocol.text import clean

_MAX_PEOPLE = 2_000  # named; those who came later are counted
_MAX_URGENT = 200
_MAX_FILES = 500
_MAX_BARS = 100  # of the picture: more could not be told apart on paper
_BAR_MINUTES = (5, 10, 30, 60, 180, 720, 1_440, 10_080, 40_320, 524_160)  # each goes into the next
FILE_LINK = re.compile(r"https?://[^\s/<>\"]+/files/[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody gave the room."""

    name: str
    link: str
    by: str
    at: int


@dataclass(slots=True)
class Bars:
    """How much was said when. `counts`: by the number of the bar, each `minutes` of local time wide."""

    minutes: int = _BAR_MINUTES[0]
    counts: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, since: int, until: int) -> Self:
        """Return bars that are as wide as a period (UNIX milliseconds) needs; they widen where `since` is not known."""
        minutes = (until - since) / 60_000 if since else 0.0
        return cls(next((one for one in _BAR_MINUTES if minutes <= one * _MAX_BARS), _BAR_MINUTES[-1]))

    def add(self, at: int) -> None:
        """Count one message."""
        bar = minute(at).number // self.minutes
        count = self.counts.get(bar, 0)
        self.counts[bar] = count + 1
        while not count and len(self) > _MAX_BARS and self.minutes < _BAR_MINUTES[-1]:
            self._widen()

    def _widen(self) -> None:
        wider = _BAR_MINUTES[_BAR_MINUTES.index(self.minutes) + 1]
        counts, self.counts = self.counts, {}
        for bar, count in counts.items():
            number = bar * self.minutes // wider
            self.counts[number] = self.counts.get(number, 0) + count
        self.minutes = wider

    def __len__(self) -> int:
        return max(self.counts) - min(self.counts) + 1 if self.counts else 0

    def over(self, since: int, until: int) -> tuple[int, list[int]]:
        """Return the number of the first bar of a period (UNIX milliseconds), and the counts of all of its bars."""
        first, last = (minute(at).number // self.minutes for at in (since, max(since, until - 1)))
        if last - first >= 2 * _MAX_BARS:
            first, last = min(self.counts, default=0), max(self.counts, default=0)
        return first, [self.counts.get(first + number, 0) for number in range(min(last - first + 1, 2 * _MAX_BARS))]


@dataclass(slots=True)
class Summary:
    """The head, as far as it is known. `add` takes everything that the sheet shows, in order."""

    messages: int = 0
    urgent_left_out: int = 0
    files_left_out: int = 0
    unnamed_messages: int = 0  # of people beyond those named
    urgent: list[Entry] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    bars: Bars = field(default_factory=Bars)
    _people: dict[str, tuple[str, int]] = field(default_factory=dict)  # folded name → name, messages

    def add(self, entry: Entry) -> None:
        """Take note of an entry."""
        if not entry.is_spoken:
            return
        self.messages += 1
        self.bars.add(entry.at)
        self._count(entry)
        if entry.is_urgent:
            self._keep_urgent(entry)
        for link in FILE_LINK.findall(entry.text):
            self._keep_file(File(file_name(link), link.partition("#")[0], entry.name, entry.at))  # behind "#": its size

    def _count(self, entry: Entry) -> None:
        key = fold(entry.nick)
        if key not in self._people and len(self._people) >= _MAX_PEOPLE:
            self.unnamed_messages += 1
            return
        name, count = self._people.get(key, (name_of(entry.nick), 0))
        self._people[key] = (name, count + 1)

    def _keep_urgent(self, entry: Entry) -> None:
        if len(self.urgent) < _MAX_URGENT:
            self.urgent.append(entry)
        else:
            self.urgent_left_out += 1

    def _keep_file(self, file: File) -> None:
        if len(self.files) < _MAX_FILES:
            self.files.append(file)
        else:
            self.files_left_out += 1

    @property
    def people(self) -> list[tuple[str, int]]:
        """Who took part, each with how many messages; who said most comes first."""
        return sorted(self._people.values(), key=lambda one: (-one[1], fold(one[0])))


def file_name(link: str) -> str:
    """Return what a file is called whose link somebody gave."""
    last = re.split("[?#]", link, maxsplit=1)[0].rpartition("/")[2]
    return clean(unquote(last, errors="replace")).strip() or "file"
