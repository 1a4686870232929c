import re

import pytest

from tests.chat.rig import SERVER, Client, Rig

CAPS = "echo-message batch labeled-response"
TAGGED = CAPS + " message-tags"
REACTION = "+draft/reply=123;+draft/react=l😃l"


def in_channel(rig: Rig, *clients: Client) -> None:
    for client in clients:
        client.ask("JOIN #test")
    for client in clients:
        client.lines()


def test_one_reply_bears_the_label() -> None:
    """IRCv3 labeled-response: "the server MUST include the same tag and value in any response produced"."""
    foo = Rig().client("foo", caps=CAPS)
    foo.send("@label=98765 PING adhoctestline")
    assert foo.lines() == [f"@label=98765 :{SERVER} PONG {SERVER} :adhoctestline"]


def test_an_error_bears_the_label() -> None:
    """IRCv3 labeled-response, "Examples": "Failed PRIVMSG with ERR_NOSUCHNICK"."""
    foo = Rig().client("foo", caps=CAPS)
    answer = foo.ask("@label=dc11f13f11 PRIVMSG nick :Hello")[0]
    assert (answer.command, answer.tags) == ("401", {"label": "dc11f13f11"})
    answer = foo.ask("@label=deadbeef NONEXISTENT_COMMAND")[0]
    assert (answer.command, answer.tags) == ("421", {"label": "deadbeef"})


@pytest.mark.parametrize("line", ["PONG x", "CAP END", "NOTICE nobody :hi", "PRIVMSG bar :hi", "TAGMSG bar", "AWAY"])
def test_where_there_is_nothing_to_answer_it_is_acknowledged(line: str) -> None:
    """IRCv3 labeled-response, "The ACK response": to "a labeled command that normally produces no response"."""
    rig = Rig()
    rig.client("bar")
    foo = rig.client("foo", caps="batch labeled-response")
    foo.send(f"@label=abc {line}")
    expected = "305 foo :You are no longer marked as being away" if line == "AWAY" else "ACK"
    assert foo.lines() == [f"@label=abc :{SERVER} {expected}"]


def test_several_replies_stand_in_a_batch_that_bears_the_label() -> None:
    """IRCv3 labeled-response: "a batch MUST be used to group them into a single logical response"."""
    foo = Rig().client("foo", caps=CAPS)
    first, *inner, last = foo.ask("@label=mGhe5V7RTV WHOIS foo")
    assert first.command == "BATCH"
    assert first.tags == {"label": "mGhe5V7RTV"}
    sign, kind = first.params
    assert kind == "labeled-response"
    assert re.fullmatch(r"\+[A-Za-z0-9-]+", sign)
    assert len(inner) >= 3
    assert all(message.tags == {"batch": sign[1:]} for message in inner)
    assert (last.command, last.params, last.tags) == ("BATCH", ("-" + sign[1:],), {})


def test_one_s_own_join_is_part_of_the_answer() -> None:
    rig = Rig()
    foo = rig.client("foo", caps=f"{TAGGED} server-time")
    first, *inner, last = foo.ask("@label=12345 JOIN #xyz")
    batch = first.params[0][1:]
    assert first.params == (f"+{batch}", "labeled-response")
    assert first.tags["label"] == "12345"
    assert [message.command for message in inner] == ["JOIN", "353", "366"]
    assert all(message.tags["batch"] == batch and "label" not in message.tags for message in inner)
    assert last.params == (f"-{batch}",)


def test_errors_and_successes_of_one_command_stand_in_one_batch() -> None:
    foo = Rig().client("foo", caps=CAPS)
    first, *inner, last = foo.ask("@label=label1 JOIN #valid,inv@lid:x")
    assert first.tags == {"label": "label1"}
    assert last.params == ("-" + first.params[0][1:],)
    assert {message.command for message in inner} == {"JOIN", "353", "366", "403"}


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
@pytest.mark.parametrize("target", ["bar", "#test"])
def test_an_echo_bears_the_label_and_what_others_get_does_not(command: str, target: str) -> None:
    """IRCv3 labeled-response, "Examples": "Server: @label=pQraCjj82e :nick!user@host PRIVMSG #channel :Hello!"."""
    rig = Rig()
    foo, bar = rig.client("foo", caps=CAPS), rig.client("bar", caps=CAPS)
    in_channel(rig, foo, bar)
    foo.send(f"@label=12345;{REACTION} {command} {target} :hi")
    assert foo.lines() == [f"@label=12345 :foo!~username@10.0.0.9 {command} {target} :hi"]
    assert bar.lines() == [f":foo!~username@10.0.0.9 {command} {target} :hi"]


def test_echoes_of_several_targets_stand_in_a_batch() -> None:
    rig = Rig()
    foo = rig.client("foo", caps=CAPS)
    others = [rig.client(nick, caps=CAPS) for nick in ("bar", "carl", "alice")]
    first, *inner, _ = foo.ask("@label=12345 PRIVMSG bar,carl,alice :hi")
    assert first.tags == {"label": "12345"}
    assert [message.params[0] for message in inner] == ["bar", "carl", "alice"]
    assert [other.lines() for other in others] == [
        [f":foo!~username@10.0.0.9 PRIVMSG {nick} :hi"] for nick in ("bar", "carl", "alice")
    ]


@pytest.mark.parametrize("line", ["PRIVMSG foo :hi", "NOTICE foo :hi", "TAGMSG foo"])
def test_of_a_message_to_oneself_the_echo_alone_bears_the_label(line: str) -> None:
    """IRCv3 labeled-response: "the server MUST NOT include the label tag, except for any acknowledgment"."""
    foo = Rig().client("foo", caps=TAGGED)
    messages = foo.ask(f"@label=12345;{REACTION} {line}")
    assert [message.command for message in messages] == [line.split()[0]] * 2
    assert [message.tags.get("label") for message in messages] == [None, "12345"]
    assert messages[0].tags["msgid"] == messages[1].tags["msgid"]


@pytest.mark.parametrize("target", ["bar", "#test"])
def test_a_labelled_tagmsg_is_echoed_with_its_tags(target: str) -> None:
    """IRCv3 message-tags, "Examples": "S-C1: @label=123;msgid=abc;+example-client-tag=example-value"."""
    rig = Rig()
    foo, bar = rig.client("foo", caps=TAGGED), rig.client("bar", caps=TAGGED)
    in_channel(rig, foo, bar)
    (echo,) = foo.ask(f"@label=12345;{REACTION} TAGMSG {target}")
    (heard,) = bar.read()
    client_tags = {"+draft/reply": "123", "+draft/react": "l😃l"}
    assert echo.tags == {"label": "12345", "msgid": heard.tags["msgid"], **client_tags}
    assert heard.tags == {"msgid": echo.tags["msgid"], **client_tags}


def test_a_label_is_opaque() -> None:
    r"""IRCv3 labeled-response, "Tag value": "MUST be treated as an opaque identifier"."""
    foo = Rig().client("foo", caps=CAPS)
    assert foo.ask(r"@label=a\sb\:c\\d=é PING x")[0].tags == {"label": r"a b;c\d=é"}


@pytest.mark.parametrize("label", ["x" * 65, "é" * 33, ""])
def test_a_label_that_is_too_long_or_empty_is_none(label: str) -> None:
    """IRCv3 labeled-response: a "required value" that "MUST NOT exceed 64 bytes"."""
    foo = Rig().client("foo", caps=CAPS)
    assert foo.ask(f"@label={label} PING x")[0].tags == {}
    assert foo.ask(f"@label={'é' * 32} PING x")[0].tags == {"label": "é" * 32}


def test_without_the_capability_a_label_is_nothing() -> None:
    foo = Rig().client("foo", caps="message-tags batch")
    assert foo.ask("@label=1 PING x")[0].tags == {}
    assert foo.ask("@label=1 PONG x") == []


def test_without_batch_one_reply_is_labelled_and_several_are_told_as_they_are() -> None:
    """IRCv3 labeled-response, "Dependencies": batch "MUST be negotiated to use labeled responses"."""
    foo = Rig().client("foo", caps="labeled-response")
    foo.send("@label=1 PING x", "@label=2 NAMES #none", "@label=3 WHOIS foo")
    lines = foo.lines()
    assert lines[:2] == [
        f"@label=1 :{SERVER} PONG {SERVER} :x",
        f"@label=2 :{SERVER} 366 foo #none :End of names",
    ]
    assert all(line.startswith(f":{SERVER} 3") for line in lines[2:])


def test_before_registration_labels_are_answered_too() -> None:
    client = Rig().client()
    client.ask("CAP REQ :batch labeled-response")
    first, *_ = client.ask("@label=1 CAP LIST", "@label=2 NICK *")
    assert first.tags == {"label": "1"}


def test_the_last_words_bear_the_label() -> None:
    foo = Rig().client("foo", caps=CAPS)
    assert foo.ask("@label=1 QUIT")[0].tags == {"label": "1"}
    assert foo.is_closed


def test_a_label_within_an_answer_does_not_end_up_in_the_history() -> None:
    rig = Rig()
    bob = rig.client("bob")
    in_channel(rig, bob)
    bob.ask("PRIVMSG #test :hi")
    half = rig.client("half", caps="labeled-response server-time message-tags")
    half.ask("@label=1 JOIN #test")
    late = rig.client("late", caps="labeled-response server-time message-tags")
    assert not any("label" in message.tags for message in late.ask("JOIN #test"))


def test_a_batch_within_an_answer_is_nested_in_it() -> None:
    """IRCv3 batch: start and end "MAY refer to another batch. If they do, they both MUST have batch tag"."""
    rig = Rig()
    bob = rig.client("bob")
    in_channel(rig, bob)
    bob.ask("PRIVMSG #test :hi")
    foo = rig.client("foo", caps=f"{CAPS} server-time")
    outer, *inner, end = foo.ask("@label=1 JOIN #test")
    start, message, stop = [m for m in inner if m.command == "BATCH" or m.command == "PRIVMSG"]
    assert outer.params[1] == "labeled-response"
    assert start.params[1:] == ("chathistory", "#test")
    assert start.tags["batch"] == stop.tags["batch"] == outer.params[0][1:]
    assert message.tags["batch"] == start.params[0][1:]
    assert stop.params == ("-" + start.params[0][1:],)
    assert end.params == ("-" + outer.params[0][1:],)


def test_a_label_inside_a_multi_line_message_is_not_answered_by_itself() -> None:
    """IRCv3 multiline, "Message tags": no "tags other than draft/multiline-concat and batch" within the batch."""
    rig = Rig()
    foo = rig.client("foo", caps=f"{TAGGED} draft/multiline")
    in_channel(rig, foo)
    foo.send("@label=out BATCH +1 draft/multiline #test", "@batch=1;label=in PRIVMSG #test :a")
    assert foo.lines() == []
    first, *_ = foo.ask("BATCH -1")
    assert first.tags["label"] == "out"


def test_where_the_batch_has_no_label_that_of_its_end_is_taken() -> None:
    rig = Rig()
    foo = rig.client("foo", caps=f"{TAGGED} draft/multiline")
    in_channel(rig, foo)
    foo.ask("BATCH +1 draft/multiline #test", "@batch=1 PRIVMSG #test :a")
    assert foo.ask("@label=end BATCH -1")[0].tags["label"] == "end"
