import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.errors import InvalidUtf8, LineTooLong, ProtocolError
from lanchat.protocol.irc_wire import IrcWire
from lanchat.protocol.message import Message, parse_message
from tests.protocol.chunks import bytewise, cut, fed

BYTES = b"@label=1 NICK zo\xc3\xa9\r\n\r\nPRIVMSG #a :hi there\nPING \xaa\r\n" + b"x" * 511 + b"\r\nQUI"
READ = [Message("NICK", ("zoé",), "", {"label": "1"}), Message("PRIVMSG", ("#a", "hi there"))]


def test_whole_lines_are_messages_and_what_cannot_be_read_stands_as_its_error() -> None:
    wire = IrcWire()
    *messages, not_utf8, too_long = wire.receive(BYTES)
    assert messages == READ
    assert isinstance(not_utf8, InvalidUtf8)
    assert isinstance(too_long, LineTooLong)
    assert wire.receive(b"T :bye\r\n") == [Message("QUIT", ("bye",))]


def test_it_reads_the_same_byte_by_byte() -> None:
    items = fed(IrcWire().receive, bytewise(BYTES))
    assert items[:2] == READ
    assert [type(item) for item in items[2:]] == [InvalidUtf8, LineTooLong]


@given(st.binary(max_size=300).flatmap(lambda data: st.tuples(st.just(data), cut(data))))
def test_no_bytes_raise_and_no_cuts_matter(cuts: tuple[bytes, list[bytes]]) -> None:
    data, parts = cuts
    whole = IrcWire().receive(data)
    assert [repr(item) for item in fed(IrcWire().receive, parts)] == [repr(item) for item in whole]
    assert all(isinstance(item, Message | ProtocolError) for item in whole)


def test_a_line_without_end_raises() -> None:
    with pytest.raises(LineTooLong):
        IrcWire().receive(b"x" * 20_000)


EVENT = Message(
    "PRIVMSG",
    ("#a", "hi"),
    "n!u@h",
    {
        "time": "2026-01-01T00:00:00.000Z",
        "account": "n",
        "bot": "",
        "msgid": "m1",
        "label": "l",
        "batch": "b",
        "draft/multiline-concat": "",
        "+typing": "done",
    },
)


@pytest.mark.parametrize(
    ("capabilities", "tags"),
    [
        (set(), set()),
        ({"multi-prefix", "echo-message"}, set()),
        ({"server-time"}, {"time"}),
        ({"account-tag", "batch"}, {"account", "batch"}),
        ({"labeled-response"}, {"label"}),
        ({"message-tags"}, {"bot", "msgid", "+typing"}),
        ({"draft/multiline"}, {"draft/multiline-concat"}),
    ],
)
def test_tags_go_to_those_who_asked_for_them(capabilities: set[str], tags: set[str]) -> None:
    """Modern, "Tags": "MUST NOT be sent unless explicitly enabled by a capability"."""
    wire = IrcWire()
    wire.adopt(capabilities)
    line = wire.encode(EVENT)
    assert line.startswith(b"@" if tags else b":")
    assert set(parse_message(line[:-2], 8191).tags) == tags


def test_wires_of_one_kind_write_the_same_bytes() -> None:
    one, other, third = IrcWire(), IrcWire(), IrcWire()
    one.adopt({"server-time", "setname"})
    other.adopt({"server-time", "multi-prefix"})
    assert one.kind == other.kind != third.kind
    assert one.encode(EVENT) == other.encode(EVENT) != third.encode(EVENT)


def test_no_line_is_over_512_bytes_nor_is_a_character_cut() -> None:
    """RFC 1459, section 2.3: "shall not exceed 512 characters in length, counting all characters".

    IRCv3 utf8-only: "if they truncate messages […], they do not do so in the middle of a UTF-8-encoded codepoint".
    """
    wire = IrcWire()
    wire.adopt({"server-time"})
    line = wire.encode(Message("QUIT", ("🦊" * 200,), "n!u@h", {"time": "x" * 100}))
    tags, _, body = line.partition(b" ")
    assert len(tags) == len("@time=") + 100
    assert 508 < len(body) <= 512
    assert body.endswith(b"\r\n")
    assert set(body.decode().partition(" :")[2].strip()) == {"🦊"}


def test_it_has_nothing_to_say_of_its_own_and_answers_pings() -> None:
    wire = IrcWire()
    assert wire.answer() == b""
    assert wire.answers_pings
