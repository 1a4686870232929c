"""IRC in WebSocket messages, by wsproto: each message is a line without its CRLF, whatever else is as for IrcWire.

Source: RFC 6455; ircv3.net/specs/extensions/websocket.
"""

from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import dataclass

from wsproto.frame_protocol import CloseReason, Frame, FrameProtocol, Opcode, ParseFailed
from wsproto.utilities import generate_accept_token

from lanchat.errors import ProtocolError, WireEnded
from lanchat.limits import MAX_WEBSOCKET_BYTES, MAX_WEBSOCKET_FRAGMENTS
from lanchat.protocol.irc_wire import IrcWire
from lanchat.protocol.message import Message, parse_message

TEXT, BINARY = "text.ircv3.net", "binary.ircv3.net"
_VERSION = "13"  # RFC 6455, section 4.1
_KEY_CHARS = 24  # base64 of 16 bytes; the same section

_kinds: dict[Hashable, Hashable] = {}  # equal kinds are the same object, as the server compares them for each receiver


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a client's Upgrade agrees on: the wire, and the headers of the answer."""

    is_binary: bool
    headers: tuple[tuple[str, str], ...]


def is_upgrade(headers: Mapping[str, str]) -> bool:
    """Tell whether a request asks to become a WebSocket. Names of headers are in lower case."""
    return "websocket" in _words(headers.get("upgrade", "").lower())


def handshake(headers: Mapping[str, str]) -> Handshake:
    """Return the answer to a client's Upgrade. An offer to compress is left unanswered, which declines it.

    Raises ProtocolError for one that is not as the standard has it. Source: RFC 6455, section 4.2.
    """
    key = headers.get("sec-websocket-key", "")
    if "upgrade" not in _words(headers.get("connection", "").lower()):
        raise ProtocolError("a WebSocket needs “Connection: Upgrade”")
    if headers.get("sec-websocket-version") != _VERSION:
        raise ProtocolError(f"a WebSocket needs “Sec-WebSocket-Version: {_VERSION}”")
    if len(key) != _KEY_CHARS or not key.isascii():
        raise ProtocolError("a WebSocket needs a “Sec-WebSocket-Key” of 16 bytes")
    offered = _words(headers.get("sec-websocket-protocol", ""))
    chosen = next((name for name in offered if name in (TEXT, BINARY)), "")
    answer = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", _accepted(key))]
    if chosen:
        answer.append(("Sec-WebSocket-Protocol", chosen))
    return Handshake(chosen == BINARY, tuple(answer))


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",")]


def _accepted(key: str) -> str:
    return generate_accept_token(key.encode()).decode()


class WebSocketWire:
    """The wire of pages and of IRC clients in browsers. What a message may take is counted here, as it comes."""

    __slots__ = (
        "_answer",
        "_blanks",
        "_code",
        "_fragments",
        "_frames",
        "_irc",
        "_is_binary",
        "_is_over",
        "_parts",
        "_size",
    )

    answers_pings = True
    is_framed = True
    sleeps = True

    def __init__(self, *, is_binary: bool = False) -> None:
        self._frames = FrameProtocol(client=False, extensions=[])
        self._irc = IrcWire()
        self._is_binary = is_binary
        self._parts: list[bytes] = []  # of a message that has not ended
        self._size = 0
        self._fragments = 0
        self._answer = b""
        self._blanks = 0
        self._code: int = CloseReason.NORMAL_CLOSURE  # that we close with
        self._is_over = False

    @property
    def kind(self) -> Hashable:
        """The capabilities that decide which tags are sent, and in which frames."""
        kind = ("websocket", self._is_binary, self._irc.kind)
        return _kinds.setdefault(kind, kind)

    # ---- From the peer ---------------------------------------------------------------------------------------------

    def receive(self, data: bytes) -> list[Message | ProtocolError]:
        """Return the messages of all frames that are now whole; WireEnded as the last where the peer ends, or must."""
        read: list[Message | ProtocolError] = []
        if self._is_over:
            return read
        self._frames.receive_bytes(data)
        try:
            for frame in self._frames.received_frames():
                _TAKERS[frame.opcode](self, frame, read)
                if self._is_over:
                    break
        except ParseFailed as error:
            self._end(read, error.code, f"WebSocket: {error}", is_breach=True)
        return read

    def _take_data(self, frame: Frame, read: list[Message | ProtocolError]) -> None:
        if (frame.opcode is Opcode.BINARY) is not self._is_binary:
            wanted = "binary" if self._is_binary else "text"
            self._end(read, CloseReason.UNSUPPORTED_DATA, f"WebSocket: only {wanted} is read here", is_breach=True)
            return
        part = frame.payload.encode() if isinstance(frame.payload, str) else bytes(frame.payload)  # type: ignore[arg-type]
        self._size += len(part)
        self._fragments += frame.frame_finished
        if self._size > MAX_WEBSOCKET_BYTES or self._fragments > MAX_WEBSOCKET_FRAGMENTS:
            self._end(read, CloseReason.MESSAGE_TOO_BIG, "WebSocket: a message too big", is_breach=True)
            return
        self._parts.append(part)
        if frame.message_finished:
            self._end_message(read)

    def _end_message(self, read: list[Message | ProtocolError]) -> None:
        line = b"".join(self._parts).rstrip(b"\r\n")  # some clients end it as on TCP
        self._parts, self._size, self._fragments = [], 0, 0
        if not line:
            self._blanks += 1
            return
        try:
            read.append(parse_message(line))
        except ProtocolError as error:
            read.append(error)

    def _take_ping(self, frame: Frame, _read: list[Message | ProtocolError]) -> None:
        self._blanks += 1
        self._answer += self._frames.pong(frame.payload)  # type: ignore[arg-type]  # bytes, of a control frame

    def _take_pong(self, _frame: Frame, _read: list[Message | ProtocolError]) -> None:
        self._blanks += 1

    def _take_close(self, frame: Frame, read: list[Message | ProtocolError]) -> None:
        code = frame.payload[0] if isinstance(frame.payload, tuple) else CloseReason.NORMAL_CLOSURE
        self._end(read, code, "Connection closed", is_breach=False)

    def _end(self, read: list[Message | ProtocolError], code: int, reason: str, *, is_breach: bool) -> None:
        self._is_over, self._code = True, code
        read.append(WireEnded(reason, is_breach=is_breach))

    def blanks(self, _data: bytes, _read: int) -> int:
        """Return how many frames said nothing since this was asked."""
        blanks, self._blanks = self._blanks, 0
        return blanks

    # ---- To the peer -----------------------------------------------------------------------------------------------

    def answer(self) -> bytes:
        """Return the answers to pings, once."""
        answer, self._answer = self._answer, b""
        return answer

    def encode(self, message: Message) -> bytes:
        """Return the line as a frame, with the tags this kind of peer asked for."""
        line = self._irc.encode(message).removesuffix(b"\r\n")
        return bytes(self._frames.send_data(line if self._is_binary else line.decode()))

    def farewell(self) -> bytes:
        """Return a Close frame, for the very end."""
        return bytes(self._frames.close(self._code))

    def adopt(self, capabilities: Set[str]) -> None:
        """Send the tags of these capabilities from now on."""
        self._irc.adopt(capabilities)


_TAKERS: dict[Opcode, Callable[[WebSocketWire, Frame, list[Message | ProtocolError]], None]] = {
    Opcode.TEXT: WebSocketWire._take_data,
    Opcode.BINARY: WebSocketWire._take_data,
    Opcode.PING: WebSocketWire._take_ping,
    Opcode.PONG: WebSocketWire._take_pong,
    Opcode.CLOSE: WebSocketWire._take_close,
}
