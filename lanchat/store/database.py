"""A file of SQLite with a schema that grows: opened, brought up to date, checkpointed."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from lanchat.errors import UserError
from lanchat.store.private import make_private_file

BUSY_S = 2.0  # to wait while another program writes


class DatabaseError(UserError):
    """What was to be kept in a folder cannot be: why, in a sentence."""


def connect(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    """Return the one connection that writes to a file, which is made if it is not there, and brought up to date.

    `migrations` are scripts, each run once and in order: only ever add to their end. Raises DatabaseError if a newer
    lanchat has written the file, or it can have no write-ahead log; sqlite3.Error or OSError for what else is wrong.
    """
    make_private_file(path)  # what people say to each other is for nobody else on this machine
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        _set_up(db, path)
        _migrate(db, path, migrations)
    except BaseException:
        db.close()
        raise
    return db


def _set_up(db: sqlite3.Connection, path: Path) -> None:
    mode = db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise DatabaseError(f"{path} cannot have a write-ahead log; choose a --data-dir on this machine's own disk.")
    db.execute("PRAGMA synchronous=NORMAL")  # the file stays whole; a power cut may take what was not checkpointed
    db.execute("PRAGMA wal_autocheckpoint=0")  # never on this thread: waiting for the disk took up to 34 ms
    db.execute("PRAGMA secure_delete=ON")  # what is deleted is gone from the file, too
    if sys.platform == "darwin":
        db.execute("PRAGMA checkpoint_fullfsync=1")  # else macOS says "written" before it is


def _migrate(db: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(migrations):
        raise DatabaseError(
            f"{path} was written by a newer lanchat; update this one, or choose another folder with --data-dir."
        )
    for number, script in enumerate(migrations[version:], version + 1):
        try:
            db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;")
        except sqlite3.Error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Return a further connection, for another thread: it reads, and checkpoints. Raises sqlite3.Error."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=BUSY_S, isolation_level=None, uri=True)
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("PRAGMA wal_autocheckpoint=0")
    if sys.platform == "darwin":
        db.execute("PRAGMA checkpoint_fullfsync=1")
    return db
