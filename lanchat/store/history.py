"""What was said, in a file: each turn of the host is one transaction, written before anybody is told.

What was said last in each conversation is in memory, too: who joins, and who takes back what they have just said, wait
for no disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import TypeVar

from lanchat.chat.state.eras import Era, Eras, Stamp
from lanchat.chat.state.history import Answer, Event, Kind, Query, parties
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.limits import MAX_HISTORY_PAGE, MAX_UNWRITTEN
from lanchat.store import database, history_rows
from lanchat.store.history_reader import Reader

FILE_NAME = "history.db"
_RESERVED = 0xFFFFF  # a run begins above all ids that the one before may have given, and a power cut taken back
_MAX_NAMES = 5_000  # of senders and conversations whose numbers are in memory
_Name = TypeVar("_Name")


class Trouble(Enum):
    """What keeps a turn from being written: in words that end "its disk …"."""

    FULL = "is full"
    UNWRITABLE = "cannot be written to"
    DAMAGED = "has damaged what was kept"  # or somebody has deleted it


_FULL = frozenset({sqlite3.SQLITE_FULL})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})  # the last: no such table


def trouble(error: sqlite3.Error) -> Trouble:
    """Return which trouble an error tells of."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest tells of it more closely
    if code in _FULL:
        return Trouble.FULL
    return Trouble.DAMAGED if code in _DAMAGED else Trouble.UNWRITABLE


def set_aside(path: Path, suffix: str) -> Path:
    """Rename a damaged file, log and all, and return what it is called then. Raises OSError."""
    aside = path.with_name(f"{path.stem}-damaged-{suffix}{path.suffix}")
    for ending in ("", "-wal"):  # together: a log belongs to its file
        with suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{aside}{ending}")
    with suppress(FileNotFoundError):
        os.remove(f"{path}-shm")
    return aside


class Names(dict[_Name, int]):
    """Numbers of what stands in a table of its own. New ones wait for the commit, and are dropped should it fail."""

    def __init__(self, find: Callable[[_Name], int | None], next_number: int) -> None:
        super().__init__()
        self._find = find
        self._next = next_number
        self.fresh: list[_Name] = []

    def __missing__(self, name: _Name) -> int:
        number = self._find(name)
        if number is None:
            number, self._next = self._next, self._next + 1
            self.fresh.append(name)
        self[name] = number
        return number

    def written(self) -> None:
        """The new ones are in the file now."""
        self.fresh.clear()
        if len(self) > _MAX_NAMES:
            self.clear()

    def unwritten(self) -> None:
        """They are not."""
        for name in self.fresh:
            del self[name]
        self.fresh.clear()


class StoredHistory:
    """The history of a host in a folder, for the thread that made it. `run` is a name that no other run had.

    Making one raises DatabaseError or sqlite3.Error. What cannot be committed waits for the next commit.
    """

    def __init__(self, folder: Path, run: str) -> None:
        self.path = folder / FILE_NAME
        self._open()
        self._eras = Eras(self._kept_eras(), run, self._first_id())
        self._memory = MemoryHistory(run, MAX_HISTORY_PAGE, self._eras)
        self._fresh: deque[tuple[str, Event]] = deque(maxlen=MAX_UNWRITTEN)
        self._taken_back: list[tuple[Sequence[str], str]] = []
        self._open_names()

    def _open(self) -> None:
        self._db = database.connect(self.path, history_rows.MIGRATIONS)
        self._file = self.path.stat().st_ino
        self._is_damage_seen = False

    def _kept_eras(self) -> list[Era]:
        return [Era(*row) for row in self._db.execute("SELECT base, run, at FROM era ORDER BY base")]

    def _first_id(self) -> int:
        """An id above all that were given, even those whose rows a power cut took back: see `_RESERVED`."""
        row, era = "SELECT coalesce(max(id), 0) FROM event", "SELECT coalesce(max(base), 0) FROM era"
        last = max(self._one(row), self._one(era))
        return (last | _RESERVED) + 1

    def _open_names(self) -> None:
        self._targets: Names[str] = Names(self._target, self._one("SELECT coalesce(max(id), 0) + 1 FROM target"))
        self._owners: Names[str] = Names(self._owner, self._one("SELECT coalesce(max(id), 0) + 1 FROM owner"))
        self._senders: Names[history_rows.Sender] = Names(
            self._sender, self._one("SELECT coalesce(max(id), 0) + 1 FROM sender")
        )

    def _one(self, statement: str, values: Sequence[object] = ()) -> int:
        return int(self._db.execute(statement, values).fetchone()[0])

    def _found(self, statement: str, values: Sequence[object]) -> int | None:
        found = self._db.execute(statement, values).fetchone()
        return int(found[0]) if found else None

    def _target(self, key: str) -> int | None:
        return self._found("SELECT id FROM target WHERE key = ?", (key,))

    def _owner(self, author: str) -> int | None:
        return self._found("SELECT id FROM owner WHERE author = ?", (author,))

    def _sender(self, sender: history_rows.Sender) -> int | None:
        where = "source = ? AND account = ? AND author = ? AND is_bot = ?"
        return self._found(f"SELECT id FROM sender WHERE {where}", sender)  # noqa: S608 - no values in it

    # ---- As the chat sees it (chat/state/history.py) ---------------------------------------------------------------

    @property
    def last_id(self) -> int:
        """The last id that was given to anything."""
        return self._eras.last_id

    def stamp(self, now: float) -> Stamp:
        """Return id, msgid and time of what happens next."""
        return self._eras.stamp(now)

    def record(self, keys: Sequence[str], event: Event) -> None:
        """Keep what happened: in memory now, in the file with the turn."""
        for key, row in zip(keys, self._memory.rows(keys, event), strict=True):
            self._memory.keep(key, row)
            self._fresh.append((key, row))

    def recent(self, key: str, limit: int) -> Sequence[Event]:
        """Return what was said last."""
        return self._memory.recent(key, limit)

    def find(self, keys: Sequence[str], msgid: str) -> Event | None:
        """Return a message that was said, if it is in memory."""
        return self._memory.find(keys, msgid)

    def redact(self, keys: Sequence[str], msgid: str) -> None:
        """Take a message back: its text is gone from the file with the turn."""
        self._memory.redact(keys, msgid)
        self._taken_back.append((keys, msgid))

    def forget(self, key: str) -> None:
        """Forget a channel that is no more. Nobody can ask for it any more; its rows go with their age."""
        self._memory.forget(key)

    def answer(self, query: Query) -> Answer | None:
        """Nothing is looked up while the room waits."""

    # ---- At the start ----------------------------------------------------------------------------------------------

    def remember(self, keys: Iterable[str]) -> None:
        """Bring what was said last in these conversations into memory."""
        reader = Reader(self._db, self._eras)
        for key in keys:
            query = Query(Kind.LATEST, (key,), MAX_HISTORY_PAGE, until=self.last_id)
            for event in reader.answer(query).events:
                self._memory.keep(key, event)

    def open_reader(self) -> OpenReader:
        """Return what answers questions, for the thread that calls this. Raises sqlite3.Error."""
        return OpenReader(database.connect_to_read(self.path), self._eras, self._see_damage)

    def _see_damage(self) -> None:
        self._is_damage_seen = True

    # ---- The turn --------------------------------------------------------------------------------------------------

    @property
    def has_unwritten(self) -> bool:
        """Whether there is something to commit."""
        return bool(self._fresh or self._taken_back)

    def commit(self) -> Trouble | None:
        """Write what was recorded since the last time, in one transaction; return what kept it from that."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._write()
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            return trouble(error)
        for names in (self._targets, self._owners, self._senders):
            names.written()
        self._eras.fresh.clear()
        self._fresh.clear()
        self._taken_back.clear()
        return None

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):  # it may be closed: no new file could be made in the place of a lost one
            if self._db.in_transaction:  # a full disk has rolled back by itself
                self._db.execute("ROLLBACK")
        for names in (self._targets, self._owners, self._senders):
            names.unwritten()

    def _write(self) -> None:
        rows = [
            history_rows.row(event, self._targets[key], self._senders[history_rows.sender(event)], self._eras)
            for key, event in self._fresh
        ]
        self._write_names()
        many = self._db.executemany
        many("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        many("INSERT INTO era VALUES (?, ?, ?)", self._eras.fresh)
        self._take_back()

    def _write_names(self) -> None:
        if not (self._targets.fresh or self._senders.fresh):  # as in nearly all turns
            return
        many, events = self._db.executemany, dict(self._fresh)
        targets = [(self._targets[key], key, history_rows.target_name(key, events[key])) for key in self._targets.fresh]
        pairs = [(author, key) for key in self._targets.fresh for author in set(parties(key) or ())]
        parties_of = [(self._owners[author], self._targets[key]) for author, key in pairs]
        many("INSERT INTO target VALUES (?, ?, ?)", targets)
        many("INSERT INTO owner VALUES (?, ?)", [(self._owners[author], author) for author in self._owners.fresh])
        many("INSERT INTO party VALUES (?, ?)", parties_of)
        many("INSERT INTO sender VALUES (?, ?, ?, ?, ?)", [(self._senders[one], *one) for one in self._senders.fresh])

    def _take_back(self) -> None:
        reader = Reader(self._db, self._eras)
        places = [reader.place_of(keys, msgid) for keys, msgid in self._taken_back]
        statement = "UPDATE event SET text = NULL, more = NULL WHERE id = ?"
        self._db.executemany(statement, [(place,) for place in places if place is not None])

    # ---- Another file ----------------------------------------------------------------------------------------------

    @property
    def is_sound(self) -> bool:
        """Whether nobody has met damage in the file, and it is where it was.

        Into a file that was deleted SQLite goes on writing without an error, and into a damaged one for long.
        """
        if self._is_damage_seen:
            return False
        try:
            return os.name == "nt" or self.path.stat().st_ino == self._file  # Windows lets nobody delete it
        except OSError:
            return False

    def begin_anew(self, suffix: str) -> Path:
        """Set a damaged file aside, log and all, and begin a new one; return where the damaged one is now.

        What waits to be written is written there. Raises DatabaseError, sqlite3.Error or OSError.
        """
        self._db.close()
        aside = set_aside(self.path, suffix)
        self._open()
        self._eras.begin_anew()
        self._open_names()
        return aside

    def close(self) -> None:
        """Write what is left, empty the write-ahead log and let go of the file."""
        with suppress(sqlite3.Error):
            if self.has_unwritten:
                self.commit()
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()


class OpenReader(Reader):
    """A reader with a connection of its own. `see_damage` is told, in the reader's thread, of a damaged file."""

    def __init__(self, db: sqlite3.Connection, eras: Eras, see_damage: Callable[[], None]) -> None:
        super().__init__(db, eras)
        self._see_damage = see_damage

    def answer(self, query: Query) -> Answer:
        """Return what is asked for. Raises sqlite3.Error."""
        try:
            return super().answer(query)
        except sqlite3.Error as error:
            if trouble(error) is Trouble.DAMAGED:
                self._see_damage()
            raise

    def checkpoint(self) -> None:
        """Bring what was committed from the log into the file, as far as nobody reads it."""
        self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def interrupt(self) -> None:
        """End the question that is being looked up, from another thread."""
        self._db.interrupt()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
