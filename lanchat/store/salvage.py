"""What can still be read of a damaged history: ids are read by ranges, and a range round a bad page is halved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lanchat.chat.state.eras import Era, Eras
from lanchat.chat.state.history import REACTIONS, Event
from lanchat.store import accounts, history_rows
from lanchat.store.archive import KeptRoom, is_hosted, kept_rooms, reactions_of, unreadable
from lanchat.store.database import BUSY_S, DatabaseError

_PAGE = 1_000
_LEAST_ROW_BYTES = 20  # that a row takes in the file: how many ids there may be, where the last cannot be read
_MAX_SENDERS = 5_000
_UNKNOWN = ("?", "", "", 0)  # whose name stood on a bad page
_COLUMNS = "id, kind, at, text, more, ref, sender, target, class"
_ROWS = f"SELECT {_COLUMNS} FROM event WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?"  # noqa: S608 - no values in it


class Salvage:
    """A damaged file, open to be read. Making one raises DatabaseError.

    `unread`: how many ids could not be looked at; whether something had each of them, nobody knows.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unread = 0
        self._senders: dict[int, tuple[str, str, str, int]] = {}
        try:
            self._db, self._targets = _opened(path)
        except (sqlite3.Error, OSError) as error:
            raise _hopeless(path, error) from None
        self._names: dict[int, str] = dict(self._try("SELECT id, name FROM target"))
        eras = [Era(*row) for row in self._try("SELECT base, run, at FROM era ORDER BY base")] or [Era(0, "lost", 0)]
        self._last_id = self._find_last_id(eras)
        self._eras = Eras(eras, "", self._last_id + 1)

    def _try(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows, none where there is damage."""
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error:
            return []

    def _find_last_id(self, eras: Sequence[Era]) -> int:
        """Return an id that none is above: where the last page is bad the index may know it."""
        found = self._try("SELECT max(id) FROM event") or self._try(
            "SELECT max(id) FROM event INDEXED BY event_of_target WHERE target >= 0"
        )
        last = found[0][0] if found else None
        return last if isinstance(last, int) else eras[-1].base + self._size_bytes() // _LEAST_ROW_BYTES

    def _size_bytes(self) -> int:
        """Return how large the file is, or was before it was cut short. Source: sqlite.org/fileformat, 1.3."""
        with self.path.open("rb") as file:
            header = file.read(100)
        page_bytes, pages = int.from_bytes(header[16:18]), int.from_bytes(header[28:32])
        return max(self.path.stat().st_size, max(page_bytes, 512) * pages)

    def rooms(self) -> list[KeptRoom]:
        """Return the rooms and channels in it. What two people say to each other is in none of them."""
        rows = [(str(key), str(self._names.get(number, "?"))) for number, key in self._targets.items()]
        return kept_rooms(rows, accounts.room_names(self.path.parent))

    def pages(self, keys: Sequence[str], since: int, until: int) -> Iterator[Sequence[Event]]:
        """Yield what can be read of a period (UNIX milliseconds, `until` excluded), in the order it was written."""
        wanted = {number for number, key in self._targets.items() if key in keys}
        for rows in self._read(0, self._last_id):
            events = [
                self._event(row)
                for row in rows
                if row[7] in wanted and row[8] != REACTIONS and row[3] is not None and _is_whole(row, since, until)
            ]
            if events:
                yield events

    def _read(self, low: int, high: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield all rows between two ids, both included; a range that cannot be read is halved."""
        ranges = [(low, high)]
        while ranges:
            low, high = ranges.pop()
            try:
                rows = self._db.execute(_ROWS, (low, high, _PAGE)).fetchall()
            except sqlite3.Error:
                self._halve(ranges, low, high)
                continue
            yield rows
            if len(rows) == _PAGE:
                ranges.append((int(rows[-1][0]) + 1, high))

    def _halve(self, ranges: list[tuple[int, int]], low: int, high: int) -> None:
        middle = (low + high) // 2
        if low == high:
            self.unread += 1
        else:
            ranges += [(middle + 1, high), (low, middle)]

    def _event(self, row: tuple[Any, ...]) -> Event:
        number, kind, at, text, more, ref, sender, target, _ = row
        columns = (number, kind, at, text, more, ref, *self._sender(sender), self._names.get(target, "?"))
        try:
            return history_rows.event(columns, self._eras)
        except ValueError:  # `more` is no JSON any more
            return history_rows.event((number, kind, at, text, None, *columns[5:]), self._eras)

    def _sender(self, number: object) -> tuple[Any, ...]:
        if not isinstance(number, int):
            return _UNKNOWN
        if number not in self._senders:
            if len(self._senders) >= _MAX_SENDERS:
                self._senders.clear()
            found = self._try("SELECT source, account, author, is_bot FROM sender WHERE id = ?", (number,))
            self._senders[number] = found[0] if found else _UNKNOWN
        return self._senders[number]

    def reactions(self, keys: Sequence[str], page: Sequence[Event]) -> Mapping[str, Sequence[Event]]:
        """Return the reactions to the messages of a page, by their msgids; none where one of them is damaged."""
        try:
            return reactions_of(self._db, self._eras, keys, page)
        except (sqlite3.Error, ValueError, TypeError, IndexError):
            return {}

    def find(self, keys: Sequence[str], msgid: str) -> Event | None:  # noqa: ARG002 - it may be anywhere
        """Return nothing: who answers is shown without the message that is answered."""
        return None

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _opened(path: Path) -> tuple[sqlite3.Connection, dict[int, str]]:
    """Open a file that is not written to, and return its conversations, too."""
    try:
        return _connected(path, "mode=ro")
    except sqlite3.OperationalError:  # nothing can be made beside it, as SQLite would like to
        if not path.exists() or is_hosted(path.parent):
            raise
    return _connected(path, "immutable=1")


def _connected(path: Path, how: str) -> tuple[sqlite3.Connection, dict[int, str]]:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", timeout=BUSY_S, isolation_level=None, uri=True)
    try:
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        db.execute("PRAGMA writable_schema=ON")  # else a file that is shorter than it says is refused whole
        return db, dict(db.execute("SELECT id, key FROM target").fetchall())
    except BaseException:
        db.close()
        raise


def _is_whole(row: tuple[Any, ...], since: int, until: int) -> bool:
    """Tell whether a row is of a period, and holds what an event is made of."""
    _, kind, at, text, more, *_ = row
    is_event = isinstance(kind, int) and kind in history_rows.KINDS and isinstance(text, str)
    return is_event and isinstance(more, str | None) and isinstance(at, int) and since <= at < until


def _hopeless(path: Path, error: Exception) -> DatabaseError:
    if isinstance(error, sqlite3.DatabaseError) and path.exists():
        return DatabaseError(
            f"Nothing can be read of {path} ({error}); sqlite3's own .recover may find more, or take a backup of it."
        )
    return unreadable(path, error)
