"""A program of somebody else's that runs beside a test: started with an environment of its own, ended with the test."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.server.peer import DEADLINE_S

_LOOK_AGAIN_S = 0.05


class Program:
    """A program that keeps its files in a folder. Started by root, it runs as `user` where one is given."""

    def __init__(self, command: Sequence[str], folder: Path, *, user: int | None = None, **env: str) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            user=user if os.getuid() == 0 else None,
            env={**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8", **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait(DEADLINE_S)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something that the program brings about."""
        deadline = time.monotonic() + DEADLINE_S
        while not is_so():
            assert self._process.poll() is None, f"it ended with {self._process.returncode}"
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(_LOOK_AGAIN_S)
