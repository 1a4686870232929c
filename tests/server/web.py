"""HTTP and WebSockets as a test speaks them."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wsproto.frame_protocol import FrameProtocol, Opcode

from lanchat.protocol.message import Message, parse_message
from tests.server.peer import Peer


@dataclass(frozen=True)
class Answer:
    """What was answered; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_answer(peer: Peer, *, is_head: bool = False) -> Answer:
    """Return the next answer of a connection."""
    head = peer.read_until(b"\r\n\r\n").decode("latin-1").removesuffix("\r\n\r\n")
    status_line, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    size = 0 if is_head else int(headers.get("content-length", 0))
    return Answer(int(status_line.split()[1]), headers, peer.read(size))


def request(method: str, path: str, body: bytes | str = b"", **headers: str) -> bytes:
    """Return a request as bytes. Names of headers have "_" for "-"; Host is localhost unless it is given."""
    data = body.encode() if isinstance(body, str) else body
    all_headers = {"Host": "localhost", **({"Content-Length": str(len(data))} if data else {})}
    all_headers |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in all_headers.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + data


def upgrade(path: str = "/", **headers: str) -> bytes:
    """Return a request to become a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    asked = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Key": key, "Sec_WebSocket_Version": "13"}
    return request("GET", path, **{**asked, **headers})


class Page:
    """A page's WebSocket: lines go out as frames, frames come back as messages."""

    def __init__(self, peer: Peer, protocol: str = "text.ircv3.net", **headers: str) -> None:
        self.peer = peer
        offer = {"Sec_WebSocket_Protocol": protocol} if protocol else {}
        peer.send(upgrade(**offer, **headers))
        self.answer = read_answer(peer)
        assert self.answer.status == 101
        self.is_binary = protocol == "binary.ircv3.net"
        self.frames = FrameProtocol(client=True, extensions=[])
        self._text = b""
        self._read: list[Message] = []
        self.closed: tuple[int, str] | None = None
        self.pongs: list[bytes] = []

    def send(self, *lines: str) -> None:
        for line in lines:
            self.peer.send(bytes(self.frames.send_data(line.encode() if self.is_binary else line)))

    def send_raw(self, data: bytes) -> None:
        self.peer.send(data)

    def register(self, nick: str, channel: str = "", *before: str) -> Page:
        """Say who this is; join a channel."""
        self.send(*before, f"NICK {nick}", f"USER {nick} 0 * :{nick}", *(["CAP END"] if before else []))
        self.expect("001")
        if channel:
            self.send(f"JOIN {channel}")
            self.expect("366")
        return self

    def messages(self) -> Iterator[Message]:
        """Return messages as they come, to the end of the connection."""
        while True:
            while self._read:
                yield self._read.pop(0)
            data = self.peer.sock.recv(65_536) if not self.peer.unread else self.peer.read(len(self.peer.unread))
            if not data or self.closed:
                return
            self._take(data)

    def _take(self, data: bytes) -> None:
        self.frames.receive_bytes(data)
        for frame in self.frames.received_frames():
            if frame.opcode is Opcode.CLOSE:
                self.closed = (int(frame.payload[0]), str(frame.payload[1]))
            elif frame.opcode is Opcode.PONG:
                self.pongs.append(bytes(frame.payload))  # type: ignore[arg-type]
            else:
                assert (frame.opcode is Opcode.BINARY) is self.is_binary
                self._text += frame.payload.encode() if isinstance(frame.payload, str) else frame.payload  # type: ignore[operator]
                if frame.message_finished:
                    self._read.append(parse_message(self._text, 8191))
                    self._text = b""

    def expect(self, command: str, *params: str) -> Message:
        """Return the next message of this command and with these first parameters; pass over others."""
        for message in self.messages():
            if message.command == command and message.params[: len(params)] == params:
                return message
        raise AssertionError(f"closed before {command} came: {self.closed}")

    def fence(self) -> list[Message]:
        """Return all messages that were on their way."""
        self.send("PING fence")
        before: list[Message] = []
        for message in self.messages():
            if message.command == "PONG" and message.params[-1] == "fence":
                return before
            before.append(message)
        raise AssertionError(f"closed: {self.closed}")

    def close_code(self) -> int:
        """Read to the end; return the code of the Close frame."""
        for _ in self.messages():
            pass
        assert self.closed is not None, "ended without a Close frame"
        return self.closed[0]
