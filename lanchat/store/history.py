"""What was said, in a file: each turn of the host is one transaction, written before anybody is told.

What was said last in each conversation is in memory, too: who joins, and who takes back what they have just said, wait
for no disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from lanchat.chat.state.eras import Era, Eras, Stamp
from lanchat.chat.state.history import MOVES, REACTIONS, SAID, Answer, Event, Kind, Query, parties
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.limits import (
    EXPIRED_AT_ONCE,
    MAX_HISTORY_PAGE,
    MAX_UNWRITTEN,
    MAX_UNWRITTEN_OTHERS,
    STORED_HISTORY_BYTES_OF_ADDRESS,
)
from lanchat.protocol.names import fold
from lanchat.store import database, history_rows
from lanchat.store.history_reader import Reader
from lanchat.store.history_trouble import Trouble, last_written, set_aside, trouble
from lanchat.store.numbers import Names
from lanchat.store.open_reader import OpenReader
from lanchat.store.search_index import delete_index, has_full_text, is_indexed
from lanchat.store.unwritten import Unwritten
from lanchat.store.waiting import waiting

FILE_NAME = "history.db"
HAPPENED_LAST = 500  # events of a room that tell who was in it at the end
BEAT_S = 60.0
_RESERVED = 0xFFFFF  # a run begins above all ids that the one before may have given, and a power cut taken back


class StoredHistory:
    """The history of a host in a folder, for the thread that made it. `run` is a name that no other run had.

    Making one raises DatabaseError or sqlite3.Error. What cannot be committed waits for the next commit.
    """

    def __init__(self, folder: Path, run: str) -> None:
        self.path = folder / FILE_NAME
        self.ended_at = last_written(self.path)  # when the host before did
        self._open()
        self._eras = Eras(self._kept_eras(), run, self._first_id())
        self._memory = MemoryHistory(run, MAX_HISTORY_PAGE, self._eras, STORED_HISTORY_BYTES_OF_ADDRESS)
        self._fresh = Unwritten()
        self._beaten_at = 0.0
        opened = self._db.execute("SELECT key FROM target WHERE key LIKE 'channel %'")
        self._abandoned = deque((key for (key,) in opened), maxlen=MAX_UNWRITTEN)  # the next start finds the others
        self._read: dict[tuple[str, str], tuple[str, str]] = {}  # author, folded target → target, marker
        self._taken_back: deque[tuple[Sequence[str], str]] = deque(maxlen=MAX_UNWRITTEN_OTHERS)
        self._removed: list[tuple[int]] = []
        self._unread: list[tuple[str]] = []  # authors whose markers go
        self._unindexed: deque[int] = deque()  # what the index has nothing of any more; filled by the reader's thread
        self._open_names()

    def _open(self) -> None:
        self._db = database.connect(self.path, history_rows.MIGRATIONS)
        self._file = self.path.stat().st_ino
        self._is_damage_seen = False
        self.is_searchable = has_full_text(self._db)
        if not self.is_searchable:  # one that another SQLite made would keep what is taken back from now on
            delete_index(self.path.parent)
        self._is_indexed = self.is_searchable and is_indexed(self.path.parent)

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
            self._fresh.add(key, row)

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

    def read(self, author: str, target: str, marker: str) -> None:
        """Keep how far somebody with an account has read."""
        self._read[author, fold(target)] = (target, marker)
        if len(self._read) > MAX_UNWRITTEN_OTHERS:
            del self._read[next(iter(self._read))]

    def forget(self, key: str) -> None:
        """Forget a channel that is no more. Nobody can ask for it any more; its rows go little by little."""
        self._memory.forget(key)
        self._abandoned.append(key)

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

    def happened_last(self, key: str) -> Sequence[Event]:
        """Return what happened last in a conversation, oldest first: what was said, and who came and went."""
        query = Query(Kind.LATEST, (key,), HAPPENED_LAST, layers=(SAID, MOVES), until=self.last_id)
        return Reader(self._db, self._eras).answer(query).events

    def beat(self, now: float) -> None:
        """Leave in the file's time that the host was running still, also where nothing is said."""
        if now - self._beaten_at >= BEAT_S:
            self._beaten_at = now
            with suppress(OSError):
                os.utime(self.path)

    def markers(self) -> list[tuple[str, str, str]]:
        """Return how far accounts have read: author, target, marker; those of longest ago first."""
        columns = "SELECT author, target, at FROM marker JOIN owner ON owner.id = marker.owner ORDER BY at"
        return self._db.execute(columns).fetchall()

    def open_reader(self) -> OpenReader:
        """Return what answers questions, for the thread that calls this. Raises sqlite3.Error."""
        unwritten = partial(waiting, self._fresh, self._taken_back)
        return OpenReader(self.path, self._eras, self._see_damage, self._unindexed.extend, unwritten)

    def have_indexed(self) -> None:
        """Note that readers are going to index it: from now on what is taken back has to be taken out there."""
        self._is_indexed = self.is_searchable

    def _see_damage(self) -> None:
        self._is_damage_seen = True

    # ---- The turn --------------------------------------------------------------------------------------------------

    @property
    def has_unwritten(self) -> bool:
        """Whether there is something to commit."""
        return bool(self._fresh or self._taken_back or self._read or self._removed or self._unread or self._unindexed)

    def commit(self) -> Trouble | None:
        """Write what was recorded since the last time, in one transaction; return what kept it from that."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._write()
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            self._fresh.wait()
            return trouble(error)
        for names in (self._targets, self._owners, self._senders):
            names.written()
        self._eras.fresh.clear()
        self._fresh.clear()
        self._taken_back.clear()
        self._removed.clear()
        self._unread.clear()
        self._read.clear()
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
            for key, event in self._fresh.rows()
        ]
        self._write_names()
        many = self._db.executemany
        many("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        many("INSERT INTO era VALUES (?, ?, ?)", self._eras.fresh)
        self._attach()
        if self._taken_back:
            self._take_back()
        if self._read:
            self._write_markers()
        if self._removed:
            self._delete(self._removed)
        self._db.executemany(history_rows.UNREAD, self._unread)
        if self._unindexed:
            self._forget_unindexed()

    def _attach(self) -> None:
        """Note what reactions are about, by which they are found."""
        reactions = (event for _, event in self._fresh.rows() if event.layer == REACTIONS)
        about = [(self._eras.id_of(event.parent), event.id) for event in reactions]
        rows = [(parent, number) for parent, number in about if parent is not None]
        if rows:
            self._db.executemany("INSERT INTO attached VALUES (?, ?)", rows)

    def _write_markers(self) -> None:
        rows = [(self._owners[author], folded, *read) for (author, folded), read in self._read.items()]
        self._write_owners()
        self._db.executemany("INSERT OR REPLACE INTO marker VALUES (?, ?, ?, ?)", rows)

    def _write_owners(self) -> None:
        owners = [(self._owners[author], author) for author in self._owners.fresh]
        self._db.executemany("INSERT OR IGNORE INTO owner VALUES (?, ?)", owners)

    def _write_names(self) -> None:
        if not (self._targets.fresh or self._senders.fresh):  # as in nearly all turns
            return
        many, events = self._db.executemany, dict(self._fresh.rows())
        targets = [(self._targets[key], key, history_rows.target_name(key, events[key])) for key in self._targets.fresh]
        pairs = [(author, key) for key in self._targets.fresh for author in set(parties(key) or ())]
        parties_of = [(self._owners[author], self._targets[key]) for author, key in pairs]
        many("INSERT INTO target VALUES (?, ?, ?)", targets)
        self._write_owners()
        many("INSERT INTO party VALUES (?, ?)", parties_of)
        many("INSERT INTO sender VALUES (?, ?, ?, ?, ?)", [(self._senders[one], *one) for one in self._senders.fresh])

    def _take_back(self) -> None:
        reader = Reader(self._db, self._eras)
        rows = [(place,) for keys, msgid in self._taken_back for place in reader.places_of(keys, msgid)]
        self._unindex(rows)
        self._db.executemany("UPDATE event SET text = NULL, more = NULL WHERE id = ?", rows)

    def _unindex(self, rows: Sequence[tuple[int]]) -> None:
        """Have the index forget rows, before they are deleted: to take words out it has to be told them once more."""
        if self._is_indexed:
            self._db.executemany(history_rows.UNINDEX, rows)

    def _forget_unindexed(self) -> None:
        done = [(self._unindexed.popleft(),) for _ in range(len(self._unindexed))]  # more may come meanwhile
        self._db.executemany("DELETE FROM unindex WHERE id = ?", done)

    def _delete(self, rows: Sequence[tuple[int]]) -> None:
        self._unindex(rows)
        self._db.executemany("DELETE FROM event WHERE id = ?", rows)
        self._db.executemany("DELETE FROM attached WHERE parent = ?", rows)

    def touch(self) -> bool:
        """Commit something, so that the log is brought into the file once more; tell whether that went well."""
        with suppress(sqlite3.Error):
            self._db.execute("UPDATE identity SET id = id")
            return True
        return False

    # ---- What is to be removed -------------------------------------------------------------------------------------

    def remove(self, ids: Sequence[int]) -> Trouble | None:
        """Delete rows for good, at most EXPIRED_AT_ONCE; return what kept it from that. See removal.py."""
        found = [row for number in ids for row in self._db.execute(history_rows.PLACE, (number,))]
        for number, key, layer in found:
            self._memory.drop(key, layer, number)
        self._removed += [(number,) for number, _, _ in found]
        return self.commit()

    def forget_reader(self, author: str) -> None:
        """Have forgotten, with the turn, how far an account has read."""
        self._read = {key: read for key, read in self._read.items() if key[0] != author}
        self._unread.append((author,))

    # ---- Age -------------------------------------------------------------------------------------------------------

    def expire(self, before: float) -> bool:
        """Delete a little of what was said before a time (UNIX seconds), or in channels that are no more.

        Tells whether something was deleted. What goes wrong is left to the next commit, which tells of it.
        """
        with suppress(sqlite3.Error), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            return self._expire(round(before * 1000)) or self._clear_abandoned()
        return False

    def _expire(self, before: int) -> bool:
        """Within an era the oldest come first, so only the first rows of each are looked at."""
        for era, end in self._eras.begun_before(before):
            first = "SELECT id, at FROM event WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
            rows = self._db.execute(first, (era.base, end, EXPIRED_AT_ONCE)).fetchall()
            old = [(number,) for number, at in rows if at < before]
            if old:
                self._delete(old)
                self._memory.drop_before(before)
                return True
            if not rows and self._eras.forget(era):
                self._db.execute("DELETE FROM era WHERE base = ?", (era.base,))
        return False

    def _clear_abandoned(self) -> bool:
        if not self._abandoned:
            return False
        key = self._abandoned[0]
        some = "SELECT event.id FROM event JOIN target ON target.id = event.target WHERE key = ? LIMIT ?"
        rows = self._db.execute(some, (key, EXPIRED_AT_ONCE)).fetchall()
        self._delete(rows)
        if not rows:
            self._abandoned.popleft()
            self._db.execute("DELETE FROM target WHERE key = ?", (key,))
            self._targets.pop(key, None)
        return True

    def _tidy(self) -> None:
        """Delete the names of whom and of where nothing is kept any more, and give back what the file does not use."""
        for statement in history_rows.TIDYING:
            self._db.execute(statement)
        pages, free = (self._one(f"PRAGMA {count}") for count in ("page_count", "freelist_count"))
        if free * 2 > pages:
            self._db.execute("VACUUM")

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
        self._fresh.wait()
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
            self._tidy()
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()
