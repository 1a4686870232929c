"""WeeChat without a screen: commands go in by its FIFO, what it shows comes out by its logger."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.server.peer import DEADLINE_S

_LOOK_AGAIN_S = 0.01
Shown = list[tuple[str, str]]  # lines, each as what stands before it ("-->", "--", a name) and its text


class WeeChat:
    """A person at WeeChat, joined to the host's port. `folder` is for its files alone."""

    def __init__(self, folder: Path, port: int, nick: str, channel: str) -> None:
        self._folder = folder
        settings = [
            "/set logger.file.flush_delay 0",
            f"/set irc.server_default.nicks {nick}",
            "/set irc.server_default.anti_flood_prio_high 0",
            "/set irc.server_default.anti_flood_prio_low 0",
            "/set irc.server_default.realname Real Name",
            "/set irc.server_default.autoreconnect_delay 1",
            f"/server add lan 127.0.0.1/{port} -notls -autojoin={channel}",
            "/connect lan",
        ]
        self._process = subprocess.Popen(
            ["weechat-headless", "--dir", str(folder), *(word for line in settings for word in ("-r", line))],
            env={**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait(lambda: any(folder.glob("weechat_fifo_*")), lambda: "it opened no FIFO")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(DEADLINE_S)

    def type(self, text: str, buffer: str = "#Line-3") -> None:
        """Type a line or a command in a channel, or in "server"."""
        name = "server.lan" if buffer == "server" else f"lan.{buffer}"
        fifo = next(self._folder.glob("weechat_fifo_*"))
        fifo.write_text(f"irc.{name} *{text}\n", encoding="utf-8")

    def shown(self, buffer: str = "#Line-3") -> Shown:
        """Return the lines of a channel, or of "server"."""
        name = "server.lan" if buffer == "server" else f"lan.{buffer.lower()}"
        text = ""
        with suppress(FileNotFoundError):
            text = (self._folder / "logs" / f"irc.{name}.weechatlog").read_text("utf-8")
        fields = [line.split("\t", 2) for line in text.splitlines()]
        return [(before.strip(), said) for _, before, said in fields]

    def wait_for(self, before: str, text: str, buffer: str = "#Line-3") -> None:
        """Wait until a line is shown."""
        self._wait(lambda: (before, text) in self.shown(buffer), lambda: f"it only shows {self.shown(buffer)}")

    def wait_for_text(self, text: str, buffer: str = "#Line-3") -> None:
        """Wait until a line that has this is shown."""
        self._wait(lambda: any(text in line for _, line in self.shown(buffer)), lambda: f"it only shows {self.shown()}")

    def _wait(self, is_so: Callable[[], bool], complaint: Callable[[], str]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not is_so():
            assert time.monotonic() < deadline, complaint()
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"it ended with {self._process.wait(_LOOK_AGAIN_S)}")

    def complaints(self) -> Shown:
        """Return what it did not understand, and what it took for an error, such as the end of a connection."""
        lines = [line for log in self._folder.glob("logs/*.weechatlog") for line in log.read_text("utf-8").splitlines()]
        fields = [line.split("\t", 2) for line in lines]
        return [(before, said) for _, before, said in fields if before == "=!="]
