"""What was said, looked up in the store. Source of the times: none of these scans the table, whatever is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from lanchat.chat.state.eras import Eras
from lanchat.chat.state.history import SAID, Answer, Event, Query
from lanchat.chat.state.paging import Found, Span, answer
from lanchat.limits import MAX_CHANNELS_PER_USER, MAX_PAGE_REACTIONS
from lanchat.store import history_rows
from lanchat.store.searching import hits

_IN_TARGET = (
    "SELECT * FROM (SELECT {columns} FROM event e JOIN sender s ON s.id = e.sender JOIN target t ON t.id = e.target"
    " WHERE e.target = ? AND e.class = ? AND e.id > ? AND e.id < ? AND e.text IS NOT NULL"
    " ORDER BY e.id {order} LIMIT ?)"
)
_REACTIONS = (
    f"SELECT {history_rows.COLUMNS} FROM attached a CROSS JOIN event e ON e.id = a.id JOIN sender s ON s.id = e.sender"  # noqa: S608
    " JOIN target t ON t.id = e.target WHERE a.id <= ? AND e.text IS NOT NULL AND"
)
_LATEST = (
    "SELECT key, (SELECT at FROM event WHERE target = t.id AND class = ? AND text IS NOT NULL ORDER BY id DESC LIMIT 1)"
    " AS at FROM target t WHERE at IS NOT NULL AND"
)


class Reader:
    """Answers questions over a connection, in whichever thread has it. Its methods raise sqlite3.Error.

    `eras` may be added to meanwhile, by the thread that writes: what is read here was written before.
    """

    def __init__(self, db: sqlite3.Connection, eras: Eras) -> None:
        self._db = db
        self._eras = eras

    def answer(self, query: Query) -> Answer:
        """Return what is asked for."""
        return answer(self, query)

    # ---- As a shelf (chat/state/paging.py) -------------------------------------------------------------------------

    def place_of(self, keys: Sequence[str], msgid: str) -> int | None:
        """Return the id of what bears a msgid."""
        return next(iter(self.places_of(keys, msgid)), None)

    def places_of(self, keys: Sequence[str], msgid: str) -> list[int]:
        """Return the ids of all that bears a msgid: it, and rows of the same event close behind it."""
        number, targets = self._eras.id_of(msgid), self._targets(keys)
        if number is None or not targets:
            return []
        bears_it = "(ref = ? OR (id = ? AND ref IS NULL))"
        found = self._db.execute(
            f"SELECT id FROM event WHERE id BETWEEN ? AND ? AND {bears_it} AND target IN {_marks(targets)} ORDER BY id",  # noqa: S608
            (number, number + MAX_CHANNELS_PER_USER, number, number, *targets),
        )
        return [number for (number,) in found]

    def _targets(self, keys: Sequence[str]) -> list[int]:
        found = self._db.execute(f"SELECT id FROM target WHERE key IN {_marks(keys)}", tuple(keys))  # noqa: S608
        return [number for (number,) in found]

    def place_at(self, keys: Sequence[str], at: int) -> int:  # noqa: ARG002 - memory has to know where
        """Return an id that separates what was earlier from the rest, found by halving: within an era times grow."""
        return self._first_from(*self._eras.span(at), at)

    def _first_from(self, low: int, end: int, at: int) -> int:
        """Return the first id of an era at or behind which it is at least so late."""
        return first_at(self._db, at, low, min(end, self._eras.last_id + 1))

    def page(self, query: Query, span: Span, limit: int, *, is_newest: bool) -> Sequence[Event]:
        """Return the newest or oldest events of a span: of each layer of each conversation, put together."""
        parts = [(target, layer) for target in self._targets(query.keys) for layer in query.layers]
        if not parts:
            return []
        order = "DESC" if is_newest else "ASC"
        one = _IN_TARGET.format(columns=history_rows.COLUMNS, order=order)
        values = [value for part in parts for value in (*part, span.above, span.below, limit)]
        rows = self._db.execute(f"{' UNION ALL '.join([one] * len(parts))} ORDER BY 1 {order} LIMIT {limit}", values)
        events = [history_rows.event(columns, self._eras) for columns in rows]
        return events[::-1] if is_newest else events

    def reactions(self, query: Query, msgids: Sequence[str]) -> list[Event]:
        """Return the first reactions to messages."""
        parents = [number for msgid in msgids if (number := self._eras.id_of(msgid)) is not None]
        targets = self._targets(query.keys)
        rows = self._db.execute(
            f"{_REACTIONS} a.parent IN {_marks(parents)} AND e.target IN {_marks(targets)} ORDER BY e.id LIMIT ?",
            (query.until, *parents, *targets, MAX_PAGE_REACTIONS),
        )
        return [history_rows.event(columns, self._eras) for columns in rows]

    def latest(self, query: Query) -> Iterator[tuple[str, int]]:
        """Return conversations, with when something was last said there."""
        authors = tuple(query.owners)
        owned = "SELECT target FROM party JOIN owner ON owner.id = party.owner WHERE author IN"
        statement = f"{_LATEST} (key IN {_marks(query.keys)} OR id IN ({owned} {_marks(authors)}))"
        yield from self._db.execute(statement, (SAID, *query.keys, *authors))

    # ---- By words --------------------------------------------------------------------------------------------------

    def search(self, query: Query, limit: int, *, is_newest: bool) -> Found:
        """Return what is sought. The connection has an index attached (search_index.py)."""
        found = hits(self._db, self._eras, query, self._span(query), limit, is_newest=is_newest)
        return Found([event for _, event in found], [key for key, _ in found])

    def _span(self, query: Query) -> Span:
        """Between which ids all is that was said in a time. A clock that was set back may leave others there, too."""
        sought, eras = query.sought, self._eras.spans()
        above, below = 0, query.until + 1
        if sought.after is not None:
            late = (span for span in eras if self._last_at(*span[1:]) >= sought.after)
            above = next((self._first_from(low, end, sought.after) - 1 for _, low, end in late), query.until)
        if sought.before is not None:
            early = (span for span in reversed(eras) if span[0] <= sought.before)
            below = min(below, next((self._first_from(low, end, sought.before + 1) for _, low, end in early), 0))
        return Span(above, below)

    def _last_at(self, low: int, end: int) -> int:
        """When something last happened in an era; 0 where nothing is kept of it."""
        last = "SELECT at FROM event WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1"
        found = self._db.execute(last, (low, end)).fetchone()
        return int(found[0]) if found else 0


def first_at(db: sqlite3.Connection, at: int, low: int, high: int) -> int:
    """Return an id that separates what was earlier from the rest, of ids among which times grow; `high` for none."""
    while low < high:
        middle = (low + high) // 2
        found = db.execute(
            "SELECT id, at FROM event WHERE id >= ? AND id < ? ORDER BY id LIMIT 1", (middle, high)
        ).fetchone()
        if found is None or found[1] >= at:
            high = middle
        else:
            low = found[0] + 1
    return low


def _marks(values: Sequence[object]) -> str:
    return f"({','.join('?' * len(values))})"
