from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.errors import LineTooLong, ProtocolError
from lanchat.protocol.irc_wire import Wire
from lanchat.protocol.message import Message, fits, parse_message
from lanchat.protocol.plain_wire import PlainWire
from tests.protocol.chunks import bytewise, cut, fed

SIGN_ON = [Message("NICK", ("Zoé",)), Message("USER", ("Zoé", "0", "*", "Zoé")), Message("JOIN", ("#Line-3",))]
BYTES = "hello\r\nZoé\r\nhi all\r\n\r\n/me waves\n//path\r\n/nick Maria López\r\n/names\r\n/que?\r\n\\q\r\nre".encode()
TALK = [
    Message("PRIVMSG", ("#Line-3", "hi all")),
    Message("PRIVMSG", ("#Line-3", "\x01ACTION waves\x01")),
    Message("PRIVMSG", ("#Line-3", "/path")),
    Message("NICK", ("Maria_López",)),
    Message("NAMES", ("#Line-3",)),
    Message("QUIT"),
]


def wire(*, is_password_needed: bool = False) -> PlainWire:
    return PlainWire("Line 3", "#Line-3", is_password_needed=is_password_needed)


def named(name: str = "Zoé") -> PlainWire:
    """Return a wire of somebody who has given a name and was welcomed."""
    plain = wire()
    plain.receive(f"hi\n{name}\n".encode())
    plain.encode(Message("001", (name, "Welcome"), "host"))
    plain.answer()
    return plain


def shown(plain: PlainWire, line: str) -> str:
    return plain.encode(parse_message(line.encode())).decode()


# ---- Reading ---------------------------------------------------------------------------------------------------------


def test_the_first_line_is_answered_with_the_question_for_a_name() -> None:
    plain = wire()
    assert plain.receive(b"hello\r\n") == []
    assert plain.answer() == b"This is the room Line 3. What is your name?\r\n"
    assert plain.answer() == b""


@pytest.mark.parametrize("knock", [b"\n", b"\r\n", b"\xff\xfb\x18\r\n", b" \n"])
def test_enter_alone_is_answered_with_it_too_and_only_once(knock: bytes) -> None:
    plain = wire()
    assert fed(plain.receive, bytewise(knock + b"\r\n")) == []
    assert plain.answer() == b"This is the room Line 3. What is your name?\r\n"
    assert plain.receive("Zoé\n".encode()) == SIGN_ON


def test_a_greeting_asks_without_having_heard_anything() -> None:
    plain = wire()
    plain.greet()
    assert b"What is your name?" in plain.answer()
    assert plain.receive("Zoé\n".encode()) == SIGN_ON


def test_what_people_type_becomes_messages() -> None:
    assert wire().receive(BYTES) == [*SIGN_ON, *TALK]


def test_it_is_the_same_byte_by_byte() -> None:
    assert fed(wire().receive, bytewise(BYTES)) == [*SIGN_ON, *TALK]


@given(st.binary(max_size=200).flatmap(lambda data: st.tuples(st.just(data), cut(data))))
def test_no_bytes_raise_and_what_is_read_is_fit_for_a_line(cuts: tuple[bytes, list[bytes]]) -> None:
    for message in fed(named().receive, cuts[1]):
        assert isinstance(message, Message)
        assert fits(message)


@pytest.mark.parametrize(
    "negotiation", [b"\xff\xfd\x03", b"\xff\xfb\x18", b"\xff\xfa\x18\x00xterm\xff\xf0", b"\xff\xf1"]
)
def test_what_telnet_negotiates_is_not_said(negotiation: bytes) -> None:
    """RFC 854: a command is IAC (255) and a byte, or three bytes for options; RFC 855: IAC SB … IAC SE."""
    plain = named()
    assert plain.receive(negotiation + b"hi\r\n") == [Message("PRIVMSG", ("#Line-3", "hi"))]
    assert fed(plain.receive, bytewise(negotiation + b"hi\r\n")) == [Message("PRIVMSG", ("#Line-3", "hi"))]


def test_old_terminals_speak_their_own_charset() -> None:
    assert named().receive(b"caf\xe9\r\n") == [Message("PRIVMSG", ("#Line-3", "café"))]


def test_a_long_line_is_said_in_parts_that_lose_nothing() -> None:
    parts = named().receive(("é" * 1000 + "\n").encode())
    assert "".join(_text(parts)) == "é" * 1000
    assert all(len(text.encode()) <= 350 for text in _text(parts))


def test_a_long_line_is_cut_between_words_and_keeps_its_spaces() -> None:
    line = "    " + "Press 4 is back. " * 60
    texts = _text(named().receive(line.encode() + b"\n"))
    assert "".join(texts) == line.rstrip()
    assert all(text.endswith(" ") for text in texts[:-1])
    assert not any(text.startswith(" ") for text in texts[1:])
    assert all(len(text.encode()) <= 350 for text in texts)
    assert len(_text(named().receive(b"/me " + line.strip().encode() + b"\n"))) == len(texts)


def test_a_word_longer_than_a_line_behind_an_indentation_is_cut_where_it_must_be() -> None:
    texts = _text(named().receive(b"  " + b"x" * 700 + b"\n"))
    assert [len(text) for text in texts] == [350, 350, 2]


@pytest.mark.parametrize(("typed", "said"), [(b"  if x:", "  if x:"), (b"\tx = 1  ", "    x = 1"), (b"a\tb", "a    b")])
def test_indentation_stays(typed: bytes, said: str) -> None:
    assert named().receive(typed + b"\r\n") == [Message("PRIVMSG", ("#Line-3", said))]


@pytest.mark.parametrize("end", [b"\r", b"\r\0", b"\n", b"\r\n"])
def test_enter_is_enter_whatever_the_terminal_sends_for_it(end: bytes) -> None:
    typed = BYTES.replace(b"\r\n", end)
    assert wire().receive(typed) == [*SIGN_ON, *TALK]
    assert fed(wire().receive, bytewise(typed)) == [*SIGN_ON, *TALK]


def test_who_writes_no_utf8_is_told_so_once() -> None:
    plain = named()
    plain.receive(b"caf\xe9\r\n")
    assert plain.answer().startswith(b"* What you typed is not UTF-8; it was read as Windows-1252.")
    plain.receive(b"caf\xe9\r\ncaf\xc3\xa9\r\n")
    assert plain.answer() == b""


def _text(messages: Sequence[Message | ProtocolError]) -> list[str]:
    return [message.params[1] for message in messages if isinstance(message, Message)]


def test_a_pause_ends_a_message_where_no_line_end_comes() -> None:
    plain = named()
    assert plain.receive(b"hi there") == []
    assert plain.receive_pause() == [Message("PRIVMSG", ("#Line-3", "hi there"))]
    assert plain.receive_pause() == []


def test_a_line_without_end_raises() -> None:
    with pytest.raises(LineTooLong):
        wire().receive(b"x" * 20_000)


def test_a_password_is_asked_for_once_the_name_is_known() -> None:
    plain = wire(is_password_needed=True)
    plain.receive(b"hello\n")
    plain.answer()
    assert plain.receive("Zoé\n".encode()) == []
    assert plain.answer() == b"This room has a password. What is it?\r\n"
    assert plain.receive(b"open sesame\n") == [Message("PASS", ("open sesame",)), *SIGN_ON]


def test_help_is_given_for_what_is_no_command() -> None:
    plain = named()
    assert plain.receive(b"/frobnicate\r\n") == []
    assert b"/nick NAME" in plain.answer()


def test_a_taken_name_is_asked_for_again() -> None:
    plain = wire()
    plain.receive("hi\nZoé\n".encode())
    assert shown(plain, ":host 433 * Zoé :This name is in use").startswith("The name Zoé is taken.")
    assert plain.receive(b"Ana\n")[0] == Message("NICK", ("Ana",))


def test_a_bad_name_is_asked_for_again() -> None:
    plain = wire()
    assert plain.receive(b"hi\n***\n")[0] == Message("NICK", ("?",))
    assert "cannot be a name" in shown(plain, ":host 432 * ? :This cannot be a name here")
    assert plain.receive(b"Ana\n")[0] == Message("NICK", ("Ana",))


def test_once_welcomed_a_refused_name_is_not_asked_for() -> None:
    plain = named()
    assert shown(plain, ":host 433 Zoé Ana :This name is in use") == "* The name Ana is taken.\r\n"
    assert plain.receive(b"hi\n") == [Message("PRIVMSG", ("#Line-3", "hi"))]


# ---- Writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (":Ana_B!a@h PRIVMSG #Line-3 :hello", "Ana B: hello\r\n"),
        (":Ana!a@h PRIVMSG Zoé :psst", "*** to you alone *** Ana: psst\r\n"),
        (":Ana!a@h PRIVMSG #Line-3 :\x01ACTION waves\x01", "* Ana waves\r\n"),
        (":Ana!a@h PRIVMSG Zoé :\x01VERSION\x01", ""),
        (":Ana!a@h NOTICE #Line-3 :look", "Ana: look\r\n"),
        (":host NOTICE Zoé :look", "* look\r\n"),
        (":Ana!a@h JOIN #Line-3", "* Ana has joined\r\n"),
        (":Ana!a@h PART #Line-3", "* Ana has left\r\n"),
        (":Ana!a@h QUIT :Quit: bye", "* Ana has left\r\n"),
        (":Ana!a@h KICK #Line-3 Bo :out", "* Bo was removed by Ana\r\n"),
        (":Ana!a@h NICK Ana_Maria", "* Ana is now Ana Maria\r\n"),
        (":Ana!a@h TOPIC #Line-3 :Press 4", "* The topic is now: Press 4\r\n"),
        (":host 332 Zoé #Line-3 :Press 4", "* The topic is: Press 4\r\n"),
        ("ERROR :Closing", "* Closing\r\n"),
        (":host 404 Zoé #Line-3 :Cannot send", "* Cannot send\r\n"),
        (":host PING host", ""),
        (":host 005 Zoé BOT=B :are supported by this server", ""),
        (":Ana!a@h TAGMSG #Line-3", ""),
        (":Ana!a@h PRIVMSG #Line-3 :\x1b[2J\x07gone\u202e", "Ana: [2Jgone\r\n"),
    ],
)
def test_a_message_reads_as_people_read(line: str, text: str) -> None:
    assert shown(named(), line) == text


def test_names_are_told_in_one_line() -> None:
    plain = named()
    assert shown(plain, ":host 353 Zoé = #Line-3 :@Ana +Bo_C") == ""
    assert shown(plain, ":host 353 Zoé = #Line-3 :Zoé") == ""
    assert shown(plain, ":host 366 Zoé #Line-3 :End of names") == "* In the room: Ana, Bo C, Zoé\r\n"


def test_a_plain_peer_has_no_capabilities_and_answers_no_pings() -> None:
    plain: Wire = wire()
    plain.adopt({"server-time"})
    assert not plain.answers_pings
    assert plain.kind == named().kind
