"""The index of what was said, in a file of its own: it is derived from the history, and made anew when it has to be.

It is written by the one thread that also reads the history, a little at a time, over one connection that has both
files. What was said last comes first: who searches while an old history is being indexed misses what is old.

An example: a history of a million messages and no index. The first batch begins a file that says "nothing is indexed
above 1,000,000, nothing below". New messages are indexed upwards from there as they come, old ones downwards, until the
first is reached. Whatever was indexed is in one piece, so two numbers tell what it is.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from lanchat.chat.state.folding import VERSION, folded
from lanchat.chat.state.history import SAID, parties
from lanchat.protocol.names import fold
from lanchat.store.history_trouble import Trouble, is_corrupt, trouble
from lanchat.store.private import make_private_file

FILE_NAME = "search.db"
_BATCH = 50  # rows: 0.7 ms, and a pause after that; a delivery then takes no longer than without it
_CHECKPOINT_AFTER = 100  # transactions
_PURGED_PAGES = 64  # written anew in a step, some 5 ms
_MAX_OWNERS = 5_000  # conversations whose two owners are in memory
# The words are ours (chat/state/folding.py): the tokenizer of ASCII leaves all other letters as they are, while that of
# Unicode knows only those of the year in which it was made.
_SCHEMA = """
BEGIN;
CREATE TABLE search.state(history TEXT NOT NULL, folding TEXT NOT NULL, above INTEGER NOT NULL, up_to INTEGER NOT NULL,
    run TEXT, is_unclean INTEGER NOT NULL);
CREATE TABLE search.gone(id INTEGER PRIMARY KEY);
CREATE VIRTUAL TABLE search.said USING fts5(text, tags, content='', columnsize=0, tokenize='ascii');
INSERT INTO search.state SELECT identity.id, '{version}', {last}, {last}, NULL, 0 FROM main.identity;
UPDATE search.state SET run = {run};
COMMIT;
"""
# In which run of the host the last was said that is indexed. In a history that was put back from a copy it is another,
# and what is said then is given ids that the index has already, for what was said after the copy was made.
_RUN = "(SELECT run FROM main.era WHERE base <= state.up_to ORDER BY base DESC LIMIT 1)"
_OURS = f"SELECT state.history = identity.id AND folding = ? AND state.run IS {_RUN} FROM search.state, main.identity"  # noqa: S608
_LAST = "(SELECT coalesce(max(id), 0) FROM main.event)"
_FROM = "main.event e JOIN main.sender s ON s.id = e.sender JOIN main.target t ON t.id = e.target"
_WHERE = f"e.class = {SAID} AND e.text IS NOT NULL AND e.id"
_SOME = f"SELECT e.id, e.text, e.target, s.source, t.key FROM {_FROM} WHERE {_WHERE}"  # noqa: S608 - no values in it
_TAKEN_OUT = (
    "SELECT id, text, target, source, key FROM main.unindex WHERE id NOT IN (SELECT id FROM search.gone) ORDER BY id"
)
_Row = tuple[int, str, int, str, str]  # id, text, target, source, key


def has_full_text(db: sqlite3.Connection) -> bool:
    """Tell whether this SQLite can index texts: some systems leave that out of theirs."""
    try:
        db.execute("CREATE VIRTUAL TABLE temp.probe USING fts5(text)")
        db.execute("DROP TABLE temp.probe")
    except sqlite3.Error:
        return False
    return True


def is_indexed(folder: Path) -> bool:
    """Tell whether there is an index."""
    return (folder / FILE_NAME).exists()


def delete_index(folder: Path) -> None:
    """Delete the index of a history that nobody has open; it is made anew when it is needed. Raises OSError."""
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.remove(folder / f"{FILE_NAME}{ending}")


def by_tag(nick: str) -> str:
    """Return the word that stands for who said something."""
    return f"f{fold(nick).encode().hex()}"


class Index:
    """The index beside the history that a connection has open; for the thread that made it. It raises sqlite3.Error."""

    def __init__(self, db: sqlite3.Connection, folder: Path) -> None:
        self._db = db
        self._folder = folder
        self._owners: dict[str, str] = {}  # key → the tags of the two whose talk it is
        self._uncheckpointed = 0  # transactions
        self._attach()
        self._above, self._up_to = self._state()

    # ---- The file --------------------------------------------------------------------------------------------------

    def _attach(self) -> None:
        """Open it, or begin it anew: it may be damaged, of another history, or of another way to fold."""
        try:
            self._open()
            is_ours = self._db.execute(_OURS, (VERSION,)).fetchone()
            self._db.execute("SELECT rowid FROM search.said WHERE said MATCH 'r0'").fetchall()
        except sqlite3.DatabaseError as error:
            if trouble(error) is not Trouble.DAMAGED:
                raise
            is_ours = None
        if not (is_ours and is_ours[0]):
            self._begin()

    def _open(self) -> None:
        path = self._folder / FILE_NAME
        make_private_file(path)
        self._db.execute("ATTACH ? AS search", (str(path.absolute()),))
        self._db.execute("PRAGMA search.journal_mode=WAL").fetchall()
        self._db.execute("PRAGMA search.synchronous=NORMAL")
        self._db.execute("PRAGMA search.secure_delete=ON")  # a word that is taken back is to be gone from the file

    def _begin(self) -> None:
        with suppress(sqlite3.Error):  # it may not have got so far
            self._db.execute("DETACH search")
        delete_index(self._folder)
        self._open()
        self._db.executescript(_SCHEMA.format(version=VERSION, last=self._last(), run=_RUN))

    def is_damaged(self) -> bool:
        """Tell whether something in the file is not as it should be. It is read as a whole."""
        try:
            found = self._db.execute("PRAGMA search.quick_check(1)").fetchone()[0]
            self._db.execute("INSERT INTO search.said(said) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            if is_corrupt(error):
                return True
            raise
        return bool(found != "ok")

    def begin_anew(self) -> None:
        """Delete what there is, and index all that was said once more."""
        self._begin()
        self._above, self._up_to = self._state()

    def _state(self) -> tuple[int, int]:
        above, up_to = self._db.execute("SELECT above, up_to FROM search.state").fetchone()
        return above, up_to

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Of the index only: the history is read in it, never locked."""
        before = self._db.total_changes
        self._db.execute("BEGIN")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        if self._db.total_changes != before:
            self._above, self._up_to = self._state()
            self._count()

    # ---- A little at a time ----------------------------------------------------------------------------------------

    def lacks(self, until: int) -> bool:
        """Tell whether something said up to an id is not indexed yet."""
        return self._above > 0 or self._up_to < min(self._last(), until)

    def step(self) -> bool:
        """Do a little of what is to be done; tell whether anything was."""
        return self.take_out() or self.add_new() or self._add_old()

    def add_new(self) -> bool:
        """Index some of what was said since."""
        with self._transaction():
            last = self._last()
            if last <= self._up_to:
                return False
            rows = self._some("> ? ORDER BY e.id", self._up_to)
            self._add(rows, self._above, rows[-1][0] if len(rows) == _BATCH else last)
        return True

    def _add_old(self) -> bool:
        """Index some of what was said before there was an index. FTS5 wants ids that grow within a transaction."""
        if not self._above:
            return False
        with self._transaction():
            rows = self._some("<= ? ORDER BY e.id DESC", self._above)[::-1]
            self._add(rows, rows[0][0] - 1 if len(rows) == _BATCH else 0, self._up_to)
        return True

    def _last(self) -> int:
        return int(self._db.execute(f"SELECT {_LAST}").fetchone()[0])

    def _some(self, where: str, number: int) -> list[_Row]:
        return self._db.execute(f"{_SOME} {where} LIMIT {_BATCH}", (number,)).fetchall()

    def _add(self, rows: Sequence[_Row], above: int, up_to: int) -> None:
        """Index rows, in the transaction that read them: what was deleted by then is not among them, nor taken out."""
        self._db.executemany("INSERT INTO search.said(rowid, text, tags) VALUES (?, ?, ?)", self._words(rows))
        self._db.execute(
            "INSERT OR IGNORE INTO search.gone SELECT id FROM main.unindex"
            " WHERE (id > ? AND id <= ?) OR (id > ? AND id <= ?)",
            (above, self._above, self._up_to, up_to),
        )
        self._db.execute("UPDATE search.state SET above = ?, up_to = ?", (above, up_to))
        self._db.execute(f"UPDATE search.state SET run = {_RUN}")  # noqa: S608 - no values in it

    def _words(self, rows: Sequence[_Row]) -> Iterator[tuple[int, str, str]]:
        """Each row as it is indexed: made one by one, so that the room is not held up for long."""
        for number, text, target, source, key in rows:
            nick = source.partition("!")[0]
            yield number, folded(text), f"r{target} {by_tag(nick)}{self._owner_tags(key)}"

    def _owner_tags(self, key: str) -> str:
        if key not in self._owners:
            if len(self._owners) >= _MAX_OWNERS:
                self._owners.clear()
            both = sorted(set(parties(key) or ()))
            found = [self._db.execute("SELECT id FROM main.owner WHERE author = ?", (one,)).fetchone() for one in both]
            self._owners[key] = "".join(f" p{row[0]}" for row in found if row)
        return self._owners[key]

    def take_out(self) -> bool:
        """Take out some of what was taken back or deleted. An id is noted with it, so that none is taken out twice."""
        with self._transaction():
            rows: list[_Row] = self._db.execute(f"{_TAKEN_OUT} LIMIT {_BATCH}").fetchall()
            if not rows:
                return False
            indexed = [row for row in rows if self._above < row[0] <= self._up_to]
            self._db.execute("DELETE FROM search.gone WHERE id NOT IN (SELECT id FROM main.unindex)")
            self._db.executemany(
                "INSERT INTO search.said(said, rowid, text, tags) VALUES ('delete', ?, ?, ?)", self._words(indexed)
            )
            self._db.executemany("INSERT INTO search.gone VALUES (?)", [(row[0],) for row in rows])
            self._db.execute("UPDATE search.state SET is_unclean = is_unclean OR ?", (bool(indexed),))
        return True

    def _count(self) -> None:
        """Bring the log into the file before it grows large: with an old history it would be longer than the file."""
        self._uncheckpointed += 1
        if self._uncheckpointed >= _CHECKPOINT_AFTER:
            self._checkpoint()

    def _checkpoint(self) -> None:
        self._db.execute("PRAGMA search.wal_checkpoint(PASSIVE)").fetchall()
        self._uncheckpointed = 0

    @property
    def is_unclean(self) -> bool:
        """Whether words of what was taken out can still be read in the file: FTS5 only notes that they are gone."""
        return bool(self._db.execute("SELECT is_unclean FROM search.state").fetchone()[0])

    def purge(self, *, is_first: bool) -> bool:
        """Write a little of the index anew, without what was taken out; tell whether there is more to do."""
        before = self._db.total_changes
        pages = -_PURGED_PAGES if is_first else _PURGED_PAGES  # negative: all parts become one; sqlite.org/fts5.html
        self._db.execute("INSERT INTO search.said(said, rank) VALUES ('merge', ?)", (pages,))
        self._count()
        if self._db.total_changes - before >= 2:  # "if the difference is less than 2, […] a no-op"
            return True
        self._db.execute("UPDATE search.state SET is_unclean = 0")
        self.truncate()
        return False

    def truncate(self) -> None:
        """Empty the log, in which earlier pages can still be read."""
        self._db.execute("PRAGMA search.wal_checkpoint(TRUNCATE)").fetchall()
        self._uncheckpointed = 0

    def settle(self) -> list[int]:
        """Bring all of this to the disk; return the ids of which the index then has nothing any more."""
        if self._uncheckpointed:
            self._checkpoint()
        return [number for (number,) in self._db.execute("SELECT id FROM main.unindex JOIN search.gone USING (id)")]
