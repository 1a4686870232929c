"""What waits for a full disk, put together with what is in the file: who asks is told both, each thing once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from lanchat.chat.state.eras import Eras
from lanchat.chat.state.history import Event, Query
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.chat.state.paging import Found, Shelf, Span
from lanchat.limits import MAX_PAGE_REACTIONS
from lanchat.store.unwritten import Unwritten


class Waiting(NamedTuple):
    """What waits when something is asked: rows, each with its key, and the msgids of what was taken back.

    It is taken before the file is read. So what is written meanwhile is found twice, never not at all.
    """

    rows: Sequence[tuple[str, Event]] = ()
    taken_back: frozenset[str] = frozenset()

    def beside(self, kept: Shelf, query: Query, eras: Eras) -> Shelf:
        """Return where all is looked up: in the file alone, unless something waits."""
        return Together(kept, self, query, eras) if self.rows or self.taken_back else kept


def waiting(unwritten: Unwritten, taken_back: deque[tuple[Sequence[str], str]]) -> Waiting:
    """Return what cannot be written now; nothing in most turns. It may be called in any thread."""
    if not unwritten.is_waiting:
        return Waiting()
    return Waiting(unwritten.copy(), frozenset(msgid for _, msgid in taken_back.copy()))


class _InMemory(MemoryHistory):
    """The rows that wait, as lists. They are counted where they wait (unwritten.py), so here nothing is dropped."""

    def __init__(self, waiting: Waiting, query: Query, eras: Eras) -> None:
        super().__init__("", eras=eras)
        keys = frozenset(query.keys)
        for key, row in waiting.rows:
            if row.id <= query.until and (query.owners or key in keys):
                own = replace(row, is_taken_back=True) if row.msgid in waiting.taken_back else row
                self._kept.setdefault(key, {}).setdefault(row.layer, {})[row.id] = own

    def place_beside(self, place: int, keys: Sequence[str], at: int) -> int:
        """Return a place in the file that is one among these rows, too: what was earlier is below it."""
        first, end = self._eras.span(at)
        for row in self._rows(keys):
            if first <= row.id < end:
                place = max(place, row.id + 1) if row.at < at else min(place, row.id)
        return place


class Together:
    """A file and what waits to be written there, as one shelf (chat/state/paging.py)."""

    def __init__(self, kept: Shelf, waiting: Waiting, query: Query, eras: Eras) -> None:
        self._kept = kept
        self._waiting = _InMemory(waiting, query, eras)
        self._taken_back = waiting.taken_back

    def place_of(self, keys: Sequence[str], msgid: str) -> int | None:
        """Return the id of what bears a msgid."""
        places = (self._kept.place_of(keys, msgid), self._waiting.place_of(keys, msgid))
        return min((place for place in places if place is not None), default=None)

    def place_at(self, keys: Sequence[str], at: int) -> int:
        """Return an id that separates what was earlier from the rest."""
        return self._waiting.place_beside(self._kept.place_at(keys, at), keys, at)

    def page(self, query: Query, span: Span, limit: int, *, is_newest: bool) -> Sequence[Event]:
        """Return the newest or oldest events of a span."""
        stored = self._kept.page(query, span, limit + len(self._taken_back), is_newest=is_newest)
        events = self._in_order([*stored, *self._waiting.page(query, span, limit, is_newest=is_newest)])
        return events[-limit:] if is_newest else events[:limit]

    def reactions(self, query: Query, msgids: Sequence[str]) -> Iterable[Event]:
        """Return the first reactions to messages."""
        found = [*self._kept.reactions(query, msgids), *self._waiting.reactions(query, msgids)]
        return islice(self._in_order(found), MAX_PAGE_REACTIONS)

    def latest(self, query: Query) -> Iterable[tuple[str, int]]:
        """Return conversations, with when something was last said there."""
        return {**dict(self._kept.latest(query)), **dict(self._waiting.latest(query))}.items()

    def search(self, query: Query, limit: int, *, is_newest: bool) -> Found:
        """Return what is sought. What waits is looked through as it is: no index has it."""
        stored = self._kept.search(query, limit + len(self._taken_back), is_newest=is_newest)
        fresh = self._waiting.search(query, limit, is_newest=is_newest)
        events = self._in_order([*stored.events, *fresh.events])
        shown = events[-limit:] if is_newest else events[:limit]
        found = zip((*stored.events, *fresh.events), (*stored.keys, *fresh.keys), strict=True)
        keys = {event.id: key for event, key in found}
        return Found(shown, [keys[event.id] for event in shown], stored.is_partial or fresh.is_partial)

    def _in_order(self, events: Sequence[Event]) -> list[Event]:
        """Each once, oldest first, but for what is taken back and still in the file."""
        found = {event.id: event for event in events if event.msgid not in self._taken_back}
        return [found[number] for number in sorted(found)]
