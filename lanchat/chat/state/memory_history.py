"""What was said, as long as the program runs: the last messages of each conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import islice, takewhile

from lanchat.chat.state.eras import Eras, Stamp
from lanchat.chat.state.folding import folded
from lanchat.chat.state.history import REACTIONS, SAID, Answer, Event, Query, parties
from lanchat.chat.state.ledger import Ledger
from lanchat.chat.state.paging import Found, Span, answer
from lanchat.limits import (
    MAX_HISTORY_BYTES,
    MAX_HISTORY_BYTES_OF_ADDRESS,
    MAX_PAGE_REACTIONS,
    MAX_REMEMBERED_TARGETS,
    MAX_SEARCHED_IN_MEMORY,
    MEMORY_MESSAGES,
)
from lanchat.protocol.names import fold


class MemoryHistory:
    """The last of each layer of each conversation; of conversations, those in which something happened last.

    What it holds is bounded in bytes: where an address has more kept than one may, its oldest goes; where all have,
    the conversation goes that was silent longest. What was read from a file came from no address.

    `run` is a name that no other run of the host had.
    """

    def __init__(
        self,
        run: str,
        limit: int = MEMORY_MESSAGES,
        eras: Eras | None = None,
        bytes_of_address: int = MAX_HISTORY_BYTES_OF_ADDRESS,
    ) -> None:
        self._limit = limit
        self._eras = eras or Eras((), run, 1)
        self._kept: dict[str, dict[int, dict[int, Event]]] = {}  # key → layer → id → event, oldest first
        self._of_address: dict[str, dict[int, tuple[str, int]]] = {}  # address → id → key and layer, oldest first
        self.ledger = Ledger(bytes_of_address, MAX_HISTORY_BYTES)

    @property
    def last_id(self) -> int:
        """The last id that was given to anything."""
        return self._eras.last_id

    @property
    def is_searchable(self) -> bool:
        """Whether it answers SEARCH: always, as it looks through what there is."""
        return True

    def stamp(self, now: float) -> Stamp:
        """Return id, msgid and time of what happens next."""
        return self._eras.stamp(now)

    def record(self, keys: Sequence[str], event: Event) -> None:
        """Keep what happened, in all these conversations."""
        for key, row in zip(keys, self.rows(keys, event), strict=True):
            self.keep(key, row)

    def rows(self, keys: Sequence[str], event: Event) -> Iterator[Event]:
        """Return the event as it is kept in each conversation: under an id of its own in all but the first."""
        for index, _ in enumerate(keys):
            yield replace(event, id=self._eras.further_id()) if index else event

    def keep(self, key: str, row: Event) -> None:
        """Keep one row, and drop what is over the bounds: this is the one place where they are held."""
        layers = self._kept[key] = self._kept.pop(key, {})  # now the last one
        rows = layers.setdefault(row.layer, {})
        rows[row.id] = row
        self._of_address.setdefault(row.address, {})[row.id] = (key, row.layer)
        self.ledger.add(row.address, row.size)
        if len(rows) > self._limit:
            self._drop(key, row.layer, next(iter(rows)))
        while row.address and self.ledger.is_over(row.address):
            number, place = next(iter(self._of_address[row.address].items()))
            self._drop(*place, number)
        while len(self._kept) > MAX_REMEMBERED_TARGETS or self.ledger.is_all_over():
            self.forget(next(iter(self._kept)))

    def _drop(self, key: str, layer: int, number: int) -> None:
        """Forget one row, and what holds nothing then."""
        layers = self._kept[key]
        self._count_out(layers[layer].pop(number))
        if not layers[layer]:
            del layers[layer]
        if not layers:
            del self._kept[key]

    def _count_out(self, row: Event) -> None:
        self.ledger.remove(row.address, row.size)
        own = self._of_address[row.address]
        del own[row.id]
        if not own:
            del self._of_address[row.address]

    def recent(self, key: str, limit: int) -> Sequence[Event]:
        """Return what was said last, oldest first."""
        said = (row for row in reversed(self._kept.get(key, {}).get(SAID, {}).values()) if not row.is_taken_back)
        return list(islice(said, limit))[::-1]

    def find(self, keys: Sequence[str], msgid: str) -> Event | None:
        """Return a message that was said and not taken back."""
        rows = (row for row in self._rows(keys, (SAID,)) if row.msgid == msgid and not row.is_taken_back)
        return next(rows, None)

    def redact(self, keys: Sequence[str], msgid: str) -> None:
        """Take a message back. It keeps its place as an empty row."""
        for key in keys:
            said = self._kept.get(key, {}).get(SAID, {})
            for row in [row for row in said.values() if row.msgid == msgid]:
                empty = replace(row.message, params=(), tags={})
                emptied = said[row.id] = replace(row, message=empty, lines=(), is_taken_back=True)
                self.ledger.remove(row.address, row.size)
                self.ledger.add(row.address, emptied.size)

    def read(self, author: str, target: str, marker: str) -> None:
        """Nothing to do: it is in memory as it is (read_markers.py)."""

    def drop(self, key: str, layer: int, number: int) -> None:
        """Forget one row, if it is here."""
        if number in self._kept.get(key, {}).get(layer, {}):
            self._drop(key, layer, number)

    def drop_before(self, at: int) -> None:
        """Forget all that was earlier (UNIX milliseconds)."""
        places = [(key, layer) for key, layers in self._kept.items() for layer in layers]
        for key, layer in places:
            rows = self._kept[key][layer].values()
            for row in list(takewhile(lambda row: row.at < at, rows)):
                self._drop(key, layer, row.id)

    def forget(self, key: str) -> None:
        """Forget all of a channel."""
        for rows in self._kept.pop(key, {}).values():
            for row in rows.values():
                self._count_out(row)

    def answer(self, query: Query) -> Answer | None:
        """Return what is asked for."""
        return answer(self, query)

    # ---- As a shelf ------------------------------------------------------------------------------------------------

    def _rows(self, keys: Iterable[str], layers: Iterable[int] | None = None) -> list[Event]:
        """All rows of conversations, by their ids."""
        kept = [self._kept.get(key, {}) for key in keys]
        rows = [row for by_layer in kept for layer in layers or by_layer for row in by_layer.get(layer, {}).values()]
        return sorted(rows, key=lambda row: row.id)

    def place_of(self, keys: Sequence[str], msgid: str) -> int | None:
        """Return the id of what bears a msgid."""
        return next((row.id for row in self._rows(keys) if row.msgid == msgid), None)

    def place_at(self, keys: Sequence[str], at: int) -> int:
        """Return an id that separates what was earlier from the rest."""
        first, end = self._eras.span(at)
        return next((row.id for row in self._rows(keys) if first <= row.id < end and row.at >= at), end)

    def page(self, query: Query, span: Span, limit: int, *, is_newest: bool) -> Sequence[Event]:
        """Return the newest or oldest events of a span."""
        rows = [row for row in self._rows(query.keys, query.layers) if span.above < row.id < span.below]
        shown = [row for row in rows if not row.is_taken_back]
        return shown[-limit:] if is_newest else shown[:limit]

    def reactions(self, query: Query, msgids: Sequence[str]) -> Iterator[Event]:
        """Return the first reactions to messages."""
        wanted = frozenset(msgids)
        rows = (row for row in self._rows(query.keys, (REACTIONS,)) if row.parent in wanted and row.id <= query.until)
        return islice(rows, MAX_PAGE_REACTIONS)

    def latest(self, query: Query) -> Iterator[tuple[str, int]]:
        """Return conversations, with when something was last said there."""
        for key in self._visible(query):
            for row in self.recent(key, 1):
                yield key, row.at

    def _visible(self, query: Query) -> Iterable[str]:
        """All keys that are asked for, those of the owners included."""
        own = [key for key in self._kept if not query.owners.isdisjoint(parties(key) or ())] if query.owners else []
        return dict.fromkeys([*query.keys, *own])

    def search(self, query: Query, limit: int, *, is_newest: bool) -> Found:
        """Return the newest or oldest of what is sought, of so much as can be looked through while the room waits."""
        rows = self._said(query, is_newest=is_newest)
        looked_at = list(islice(rows, MAX_SEARCHED_IN_MEMORY))
        hits = ((key, row) for key, row in looked_at if _is_sought(query, row))
        found = list(islice(hits, limit))[:: -1 if is_newest else 1]
        is_partial = len(found) < limit and next(rows, None) is not None
        return Found([row for _, row in found], [key for key, _ in found], is_partial)

    def _said(self, query: Query, *, is_newest: bool) -> Iterator[tuple[str, Event]]:
        """All that was said and may be told, in order, each with its key."""
        kept = {key: self._kept.get(key, {}).get(SAID, {}) for key in self._visible(query)}
        ways = [_keyed(key, said, query, is_newest=is_newest) for key, said in kept.items()]
        return merge(*ways, key=lambda one: one[1].id, reverse=is_newest)


def _keyed(key: str, said: dict[int, Event], query: Query, *, is_newest: bool) -> Iterator[tuple[str, Event]]:
    since = query.since if parties(key) else 0
    for row in reversed(said.values()) if is_newest else said.values():
        if row.at >= since and row.id <= query.until and query.sought.is_at(row.at):
            yield key, row


def _is_sought(query: Query, row: Event) -> bool:
    sought = query.sought
    if row.is_taken_back or (sought.by and fold(row.message.nick) != sought.by):
        return False
    text = folded(row.message.params[1]) if sought.phrases else ""
    return all(phrase.is_in(text) for phrase in sought.phrases)
