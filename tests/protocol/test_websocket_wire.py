import os
import struct
from collections.abc import Hashable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode

from lanchat.errors import InvalidUtf8, LineTooLong, ProtocolError, StrayEnd, WireEnded
from lanchat.limits import MAX_WEBSOCKET_BYTES, MAX_WEBSOCKET_FRAGMENTS
from lanchat.protocol.irc_wire import IrcWire, Wire
from lanchat.protocol.message import Message
from lanchat.protocol.packet import Encoding
from lanchat.protocol.websocket_wire import WebSocketWire, handshake, is_upgrade
from tests.protocol.chunks import bytewise

HELLO = Message("PRIVMSG", ("#a", "hello"))
# the example of RFC 6455, section 1.3
KEY, ACCEPTED = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
ASKED = {"upgrade": "websocket", "connection": "Upgrade", "sec-websocket-key": KEY, "sec-websocket-version": "13"}


def frame(data: bytes | str, opcode: int = Opcode.TEXT, *, is_last: bool = True, size: int | None = None) -> bytes:
    """Return a client's frame, masked. `size` is what its header says where that is not true."""
    data = data.encode() if isinstance(data, str) else data
    told = len(data) if size is None else size
    length = b"" if told > 125 else bytes((0x80 | told,))
    if told > 125:
        length = b"\xfe" + struct.pack("!H", told) if told < 65_536 else b"\xff" + struct.pack("!Q", told)
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
    return bytes(((0x80 if is_last else 0) | opcode,)) + length + mask + masked


def ended(wire: WebSocketWire, data: bytes) -> tuple[bool, int]:
    """Return whether what ends the wire is a breach, and the code that it is closed with."""
    *_, last = wire.receive(data)
    assert isinstance(last, WireEnded)
    farewell = wire.farewell()
    assert farewell[0] == 0x88
    return last.is_breach, struct.unpack("!H", farewell[2:4])[0]


# ---- The handshake -------------------------------------------------------------------------------------------------


def test_the_answer_proves_that_the_request_was_understood() -> None:
    assert ("Sec-WebSocket-Accept", ACCEPTED) in handshake(ASKED).headers


@pytest.mark.parametrize(
    ("offer", "chosen", "is_binary"),
    [
        ("text.ircv3.net", "text.ircv3.net", False),
        ("binary.ircv3.net, text.ircv3.net", "binary.ircv3.net", True),
        ("mqtt, text.ircv3.net", "text.ircv3.net", False),
        ("mqtt", "", False),
        ("", "", False),
    ],
)
def test_the_first_protocol_that_both_know_is_spoken(offer: str, chosen: str, is_binary: bool) -> None:
    """IRCv3 WebSocket; RFC 6455, section 4.2.2: "The absence of such a field" is how none is chosen."""
    agreed = handshake({**ASKED, "sec-websocket-protocol": offer} if offer else ASKED)
    assert agreed.is_binary is is_binary
    assert dict(agreed.headers).get("Sec-WebSocket-Protocol", "") == chosen


def test_no_extension_is_agreed_on() -> None:
    agreed = handshake({**ASKED, "sec-websocket-extensions": "permessage-deflate; client_max_window_bits"})
    assert "Sec-WebSocket-Extensions" not in dict(agreed.headers)


@pytest.mark.parametrize(
    "wrong",
    [
        {"connection": "keep-alive"},
        {"sec-websocket-version": "8"},
        {"sec-websocket-key": ""},
        {"sec-websocket-key": "é" * 24},
    ],
    ids=str,
)
def test_a_handshake_that_is_not_the_standards_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ProtocolError):
        handshake({**ASKED, **wrong})


def test_what_asks_for_a_websocket_is_told_from_other_upgrades() -> None:
    assert is_upgrade({"upgrade": "WebSocket"})
    assert not is_upgrade({"upgrade": "h2c"})
    assert not is_upgrade({})


# ---- Messages ------------------------------------------------------------------------------------------------------


def test_a_message_is_a_line_without_its_end() -> None:
    assert WebSocketWire().receive(frame("PRIVMSG #a :hello")) == [HELLO]
    assert WebSocketWire(is_binary=True).receive(frame(b"PRIVMSG #a :hello", Opcode.BINARY)) == [HELLO]


def test_a_client_that_ends_its_lines_all_the_same_is_understood() -> None:
    assert WebSocketWire().receive(frame("PRIVMSG #a :hello\r\n")) == [HELLO]


def test_it_is_read_the_same_byte_by_byte_and_in_fragments() -> None:
    data = frame("PRIVMSG #a ", is_last=False) + frame("", Opcode.CONTINUATION, is_last=False)
    data += frame(b"ping", Opcode.PING) + frame(":hello", Opcode.CONTINUATION)
    wire = WebSocketWire()
    assert [message for byte in bytewise(data) for message in wire.receive(byte)] == [HELLO]
    assert wire.answer() == b"\x8a\x04ping"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"PRIVMSG #a :one\r\nQUIT", StrayEnd),
        (b"PRIVMSG #a :one\0", StrayEnd),
        (b"PRIVMSG #a :" + b"x" * 600, LineTooLong),
        (b"PRIVMSG #a :\xff", InvalidUtf8),
    ],
)
def test_a_line_that_cannot_be_read_is_an_error_as_on_tcp_and_the_wire_stays(data: bytes, error: type) -> None:
    wire = WebSocketWire(is_binary=True)
    first, second = wire.receive(frame(data, Opcode.BINARY) + frame(b"PRIVMSG #a :hello", Opcode.BINARY))
    assert isinstance(first, error)
    assert second == HELLO


def test_messages_that_say_nothing_pings_and_pongs_are_counted() -> None:
    wire = WebSocketWire()
    data = frame("") + frame("\r\n") + frame(b"", Opcode.PING) + frame(b"", Opcode.PONG) + frame("PING x")
    assert len(wire.receive(data)) == 1
    assert wire.blanks(data, 1) == 4
    assert wire.blanks(b"", 0) == 0


def test_what_is_sent_is_what_an_irc_client_gets_in_a_frame_without_its_end() -> None:
    message = Message("PRIVMSG", ("#a", "Grüße"), "zoe!u@h", {"msgid": "1", "time": "now"})
    for is_binary, opcode in ((False, Opcode.TEXT), (True, Opcode.BINARY)):
        wire, irc = WebSocketWire(is_binary=is_binary), IrcWire()
        for one in (wire, irc):
            one.adopt({"server-time"})
        client = FrameProtocol(client=True, extensions=[])
        client.receive_bytes(wire.encode(message))
        (got,) = client.received_frames()
        payload = got.payload.encode() if isinstance(got.payload, str) else got.payload
        assert (got.opcode, payload) == (opcode, irc.encode(message).removesuffix(b"\r\n"))


def test_wires_that_send_the_same_bytes_are_of_one_kind_and_others_are_not() -> None:
    one, other, binary = WebSocketWire(), WebSocketWire(), WebSocketWire(is_binary=True)
    assert one.kind is other.kind
    assert one.kind != binary.kind
    assert one.kind != IrcWire().kind
    other.adopt({"server-time"})
    assert one.kind != other.kind
    one.adopt({"server-time", "sasl"})
    assert one.kind is other.kind


def test_a_frame_is_made_once_for_all_who_are_sent_the_same() -> None:
    made = 0

    class Counting(WebSocketWire):
        def encode(self, message: Message) -> bytes:
            nonlocal made
            made += 1
            return super().encode(message)

    @dataclass
    class Receiver:
        wire: Wire
        kind: Hashable

    wires = [Counting(), Counting(), Counting(is_binary=True), Counting(is_binary=True)]
    encoding = Encoding(HELLO)
    packets = [encoding.packet(Receiver(wire, wire.kind), None) for wire in wires]
    assert made == 2
    assert packets[0] is packets[1]
    assert packets[2] is packets[3]


# ---- Limits and breaches -------------------------------------------------------------------------------------------


def test_a_message_may_fill_its_bounds() -> None:
    part = "x" * (MAX_WEBSOCKET_BYTES // MAX_WEBSOCKET_FRAGMENTS)
    parts = [frame(part, is_last=False), *[frame(part, 0, is_last=False)] * (MAX_WEBSOCKET_FRAGMENTS - 2)]
    (error,) = WebSocketWire().receive(b"".join(parts) + frame(part, 0))
    assert isinstance(error, LineTooLong)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame("x" * (MAX_WEBSOCKET_BYTES + 1)), 1009),
        (frame("x" * (MAX_WEBSOCKET_BYTES + 1), size=2**40), 1009),
        (frame("x", is_last=False) + frame("x" * MAX_WEBSOCKET_BYTES, 0), 1009),
        (frame("é" * (MAX_WEBSOCKET_BYTES // 2) + "x"), 1009),
        (frame("", is_last=False) + frame("", 0, is_last=False) * MAX_WEBSOCKET_FRAGMENTS, 1009),
        (frame(b"x", Opcode.BINARY), 1003),
        (frame(b"\xff"), 1007),
        (frame(b"\xc3") + frame(b"\xa9"), 1007),
        (b"\x81\x01x", 1002),  # unmasked
        (frame(b"x" * 126, Opcode.PING), 1002),
        (frame(b"", Opcode.PING, is_last=False), 1002),
        (frame("", 0), 1002),
        (frame("x", is_last=False) + frame("x"), 1002),
        (frame("x", 3), 1002),
        (b"\xc1" + frame("x")[1:], 1002),  # RSV1, compressed
        (frame(b"\x03", Opcode.CLOSE), 1002),
        (frame(struct.pack("!H", 1006), Opcode.CLOSE), 1002),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_breaks_the_protocol_or_a_bound_ends_the_wire_with_the_standards_code(data: bytes, code: int) -> None:
    """RFC 6455, section 7.4.1."""
    assert ended(WebSocketWire(), data) == (True, code)
    assert ended(WebSocketWire(), frame("PING x") + data) == (True, code)


def test_text_where_binary_was_agreed_on_ends_the_wire() -> None:
    assert ended(WebSocketWire(is_binary=True), frame("PING x")) == (True, 1003)


@pytest.mark.parametrize(
    ("payload", "code"), [(struct.pack("!H", 1001) + b"bye", 1001), (struct.pack("!H", 4000), 4000)]
)
def test_who_closes_is_answered_with_the_code_they_gave(payload: bytes, code: int) -> None:
    wire = WebSocketWire()
    assert ended(wire, frame(payload, Opcode.CLOSE)) == (False, code)
    assert wire.receive(frame("PING x")) == []


def test_who_closes_without_a_code_is_answered_without_one() -> None:
    wire = WebSocketWire()
    wire.receive(frame(b"", Opcode.CLOSE))
    assert wire.farewell() == b"\x88\x00"


def test_what_came_before_the_end_is_still_read() -> None:
    first, last = WebSocketWire().receive(frame("QUIT") + frame(b"", Opcode.CLOSE) + frame("PING x"))
    assert first == Message("QUIT")
    assert isinstance(last, WireEnded)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    wire = WebSocketWire()
    wire.receive(data)
    assert wire.farewell()[0] == 0x88
