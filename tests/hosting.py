"""`lanchat host` as people run it: a process, its output, its end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from tests.server.peer import DEADLINE_S, Peer

_ADDRESS = re.compile(r"127\.0\.0\.1:(\d+)")
_PLAIN_PORT = re.compile(r"port (\d+), for programs")


def lanchat_command() -> list[str]:
    """Return the installed command, or the module where the tests run from a tree."""
    installed = Path(sys.executable).parent / "lanchat"
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "lanchat"]


def environment(data_dir: Path) -> dict[str, str]:
    """Return an environment in which lanchat keeps everything in this folder, and prints as to a plain terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}}
    return {**kept, "LANCHAT_DATA_DIR": str(data_dir), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}


class HostProcess:
    """A host on a free port of loopback. `output` and `errors` hold what it has printed so far."""

    def __init__(self, data_dir: Path, *arguments: str, port: int = 0, listen: str = "127.0.0.1") -> None:
        options = ["--listen", listen, "--port", str(port), "--no-mdns", *arguments]
        self.process = subprocess.Popen(
            [*lanchat_command(), "host", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(data_dir),
        )
        self.peers: list[Peer] = []
        self._changed = threading.Condition()
        self.output = ""
        self.errors = ""
        self._readers = [self._reader(self.process.stdout, "output"), self._reader(self.process.stderr, "errors")]

    def _reader(self, stream: IO[bytes] | None, name: str) -> threading.Thread:
        assert stream is not None

        def read() -> None:
            while data := os.read(stream.fileno(), 65_536):
                with self._changed:
                    setattr(self, name, getattr(self, name) + data.decode())
                    self._changed.notify_all()
            stream.close()

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    # ---- What it prints --------------------------------------------------------------------------------------------

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        """Wait until what it has printed makes this true."""
        with self._changed:
            assert self._changed.wait_for(is_so, DEADLINE_S), f"it only printed: {self.output}{self.errors}"

    def wait_for_output(self, text: str) -> None:
        self.wait_for(lambda: text in self.output)

    @property
    def ports(self) -> list[int]:
        """The ports it tells, as soon as it does."""
        self.wait_for(lambda: self.output.count("\n") >= 4 and bool(_ADDRESS.search(self.output)))
        return [int(port) for port in _ADDRESS.findall(self.output)]

    @property
    def port(self) -> int:
        return self.ports[0]

    @property
    def plain_port(self) -> int:
        self.wait_for(lambda: bool(_PLAIN_PORT.search(self.output)))
        found = _PLAIN_PORT.search(self.output)
        assert found
        return int(found[1])

    # ---- Around it -------------------------------------------------------------------------------------------------

    def peer(self, port: int | None = None, *, receive_buffer_bytes: int | None = None) -> Peer:
        self.peers.append(Peer(port or self.port, receive_buffer_bytes=receive_buffer_bytes))
        return self.peers[-1]

    def member(self, nick: str, channel: str = "#Line-3", *, caps: str = "") -> Peer:
        return self.peer().register(nick, channel=channel, caps=caps)

    def resident_bytes(self) -> int:
        """Return how much memory it takes now."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def wait(self) -> int:
        """Wait for its end; return its exit status."""
        status = self.process.wait(DEADLINE_S)
        for reader in self._readers:
            reader.join(DEADLINE_S)
        return status

    def end(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """End it by a signal; return its exit status, and how many seconds it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        return self.wait(), time.monotonic() - started

    def kill(self) -> None:
        """Make sure that it is gone, and its peers."""
        for peer in self.peers:
            peer.sock.close()
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
