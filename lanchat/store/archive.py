"""What a host has kept, read by another program, while the host runs or not. Nothing is ever written here.

It is read a little at a time, each time as it is then: a statement that read on and on would keep the host's log from
being emptied.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from lanchat.chat.state.eras import MAX_ID, Era, Eras
from lanchat.chat.state.history import MOVES, REDACTIONS, SAID, Event, Kind, Query, Ref
from lanchat.chat.state.paging import Span
from lanchat.protocol.names import CHANNEL_PREFIX, fold
from lanchat.store import accounts, history_rows
from lanchat.store.database import BUSY_S, DatabaseError
from lanchat.store.history import FILE_NAME
from lanchat.store.history_place import LOCK_NAME
from lanchat.store.history_reader import Reader, first_at

SHOWN_LAYERS = (SAID, MOVES, REDACTIONS)
_PAGE = 1_000  # rows of a statement: a few milliseconds
_REACTIONS_OF = (
    f"SELECT a.parent, {history_rows.COLUMNS} FROM attached a CROSS JOIN event e ON e.id = a.id"  # noqa: S608
    " JOIN sender s ON s.id = e.sender JOIN target t ON t.id = e.target"
    " WHERE a.parent BETWEEN ? AND ? AND e.text IS NOT NULL AND t.key IN"
)


@dataclass(frozen=True, slots=True)
class KeptRoom:
    """A room or channel of which something is kept. `keys`: those of all that ever had its name."""

    title: str
    channel: str
    keys: tuple[str, ...]


class Archive:
    """A file of what was said, open to be read. Making one raises DatabaseError, its methods sqlite3.Error.

    `layers`: which of what happened is read, as in chat/state/history.py.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db, self._is_unlocked = _connected(path)
        self._file = path.stat().st_ino
        self.refresh()

    def refresh(self) -> None:
        """Take note of what was written meanwhile."""
        last = self._db.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
        eras = [Era(*row) for row in self._db.execute("SELECT base, run, at FROM era ORDER BY base")]
        self._eras = Eras(eras, "", last + 1)
        self._reader = Reader(self._db, self._eras)

    @property
    def last_id(self) -> int:
        """The last id in it."""
        return self._eras.last_id

    @property
    def runs(self) -> frozenset[str]:
        """The runs of the host that wrote it: a file that shares one with another goes on where that ended."""
        return frozenset(run for (run,) in self._db.execute("SELECT DISTINCT run FROM era"))

    @property
    def version(self) -> tuple[int, int]:
        """What differs once anything was written. It costs a glance at memory that the host shares."""
        changed_at = self.path.stat().st_mtime_ns if self._is_unlocked else 0
        return int(self._db.execute("PRAGMA data_version").fetchone()[0]), changed_at

    @property
    def is_current(self) -> bool:
        """Whether this is the file that is in its place, and not one that was replaced meanwhile."""
        try:
            return not self._is_unlocked and self.path.stat().st_ino == self._file
        except OSError:
            return False

    def rooms(self) -> list[KeptRoom]:
        """Return the rooms and channels in it, by name. What two people say to each other is in none of them."""
        rows = self._db.execute("SELECT key, name FROM target WHERE key NOT LIKE 'pair %' ORDER BY id")
        return kept_rooms(rows, accounts.room_names(self.path.parent))

    # ---- What was said ---------------------------------------------------------------------------------------------

    def pages(
        self, keys: Sequence[str], since: int, until: int, layers: tuple[int, ...] = SHOWN_LAYERS
    ) -> Iterator[Sequence[Event]]:
        """Yield what happened in a period (UNIX milliseconds, `until` excluded), in the order it was written.

        Where the clock was set back the period is looked for in each stretch of time by itself.
        """
        for first, end in self._stretches(since, until):
            yield from self.after(keys, first - 1, end, layers)

    def _stretches(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        """Ids of a period: from the first, included, to the last, excluded."""
        for era, end in self._eras.begun_before(until):
            last = min(end, self.last_id + 1)
            first = first_at(self._db, since, era.base, last)
            yield first, first_at(self._db, until, first, last)

    def after(
        self, keys: Sequence[str], above: int, below: int = MAX_ID, layers: tuple[int, ...] = SHOWN_LAYERS
    ) -> Iterator[Sequence[Event]]:
        """Yield what has ids between two others, both excluded."""
        query = Query(Kind.AFTER, tuple(keys), _PAGE, layers=layers, until=self.last_id)
        below = min(below, self.last_id + 1)
        while page := self._reader.page(query, Span(above, below), _PAGE, is_newest=False):
            yield page
            above = page[-1].id

    def latest(self, keys: Sequence[str], count: int) -> Sequence[Event]:
        """Return what was said last."""
        query = Query(Kind.LATEST, tuple(keys), count, until=self.last_id)
        return self._reader.page(query, Span(0, self.last_id + 1), count, is_newest=True)

    def reactions(self, keys: Sequence[str], page: Sequence[Event]) -> Mapping[str, Sequence[Event]]:
        """Return the reactions to the messages of a page, by their msgids, in the order they came."""
        return reactions_of(self._db, self._eras, keys, page)

    def find(self, keys: Sequence[str], msgid: str) -> Event | None:
        """Return the message that bears a msgid, if it is in one of these conversations."""
        query = Query(Kind.FIND, tuple(keys), 1, Ref(msgid), until=self.last_id)
        return next(iter(self._reader.answer(query).events), None)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def reactions_of(
    db: sqlite3.Connection, eras: Eras, keys: Sequence[str], page: Sequence[Event]
) -> Mapping[str, Sequence[Event]]:
    """Return the reactions to the messages of a page of some conversations."""
    found: dict[str, list[Event]] = {}
    statement = f"{_REACTIONS_OF} ({','.join('?' * len(keys))}) ORDER BY e.id"
    for parent, *columns in db.execute(statement, (page[0].id, page[-1].id, *keys)):
        reaction = history_rows.event(tuple(columns), eras)
        found.setdefault(eras.msgid_of(parent), []).append(reaction)
    return found


def kept_rooms(rows: Iterable[tuple[str, str]], titles: Mapping[str, str]) -> list[KeptRoom]:
    """Return the rooms of the table `target`, given its keys and names; `titles`: the folded names of rooms by id."""
    found: dict[str, KeptRoom] = {}
    for key, name in rows:
        if not key.startswith(("room ", "channel ")):  # private talk is in nobody's room
            continue
        before = found.get(fold(name))
        keys = (*before.keys, key) if before else (key,)
        title = _title(key, name, titles) if not before or key.startswith("room ") else before.title
        found[fold(name)] = KeptRoom(title, name, keys)
    return sorted(found.values(), key=lambda room: fold(room.title))


def _title(key: str, channel: str, titles: Mapping[str, str]) -> str:
    """What a room was called where it was opened: its channel has "-" for each space."""
    title = channel.removeprefix(CHANNEL_PREFIX)
    named = titles.get(key.removeprefix("room "), "")
    if len(named) != len(title):
        return title
    return "".join(" " if name == " " and sign == "-" else sign for sign, name in zip(title, named, strict=True))


def open_archive(folder: Path) -> Archive:
    """Return what a host has kept in a folder. Raises DatabaseError, in a sentence."""
    path = folder / FILE_NAME
    try:
        return Archive(path)
    except (sqlite3.Error, OSError) as error:
        raise unreadable(path, error) from None


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Tell a person what is wrong with a file that cannot be read any further. Raises DatabaseError."""
    try:
        yield
    except sqlite3.Error as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: Exception) -> DatabaseError:
    """Return why a file cannot be read, and what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "no such table" in str(error):
        return DatabaseError(
            f"{path} is damaged, or no history of lanchat; what can still be read of it: "
            f'lanchat export --from "{path}".'
        )
    if not path.exists():
        return DatabaseError(f"No host has kept a history in {path.parent}; name its folder with --data-dir.")
    return DatabaseError(f"{path} cannot be read ({error}); only the user who hosts may read it.")


def _connected(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Open a file that is not written to; tell whether it had to be without looking for who writes.

    Where the folder lets nothing be made beside the file, SQLite reads it only if it is told that nobody writes to it.
    """
    try:
        return _opened(path, "mode=ro"), False
    except sqlite3.OperationalError:
        if not path.exists() or is_hosted(path.parent):
            raise
    return _opened(path, "immutable=1"), True


def _opened(path: Path, how: str) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", timeout=BUSY_S, isolation_level=None, uri=True)
    try:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > len(history_rows.MIGRATIONS):
            raise DatabaseError(f"{path} was written by a newer lanchat; update this one.")
        db.execute("SELECT count(*) FROM era").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def is_hosted(folder: Path) -> bool:
    """Tell whether a host writes to the history in a folder now."""
    lock = folder / LOCK_NAME
    if not lock.exists():
        return False
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{lock.absolute().as_uri()}?mode=ro", 0, uri=True)) as db:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return False
    return True
