"""A sheet as Markdown that reads well as it is, too. Whatever people wrote stays text: no heading, link or HTML of it.

Source: spec.commonmark.org/0.31.2, "Backslash escapes", "Hard line breaks"; GitHub's additions: tables, "~".
"""

from __future__ import annotations

import re

from lanchat.export import wording
from lanchat.export.entries import Entry, Kind
from lanchat.export.sheet import About, Quote
from lanchat.export.summary import Summary
from lanchat.export.times import Minute, minute, period
from lanchat.export.wording import counted, isolated

# "_" and "&" mean something only at the edge of a word and before a name; all others do wherever they stand
_MEANS_SOMETHING = re.compile(r"[\\`*\[\]<>|~$^]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w])")
_BEGINS_SOMETHING = re.compile(r"^(?:[-+#=:]|\d{1,9}(?=[.)]))")  # a list, a heading, a line below one
_BREAK = "\\\n  "  # a hard line break within the item of a list


def escaped(text: str) -> str:
    """Return a text of one line that Markdown shows as it is."""
    return isolated(_MEANS_SOMETHING.sub(r"\\\g<0>", text.strip(" ")))


def _line(text: str) -> str:
    """Return a line that stands by itself: not the beginning of a list or the like, and not empty."""
    safe = _MEANS_SOMETHING.sub(r"\\\g<0>", text.strip(" "))
    return isolated(_BEGINS_SOMETHING.sub(lambda found: _escape_first(found[0]), safe)) or "&nbsp;"


def _escape_first(sign: str) -> str:
    return f"{sign[:-1]}&#{ord(sign[-1])};" if sign[-1].isdecimal() else f"\\{sign}"


class Markdown:
    """Headings for days and hours, an item of a list for each message."""

    has_head = True
    shows_all = False

    def head(self, about: About, summary: Summary) -> str:
        """Return the room, the period, who took part, what was urgent, and the files."""
        who = f"{counted(summary.messages, 'message')} from {wording.people(summary.people, escaped)}"
        lines = [f"# {_line(about.room)}", "", period(about.since, about.until), ""]
        lines += [f"{who}" if summary.messages else "Nothing was said.", ""]
        return "\n".join(lines) + "\n" + self._urgent(about, summary) + self._files(about, summary)

    def _urgent(self, about: About, summary: Summary) -> str:
        items = "".join(_item(entry, None, about.clock(entry.at)) for entry in summary.urgent)
        return f"## Urgent\n\n{items}{_more(summary.urgent_left_out)}\n" if items else ""

    def _files(self, about: About, summary: Summary) -> str:
        items = "".join(
            f"- {about.clock(file.at)} [{escaped(file.name)}](<{file.link}>), {escaped(file.by)}\n"
            for file in summary.files
        )
        return f"## Files\n\n{items}{_more(summary.files_left_out)}\n" if items else ""

    def day(self, at: Minute) -> str:
        """Return a heading."""
        return f"\n## {at.day} ({at.offset})\n"

    def hour(self, at: Minute) -> str:
        """Return a smaller heading."""
        return f"\n### {at.clock[:2]}:00\n\n"

    def entry(self, entry: Entry, quote: Quote | None) -> str:
        """Return an item of a list."""
        return _item(entry, quote, minute(entry.at).clock)

    def foot(self) -> str:
        """Return nothing."""
        return ""


def _item(entry: Entry, quote: Quote | None, clock: str) -> str:
    name = f"**{escaped(entry.name)}**"
    if not entry.is_spoken:
        return f"- {clock} {name} {escaped(wording.event(entry))}\n"
    first, *others = entry.lines
    to = f" ({wording.answer(quote, escaped)})" if quote else ""
    urgent = "**URGENT** " if entry.is_urgent else ""
    colon = "" if entry.kind is Kind.ACTION else ":"
    lines = [f"- {clock} {urgent}{name}{to}{colon} {escaped(first)}".rstrip(), *map(_line, others)]
    signs = [f"{escaped(sign)} {wording.names(nicks, escaped)}" for sign, nicks in entry.reactions]
    return _BREAK.join([*lines, *([f"({', '.join(signs)})"] if signs else [])]) + "\n"


def _more(left_out: int) -> str:
    return f"- and {left_out:,} more\n" if left_out else ""
