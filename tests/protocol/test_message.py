import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanchat.errors import InvalidUtf8, LineTooLong, ProtocolError
from lanchat.protocol.message import (
    Message,
    fits,
    format_body,
    format_message,
    format_tags,
    parse_message,
    parse_tags,
)

# ---- Reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "command", "params"),
    [
        (":irc.example.com CAP * LIST :", "CAP", ("*", "LIST", "")),
        ("CAP * LS :multi-prefix sasl", "CAP", ("*", "LS", "multi-prefix sasl")),
        ("CAP REQ :sasl message-tags foo", "CAP", ("REQ", "sasl message-tags foo")),
        (":dan!d@localhost PRIVMSG #chan :Hey!", "PRIVMSG", ("#chan", "Hey!")),
        (":dan!d@localhost PRIVMSG #chan Hey!", "PRIVMSG", ("#chan", "Hey!")),
        (":dan!d@localhost PRIVMSG #chan ::-)", "PRIVMSG", ("#chan", ":-)")),
        ("PING", "PING", ()),
        ("PING :", "PING", ("",)),
        ("PRIVMSG #a :a :b", "PRIVMSG", ("#a", "a :b")),
        ("PRIVMSG #a b:c", "PRIVMSG", ("#a", "b:c")),
    ],
)
def test_parameters_are_read_as_the_standard_shows_them(line: str, command: str, params: tuple[str, ...]) -> None:
    """Modern, "Parameters": "a trailing parameter […] has the same semantics as any other parameter"."""
    message = parse_message(line.encode())
    assert (message.command, message.params) == (command, params)


def test_parts_may_be_parted_by_several_spaces() -> None:
    """Modern, "Message Format": parts "are separated by one or more ASCII SPACE characters"."""
    message = parse_message(b"@a=b   :nick!u@h   KICK   #a  bob   :for  you ")
    assert message == Message("KICK", ("#a", "bob", "for  you "), "nick!u@h", {"a": "b"})


def test_a_command_comes_back_in_capitals() -> None:
    assert parse_message(b"privmsg #a b").command == "PRIVMSG"


def test_the_fifteenth_parameter_takes_all_that_is_left() -> None:
    """RFC 1459, section 2.3: "there are (maximum) 15 [parameters]"; section 2.3.1: the last is "trailing"."""
    line = "X " + " ".join(map(str, range(1, 15))) + " 15 and :more"
    assert parse_message(line.encode()).params == (*map(str, range(1, 15)), "15 and :more")


def test_a_trailing_parameter_before_the_fifteenth_is_one() -> None:
    line = "X " + " ".join(map(str, range(1, 13))) + " :13 14 15 16"
    assert parse_message(line.encode()).params == (*map(str, range(1, 13)), "13 14 15 16")


@pytest.mark.parametrize("line", [b" ", b":source", b":source ", b"@tag", b"@tag ", b"@tag :source ", b" :x"])
def test_a_line_without_a_command_is_an_error(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_message(line)


@pytest.mark.parametrize("line", [b"PING a\0b", b"PING a\rb", b"PING a\nb", b"@a=\0 PING"])
def test_nul_cr_and_lf_inside_a_line_are_errors(line: bytes) -> None:
    """Modern, "Parameters": "any characters except NUL, CR, LF"."""
    with pytest.raises(ProtocolError):
        parse_message(line)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("id=123AB;rose", {"id": "123AB", "rose": ""}),
        ("url=;netsplit=tur,ty", {"url": "", "netsplit": "tur,ty"}),
        (r"+example=raw+:=,escaped\:\s\\", {"+example": r"raw+:=,escaped; " + "\\"}),
        (r"a=\r\n;b=test\;c=\b", {"a": "\r\n", "b": "test", "c": "b"}),
        ("a=1;a=2", {"a": "2"}),
        ("a==b", {"a": "=b"}),
        (";;=x;", {}),
    ],
)
def test_tags_are_read_as_the_standard_shows_them(text: str, tags: dict[str, str]) -> None:
    r"""IRCv3 message-tags, "Escaping values": "`test\` should unescape to `test`", `\b` "to just `b`"."""
    assert parse_tags(text) == tags


def test_tags_have_4096_bytes_of_their_own() -> None:
    """IRCv3 message-tags, "Size limit": "<client_max> (4096) :: '@' <tag_data 4094> ' '", all tags counted."""
    tags = b"@foo=bar;+baz=" + b"a" * (4096 - len("@foo=bar;+baz= ")) + b" "
    assert len(tags) == 4096
    assert parse_message(tags + b"x" * 510).tags["foo"] == "bar"
    with pytest.raises(LineTooLong):
        parse_message(b"@a" + tags[1:] + b"PING")


def test_a_server_may_send_8191_bytes_of_tags() -> None:
    """IRCv3 message-tags, "Size limit": "<combined_max> (8191)"."""
    tags = b"@a=" + b"b" * (8191 - 4) + b" "
    assert parse_message(tags + b"PING", 8191).command == "PING"
    with pytest.raises(LineTooLong):
        parse_message(b"@c" + tags[1:] + b"PING", 8191)


def test_the_rest_of_a_line_has_512_bytes_with_its_end() -> None:
    """Modern, "Message Format": "512 bytes in length, including the trailing CR-LF characters"."""
    assert parse_message(b"PING " + b"x" * 505).command == "PING"
    with pytest.raises(LineTooLong):
        parse_message(b"PING " + b"x" * 506)
    with pytest.raises(LineTooLong):
        parse_message(b"@a=b PING " + b"x" * 506)


@pytest.mark.parametrize(
    ("line", "command", "label"),
    [
        (b"PRIVMSG #a :\xaa", "PRIVMSG", ""),
        (b"@label=xyz privmsg #a :\xaa", "PRIVMSG", "xyz"),
        (b":a!b@c NOTICE #a :\xaa", "NOTICE", ""),
        (b"\xaa\xab", "*", ""),
        (b"@label=\xaa;a=b PING x", "PING", ""),
        (b"@label=\xaa", "*", ""),
        (b"@a=b;label=ok;c=\xaa PING", "PING", "ok"),
    ],
)
def test_invalid_utf8_is_told_with_its_command_and_label(line: bytes, command: str, label: str) -> None:
    """IRCv3 utf8-only: "If the server is unable to parse the sent command then it MAY send […] `*`"."""
    with pytest.raises(InvalidUtf8) as caught:
        parse_message(line)
    assert (caught.value.command, caught.value.label) == (command, label)


@given(st.binary(max_size=700))
@example(b"@")
@example(b"@ ")
@example(b": :")
def test_no_bytes_raise_anything_but_a_protocol_error(line: bytes) -> None:
    try:
        message = parse_message(line)
    except ProtocolError:
        return
    assert message.command
    assert len(message.params) <= 15


# ---- Writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (Message("PING"), "PING"),
        (Message("PING", ("a",)), "PING :a"),
        (Message("353", ("bob", "=", "#a", "bob")), "353 bob = #a :bob"),
        (Message("KICK", ("#a", "bob", "bye")), "KICK #a bob :bye"),
        (Message("PART", ("#a",)), "PART #a"),
        (Message("PING", ("",)), "PING :"),
        (Message("PING", (":a",)), "PING ::a"),
        (Message("001", ("bob", "Welcome to it"), "host"), ":host 001 bob :Welcome to it"),
        (Message("PRIVMSG", ("#a", "one"), "n!u@h"), ":n!u@h PRIVMSG #a :one"),
        (Message("QUIT", ("one",), "n!u@h"), ":n!u@h QUIT :one"),
    ],
)
def test_a_last_parameter_bears_a_colon_where_it_must_or_is_free_text(message: Message, line: str) -> None:
    """Modern, "Parameters": those "that contain spaces, are empty, or begin with a ':' […] MUST be sent with" one."""
    assert format_body(message) == line


@pytest.mark.parametrize("params", [("a b", "c"), ("", "c"), (":a", "c"), ("a\nb",), ("a\rb", "c"), ("a\0",)])
def test_what_no_line_can_tell_is_an_error(params: tuple[str, ...]) -> None:
    with pytest.raises(ProtocolError):
        format_body(Message("X", params))


def test_tags_are_escaped_and_empty_values_left_away() -> None:
    """IRCv3 message-tags, "Escaping values"; "MAY normalise tag values by converting the empty form to the missing"."""
    assert format_tags({"a": "; \\\r\n", "b": ""}) == r"@a=\:\s\\\r\n;b "
    assert format_tags({}) == ""


TAG_KEYS = st.from_regex(r"\A\+?([a-z.]{1,9}/)?[a-zA-Z0-9-]{1,12}\Z")
TAG_VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n "), min_size=1, max_size=12).filter(
    lambda word: word[0] != ":"
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=30)


@given(
    command=st.from_regex(r"\A([A-Z]{1,12}|[0-9]{3})\Z"),
    middle=st.lists(WORDS, max_size=14),
    last=st.none() | TEXTS,
    source=st.just("") | WORDS,
    tags=st.dictionaries(TAG_KEYS, TAG_VALUES, max_size=4),
)
def test_what_is_written_is_read_back(
    command: str, middle: list[str], last: str | None, source: str, tags: dict[str, str]
) -> None:
    message = Message(command, (*middle, *([] if last is None else [last])), source, tags)
    line = format_message(message)
    assert line.endswith(b"\r\n")
    if fits(message):
        assert parse_message(line[:-2], 8191) == message
    else:
        with pytest.raises(LineTooLong):
            parse_message(line[:-2], 8191)


def test_fits_knows_both_limits() -> None:
    assert fits(Message("X", ("a" * 508,)))
    assert not fits(Message("X", ("a" * 509,)))
    assert fits(Message("X", (), "", {"a": "b" * (8191 - 4)}))
    assert not fits(Message("X", (), "", {"a": "b" * (8191 - 3)}))


def test_the_nick_of_a_message_is_that_of_its_source() -> None:
    assert Message("X", (), "zoé!~z@10.0.0.1").nick == "zoé"
    assert Message("X", (), "host").nick == "host"
