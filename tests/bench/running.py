"""Processes that the benchmark starts, waits for, talks to and ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.bench import machine

ROOT = Path(__file__).parents[2]
START_S = 20.0
STOP_S = 5.0
PAUSE_S = 0.01


class BenchError(Exception):
    """A server or the load client did not do its part; the text says which, and what it said."""


@dataclass(frozen=True)
class Running:
    """A server that takes connections."""

    name: str
    pid: int
    port: int


def free_port() -> int:
    """Give a TCP port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(name: str, command: list[str], folder: Path, port: int, cores: frozenset[int]) -> Iterator[Running]:
    """Run a server in its folder from when its port answers to the end of the block.

    Raises BenchError if it ends, or does not listen within START_S.
    """
    log = folder / "output.txt"
    with log.open("wb") as output, machine.pinned(cores):
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,  # where `python -m lanchat` finds this tree's package
            env=os.environ | {"HOME": str(folder), "LANCHAT_DATA_DIR": str(folder)},
        )
    try:
        _wait_until_it_listens(name, process, port, log)
        yield Running(name, process.pid, port)
    finally:
        stop(process)


def _wait_until_it_listens(name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            last = log.read_text(errors="replace").strip().splitlines()[-3:]
            raise BenchError(f"{name} ended with status {process.returncode}: {' / '.join(last)}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(PAUSE_S)
        else:
            return
    raise BenchError(f"{name} did not listen within {START_S:g} s")


def stop(process: subprocess.Popen[Any]) -> None:
    """End a process: asked first, made to after STOP_S."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Load:
    """What the load client is asked to do; load.c says what the cases mean."""

    case: str
    members: int
    senders: int = 1
    seconds: float = 0.0
    rate: float = 0.0

    def arguments(self, port: int) -> list[str]:
        """Give the arguments of the load program."""
        return [self.case, *map(str, (port, self.members, self.senders, self.seconds, self.rate))]


class LoadClient:
    """A load client whose members are in the room, or about to storm in."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid

    @property
    def _input(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin

    def read_line(self) -> str:
        """Give its next line. Raises BenchError if it ended instead; it has deadlines of its own."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            assert self._process.stderr is not None
            raise BenchError(self._process.stderr.read().strip() or "the load client ended")
        return line

    def run(self) -> dict[str, float]:
        """Let it run its case and give what it counted."""
        self._input.write("go\n")
        self._input.flush()
        result: dict[str, float] = json.loads(self.read_line())
        return result

    def close(self) -> None:
        """Let it leave."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def loaded(program: Path, load: Load, server: Running, cores: frozenset[int]) -> Iterator[LoadClient]:
    """Connect a load client to the server: everybody is in when the block begins.

    Raises BenchError, naming the server, if that does not work out.
    """
    with machine.pinned(cores):
        process = subprocess.Popen(
            [str(program), *load.arguments(server.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    client = LoadClient(process)
    try:
        client.read_line()
        yield client
    except BenchError as error:
        raise BenchError(f"{server.name}, {load.case}: {error}") from error
    finally:
        client.close()
