"""HexChat on a screen that nobody sees: commands go in by D-Bus, what it shows comes out by its logs."""

from __future__ import annotations

import os
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.peers.program import Program
from tests.server.peer import DEADLINE_S

NEEDS = ("hexchat", "Xvfb", "dbus-daemon", "xdotool")
_NOBODY = 65_534  # HexChat stops at a dialog where root starts it: "Running IRC as root is stupid!"
# Without the list of networks that a first start shows, and without asking which channel to join.
_SETTINGS = """version = 2.16.1
gui_slist_skip = 1
gui_chanlist_minusers = 1
irc_join_delay = 0
gui_join_dialog = 0
irc_nick1 = {nick}
irc_nick2 = {nick}2
irc_nick3 = {nick}3
irc_user_name = {nick}
irc_real_name = Real Name
irc_logging = 1
irc_logmask = %c.log
stamp_log = 0
net_reconnect_delay = 2
net_throttle = 0
text_emoticons = 0
url_grabber = 0
"""


class HexChat:
    """A person at HexChat, connected to the host's port. `folder` is for its files alone."""

    def __init__(self, folder: Path, port: int, nick: str) -> None:
        self._folder = folder
        self._settings = folder / "settings"
        self._settings.mkdir()
        (self._settings / "hexchat.conf").write_text(_SETTINGS.format(nick=nick), "utf-8")
        if os.getuid() == 0:
            for path in (folder, self._settings, self._settings / "hexchat.conf"):
                os.chown(path, _NOBODY, _NOBODY)
        self._programs = ExitStack()
        self._env = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder / 'bus'}"}
        self._start_bus_and_screen()
        command = ["hexchat", f"--cfgdir={self._settings}", f"irc://127.0.0.1:{port}/"]
        self._program = self._start(command)

    def _start_bus_and_screen(self) -> None:
        address = self._env["DBUS_SESSION_BUS_ADDRESS"]
        bus = self._start(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}"])
        bus.wait_until((self._folder / "bus").exists)
        screen = self._start(["sh", "-c", "exec Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>display"])
        number = self._folder / "display"
        screen.wait_until(lambda: number.exists() and number.read_text().endswith("\n"))
        self._env["DISPLAY"] = f":{number.read_text().strip()}"

    def _start(self, command: list[str]) -> Program:
        return self._programs.enter_context(Program(command, self._folder, user=_NOBODY, **self._env))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._programs.close()

    # ---- What the person does --------------------------------------------------------------------------------------

    def type(self, command: str) -> None:
        """Type a command, without its slash, in the window that is in front."""
        self._run("hexchat", f"--cfgdir={self._settings}", "--existing", f"--command={command}")

    def enter(self, channel: str = "#Line-3") -> None:
        """Enter a channel."""
        self.wait_for(f"* - Type /join {channel} to enter the room.", "line 3")
        self.type(f"join {channel}")
        self.wait_for(f"* Now talking on {channel}")

    def say(self, text: str, channel: str = "#Line-3") -> None:
        """Say something in a channel."""
        self.type(f"doat {channel} say {text}")

    def wave(self, channel: str = "#Line-3") -> None:
        """Type "/me waves" in a channel."""
        self.type(f"doat {channel} me waves")

    def double_click(self, window: str, x: int, y: int) -> None:
        """Click twice at a place of a window, which opens first."""
        found = self._run("xdotool", "search", "--sync", "--onlyvisible", "--name", window).split()[-1]
        self._run("xdotool", "mousemove", "--window", found, str(x), str(y), "click", "--repeat", "2", "1")

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command,
            cwd=self._folder,
            user=_NOBODY if os.getuid() == 0 else None,
            env={**os.environ, "HOME": str(self._folder), "LC_ALL": "C.UTF-8", **self._env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=DEADLINE_S,
            check=True,
        )
        return done.stdout.decode()

    # ---- What they see ---------------------------------------------------------------------------------------------

    def shown(self, window: str = "#line-3") -> list[str]:
        """Return the lines of a window: of a channel, or of the server under the name of its network."""
        text = ""
        with suppress(FileNotFoundError):
            text = (self._settings / "logs" / f"{window}.log").read_text("utf-8")
        return [line.replace("\t", " ") for line in text.splitlines() if line and not line.startswith("****")]

    def wait_for(self, line: str, window: str = "#line-3") -> None:
        """Wait until a line is shown."""
        try:
            self._program.wait_until(lambda: line in self.shown(window))
        except AssertionError as error:
            raise AssertionError(f"{error}: it only shows {self.shown(window)}") from None
