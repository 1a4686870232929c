"""Sentences and numbers that the formats for people share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lanchat.export.entries import Entry, Kind, name_of
from lanchat.export.sheet import Quote

PEOPLE_IN_HEAD = 30  # named one by one
_MAX_REACTORS = 10
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
# Hebrew, Arabic and their like; Unicode 15.1, DerivedBidiClass.txt: blocks whose letters are R or AL
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 message", "1,234 messages"."""
    return f"1 {one}" if count == 1 else f"{count:,} {many or f'{one}s'}"


def people(some: Sequence[tuple[str, int]], wrap: Callable[[str], str]) -> str:
    """Return who took part, with how many messages each; `wrap` makes a name safe for the format."""
    named = [f"{wrap(name)} {count:,}" for name, count in some[:PEOPLE_IN_HEAD]]
    more = len(some) - len(named)
    return ", ".join([*named, *([f"{counted(more, 'other', 'others')}"] if more > 0 else [])])


def event(entry: Entry) -> str:
    """Return what follows the name of who did something that was not said: "set the topic: …"."""
    if entry.kind is Kind.TOPIC:
        return f"set the topic: {entry.text}" if entry.text else "removed the topic"
    if entry.kind is Kind.KICK:
        who = name_of(entry.params[0]) if entry.params else "somebody"
        return f"removed {who}" + (f" ({entry.text})" if entry.text not in ("", entry.nick) else "")
    return "took back a message" + (f" ({entry.text})" if entry.text else "")


def answer(quote: Quote, wrap: Callable[[str], str]) -> str:
    """Return what an answer refers to: "to Ana: “Press 4 …”"."""
    return f"to {wrap(quote.name)}: “{wrap(quote.text)}”" if quote.name else "to an earlier message"


def names(nicks: Sequence[str], wrap: Callable[[str], str]) -> str:
    """Return who put a sign on a message, the first ten by name."""
    more = len(nicks) - _MAX_REACTORS
    named = ", ".join(wrap(name_of(nick)) for nick in nicks[:_MAX_REACTORS])
    return f"{named} and {more:,} more" if more > 0 else named


def isolated(text: str) -> str:
    """Return a text that, where it runs from right to left, leaves the order of what is around it alone."""
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return text
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
