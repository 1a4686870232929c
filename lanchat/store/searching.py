"""What is sought, as the index is asked for it. Nobody's words are handed over as they are: FTS5 would obey them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from lanchat.chat.state.eras import Eras
from lanchat.chat.state.folding import Phrase
from lanchat.chat.state.history import SAID, Event, Query
from lanchat.chat.state.paging import Span
from lanchat.store import history_rows
from lanchat.store.search_index import by_tag

# Every hit is looked up in the history, too: what was deleted there, or is somebody else's, is never told.
_HITS = (
    f"SELECT {history_rows.COLUMNS}, t.key FROM search.said CROSS JOIN main.event e ON e.id = said.rowid"  # noqa: S608
    " JOIN main.sender s ON s.id = e.sender JOIN main.target t ON t.id = e.target"
    f" WHERE said MATCH ? AND said.rowid > ? AND said.rowid < ? AND e.class = {SAID} AND e.text IS NOT NULL"
    " AND e.at >= ? AND e.at <= ? AND (t.key NOT LIKE 'pair %' OR e.at >= ?)"
)
_RARE = 300  # messages
_NEVER_MS = 2**62


def hits(
    db: sqlite3.Connection, eras: Eras, query: Query, span: Span, limit: int, *, is_newest: bool
) -> list[tuple[str, Event]]:
    """Return what is sought within a span of ids, oldest first, with the key of where it was said."""
    targets = _ids(db, "SELECT id FROM main.target WHERE key IN", query.keys)
    owners = _ids(db, "SELECT id FROM main.owner WHERE author IN", tuple(query.owners))
    if not targets and not owners:
        return []
    sought = query.sought
    after = -_NEVER_MS if sought.after is None else sought.after
    before = _NEVER_MS if sought.before is None else sought.before
    order = "DESC" if is_newest else "ASC"
    words = _words(query)
    match = words if _are_rare(db, query, span) else f"tags : ({_whose(targets, owners)}){words and ' AND '}{words}"
    rows = db.execute(
        f"{_HITS} AND {_visible(targets, owners)} ORDER BY said.rowid {order} LIMIT ?",
        (match, span.above, span.below, after, before, query.since, limit),
    )
    found = [(row[-1], history_rows.event(row[:-1], eras)) for row in rows]
    return found[::-1] if is_newest else found


def _ids(db: sqlite3.Connection, statement: str, values: Sequence[str]) -> list[int]:
    marks = ",".join("?" * len(values))
    return [number for (number,) in db.execute(f"{statement} ({marks})", tuple(values))]


def _visible(targets: Sequence[int], owners: Sequence[int]) -> str:
    own = f"SELECT 1 FROM main.party WHERE owner IN ({_listed(owners)}) AND target = e.target"  # noqa: S608 - ids
    return f"(e.target IN ({_listed(targets)}) OR EXISTS ({own}))"


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def _whose(targets: Sequence[int], owners: Sequence[int]) -> str:
    return " OR ".join([*(f"r{number}" for number in targets), *(f"p{number}" for number in owners)])


def _words(query: Query) -> str:
    """Return who is to have said it, and the words, which have no signs in them; "" for whatever it was."""
    by = [f"tags : {by_tag(query.sought.by)}"] if query.sought.by else []
    return " AND ".join([*by, *(f"text : {_phrase(phrase)}" for phrase in query.sought.phrases)])


def _are_rare(db: sqlite3.Connection, query: Query, span: Span) -> bool:
    """Tell whether so few messages have the words that it is quicker to look at each whose it is.

    Among a million messages a rare word took 4 ms, as whose they are had to be gone through for all of them. Whether
    the words of a phrase follow each other is not asked here, nor for beginnings of words: that takes as long itself.
    """
    sought = query.sought.phrases
    if not sought or any(phrase.is_open for phrase in sought):
        return False
    words = " AND ".join(f'text : "{word}"' for phrase in sought for word in phrase.words.split(" "))
    some = "SELECT 1 FROM search.said WHERE said MATCH ? AND said.rowid > ? AND said.rowid < ? LIMIT ?"
    counted = db.execute(f"SELECT count(*) FROM ({some})", (words, span.above, span.below, _RARE)).fetchone()  # noqa: S608
    return bool(counted[0] < _RARE)


def _phrase(phrase: Phrase) -> str:
    return f'"{phrase.words}"{" *" if phrase.is_open else ""}'
