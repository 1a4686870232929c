"""Joins and leaves that follow each other, folded into one sentence: "Ann and Bo have joined · Cy has left"."""

from collections.abc import Iterable
from enum import Enum

from lanchat.client.screen.widgets.visible import name_of, visible
from lanchat.client.state.entries import Entry, EntryKind

FOLDED = frozenset({EntryKind.JOIN, EntryKind.LEAVE})
MAX_FOLDED = 200  # entries in one sentence: a whole site coming back stays cheap to tell
_NAMED = 6  # people by name for one thing they did; more are counted


class Course(Enum):
    """What somebody did all in all, and the words for one person and for several."""

    JOINED = ("has joined", "have joined")
    LEFT = ("has left", "have left")
    RETURNED = ("has left and come back", "have left and come back")
    PASSED = ("has joined and left", "have joined and left")


_COURSES = {
    (EntryKind.JOIN, EntryKind.JOIN): Course.JOINED,
    (EntryKind.LEAVE, EntryKind.LEAVE): Course.LEFT,
    (EntryKind.LEAVE, EntryKind.JOIN): Course.RETURNED,
    (EntryKind.JOIN, EntryKind.LEAVE): Course.PASSED,
}
_SIGNS = {Course.JOINED: "→", Course.LEFT: "←"}


def fold_entries(entries: Iterable[Entry]) -> tuple[str, str]:
    """Return a sign and the sentence for joins and leaves: ("→", "Ann and Bo have joined").

    A single leave keeps its reason.
    """
    entries = list(entries)
    if len(entries) == 1 and entries[0].kind is EntryKind.LEAVE and entries[0].text:
        return "←", f"{name_of(entries[0].nick)} has left ({visible(entries[0].text)})"
    first: dict[str, EntryKind] = {}
    last: dict[str, EntryKind] = {}
    for entry in entries:
        name = name_of(entry.nick)
        first.setdefault(name, entry.kind)
        last[name] = entry.kind
    names: dict[Course, list[str]] = {}
    for name, kind in first.items():
        names.setdefault(_COURSES[kind, last[name]], []).append(name)
    sign = _SIGNS.get(next(iter(names)), "·") if len(names) == 1 else "·"
    return sign, " · ".join(f"{_listed(names[course])} {_verb(course, names)}" for course in Course if course in names)


def _verb(course: Course, names: dict[Course, list[str]]) -> str:
    one, several = course.value
    return one if len(names[course]) == 1 else several


def _listed(names: list[str]) -> str:
    if len(names) > _NAMED:
        return f"{', '.join(names[: _NAMED - 1])} and {len(names) - _NAMED + 1} others"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
