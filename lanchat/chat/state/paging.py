"""How questions about what was said are answered, wherever it is kept: by lists in memory, or by a store.

Source: ircv3.net/specs/extensions/chathistory, "Subcommands".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from lanchat.chat.state.eras import MAX_ID
from lanchat.chat.state.history import REACTIONS, SAID, Answer, Event, Kind, Query, Ref, parties
from lanchat.limits import MAX_HISTORY_PAGE_BYTES

_HEAD_BYTES = 250  # of each line: tags, source, target


@dataclass(frozen=True, slots=True)
class Span:
    """Ids between two others, both excluded."""

    above: int = 0
    below: int = MAX_ID


@dataclass(frozen=True, slots=True)
class Found:
    """Events, and in which conversation each was said. Some may be missing where it `is_partial`."""

    events: Sequence[Event]
    keys: Sequence[str]
    is_partial: bool = False


class Shelf(Protocol):
    """Where it is looked up. Whoever has one of these can answer all questions."""

    def place_of(self, keys: Sequence[str], msgid: str) -> int | None:
        """Return the id in these conversations of what bears a msgid, taken back or not."""

    def place_at(self, keys: Sequence[str], at: int) -> int:
        """Return an id such that all that was earlier (UNIX milliseconds) is below it, and nothing else."""

    def page(self, query: Query, span: Span, limit: int, *, is_newest: bool) -> Sequence[Event]:
        """Return the newest or the oldest events of a span, at most so many, oldest first."""

    def reactions(self, query: Query, msgids: Sequence[str]) -> Iterable[Event]:
        """Return the first reactions to messages of these conversations, at most MAX_PAGE_REACTIONS."""

    def latest(self, query: Query) -> Iterable[tuple[str, int]]:
        """Return conversations, each once, with when something was last said there (UNIX milliseconds)."""

    def search(self, query: Query, limit: int, *, is_newest: bool) -> Found:
        """Return the newest or the oldest of what is sought, at most so many, oldest first."""


class _UnknownMsgid(Exception):
    """There is nothing of this msgid, or not there."""


def answer(shelf: Shelf, query: Query) -> Answer:
    """Return what is asked for."""
    try:
        return _ANSWERS[query.kind](shelf, query)
    except _UnknownMsgid:
        return Answer(failure="UNKNOWN_MSGID")


def _around_ref(shelf: Shelf, query: Query, ref: Ref | None) -> Span:
    """What is at a place: all at or below `above` is earlier, or the thing itself; likewise `below`."""
    if ref is None:
        return Span(0, MAX_ID)
    if ref.msgid:
        place = shelf.place_of(query.keys, ref.msgid)
        if place is None:
            raise _UnknownMsgid
        return Span(place, place)
    return Span(shelf.place_at(query.keys, ref.at + 1) - 1, shelf.place_at(query.keys, ref.at))


def _latest(shelf: Shelf, query: Query) -> Answer:
    above = _around_ref(shelf, query, query.first).above
    return _page(shelf, query, Span(above, query.until + 1), is_newest=True)


def _before(shelf: Shelf, query: Query) -> Answer:
    below = _around_ref(shelf, query, query.first).below
    return _page(shelf, query, Span(0, min(below, query.until + 1)), is_newest=True)


def _after(shelf: Shelf, query: Query) -> Answer:
    above = _around_ref(shelf, query, query.first).above
    return _page(shelf, query, Span(above, query.until + 1), is_newest=False)


def _between(shelf: Shelf, query: Query) -> Answer:
    """From the first place to the second, which may be backwards."""
    first, second = _around_ref(shelf, query, query.first), _around_ref(shelf, query, query.second)
    is_backward = second.below < first.below
    low, high = (second, first) if is_backward else (first, second)
    return _page(shelf, query, Span(low.above, min(high.below, query.until + 1)), is_newest=is_backward)


def _page(shelf: Shelf, query: Query, span: Span, *, is_newest: bool) -> Answer:
    span = Span(max(span.above, _floor(shelf, query)), span.below)
    found = shelf.page(query, span, query.limit + 1, is_newest=is_newest)
    kept = _cut(found, query.limit, MAX_HISTORY_PAGE_BYTES, is_newest=is_newest)
    return _with_reactions(shelf, query, kept, is_end=len(kept) == len(found))


def _floor(shelf: Shelf, query: Query) -> int:
    """The last id that is too early to be told."""
    return shelf.place_at(query.keys, query.since) - 1 if query.since else 0


def _with_reactions(shelf: Shelf, query: Query, events: Sequence[Event], *, is_end: bool) -> Answer:
    """Add the reactions to what was found, but for those that were found themselves. They are not counted."""
    reactions: dict[str, list[Event]] = {}
    shown, msgids = {event.msgid for event in events}, [event.msgid for event in events if event.layer == SAID]
    for reaction in shelf.reactions(query, msgids) if msgids and REACTIONS in query.layers else ():
        if reaction.msgid not in shown:
            reactions.setdefault(reaction.parent, []).append(reaction)
    return Answer(events, is_end, reactions=reactions)


def _around(shelf: Shelf, query: Query) -> Answer:
    """Half before, half from there on; where one half is short the other is longer."""
    place = _around_ref(shelf, query, query.first).below
    floor = _floor(shelf, query)
    from_there = shelf.page(query, Span(max(place - 1, floor), query.until + 1), query.limit + 1, is_newest=False)
    before = shelf.page(query, Span(floor, min(place, query.until + 1)), query.limit + 1, is_newest=True)
    before_limit = max(query.limit // 2, query.limit - len(from_there))
    half_bytes = MAX_HISTORY_PAGE_BYTES // 2
    older = _cut(before, before_limit, half_bytes, is_newest=True)
    newer = _cut(from_there, query.limit - len(older), half_bytes, is_newest=False)
    is_end = len(older) + len(newer) == len(before) + len(from_there)
    return _with_reactions(shelf, query, [*older, *newer], is_end=is_end)


def _cut(events: Sequence[Event], limit: int, limit_bytes: int, *, is_newest: bool) -> Sequence[Event]:
    """Return so many of the newest or oldest, and no more than may wait for a slow reader; one at least."""
    count, size_bytes = 0, 0
    for event in reversed(events) if is_newest else events:
        size_bytes += _size_bytes(event)
        if count == limit or (count and size_bytes > limit_bytes):
            break
        count += 1
    return events[len(events) - count :] if is_newest else events[:count]


def _size_bytes(event: Event) -> int:
    tags = sum(len(tag) + len(value) for tag, value in event.message.tags.items())
    texts = [line for line, _ in event.lines] or [event.message.params[-1]]
    return sum(_HEAD_BYTES + len(text.encode()) for text in texts) + tags * 4


def _targets(shelf: Shelf, query: Query) -> Answer:
    first, second = (query.first or Ref()).at, (query.second or Ref()).at
    low, high = min(first, second), max(first, second)
    timely = ((at, key) for key, at in shelf.latest(query) if low < at < high)
    found = sorted((at, key) for at, key in timely if at >= query.since or not parties(key))
    kept = found[-query.limit :] if first > second else found[: query.limit]
    return Answer(latest=[(key, at) for at, key in kept], is_end=len(kept) == len(found))


def _find(shelf: Shelf, query: Query) -> Answer:
    place = _around_ref(shelf, query, query.first).above
    return Answer(shelf.page(query, Span(place - 1, place + 1), 1, is_newest=True))


def _search(shelf: Shelf, query: Query) -> Answer:
    """From a time on, where one is given; else the newest."""
    is_newest = query.sought.after is None
    found = shelf.search(query, query.limit + 1, is_newest=is_newest)
    kept = _cut(found.events, query.limit, MAX_HISTORY_PAGE_BYTES, is_newest=is_newest)
    keys = found.keys[len(found.keys) - len(kept) :] if is_newest else found.keys[: len(kept)]
    return Answer(kept, is_end=len(kept) == len(found.events), keys=keys, is_partial=found.is_partial)


_ANSWERS: dict[Kind, Callable[[Shelf, Query], Answer]] = {
    Kind.LATEST: _latest,
    Kind.BEFORE: _before,
    Kind.AFTER: _after,
    Kind.AROUND: _around,
    Kind.BETWEEN: _between,
    Kind.TARGETS: _targets,
    Kind.FIND: _find,
    Kind.SEARCH: _search,
}
