"""A room for one test, and `lanchat join --plain` at a terminal of its own."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.programs import DEADLINE_S, Program, Stream, free_port, hosting
from tests.hosting import environment, lanchat_command
from tests.server.peer import Peer


class Host:
    """A hosted room that only this test knows."""

    def __init__(self, folder: Path, name: str, port: int, program: Program) -> None:
        self.folder = folder
        self.name = name
        self.port = port
        self.program = program
        self.channel = "#" + name.replace(" ", "-")

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def member(self, nick: str, *, caps: str = "") -> Peer:
        return Peer(self.port).register(nick, channel=self.channel, caps=caps)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    name, port = f"Line {secrets.token_hex(4)}", free_port()
    with hosting(tmp_path, name, port, "--topic", "Shift B", "--oper", "chief:sesame") as program:
        yield Host(tmp_path, name, port, program)


class Terminal:
    """`lanchat join --plain` at a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        import pty

        self._descriptor, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [*lanchat_command(), "join", "--plain", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment(folder), "TERM": "xterm-256color", "COLUMNS": "200"},
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(theirs)
        self.screen = Stream(self._descriptor)

    def type(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    def ended(self) -> int:
        status = self.process.wait(DEADLINE_S)
        assert "Traceback" not in self.screen.text
        return status

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE_S)
        self.screen.whole()
        os.close(self._descriptor)


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # Ctrl-C reaches who has the terminal


@pytest.fixture
def terminal(host: Host) -> Iterator[Terminal]:
    if os.name != "posix":
        pytest.skip("Windows has no pseudo-terminals of this kind")
    with host.member("Ben"):
        program = Terminal(host.folder, host.name, "--nick", "Ana")
        try:
            program.screen.wait_for("leaves.")
            yield program
        finally:
            program.close()
