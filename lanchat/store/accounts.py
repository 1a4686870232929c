"""What outlives the program: ids of rooms, and accounts. SQLite, so that two programs can look at it at once."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from lanchat.chat.state.accounts import Account
from lanchat.errors import UserError
from lanchat.protocol.names import fold
from lanchat.store.private import make_private_file, make_private_folder

_FILE_NAME = "lanchat.db"
_BUSY_S = 2.0  # to wait while another program writes
# `first_ids`: of rooms that have another one now; a table of its own, as older versions write whole rows of `rooms`
_SCHEMA = """
CREATE TABLE IF NOT EXISTS rooms (folded TEXT PRIMARY KEY, id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS first_ids (folded TEXT PRIMARY KEY, id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    folded TEXT PRIMARY KEY, name TEXT NOT NULL, salt BLOB NOT NULL, digest BLOB NOT NULL, created_at REAL NOT NULL
);
"""
# What came later, in order. One from before it came counts as used now: nobody knows when it was.
_NEW_COLUMNS = {
    "iterations": "INTEGER NOT NULL DEFAULT 0",
    "server_key": "BLOB NOT NULL DEFAULT x''",
    "last_used": "REAL NOT NULL DEFAULT 0",
}
_COLUMNS = "name, salt, digest, created_at, iterations, server_key, last_used"
_TYPES = (str, bytes, bytes, float, int, bytes, float)  # of these; SQLite itself checks none
_BROKEN = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_HOST = ""  # the row of `rooms` that holds the id of the host itself


def new_id() -> str:
    """Return 16 hex digits that nobody else has."""
    return secrets.token_hex(8)


class StoreError(UserError):
    """What was to be read or written could not be: the disk is full, say, or another program keeps it busy."""


class Store:
    """A host's data, in a folder. Making one, and all its methods, raise StoreError.

    For one thread at a time: whoever made it may hand it over. With `tell`, a file that cannot be understood is set
    aside under another name, `tell` gets one sentence about that, and the store begins anew.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None] | None = None) -> None:
        self._folder = folder
        self._kept: set[str] = set()  # folded names of accounts that were read or written
        with self._telling():
            make_private_folder(folder)
            try:
                self._db = self._open()
            except sqlite3.DatabaseError as error:
                if tell is None or getattr(error, "sqlite_errorcode", 0) & 0xFF not in _BROKEN:
                    raise
                tell(self._set_aside())
                self._db = self._open()
            self._seen = self._data_version()

    def _open(self) -> sqlite3.Connection:
        """Open the file, readable for its owner only, as the present version has it."""
        path = self._folder / _FILE_NAME
        make_private_file(path)
        db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(_SCHEMA)
            _migrate(db)
            if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise _damaged()
        except BaseException:
            db.close()
            raise
        return db

    def _set_aside(self) -> str:
        """Rename what cannot be understood; return a sentence about it. Raises OSError."""
        path = self._folder / _FILE_NAME
        day = time.strftime("%Y-%m-%d")
        names = [f"{_FILE_NAME}.broken-{day}", *(f"{_FILE_NAME}.broken-{day}-{number}" for number in range(2, 100))]
        broken = next(path.with_name(name) for name in names if not path.with_name(name).exists())
        for ending in ("", "-wal", "-shm"):  # what SQLite keeps beside it belongs to it
            with suppress(FileNotFoundError):
                os.replace(f"{path}{ending}", f"{broken}{ending}")
        return f"{path} was not understood; it is now {broken}. All names are free again, and rooms have new ids."

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Tell whether a host has kept its data in this folder."""
        return (folder / _FILE_NAME).exists()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell a person what went wrong, in a sentence."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            reason = (isinstance(error, OSError) and error.strerror) or error
            raise StoreError(
                f"Cannot keep data in {self._folder} ({reason}); choose another folder with --data-dir."
            ) from None

    def room_id(self, name: str) -> str:
        """Return the id of a room by its name: the same one every time it is hosted."""
        return self._id(fold(name))

    def kept_as(self, name: str) -> str:
        """Return the id under which the history of a room is kept: the first one it had."""
        with self._telling():
            row = self._db.execute("SELECT id FROM first_ids WHERE folded = ?", (fold(name),)).fetchone()
        return str(row[0]) if row else self.room_id(name)

    def new_room_id(self, name: str, old_id: str) -> str:
        """Give a room another id, for good, as another host has this one, too; return it.

        Where the room has another one by now, that is returned.
        """
        asked = (fold(name), old_id)
        with self._telling(), self._transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO first_ids SELECT folded, id FROM rooms WHERE folded = ? AND id = ?", asked
            )
            self._db.execute("UPDATE rooms SET id = ? WHERE folded = ? AND id = ?", (new_id(), *asked))
        return self.room_id(name)

    def host_id(self) -> str:
        """Return the id of the host: what clients keep their secret under."""
        return self._id(_HOST)

    def _id(self, folded: str) -> str:
        with self._telling():
            self._db.execute("INSERT OR IGNORE INTO rooms VALUES (?, ?)", (folded, new_id()))
            row = self._db.execute("SELECT id FROM rooms WHERE folded = ?", (folded,)).fetchone()
        return str(row[0])

    def accounts(self) -> list[Account]:
        """Return all accounts, in the order they were made."""
        with self._telling():
            self._seen = self._data_version()
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM accounts ORDER BY created_at").fetchall()  # noqa: S608
        accounts = [Account(*row) for row in rows if _is_whole(row)]
        self._kept = {fold(account.name) for account in accounts}
        return accounts

    def keep_accounts(self, accounts: Iterable[Account]) -> None:
        """Write down accounts that are new or have changed, in one transaction. Where that fails, none is written.

        One that was kept before is changed only where it still is: another program may have forgotten it meanwhile.
        """
        asked = {fold(account.name): account for account in accounts}
        new = [(folded, *_row(account)) for folded, account in asked.items() if folded not in self._kept]
        changed = [(*_row(account), folded) for folded, account in asked.items() if folded in self._kept]
        with self._telling(), self._transaction():
            self._db.executemany(
                f"INSERT OR IGNORE INTO accounts (folded, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                new,
            )
            self._db.executemany(
                f"UPDATE accounts SET ({_COLUMNS}) = (?, ?, ?, ?, ?, ?, ?) WHERE folded = ?",  # noqa: S608
                changed,
            )
        self._kept |= asked.keys()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")  # waits for its turn here, where waiting is safe
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise

    def forget_account(self, name: str) -> bool:
        """Let whoever uses a name next own it. Tells whether there was such an account."""
        with self._telling():
            return self._db.execute("DELETE FROM accounts WHERE folded = ?", (fold(name),)).rowcount > 0

    def forget_unused(self, since: float) -> int:
        """Forget the accounts that nobody has used since then (UNIX seconds). Returns how many there were."""
        with self._telling():
            return self._db.execute("DELETE FROM accounts WHERE max(created_at, last_used) < ?", (since,)).rowcount

    def is_changed_elsewhere(self) -> bool:
        """Tell whether another program has written since the accounts were last read."""
        with self._telling():
            return self._data_version() != self._seen

    def _data_version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def room_names(folder: Path) -> dict[str, str]:
    """Return the folded names of the rooms that were hosted from a folder, by their ids; nothing is written there."""
    with suppress(sqlite3.Error, OSError):
        uri = (folder / _FILE_NAME).absolute().as_uri()
        with closing(sqlite3.connect(f"{uri}?mode=ro", timeout=_BUSY_S, uri=True)) as db:
            return {str(number): str(folded) for folded, number in db.execute("SELECT folded, id FROM rooms")}
    return {}


def _migrate(db: sqlite3.Connection) -> None:
    """Give accounts from an earlier version the columns that came later."""
    have = {row[1] for row in db.execute("PRAGMA table_info(accounts)")}
    missing = _NEW_COLUMNS.keys() - have
    if not missing:
        return
    db.execute("BEGIN IMMEDIATE")
    for name in (name for name in _NEW_COLUMNS if name in missing):
        db.execute(f"ALTER TABLE accounts ADD COLUMN {name} {_NEW_COLUMNS[name]}")
    db.execute("UPDATE accounts SET last_used = ? WHERE last_used = 0", (time.time(),))
    db.execute("COMMIT")


def _damaged() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("the file is damaged")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _row(account: Account) -> tuple[object, ...]:
    return (
        account.name,
        account.salt,
        account.digest,
        account.created_at,
        account.iterations,
        account.server_key,
        account.last_used,
    )


def _is_whole(row: tuple[object, ...]) -> bool:
    """Tell whether a row holds what an account is made of: a damaged one is nobody's."""
    return all(isinstance(value, kind) for value, kind in zip(row, _TYPES, strict=True))
