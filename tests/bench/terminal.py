"""A terminal without a person: runs a program on a pty, presses keys, and notes when something is painted."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.bench import machine
from tests.bench.running import ROOT, BenchError, stop

WAIT_S = 60.0
READ_BYTES = 65_536
KEPT_BYTES = 4_000_000  # of what was painted since the last mark
_POLL_S = 0.2


class Terminal:
    """A program on a terminal of `columns` by `rows`, from `__enter__` to `__exit__`."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        cores: frozenset[int],
        *,
        columns: int = 120,
        rows: int = 35,
    ) -> None:
        self._command = command
        self._env = env
        self._cores = cores
        self._size = struct.pack("HHHH", rows, columns, 0, 0)
        self._painted = bytearray()
        self._changed = threading.Condition()
        self._is_over = False
        self.started_at = 0.0
        self.painted_bytes = 0

    def __enter__(self) -> Self:
        """Start the program; `started_at` is when."""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, self._size)
        with machine.pinned(self._cores):
            self.started_at = time.perf_counter()
            self._process = subprocess.Popen(
                self._command,
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                cwd=ROOT,
                env=dict(self._env),
                start_new_session=True,
            )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the program."""
        stop(self._process)
        self._is_over = True
        self._reader.join()
        os.close(self._ours)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    def _read(self) -> None:
        while not self._is_over:
            if not select.select([self._ours], [], [], _POLL_S)[0]:
                continue
            try:
                data = os.read(self._ours, READ_BYTES)
            except OSError:  # the program has closed its side; pty(7)
                return
            with self._changed:
                self.painted_bytes += len(data)
                self._painted += data
                del self._painted[:-KEPT_BYTES]
                self._changed.notify_all()

    def press(self, keys: str) -> float:
        """Press keys, and return when; what was painted before is forgotten."""
        with self._changed:
            self._painted.clear()
        now = time.perf_counter()
        os.write(self._ours, keys.encode())
        return now

    def wait_for(self, text: str, wait_s: float = WAIT_S) -> float:
        """Return when a text was painted since the last key. Raises BenchError after `wait_s`."""
        wanted = text.encode()
        deadline = time.perf_counter() + wait_s
        with self._changed:
            while wanted not in self._painted:
                left_s = deadline - time.perf_counter()
                if left_s <= 0 or self._process.poll() is not None:
                    raise BenchError(f"the screen did not show {text!r}; its last words: {self._last_words()}")
                self._changed.wait(min(left_s, _POLL_S))
            return time.perf_counter()

    def _last_words(self) -> str:
        return repr(bytes(self._painted[-300:]).decode(errors="replace"))


def terminal_env(folder: Path) -> dict[str, str]:
    """Return an environment for a program on such a terminal, with its data in a folder of its own."""
    settings = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LANCHAT_DATA_DIR": str(folder), "HOME": str(folder)}
    return {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | settings
