"""`lanchat host` and `lanchat join` as programs: started, read and typed to as people would."""

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.hosting import environment, lanchat_command

DEADLINE_S = 30.0  # for what takes a fraction of a second on a quiet machine


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Stream:
    """Collects what a program writes to a descriptor, for tests to wait for."""

    def __init__(self, descriptor: int) -> None:
        self.text = ""
        self._is_over = False
        self._descriptor = descriptor
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def _collect(self) -> None:
        data = b""
        with contextlib.suppress(OSError):  # a terminal whose program has ended
            while more := os.read(self._descriptor, 65_536):
                data += more
                with self._changed:
                    self.text = data.decode("utf-8", "replace")
                    self._changed.notify_all()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def wait_for(self, text: str, *, times: int = 1) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self.text.count(text) >= times or self._is_over, DEADLINE_S)
        assert self.text.count(text) >= times, f"no {text!r} in {self.text!r}"

    def whole(self) -> str:
        """Return everything, once the program has closed it."""
        self._thread.join(DEADLINE_S)
        assert self._is_over
        return self.text


class Program:
    """A program with pipes."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [*lanchat_command(), *arguments], stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, env=environment(folder)
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.out = Stream(self.process.stdout.fileno())
        self.errors = Stream(self.process.stderr.fileno())

    def type(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode())

    def end_input(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def ended(self) -> int:
        """Wait for the end; return the exit status."""
        status = self.process.wait(DEADLINE_S)
        assert "Traceback" not in self.errors.whole(), self.errors.text
        return status

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(DEADLINE_S)
        for pipe, stream in ((self.process.stdout, self.out), (self.process.stderr, self.errors)):
            stream.whole()
            if pipe is not None:
                pipe.close()
        with contextlib.suppress(OSError):
            self.end_input()


@contextlib.contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Program]:
    """Run a command until the end of the block."""
    program = Program(folder, *arguments)
    try:
        yield program
    finally:
        program.close()


@contextlib.contextmanager
def hosting(folder: Path, name: str, port: int, *flags: str) -> Iterator[Program]:
    """Host a room on loopback, announced nowhere; found by who has the same data folder."""
    with running(
        folder, "host", "--name", name, "--listen", "127.0.0.1", "--port", str(port), "--no-mdns", *flags
    ) as host:
        host.out.wait_for(f":{port}\n")
        yield host


def joined(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run `lanchat join … --plain` in a pipe to its end."""
    done = subprocess.run(
        [*lanchat_command(), "join", *arguments, "--plain"],
        input=typed.encode(),
        capture_output=True,
        timeout=DEADLINE_S,
        check=False,
        env=environment(folder),
    )
    out, errors = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in errors, errors
    return subprocess.CompletedProcess(done.args, done.returncode, out, errors)
