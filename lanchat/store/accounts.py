"""What outlives the program: ids of rooms, and accounts. SQLite, so that two programs can look at it at once."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lanchat.chat.state.accounts import Account
from lanchat.errors import UserError
from lanchat.protocol.names import fold
from lanchat.store.private import make_private_file, make_private_folder

_FILE_NAME = "lanchat.db"
_BUSY_S = 2.0  # to wait while another program writes
_SCHEMA = """
CREATE TABLE IF NOT EXISTS rooms (folded TEXT PRIMARY KEY, id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    folded TEXT PRIMARY KEY, name TEXT NOT NULL, salt BLOB NOT NULL, digest BLOB NOT NULL, created_at REAL NOT NULL
);
"""
_HOST = ""  # the row of `rooms` that holds the id of the host itself


def new_id() -> str:
    """Return 16 hex digits that nobody else has."""
    return secrets.token_hex(8)


class StoreError(UserError):
    """What was to be read or written could not be: the disk is full, say, or another program keeps it busy."""


class Store:
    """A host's data, in a folder. For the thread that made it. Making one, and all its methods, raise StoreError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: set[str] = set()  # folded names of accounts that were read or written
        with self._telling():
            make_private_folder(folder)
            make_private_file(folder / _FILE_NAME)
            self._db = sqlite3.connect(folder / _FILE_NAME, timeout=_BUSY_S, isolation_level=None)
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.executescript(_SCHEMA)
                self._seen = self._data_version()
            except sqlite3.Error:
                self._db.close()
                raise

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
            rows = self._db.execute(
                "SELECT name, salt, digest, created_at FROM accounts ORDER BY created_at"
            ).fetchall()
        accounts = [Account(*row) for row in rows]
        self._kept = {fold(account.name) for account in accounts}
        return accounts

    def keep_accounts(self, accounts: Iterable[Account]) -> None:
        """Write down those accounts that are new, in one transaction. Where that fails, none is written.

        One that was kept before is not written again: another program may have forgotten it meanwhile.
        """
        new = {fold(account.name): account for account in accounts if fold(account.name) not in self._kept}
        rows = [(folded, a.name, a.salt, a.digest, a.created_at) for folded, a in new.items()]
        with self._telling(), self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO accounts VALUES (?, ?, ?, ?, ?)", rows)
        self._kept |= new.keys()

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

    def is_changed_elsewhere(self) -> bool:
        """Tell whether another program has written since the accounts were last read."""
        with self._telling():
            return self._data_version() != self._seen

    def _data_version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
