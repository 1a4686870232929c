import pytest

from tests.chat.rig import Client, Rig


def names(rig: Rig, *nicks: str, caps: str = "") -> list[Client]:
    return [rig.client(nick, caps=caps) for nick in nicks]


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE", "TOPIC"])
def test_text_that_is_not_utf8_is_refused_and_not_relayed(command: str) -> None:
    """IRCv3 utf8-only: "MUST NOT relay content […] containing non-UTF-8 data"; "FAIL PRIVMSG INVALID_UTF8 :[…]"."""
    rig = Rig()
    foo, bar = names(rig, "foo", "bar")
    (answer,) = foo.numerics(command.encode() + b" bar :hi\xaa")
    assert answer[:3] == ("FAIL", command, "INVALID_UTF8")
    assert len(answer) == 4
    assert bar.lines() == []
    assert foo.numerics("PING x")[0][0] == "PONG"


def test_the_label_of_a_broken_line_is_answered() -> None:
    """IRCv3 standard-replies: "SHOULD also be given a label, if one was provided by the client"."""
    foo = Rig().client("foo", caps="batch labeled-response")
    assert foo.ask(b"@label=xyz PRIVMSG bar :hi\xaa")[0].tags == {"label": "xyz"}


def test_a_command_that_cannot_be_read_is_a_star() -> None:
    """IRCv3 utf8-only: "FAIL * INVALID_UTF8 :[…]"."""
    assert Rig().client("foo").numerics(b"\xaa\xab foo")[0][:3] == ("FAIL", "*", "INVALID_UTF8")


def test_a_broken_real_name_is_refused_and_can_be_given_again() -> None:
    """IRCv3 utf8-only, "Examples": "FAIL USER INVALID_UTF8"."""
    client = Rig().client()
    assert client.numerics("NICK bar", b"USER username 0 * :i\xe8rc\xe9")[0][:3] == ("FAIL", "USER", "INVALID_UTF8")
    assert client.numerics("USER username 0 * :iércé")[0][0] == "001"


def test_names_in_any_script_are_told_as_they_were_written() -> None:
    """The profile: "UTF-8 names: allowed: Işıl, 田中, Zoé", "compared folded, shown as first written"."""
    rig = Rig()
    isil, tanaka = names(rig, "Işıl", "田中")
    isil.send("JOIN #Café", "PRIVMSG 田中 :selam")
    assert tanaka.lines() == [":Işıl!~username@10.0.0.9 PRIVMSG 田中 :selam"]
    assert ("353", "田中", "=", "#Café", "Işıl") not in tanaka.numerics("NAMES #CAFÉ")
    assert ("353", "田中", "=", "#Café", "@Işıl") in tanaka.numerics("NAMES #CAFE\u0301")


def test_a_text_that_is_cut_is_cut_between_characters() -> None:
    """IRCv3 utf8-only: "they do not do so in the middle of a UTF-8-encoded codepoint"."""
    rig = Rig()
    foo, bar = names(rig, "foo", "bar")
    foo.send("AWAY :" + "😊" * 100)
    (answer,) = bar.numerics("PRIVMSG foo :hi")
    assert answer == ("301", "bar", "foo", "😊" * 75)


# ---- Lines too long --------------------------------------------------------------------------------------------------


def test_a_line_over_512_bytes_is_refused_and_the_connection_stays() -> None:
    """Modern, "ERR_INPUTTOOLONG (417)": "the line […] exceeds the maximum"; the profile: "answer 417, never cut"."""
    foo = Rig().client("foo")
    assert foo.numerics("PING " + "x" * 506) == [("417", "foo", "Input line was too long")]
    assert foo.numerics("JOIN #a")[0] == ("JOIN", "#a")


@pytest.mark.parametrize("fill", ["x", "😊"])
@pytest.mark.parametrize("target", ["bar", "#a"])
def test_a_text_is_relayed_whole_if_need_be_in_two_lines(fill: str, target: str) -> None:
    """Every line of at most 512 bytes is delivered, also one that has no space for its sender's name before it."""
    rig = Rig()
    foo, bar = names(rig, "foo", "bar")
    for client in (foo, bar):
        client.ask("JOIN #a")
    head = f":foo!~username@10.0.0.9 PRIVMSG {target} :"
    room = 510 - len(head)
    text = fill * (room // len(fill.encode()))
    text += "x" * (room - len(text.encode()))
    foo.lines()
    bar.lines()
    assert foo.ask(f"PRIVMSG {target} :{text}") == []
    assert bar.lines() == [head + text]
    assert foo.ask(f"PRIVMSG {target} :{text}x") == []
    first, second = bar.lines()
    assert first.startswith(head)
    assert first.removeprefix(head) + second.removeprefix(head) == text + "x"


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_the_longest_line_there_is_arrives(command: str) -> None:
    rig = Rig()
    foo, bar = names(rig, "foo", "bar")
    said = ("word " * 200)[: 510 - len(f"{command} bar :")]
    assert foo.ask(f"{command} bar :{said}") == []
    parts = [message.params[1] for message in bar.read()]
    assert "".join(parts) == said
    assert parts[0].endswith(" "), "it is cut between words"
    assert foo.numerics(f"{command} bar :{said}x")[0][0] == "417", "longer ones are none"


def test_a_long_action_goes_on_as_an_action() -> None:
    rig = Rig()
    foo, bar = names(rig, "foo", "bar")
    assert foo.ask("PRIVMSG bar :\x01ACTION " + "waves " * 79 + "\x01") == []
    parts = [message.params[1] for message in bar.read()]
    assert len(parts) == 2
    assert all(part.startswith("\x01ACTION waves") and part.endswith("\x01") for part in parts)


@pytest.mark.parametrize("line", [b" ", b":source", b"@tag ", b""])
def test_what_is_no_message_is_passed_over(line: bytes) -> None:
    """Modern, "Message Format": "If you encounter an empty message, silently ignore it."."""
    assert Rig().client("foo").ask(line) == []


def test_more_than_fifteen_parameters_are_read() -> None:
    """RFC 1459, section 2.3.1: the fifteenth parameter is what is left."""
    foo = Rig().client("foo")
    assert foo.numerics("PING " + " ".join("abcdefghijklmnopqr"))[0][2] == "a"


# ---- Standard replies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("caps", ["", "standard-replies"])
def test_standard_replies_are_given_with_and_without_the_capability(caps: str) -> None:
    """IRCv3 standard-replies: the capability is for those not "enabled by a specific specification"."""
    foo = Rig().client("foo", caps=caps)
    (answer,) = foo.ask("MARKREAD")
    assert answer.command == "FAIL"
    assert answer.params[:2] == ("MARKREAD", "NEED_MORE_PARAMS")
    assert " " in answer.params[-1]


# ---- Told where the person looks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"PRIVMSG #chan :caf\xe9", "Your message was not sent: it is not UTF-8."),
        (b"NOTICE #CHAN :caf\xe9", "Your message was not sent: it is not UTF-8."),
        (b":me TOPIC #chan :caf\xe9", "Your message was not sent: it is not UTF-8."),
        (b"PRIVMSG #chan :" + b"x" * 600, "Your message was not sent: it is too long for one line."),
        (b"PRIVMSG #chan :a\rb", "Your line was not read: it has a CR or NUL inside."),
    ],
)
def test_what_was_refused_is_told_in_the_channel_it_was_for(line: bytes, words: str) -> None:
    """irssi, HexChat and WeeChat know no FAIL, and show it, as they do 417, in the server's window."""
    zoe, ana = Rig().channel("#chan", "zoe", "ana")
    *_, told = zoe.numerics(line)
    assert told[:2] == ("NOTICE", "#chan")
    assert told[2].startswith(words)
    assert ana.lines() == []


def test_nothing_is_told_in_a_channel_to_who_is_not_in_it_or_knows_a_fail() -> None:
    rig = Rig()
    rig.channel("#chan", "zoe")
    assert [answer[0] for answer in rig.client("eve").numerics(b"PRIVMSG #chan :caf\xe9")] == ["FAIL"]
    knowing = rig.client("kai", caps="standard-replies")
    knowing.numerics("JOIN #chan")
    assert [answer[0] for answer in knowing.numerics(b"PRIVMSG #chan :caf\xe9")] == ["FAIL"]


@pytest.mark.parametrize("line", [b"PING a\rb", b"PING a\0b"])
def test_a_line_end_inside_a_line_is_answered(line: bytes) -> None:
    ((command, nick, text),) = Rig().client("foo").numerics(line)
    assert (command, nick) == ("NOTICE", "foo")
    assert text == "Your line was not read: it has a CR or NUL inside. Lines end with CR LF"
