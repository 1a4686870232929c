"""Where a host's history can be kept: in its folder, if that is on a disk of this machine and no other host's."""

from __future__ import annotations

import os
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

from lanchat.store.database import DatabaseError
from lanchat.store.history import FILE_NAME, StoredHistory
from lanchat.store.history_trouble import Trouble, set_aside, trouble

LOCK_NAME = "history.lock"
_MOUNTS = Path("/proc/mounts")
# Between machines the memory that all users of a write-ahead log share is not shared; sqlite.org/wal.html
_NETWORK_TYPES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "vboxsf", "afs", "ceph", "glusterfs"})
_NETWORK_PREFIX = "fuse."  # sshfs and its like; of some it is not known, so none is trusted
_DRIVE_REMOTE = 4  # GetDriveTypeW, winbase.h


@dataclass(slots=True)
class Place:
    """The history, if it can be kept in a file, and what the host's person should know, "" for nothing."""

    history: StoredHistory | None
    warning: str = ""
    lock: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let another host have the folder."""
        if self.lock:
            self.lock.close()


def open_place(folder: Path, run: str, suffix: str, *, is_chosen: bool, mounts: Path = _MOUNTS) -> Place:
    """Return a history in a folder, or why there can be none in it. `is_chosen`: a person named the folder.

    A damaged file is set aside under a name that ends in `suffix`, and a new one is begun.

    Raises DatabaseError where that person has to choose another one.
    """
    if is_on_network(folder, mounts):
        where = "choose a --data-dir on this machine's own disk"
        return _in_memory(f"{folder} is on a network drive, where a history would be damaged; {where}")
    lock = hold(folder)
    if lock is None and (folder / LOCK_NAME).exists() and os.access(folder / LOCK_NAME, os.W_OK):
        return _in_memory(f"Another host keeps its history in {folder}; give this one a --data-dir of its own")
    try:
        place = _opened(folder, run, suffix)
        place.lock, lock = lock, None
    except (sqlite3.Error, OSError) as error:
        place = _unusable(folder, str(error), is_chosen=is_chosen)
    finally:
        if lock:
            lock.close()
    return place


def _opened(folder: Path, run: str, suffix: str) -> Place:
    try:
        return Place(StoredHistory(folder, run))
    except sqlite3.Error as error:
        if trouble(error) is not Trouble.DAMAGED:
            raise
    aside = set_aside(folder / FILE_NAME, suffix)
    warning = f"The history of this host is damaged; a new one was begun. The damaged file is now {aside}."
    return Place(StoredHistory(folder, run), warning)


def _in_memory(why: str) -> Place:
    return Place(None, f"What is said is kept only as long as this host runs: {why}.")


def _unusable(folder: Path, reason: str, *, is_chosen: bool) -> Place:
    if is_chosen:
        raise DatabaseError(f"Cannot keep the history in {folder} ({reason}); choose another folder with --data-dir.")
    return _in_memory(f"{folder / FILE_NAME} cannot be used ({reason}); choose another folder with --data-dir")


def hold(folder: Path) -> sqlite3.Connection | None:
    """Hold a lock on the folder that goes with this program, however it ends; None if another one has it.

    A transaction of SQLite's: no system has the locks of another, and SQLite knows them all.
    """
    lock = None
    try:
        lock = sqlite3.connect(folder / LOCK_NAME, timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        if lock:
            lock.close()
        return None
    return lock


# ---- Network drives --------------------------------------------------------------------------------------------------


def is_on_network(folder: Path, mounts: Path = _MOUNTS) -> bool:
    """Tell whether a folder is on another machine's disk, as far as this system tells."""
    if sys.platform == "win32":
        return _is_remote_drive(folder)
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:  # macOS has no such file
        return False
    kind = _mount_type(folder.absolute(), lines)
    return kind in _NETWORK_TYPES or kind.startswith(_NETWORK_PREFIX)


def _mount_type(folder: Path, lines: list[str]) -> str:
    """The type of what is mounted closest above a folder; of two at one place the later one hides the other."""
    closest, kind = 0, ""
    for line in lines:
        _, point, type_, *_ = [*line.split(" "), "", "", ""]
        mounted = Path(point.encode("latin-1", "replace").decode("unicode_escape"))
        if folder.is_relative_to(mounted) and len(mounted.parts) >= closest:
            closest, kind = len(mounted.parts), type_
    return kind


def _is_remote_drive(folder: Path) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    root = folder.absolute().anchor
    return root.startswith("\\\\") or bool(ctypes.windll.kernel32.GetDriveTypeW(root) == _DRIVE_REMOTE)
