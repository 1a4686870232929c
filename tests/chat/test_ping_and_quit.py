import pytest

from lanchat.limits import MAX_LINE_BYTES
from tests.chat.rig import SERVER, Rig


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("PING abcdef", ("PONG", SERVER, "abcdef")),
        ("PING :two words", ("PONG", SERVER, "two words")),
        ("PING :", ("PONG", SERVER, "")),
        ("PING ::-)", ("PONG", SERVER, ":-)")),
        ("PING", ("409", "foo", "No origin given")),
    ],
)
def test_a_ping_is_answered_with_its_token(line: str, answer: tuple[str, ...]) -> None:
    """Modern, "PING message": "must reply to it with a PONG message with the same <token> value"."""
    assert Rig().client("foo").numerics(line) == [answer]


def test_a_ping_is_answered_before_registration_too() -> None:
    """Modern, "PING message": "during connection registration, […] servers may accept it"."""
    assert Rig().client().numerics("PING x") == [("PONG", SERVER, "x")]


def test_the_longest_ping_is_answered_though_its_token_is_cut() -> None:
    answer = Rig().client("foo").numerics("PING " + "x" * 505)[0]
    assert answer[:2] == ("PONG", SERVER)
    assert len(answer[2]) >= 450


def test_a_pong_is_heard_and_not_answered() -> None:
    """Modern, "PONG message": "Numeric Replies: None"."""
    assert Rig().client("foo").numerics("PONG x", "PONG", "PONG a b") == []


def test_answers_keep_the_order_of_what_was_asked() -> None:
    """The profile: "replies in strict order: PING/PONG is everybody's barrier"."""
    answers = Rig().client("foo").numerics("PING 1", "JOIN #a", "PING 2", "PRIVMSG nobody :x", "PING 3")
    assert [command for command, *_ in answers] == ["PONG", "JOIN", "353", "366", "PONG", "401", "PONG"]


# ---- QUIT ------------------------------------------------------------------------------------------------------------


def test_quit_is_acknowledged_with_error_and_the_end() -> None:
    """Modern, "QUIT message": "by replying with an ERROR message and closing the connection to the client"."""
    foo = Rig().client("foo")
    assert foo.numerics("QUIT :qux out") == [("ERROR", "Closing link: (10.0.0.9) Quit: qux out")]
    assert foo.is_closed


def test_others_are_told_who_quit_and_that_it_was_their_wish() -> None:
    """Modern, "QUIT message": "servers SHOULD prepend <reason> with the ASCII string "Quit: ""."""
    rig = Rig()
    foo, bar, baz = rig.client("foo"), rig.client("bar"), rig.client("baz")
    for client in (foo, bar):
        client.send("JOIN #a,#b")
    bar.lines()
    foo.send("QUIT :gone")
    assert bar.lines() == [":foo!~username@10.0.0.9 QUIT :Quit: gone"]
    assert baz.lines() == []


def test_of_a_long_last_word_others_hear_what_a_line_has_space_for() -> None:
    """A QUIT cannot go on in a second one. What the line that is sent has no space for is cut, in the ERROR as well."""
    rig = Rig()
    foo, bar = rig.client("foo"), rig.client("bar")
    for client in (foo, bar):
        client.send("JOIN #a")
    bar.lines()
    foo.read()
    foo.send("QUIT :" + "x" * 504)
    heard, told = bar.raw, foo.raw
    assert heard == b":foo!~username@10.0.0.9 QUIT :Quit: " + b"x" * 474 + b"\r\n"
    assert len(heard) <= MAX_LINE_BYTES
    assert len(told) <= MAX_LINE_BYTES


def test_a_quit_without_reason_says_just_that() -> None:
    """Modern, "QUIT message": "in which case the reason sent to other clients SHOULD be just this "Quit: " string"."""
    rig = Rig()
    foo, bar = rig.client("foo"), rig.client("bar")
    for client in (foo, bar):
        client.send("JOIN #a")
    bar.lines()
    foo.send("QUIT")
    assert bar.lines() == [":foo!~username@10.0.0.9 QUIT :Quit: "]


def test_a_lost_connection_is_told_with_its_reason() -> None:
    """Modern, "QUIT message": "Servers MUST fill <reason> with a message reflecting the nature of the event"."""
    rig = Rig()
    foo, bar = rig.client("foo"), rig.client("bar")
    for client in (foo, bar):
        client.send("JOIN #a")
    bar.lines()
    foo.drop("Connection reset by peer")
    assert bar.lines() == [":foo!~username@10.0.0.9 QUIT :Connection reset by peer"]


def test_quit_before_registration_is_answered_and_closed_too() -> None:
    """The profile: "QUIT before registering: ERROR, and closed at once"."""
    client = Rig().client()
    assert client.numerics("QUIT :chkport") == [("ERROR", "Closing link: (10.0.0.9) Quit: chkport")]
    assert client.is_closed


def test_after_the_end_nothing_is_carried_out() -> None:
    rig = Rig()
    foo, bar = rig.client("foo"), rig.client("bar")
    foo.send("QUIT", "PRIVMSG bar :still here")
    assert bar.lines() == []
    assert rig.chat.handle(foo.session, bar.session.wire.receive(b"PING x\n")[0], rig.now) == []
