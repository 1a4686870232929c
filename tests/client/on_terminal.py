"""A real host, and the real screen on a real terminal (a pty), for tests that must see the bytes a terminal gets."""

import contextlib
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.programs import free_port, hosting
from tests.hosting import lanchat_command

DEADLINE_S = 30.0
_ROOT = Path(__file__).parents[2]


def need_pty() -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no pty")


def _environment(folder: Path, **different: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLORTERM", "TERM_PROGRAM")}
    plain = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "LANCHAT_DATA_DIR": str(folder), "HOME": str(folder)}
    return kept | plain | different


@contextlib.contextmanager
def hosted(folder: Path, *options: str) -> Iterator[int]:
    """Host a room "Line 3"; give its port once it answers."""
    port = free_port()
    with hosting(folder, "Line 3", port, *options):
        yield port


class Joined:
    """`lanchat join` on a terminal; `seen` is all that the terminal got."""

    def __init__(self, process: subprocess.Popen[bytes], ours: int) -> None:
        self._process = process
        self._ours = ours
        self.seen = ""

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def wait_for(self, text: str) -> None:
        """Take in what is painted until a text is among it, which is not looked at again."""
        deadline = time.monotonic() + DEADLINE_S
        start = len(self.seen)
        while text not in self.seen[start:]:
            assert time.monotonic() < deadline, f"{text!r} was not painted: {self.seen[-2_000:]!r}"
            assert self._take(), f"ended before it painted {text!r}: {self.seen[-2_000:]!r}"

    def end(self, signal_number: int | None = None) -> int:
        """Take in the rest; give the exit status."""
        if signal_number is not None:
            self._process.send_signal(signal_number)
        deadline = time.monotonic() + DEADLINE_S
        while self._take():
            assert time.monotonic() < deadline, f"did not end: {self.seen[-2_000:]!r}"
        return self._process.wait(DEADLINE_S)

    def _take(self) -> bool:
        if not select.select([self._ours], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self._ours, 65_536)
        except OSError:  # the other side is closed; pty(7)
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)


@contextlib.contextmanager
def joined(folder: Path, *arguments: str, **environment: str) -> Iterator[Joined]:
    """Run `lanchat join` on a terminal of 100 by 30."""
    import fcntl
    import pty
    import termios

    folder.mkdir(exist_ok=True)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        [*lanchat_command(), "join", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=_ROOT,
        env=_environment(folder, **environment),
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Joined(process, ours)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(DEADLINE_S)
        os.close(ours)
