"""What works beside the loop, over a connection of its own: it answers, indexes, and brings the log into the file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from lanchat.chat.state.eras import Eras
from lanchat.chat.state.history import Answer, Kind, Query
from lanchat.chat.state.paging import Found, answer
from lanchat.store import database, history_rows
from lanchat.store.history_reader import Reader
from lanchat.store.history_trouble import Trouble, is_corrupt, is_full, trouble
from lanchat.store.search_index import Index, is_indexed
from lanchat.store.waiting import Waiting

_PURGE_EVERY_S = 86_400.0  # of a million messages it writes 60 MB
_FINISH_S = 1.0  # at the end of the host; what is left is done at the next start
_CATCH_UP_S = 0.5  # at most, that a search waits for what was said last to be indexed
_CATCH_UP_OLD_S = 0.05  # the same, for what is older: three thousand messages


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file; where it was lost and none can be made in its place, nothing is kept but what waits."""
    try:
        return database.connect_to_read(path)
    except sqlite3.OperationalError:
        if path.exists():
            raise
    nothing = sqlite3.connect(":memory:", isolation_level=None)
    for script in history_rows.MIGRATIONS:
        nothing.executescript(script)
    return nothing


class OpenReader(Reader):
    """A reader for the thread that makes it. All but `interrupt` may raise sqlite3.Error or OSError.

    `see_damage` is told, in that thread, that the history is damaged; `taken_out` the ids of which the index has
    nothing any more. `waiting` tells, in that thread, what is not in the file yet.
    """

    def __init__(
        self,
        path: Path,
        eras: Eras,
        see_damage: Callable[[], None],
        taken_out: Callable[[Sequence[int]], None],
        waiting: Callable[[], Waiting],
    ) -> None:
        super().__init__(_connect(path), eras)
        self._folder = path.parent
        self._see_damage = see_damage
        self._taken_out = taken_out
        self._waiting = waiting
        self._opened: Index | None = None
        self._is_purging = False
        self._purge_at = 0.0

    def answer(self, query: Query) -> Answer:
        """Return what is asked for."""
        try:
            return answer(self._waiting().beside(self, query, self._eras), query)
        except sqlite3.Error as error:
            if query.kind is not Kind.SEARCH and trouble(error) is Trouble.DAMAGED:
                self._see_damage()
            raise

    # ---- The index -------------------------------------------------------------------------------------------------

    @property
    def _index(self) -> Index:
        if self._opened is None:
            self._opened = Index(self._db, self._folder)
        return self._opened

    def search(self, query: Query, limit: int, *, is_newest: bool) -> Found:
        """Return what is sought, once what was said last is indexed, too; without room for an index, nothing."""
        if not self._has_index():
            return Found((), (), is_partial=True)
        self._catch_up()
        try:
            found = super().search(query, limit, is_newest=is_newest)
        except sqlite3.Error as error:
            if not self._is_of_index(error):
                raise
            self._index.begin_anew()
            return Found((), (), is_partial=True)
        return replace(found, is_partial=self._index.lacks(query.until))

    def _has_index(self) -> bool:
        try:
            return bool(self._index)
        except (sqlite3.Error, OSError) as error:
            if not is_full(error):
                raise
            return False

    def _catch_up(self) -> None:
        """Index what is not indexed yet, if that is little. Where the disk is full, what is indexed can be searched."""
        index = self._index
        try:
            self._go_on(index.add_new, _CATCH_UP_S)
            self._go_on(index.step, _CATCH_UP_OLD_S)
        except sqlite3.Error as error:
            if not is_full(error):
                raise

    def index(self) -> bool:
        """Index a little of what is not indexed yet, or take out what is no more; tell whether there was anything.

        Once a day all is written anew, if something was taken out.
        """
        if self._index_some(self._index.step):
            return True
        if not self._is_purging and (time.monotonic() < self._purge_at or not self._index.is_unclean):
            return False
        self._purge_at = time.monotonic() + _PURGE_EVERY_S
        return self.purge()

    def _go_on(self, step: Callable[[], bool], within_s: float) -> None:
        until_s = time.monotonic() + within_s
        while self._index_some(step) and time.monotonic() < until_s:
            pass

    def _index_some(self, step: Callable[[], bool]) -> bool:
        try:
            return step()
        except sqlite3.Error as error:
            if not self._is_of_index(error):
                raise
        self._index.begin_anew()
        return True

    def _is_of_index(self, error: sqlite3.Error) -> bool:
        """Tell whether it is the index that is damaged; where it is the history, say so."""
        if not is_corrupt(error):
            return False
        is_of_index = self._index.is_damaged()
        if not is_of_index:
            self._see_damage()
        return is_of_index

    def settle(self) -> None:
        """Bring the index to the disk, and tell what it has nothing of any more."""
        if (self._opened or is_indexed(self._folder)) and (done := self._index.settle()):
            self._taken_out(done)

    def purge(self) -> bool:
        """Do a little to have nothing left in the index of what was taken out; tell whether there is more to do."""
        if self._opened is None and not is_indexed(self._folder):
            return False
        if self._index_some(self._index.take_out):
            return True
        try:
            self._is_purging = self._index.purge(is_first=not self._is_purging)
        except BaseException:
            self._is_purging = False
            raise
        return self._is_purging

    def truncate(self) -> None:
        """Empty both logs: all that was committed is in the files then, and what was deleted is nowhere."""
        if self._opened:
            self._opened.truncate()
        (is_busy, *_), *_ = self._db.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()
        if is_busy:
            raise sqlite3.OperationalError("somebody reads the log")

    def finish(self) -> None:
        """Take out what is no more, at the end: else its words would lie about until the next start."""
        if self._opened or is_indexed(self._folder):
            self._go_on(self._index.take_out, _FINISH_S)
        self.settle()

    # ---- The file --------------------------------------------------------------------------------------------------

    def checkpoint(self) -> None:
        """Bring what was committed from the log into the file, as far as nobody reads it."""
        self._db.execute("PRAGMA main.wal_checkpoint(PASSIVE)").fetchall()

    def interrupt(self) -> None:
        """End the question that is being looked up, from another thread."""
        self._db.interrupt()

    def close(self) -> None:
        """Let go of the files."""
        self._db.close()
