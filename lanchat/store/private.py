"""Files and folders that only their owner may look into: accounts and secrets lie there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_OURS = (
    "lanchat.db",
    "history",
    "search.db",
    "forget-",
    "settings.toml",
    "running",
)  # how the names of our files begin


def make_private_folder(folder: Path) -> None:
    """Make a folder for its owner only. One that is there is closed to others if nothing but our files lie in it.

    So the folder of an earlier version is closed, but not somebody's home that --data-dir names. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(OSError):  # somebody else's, or a file system without owners
        if all(entry.name.startswith(_OURS) for entry in folder.iterdir()):
            folder.chmod(0o700)


def make_private_file(path: Path) -> None:
    """Make a file for its owner only, if need be; SQLite gives those beside it the same rights. Raises OSError."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for one in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(OSError):  # somebody else's, a file system without owners, or not there
            one.chmod(0o600)
