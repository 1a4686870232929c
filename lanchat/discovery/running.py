"""The hosts that run on this machine, each with a small file: so they are found without a network, on any port.

A file is only a hint, as a crash leaves it behind: the probe decides.
"""

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lanchat.discovery.addresses import MAX_ADDRESSES
from lanchat.discovery.ip import parse_address
from lanchat.discovery.rooms import is_room_id
from lanchat.discovery.whole_file import write_whole

MAX_FILES = 256  # the newest; what crashed hosts left behind goes first
MAX_FILE_BYTES = 8_192


@dataclass(frozen=True, slots=True)
class RunningHost:
    """A host that runs on this machine, or did. `addresses`: numeric ones that reach it from here.

    `data`: which folder its data is in, by `folder_mark`; "" where that is not known.
    """

    port: int
    ids: tuple[str, ...]
    addresses: tuple[str, ...]
    data: str = ""


def folder_mark(folder: Path) -> str:
    """Return what tells a folder from its copies, by whatever path it is named; "" if there is no telling."""
    with contextlib.suppress(OSError):
        status = folder.stat()
        return f"{status.st_dev:x}:{status.st_ino:x}"
    return ""


def record(folder: Path, port: int, ids: Sequence[str], *, listen: Sequence[str] = (), data: str = "") -> None:
    """Write the file of this process, which hosts these rooms on this port.

    `listen`: its numeric addresses, none for all; `data`: tells its folder for data from a copy of that.
    If the folder cannot be written to, nothing happens.
    """
    document = {"port": port, "ids": list(ids), "addresses": _reachable(listen), "data": data}
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _drop_left_behind(folder, port)
        write_whole(_file(folder, port), json.dumps(document))


def forget(folder: Path, port: int) -> None:
    """Remove the file of this process for this port."""
    with contextlib.suppress(OSError):
        _file(folder, port).unlink(missing_ok=True)


def running_hosts(folder: Path) -> list[RunningHost]:
    """Return the hosts that have a file on this machine, the newest first. Unreadable and foreign files are skipped."""
    return [host for file in _newest_first(folder)[:MAX_FILES] if (host := _read(file)) is not None]


def _file(folder: Path, port: int) -> Path:
    return folder / f"{port}-{os.getpid()}.json"


def _reachable(listen: Sequence[str]) -> list[str]:
    """Return the addresses that reach a listener from its own machine."""
    addresses = [address for text in listen if (address := parse_address(text)) is not None]
    if not addresses:
        return ["127.0.0.1", "::1"]
    wildcards = {4: "127.0.0.1", 6: "::1"}
    return [wildcards[one.version] if one.is_unspecified else str(one) for one in addresses]


def _drop_left_behind(folder: Path, port: int) -> None:
    """Remove the files of hosts that had this port before us, and all but the newest others."""
    files = _newest_first(folder)
    for file in [*(one for one in files if one.name.startswith(f"{port}-")), *files[MAX_FILES - 1 :]]:
        file.unlink(missing_ok=True)


def _newest_first(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    except OSError:  # no folder, or a file went away in between: the probe of the usual ports remains
        return []


def _read(file: Path) -> RunningHost | None:
    try:
        with file.open("rb") as stream:
            document = json.loads(stream.read(MAX_FILE_BYTES))
        port = document["port"]
        ids = tuple(one for one in document["ids"] if is_room_id(one))
        addresses = tuple(one for one in document["addresses"] if isinstance(one, str) and parse_address(one))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    is_port = isinstance(port, int) and 1 <= port <= 65_535
    data = document.get("data")
    mark = data if isinstance(data, str) else ""
    return RunningHost(port, ids, addresses[:MAX_ADDRESSES], mark) if is_port and addresses else None
