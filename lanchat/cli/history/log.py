"""`lanchat log`: what was said in the rooms of a host, line by line, and what is being said."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from contextlib import closing

from rich.console import Console
from rich.text import Text

from lanchat import config
from lanchat.chat.state.history import Event
from lanchat.cli.history.asked import span
from lanchat.cli.history.following import Rooms
from lanchat.cli.history.sources import entries
from lanchat.cli.output import replace_what_cannot_be_shown
from lanchat.client.words.colour import colour_of
from lanchat.errors import UsageError
from lanchat.export import wording
from lanchat.export.entries import Entry, Kind
from lanchat.export.sheet import SHOWN
from lanchat.export.times import local_time, minute
from lanchat.protocol.text import clean

LAST_SHOWN = 50  # messages, where neither a time nor words were asked for
Piece = tuple[str, str]  # a text and its style


def run(args: argparse.Namespace) -> int:
    """Carry out `lanchat log`. Raises UserError for what cannot be done."""
    if args.follow and args.until:
        raise UsageError("-f goes on without end, so it takes no --until; leave one of the two out.")
    asked, pattern = span(args), _pattern(args.grep)
    replace_what_cannot_be_shown()
    with closing(Rooms(config.data_dir(args.data_dir), args.room)) as rooms:
        printer = _printer(rooms, pattern)
        is_brief = not (args.since or args.until or args.grep)
        for page in rooms.latest(LAST_SHOWN) if is_brief else rooms.pages(asked):
            printer.show(page)
        for page in rooms.new() if args.follow else ():
            printer.show(page)
    return 0


def _pattern(text: str | None) -> re.Pattern[str]:
    try:
        return re.compile(text or "", re.IGNORECASE)
    except re.error as error:
        raise UsageError(
            f"“{clean(text or '')}” is no regular expression ({error}); a “\\” before a sign takes its meaning away."
        ) from None


class Printer:
    """Prints what fits a pattern, one line each: whole moments in a pipe, where lines are looked through alone."""

    def __init__(self, rooms: Rooms, pattern: re.Pattern[str]) -> None:
        self._rooms = rooms
        self._pattern = pattern

    def show(self, page: Sequence[Event]) -> None:
        """Print a page, at once."""
        reactions = self._rooms.reactions(page)
        for event in page:
            for entry in entries([event], reactions):
                if entry.kind in SHOWN and self._pattern.search(f"{entry.name}: {entry.text}"):
                    self._print(entry, self._rooms.title(event))
        sys.stdout.flush()

    def _print(self, entry: Entry, room: str) -> None:
        time = local_time(entry.at).isoformat(timespec="seconds")
        self._write(_pieces(entry, room, time))

    def _write(self, pieces: Sequence[Piece]) -> None:
        sys.stdout.write("".join(text for text, _ in pieces) + "\n")


class TerminalPrinter(Printer):
    """The same in colours, with a line for each day."""

    def __init__(self, rooms: Rooms, pattern: re.Pattern[str]) -> None:
        super().__init__(rooms, pattern)
        self._console = Console(markup=False, emoji=False, highlight=False)
        self._day = ("", "")

    def _print(self, entry: Entry, room: str) -> None:
        at = minute(entry.at)
        if self._day != (at.day, at.offset):
            self._day = (at.day, at.offset)
            self._write([(f"{at.day} ({at.offset})", "bold")])
        self._write(_pieces(entry, room, f"{local_time(entry.at):%H:%M:%S}"))

    def _write(self, pieces: Sequence[Piece]) -> None:
        self._console.print(Text.assemble(*pieces), soft_wrap=True)


def _printer(rooms: Rooms, pattern: re.Pattern[str]) -> Printer:
    is_screen = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return (TerminalPrinter if is_screen else Printer)(rooms, pattern)


def _pieces(entry: Entry, room: str, time: str) -> list[Piece]:
    """Return the pieces of an entry. Further lines are set in: nobody writes one that looks like somebody else's."""
    before: list[Piece] = [(f"{time} ", "dim"), *([(f"[{clean(room)}] ", "dim")] if room else [])]
    name: Piece = (entry.name, f"bold {colour_of(entry.nick)}")
    indent = "\n" + " " * (len(time) + 1)
    signs = "".join(f"{indent}[{sign} {wording.names(nicks, str)}]" for sign, nicks in entry.reactions)
    if not entry.is_spoken:
        return [*before, ("-- ", "dim"), (f"{entry.name} {wording.event(entry)}", "dim")]
    text = indent.join(entry.lines)
    urgent: list[Piece] = [("URGENT ", "bold red")] if entry.is_urgent else []
    if entry.kind is Kind.ACTION:
        return [*before, ("* ", "dim"), *urgent, name, (f" {text}", ""), (signs, "dim")]
    return [*before, *urgent, name, (": ", ""), (text, ""), (signs, "dim")]
