"""A real terminal of its own, by tmux: what a person types, and what they see."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from tests.server.peer import DEADLINE_S


class Terminal:
    """A program in a terminal. It stays to be looked at after the program has ended."""

    def __init__(
        self, command: Sequence[str], *, env: Mapping[str, str] | None = None, width: int = 100, height: int = 30
    ) -> None:
        self._server = f"lanchat-{os.getpid()}-{id(self)}"  # never anybody else's sessions
        settings = [f"{name}={value}" for name, value in (env or {}).items()]
        line = shlex.join(["env", *settings, *command])
        size = ["-x", str(width), "-y", str(height)]
        self._tmux("-f", os.devnull, "new-session", "-d", *size, f"{line}; echo exit=$?; exec cat")

    def _tmux(self, *arguments: str) -> str:
        env = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        command = ["tmux", "-u", "-L", self._server, *arguments]
        return subprocess.run(command, env=env, capture_output=True, check=True, timeout=DEADLINE_S).stdout.decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Take it away, with the program in it."""
        self._tmux("kill-server")

    def type(self, text: str) -> None:
        """Type a line, and the return key."""
        self._tmux("send-keys", "-l", text)
        self.press("Enter")

    def press(self, *keys: str) -> None:
        """Press keys, by tmux' names for them."""
        self._tmux("send-keys", *keys)

    def resize(self, width: int, height: int) -> None:
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        """Return what is to be seen now, and what has scrolled away above."""
        text = self._tmux("capture-pane", "-p", "-S", "-500")
        return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")

    def is_cursor_shown(self) -> bool:
        return self._tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"

    def wait_for(self, is_so: Callable[[str], bool]) -> str:
        """Look until the screen is so; return it."""
        deadline = time.monotonic() + DEADLINE_S
        while not is_so(screen := self.screen()):
            has_ended = "\nexit=" in f"\n{screen}"
            assert not has_ended, screen
            assert time.monotonic() < deadline, f"the screen only shows:\n{screen}"
        return screen

    def wait_for_text(self, text: str) -> str:
        return self.wait_for(lambda screen: text in screen)
