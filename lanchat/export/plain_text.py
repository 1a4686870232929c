"""A sheet as plain text, for a terminal, a printer of long ago, or `grep`."""

from __future__ import annotations

from lanchat.export import wording
from lanchat.export.entries import Entry, Kind
from lanchat.export.sheet import About, Quote
from lanchat.export.summary import Summary
from lanchat.export.times import Minute, minute, period
from lanchat.export.wording import counted, isolated


class PlainText:
    """What people say begins with their name and a colon, all else with "--" or "*"; further lines are set in.

    So nobody can write a line that looks as if somebody else had written it.
    """

    has_head = True
    shows_all = False

    def head(self, about: About, summary: Summary) -> str:
        """Return the room, the period, who took part, and what was urgent."""
        title = isolated(about.room)
        lines = [title, "=" * len(about.room), "", period(about.since, about.until)]
        lines.append(
            f"{counted(summary.messages, 'message')} from {wording.people(summary.people, isolated)}"
            if summary.messages
            else "Nothing was said."
        )
        lines += self._urgent(about, summary) + self._files(about, summary)
        return "".join(f"{line}\n" for line in lines)

    def _urgent(self, about: About, summary: Summary) -> list[str]:
        lines = [_written(entry, None, about.clock(entry.at)).rstrip("\n") for entry in summary.urgent]
        more = [f"and {summary.urgent_left_out:,} more"] if summary.urgent_left_out else []
        return ["", "Urgent", "------", *lines, *more] if lines else []

    def _files(self, about: About, summary: Summary) -> list[str]:
        lines = [
            f"{about.clock(file.at)} {isolated(file.name)} ({isolated(file.by)}): {file.link}" for file in summary.files
        ]
        more = [f"and {summary.files_left_out:,} more"] if summary.files_left_out else []
        return ["", "Files", "-----", *lines, *more] if lines else []

    def day(self, at: Minute) -> str:
        """Return the day, underlined."""
        heading = f"{at.day} ({at.offset})"
        return f"\n{heading}\n{'-' * len(heading)}\n"

    def hour(self, at: Minute) -> str:  # noqa: ARG002 - each line has its time
        """Return nothing."""
        return ""

    def entry(self, entry: Entry, quote: Quote | None) -> str:
        """Return the lines of an entry."""
        return _written(entry, quote, minute(entry.at).clock)

    def foot(self) -> str:
        """Return nothing."""
        return ""


def _written(entry: Entry, quote: Quote | None, clock: str) -> str:
    lines = _lines(entry, quote)
    if entry.reactions:
        signs = [f"{sign} {wording.names(nicks, isolated)}" for sign, nicks in entry.reactions]
        lines.append(f"[{', '.join(signs)}]")
    indent = " " * (len(clock) + 1)
    return f"{clock} " + f"\n{indent}".join(lines) + "\n"


def _lines(entry: Entry, quote: Quote | None) -> list[str]:
    name = isolated(entry.name)
    if not entry.is_spoken:
        return [f"-- {name} {wording.event(entry)}"]
    urgent = "URGENT " if entry.is_urgent else ""
    to = f" ({wording.answer(quote, isolated)})" if quote else ""
    first, *others = [isolated(line) for line in entry.lines]
    head = f"* {urgent}{name}{to} " if entry.kind is Kind.ACTION else f"{urgent}{name}{to}: "
    return [head + first, *others]
