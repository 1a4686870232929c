"""Somebody who says very much: an IRC connection that only sends."""

from __future__ import annotations

import socket
import threading
import time
from typing import Self

from tests.bench.running import BenchError

_WELCOMED = b" 001 "
_WAIT_S = 20.0


class Speaker:
    """A member of some channels, from `__enter__` to `__exit__`."""

    def __init__(self, port: int, nick: str, *channels: str) -> None:
        self._port = port
        self._nick = nick
        self._channels = channels

    def __enter__(self) -> Self:
        """Connect and join."""
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=_WAIT_S)
        joins = "".join(f"JOIN {channel}\r\n" for channel in self._channels)
        self._socket.sendall(
            f"NICK {self._nick}\r\nUSER {self._nick} 0 * :{self._nick}\r\n{joins}PING joined\r\n".encode()
        )
        answer = b""
        while b"PONG" not in answer:
            data = self._socket.recv(65_536)
            if not data:
                raise BenchError(f"the host did not let {self._nick} in: {answer!r}")
            answer += data
        if _WELCOMED not in answer:
            raise BenchError(f"the host did not welcome {self._nick}: {answer!r}")
        self._drain = threading.Thread(target=self._read, daemon=True)
        self._drain.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave."""
        self._socket.close()

    def _read(self) -> None:
        """Take what the host sends, or it would take us for a stalled reader."""
        try:
            while data := self._socket.recv(65_536):
                for line in data.splitlines():
                    if line.startswith(b"PING "):
                        self._socket.sendall(b"PONG" + line[4:] + b"\r\n")
        except OSError:
            return

    def say_all(self, channel: str, texts: list[str]) -> float:
        """Say everything at once, and return when the first word left."""
        now = time.perf_counter()
        self._socket.sendall("".join(f"PRIVMSG {channel} :{text}\r\n" for text in texts).encode())
        return now

    def say_evenly(self, channel: str, texts: list[str], per_s: float) -> None:
        """Say everything, so many a second."""
        started = time.perf_counter()
        for number, text in enumerate(texts):
            time.sleep(max(0.0, started + number / per_s - time.perf_counter()))
            self._socket.sendall(f"PRIVMSG {channel} :{text}\r\n".encode())
