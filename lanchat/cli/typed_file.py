"""The lines typed before, kept over restarts: a file that only its owner can read.

Each line of it is one JSON string, as what was typed may have several lines. New ones are added at its end, so that two
programs may write to it; it is cut to the newest ones when it is read.
"""

import contextlib
import json
import os
from pathlib import Path

from lanchat.client.speaking.typed import MAX_LINES
from lanchat.discovery.whole_file import write_whole

MAX_FILE_BYTES = 1_048_576  # a larger file is begun anew
_MAX_LINE_BYTES = 4_096  # a text that was pasted is not worth keeping


class TypedFile:
    """The file. No error of it is worth a word to the person: then nothing is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self) -> list[str]:
        """Return what was typed before, the newest last."""
        with contextlib.suppress(OSError):
            rows = self._path.read_bytes().splitlines() if self._path.stat().st_size <= MAX_FILE_BYTES else []
            read = [line for row in rows if (line := _read(row))]
            lines = read[-MAX_LINES:]
            if not rows or len(read) < len(rows) or len(rows) > 2 * MAX_LINES:
                write_whole(self._path, "".join(map(_row, lines)))
            return lines
        return []

    def add(self, line: str) -> None:
        """Add a line."""
        row = _row(line)
        if len(row) > _MAX_LINE_BYTES:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with open(descriptor, "a", encoding="ascii", newline="\n") as file:
                file.write(row)


def _row(line: str) -> str:
    return f"{json.dumps(line)}\n"


def _read(row: bytes) -> str:
    with contextlib.suppress(ValueError, RecursionError):
        line = json.loads(row)
        return line if isinstance(line, str) else ""
    return ""
