"""A client's end of a connection: what it reads is waited for, with a deadline."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from lanchat.protocol.message import Message, parse_message

DEADLINE_S = 20.0  # for what takes milliseconds on a quiet machine


class Peer:
    """A socket to a host. Strings are sent with a line end, bytes as they are."""

    def __init__(
        self, port: int, address: str = "127.0.0.1", *, receive_buffer_bytes: int | None = None, source: str = ""
    ) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer_bytes is not None:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        self.sock.settimeout(DEADLINE_S)
        if source:  # on Linux, all of 127.0.0.0/8 is this machine
            self.sock.bind((source, 0))
        self.sock.connect((address, port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a fence behind much text waits for nothing
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.sock.close()

    # ---- Sending ---------------------------------------------------------------------------------------------------

    def send(self, *lines: str | bytes) -> None:
        for line in lines:
            self.sock.sendall(line if isinstance(line, bytes) else f"{line}\r\n".encode())

    def send_slowly(self, data: bytes) -> None:
        """Send each byte as a packet of its own."""
        for at in range(len(data)):
            self.sock.sendall(data[at : at + 1])

    def send_in_vain(self, data: bytes) -> None:
        """Send, though the host may have closed already."""
        with contextlib.suppress(ConnectionError):
            self.sock.sendall(data)

    def end_sending(self) -> None:
        """Let the host know that nothing more comes."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)

    def shut(self) -> None:
        """Neither send nor read any more, whoever waits for it."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Close with a RST, as a crash or a cable might."""
        at_once = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.sock.close()

    # ---- Reading ---------------------------------------------------------------------------------------------------

    def read_until(self, end: bytes) -> bytes:
        """Return what comes, up to these bytes and with them."""
        while end not in self._unread:
            data = self.sock.recv(65_536)
            assert data, f"closed before {end!r} came: {self._unread!r}"
            self._unread += data
        head, self._unread = self._unread.split(end, 1)
        return head + end

    @property
    def unread(self) -> bytes:
        """What has come and was not asked for yet."""
        return self._unread

    def read(self, size: int) -> bytes:
        """Return the next so many bytes."""
        while len(self._unread) < size:
            data = self.sock.recv(65_536)
            assert data, f"closed before {size} bytes came: {self._unread!r}"
            self._unread += data
        data, self._unread = self._unread[:size], self._unread[size:]
        return data

    def read_to_end(self) -> bytes:
        """Return everything until the host closes."""
        data, self._unread = self._unread, b""
        while more := self.sock.recv(65_536):
            data += more
        return data

    def line(self) -> str:
        """Return the next line."""
        return self.read_until(b"\r\n").decode().removesuffix("\r\n")

    def messages(self) -> Iterator[Message]:
        """Return messages as they come."""
        while True:
            yield parse_message(self.line().encode(), 8191)

    def expect(self, command: str, *params: str) -> Message:
        """Return the next message of this command and with these first parameters; pass over others."""
        for message in self.messages():
            if message.command == command and message.params[: len(params)] == params:
                return message
        raise AssertionError  # the line above ends by closing, or by the deadline

    def until(self, command: str) -> list[Message]:
        """Return the messages before the next one of this command."""
        found = []
        for message in self.messages():
            if message.command == command:
                break
            found.append(message)
        return found

    def messages_waiting(self) -> list[Message]:
        """Return the messages that have come already."""
        self.sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while data := self.sock.recv(65_536):
                self._unread += data
        self.sock.settimeout(DEADLINE_S)
        whole, _, self._unread = self._unread.rpartition(b"\r\n")
        return [parse_message(line, 8191) for line in whole.split(b"\r\n") if line]

    def is_closed_by_host(self) -> bool:
        """Wait for the end, however it comes."""
        with contextlib.suppress(ConnectionError):
            self.read_to_end()
        return True

    # ---- As an IRC client ------------------------------------------------------------------------------------------

    def register(self, nick: str, *, channel: str = "", caps: str = "") -> Self:
        """Say who this is; join a channel."""
        if caps:
            self.send("CAP LS 302", f"CAP REQ :{caps}", "CAP END")
        self.send(f"NICK {nick}", "USER username 0 * :Real Name")
        self.expect("001")
        if channel:
            self.send(f"JOIN {channel}")
            self.expect("366")
        self.fence()
        return self

    def fence(self) -> list[Message]:
        """Return all messages that were on their way: replies keep their order."""
        token = f"fence{time.monotonic_ns()}"
        self.send(f"PING {token}")
        before = []
        for message in self.messages():
            if message.command == "PONG" and message.params[-1] == token:
                break
            before.append(message)
        return before
