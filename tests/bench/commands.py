"""lanchat's commands as a person types them, started somewhere and timed by what they print."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO

from tests.bench.running import BenchError, stop

LINE_S = 15.0


def lanchat() -> list[str]:
    """Give the command installed beside this Python, or else the module."""
    installed = shutil.which("lanchat", path=str(Path(sys.executable).parent))
    return [installed] if installed else [sys.executable, "-m", "lanchat"]


def ms_since(began_s: float) -> float:
    """Give the milliseconds since a time.perf_counter()."""
    return (time.perf_counter() - began_s) * 1000


def time_command(*command: str) -> float:
    """Give how many ms the command takes from start to end."""
    began_s = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return ms_since(began_s)


class Command:
    """A command that runs; `output` gives what it prints."""

    def __init__(self, process: subprocess.Popen[str], output: IO[str]) -> None:
        self._process = process
        self._output = output
        self._began_s = time.perf_counter()

    def ms(self) -> float:
        """Give the milliseconds since its start."""
        return ms_since(self._began_s)

    def wait_for_line(self, text: str) -> None:
        """Read its output up to a line with the text.

        Raises BenchError if it ends before, as it is made to after LINE_S.
        """
        heard: list[str] = []
        with self._deadline(), suppress(OSError):  # what a terminal raises when its program has ended
            for line in self._output:
                if text in line:
                    return
                heard.append(line.strip())
        raise BenchError(f"no line with {text!r} came, but: {' / '.join(heard[-3:])}")

    def finish(self, words: str | None = None) -> None:
        """Give it the words and the end of its input, and wait until it has ended by itself.

        Raises BenchError if it does not within LINE_S, or tells of a failure.
        """
        with self._deadline():
            rest, _ = self._process.communicate(words)
        if self._process.returncode:
            raise BenchError(f"ended with status {self._process.returncode}: {rest.strip()}")

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        timer = Timer(LINE_S, self._process.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@dataclass(frozen=True)
class Place:
    """Where commands run: how their command line begins, and where they keep their data."""

    prefix: list[str]
    data: Path

    @contextmanager
    def running(self, *words: str) -> Iterator[Command]:
        """Run lanchat here with these words, in pipes; it is ended with the block at the latest."""
        process = self._start(words, subprocess.PIPE, subprocess.PIPE)
        assert process.stdin is not None
        assert process.stdout is not None
        with _ended(process), process.stdin, process.stdout:
            yield Command(process, process.stdout)

    @contextmanager
    def at_a_terminal(self, *words: str) -> Iterator[Command]:
        """Run lanchat here as a person would, who sees what a pipe is not told."""
        ours, theirs = os.openpty()
        with open(ours, errors="replace") as output:
            try:
                process = self._start(words, theirs, theirs)
            finally:
                os.close(theirs)
            with _ended(process):
                yield Command(process, output)

    def _start(self, words: Sequence[str], given: int, printed: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.prefix, *lanchat(), *words],
            stdin=given,
            stdout=printed,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"LANCHAT_DATA_DIR": str(self.data)},
        )


@contextmanager
def _ended(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        stop(process)
