"""What can be wrong with the file of what was said."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import suppress
from enum import Enum
from pathlib import Path


class Trouble(Enum):
    """What keeps a turn from being written: in words that end "its disk …"."""

    FULL = "is full"
    UNWRITABLE = "cannot be written to"
    DAMAGED = "has damaged what was kept"  # or somebody has deleted it


_FULL = frozenset({sqlite3.SQLITE_FULL})
_NO_ROOM = frozenset({sqlite3.SQLITE_IOERR_SHMSIZE})  # the log's index cannot grow: a few kB are left
_CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_DAMAGED = _CORRUPT | {sqlite3.SQLITE_ERROR}  # no such table


def is_corrupt(error: sqlite3.Error) -> bool:
    """Tell whether an error tells of a damaged page, whatever was asked."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _CORRUPT


def is_full(error: sqlite3.Error | OSError) -> bool:
    """Tell whether an error, of SQLite or of the system, tells of a full disk."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return trouble(error) is Trouble.FULL


def trouble(error: sqlite3.Error) -> Trouble:
    """Return which trouble an error tells of."""
    whole = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    code = whole & 0xFF  # the rest tells of it more closely
    if code in _FULL or whole in _NO_ROOM:
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


def last_written(path: Path) -> float:
    """Return when a file, or its log of changes, was written last, in UNIX seconds; 0.0 where there is none."""
    times = [0.0]
    for one in (path, path.with_name(f"{path.name}-wal")):
        with suppress(OSError):
            times.append(one.stat().st_mtime)
    return max(times)
