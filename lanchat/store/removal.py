"""Removing for good what was said, by its ids: from the history, from its index, and from what their files held before.

Only one program writes a history. Where a host runs, the ids are handed to it in a file beside the history, and it
deletes that once it is done; where none does, whoever asks does it.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import struct
import time
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from lanchat.limits import EXPIRED_AT_ONCE
from lanchat.store.database import DatabaseError
from lanchat.store.history import FILE_NAME, StoredHistory
from lanchat.store.history_place import hold
from lanchat.store.private import make_private_file

_NAMES = "forget-*.ids"
_ID = struct.Struct("<q")
_LOOK_S = 0.1  # how often it is looked whether the host is done
_GIVE_UP_S = 60.0  # without a sign of the host


def remove(folder: Path, ids: Iterable[int], reader: str = "") -> None:
    """Remove what was said under these ids, whether a host runs or not; return when nothing is left of it.

    `reader`: an author; how far they have read is removed, too. Ids of which there is nothing are passed over. Raises
    DatabaseError if it cannot be done.
    """
    path = _hand_over(folder, ids, reader)
    try:
        while path.exists() and not _is_done_here(folder):
            if time.time() - path.stat().st_mtime > _GIVE_UP_S:
                raise DatabaseError(
                    f"The host that keeps {folder / FILE_NAME} does not answer; end it, then try again."
                )
            time.sleep(_LOOK_S)
    except FileNotFoundError:  # done in this moment
        return
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"Cannot remove anything from {folder / FILE_NAME} ({error}).") from None
    finally:
        path.unlink(missing_ok=True)


def _hand_over(folder: Path, ids: Iterable[int], reader: str = "") -> Path:
    """Write ids down, in a file that is there as a whole or not at all. Its name tells the reader."""
    path = folder / _NAMES.replace("*", f"{secrets.token_hex(8)}-{reader.encode().hex()}")
    half = path.with_suffix(".half")
    try:
        make_private_file(half)
        half.write_bytes(b"".join(map(_ID.pack, ids)))
        return half.replace(path)
    except OSError as error:
        raise DatabaseError(f"Cannot write to {folder} ({error.strerror or error}).") from None


def _is_done_here(folder: Path) -> bool:
    """Do it, if no host runs."""
    lock = hold(folder)
    if lock is None:
        return False
    with closing(lock), closing(StoredHistory(folder, secrets.token_hex(8))) as history:
        wanted = Wanted(folder)
        while batch := wanted.next_batch():
            if trouble := history.remove(batch):
                raise OSError(f"the disk {trouble.value}")
        for author in wanted.readers():
            history.forget_reader(author)
        with closing(history.open_reader()) as reader:
            while reader.purge():
                pass
            reader.settle()
            history.commit()
            reader.truncate()
    wanted.done()
    return True


class Wanted:
    """All ids in a folder that somebody wants removed. Its methods raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: list[Path] = []  # those that are begun, the last one being read
        self._offset = 0

    def next_batch(self) -> Sequence[int]:
        """Return the next ids, as many as are removed at once; () if there are no more."""
        while True:
            if self._paths and (ids := self._read(self._paths[-1])):
                return ids
            new = next((path for path in sorted(self._folder.glob(_NAMES)) if path not in self._paths), None)
            if new is None:
                return ()
            self._paths.append(new)
            self._offset = 0

    def _read(self, path: Path) -> Sequence[int]:
        with suppress(FileNotFoundError), path.open("rb") as file:  # else whoever wanted it has given up
            file.seek(self._offset)
            data = file.read(EXPIRED_AT_ONCE * _ID.size)
            self._offset += len(data)
            return [number for (number,) in _ID.iter_unpack(data[: len(data) - len(data) % _ID.size])]
        return ()

    def readers(self) -> list[str]:
        """Return whose markers are to go."""
        return [_reader(path) for path in self._paths if _reader(path)]

    @property
    def is_any(self) -> bool:
        """Whether there is something that is not done."""
        return bool(self._paths)

    def go_on(self) -> None:
        """Show whoever waits that it is being done."""
        for path in self._paths:
            with suppress(FileNotFoundError):
                os.utime(path)

    def done(self) -> None:
        """Tell whoever waits that it is done: all of what `next_batch` has returned."""
        for path in self._paths:
            path.unlink(missing_ok=True)
        self._paths.clear()


def _reader(path: Path) -> str:
    """The reader that a file's name tells; "" for none."""
    with suppress(ValueError):  # somebody else's file
        return bytes.fromhex(path.stem.rpartition("-")[2]).decode()
    return ""
