"""`lanchat host` as people run it: a process, its output, its end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.server.peer import DEADLINE_S, Peer

_ADDRESS = re.compile(r"(?<!//)127\.0\.0\.1:(\d+)")
_PLAIN_PORT = re.compile(r"port (\d+), for programs")


def lanchat_command() -> list[str]:
    """Return the installed command, or the module where the tests run from a tree."""
    installed = Path(sys.executable).parent / "lanchat"
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "lanchat"]


def environment(data_dir: Path) -> dict[str, str]:
    """Return an environment in which lanchat keeps everything in this folder, and prints as to a plain terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}}
    return {**kept, "LANCHAT_DATA_DIR": str(data_dir), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}


class Guests:
    """Peers of a host at a port of loopback, closed together."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self.peers: list[Peer] = []

    @property
    def port(self) -> int:
        return self._port

    def peer(self, port: int | None = None, *, receive_buffer_bytes: int | None = None, source: str = "") -> Peer:
        self.peers.append(Peer(port or self.port, receive_buffer_bytes=receive_buffer_bytes, source=source))
        return self.peers[-1]

    def member(self, nick: str, channel: str = "#Line-3", *, caps: str = "") -> Peer:
        """Return somebody who is in a room."""
        return self.peer().register(nick, channel=channel, caps=caps)

    def close(self) -> None:
        for peer in self.peers:
            peer.sock.close()


class HostProcess(Guests):
    """A host on a free port of loopback. `output` and `errors` hold what it has printed so far.

    `within` is a command that makes the place for it to run in, and becomes it.
    """

    def __init__(
        self,
        data_dir: Path,
        *arguments: str,
        port: int | None = 0,
        env: Mapping[str, str] | None = None,
        within: Sequence[str] = (),
    ) -> None:
        super().__init__()
        ports = [] if port is None else ["--port", str(port)]
        self.process = subprocess.Popen(
            [*within, *lanchat_command(), "host", "--listen", "127.0.0.1", *ports, "--no-mdns", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environment(data_dir), **(env or {})},
        )
        self._changed = threading.Condition()
        self._ended_streams = 0
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
            with self._changed:
                self._ended_streams += 1
                self._changed.notify_all()

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    # ---- What it prints --------------------------------------------------------------------------------------------

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        """Wait until what it has printed makes this true."""
        with self._changed:
            self._changed.wait_for(lambda: is_so() or self._ended_streams == 2, DEADLINE_S)
            assert is_so(), f"it only printed: {self.output}{self.errors}"

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

    def end(self, number: int = signal.SIGTERM, *, with_peers: bool = True) -> tuple[int, float]:
        """End its peers, and it by a signal, once it hosts; return its exit status, and how many seconds it took."""
        assert self.port
        if with_peers:
            self.close()
        started = time.monotonic()
        self.process.send_signal(number)
        return self.wait(), time.monotonic() - started

    def kill(self) -> None:
        """Make sure that it is gone, and its peers."""
        self.close()
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
