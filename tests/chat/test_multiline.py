import pytest

from lanchat.chat.state.settings import Room
from lanchat.protocol.message import Message
from tests.chat.rig import Client, Rig

BASE = "message-tags batch echo-message server-time labeled-response"
CAPS = f"{BASE} draft/multiline"
CONCAT = "draft/multiline-concat"
NOW = "2023-11-14T22:13:20.000Z"


def in_test(rig: Rig, **caps: str) -> list[Client]:
    """Return clients by their nicks, with these capabilities, all in #test."""
    clients = [rig.client(nick, caps=words) for nick, words in caps.items()]
    for client in clients:
        client.ask("JOIN #test")
    for client in clients:
        client.lines()
    return clients


def batch(*texts: str, target: str = "#test", command: str = "PRIVMSG", tags: str = "") -> list[str]:
    """Return the lines that send a message of these lines; one that begins with "+" goes on in the one before."""
    lines = [f"{'@' + tags + ' ' if tags else ''}BATCH +123 draft/multiline {target}"]
    for text in texts:
        concat = f";{CONCAT}" if text.startswith("+") else ""
        lines.append(f"@batch=123{concat} {command} {target} :{text.removeprefix('+')}")
    return [*lines, "BATCH -123"]


def combined(messages: list[Message]) -> str:
    """Return the text of a batch. IRCv3 multiline: "joined by a single line feed […] unless" concat."""
    text = ""
    for index, message in enumerate(messages[1:-1]):
        text += ("" if CONCAT in message.tags or not index else "\n") + message.params[1]
    return text


# ---- As one message --------------------------------------------------------------------------------------------------


def test_a_message_of_several_lines_is_relayed_and_echoed_as_one() -> None:
    """IRCv3 multiline, "Labeled response": the label "on the opening BATCH command"; so is the msgid."""
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    echo = alice.ask(*batch("hello", "how is ", "+everyone?", tags="label=xyz"))
    heard = bob.read()
    for start, *inner, end in (echo, heard):
        assert (start.command, start.params[1:]) == ("BATCH", ("draft/multiline", "#test"))
        reference = start.params[0][1:]
        assert [message.params for message in inner] == [
            ("#test", "hello"),
            ("#test", "how is "),
            ("#test", "everyone?"),
        ]
        assert [message.tags for message in inner] == [
            {"batch": reference},
            {"batch": reference},
            {"batch": reference, CONCAT: ""},
        ]
        assert (end.command, end.params) == ("BATCH", (f"-{reference}",))
        assert {message.source for message in (start, *inner)} == {"alice!~username@10.0.0.9"}
    msgid = heard[0].tags["msgid"]
    assert heard[0].tags == {"time": NOW, "msgid": msgid}
    assert echo[0].tags == {"time": NOW, "msgid": msgid, "label": "xyz"}
    assert combined(heard) == "hello\nhow is everyone?"


def test_nothing_is_heard_before_the_batch_is_whole() -> None:
    """IRCv3 multiline: "implementations MUST […] wait until the full batch has been received before processing"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    *lines, end = batch("one", "two", tags="label=1")
    assert alice.ask(*lines) == []
    assert bob.lines() == []
    assert alice.ask("PING x")[0].command == "PONG"
    assert len(alice.ask(end)) == 4


def test_notices_can_be_of_several_lines() -> None:
    """IRCv3 multiline: "one or more PRIVMSG lines, or one or more NOTICE lines"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    alice.send(*batch("one", "two", command="NOTICE"))
    assert [message.command for message in bob.read()] == ["BATCH", "NOTICE", "NOTICE", "BATCH"]


def test_a_person_can_be_written_to_in_several_lines() -> None:
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    alice.send(*batch("one", "two", target="bob"))
    assert [message.params[-1] for message in bob.read()][:3] == ["bob", "one", "two"]


def test_capitals_of_the_target_do_not_matter() -> None:
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    alice.send("BATCH +1 draft/multiline #TEST", "@batch=1 PRIVMSG #Test :one", "BATCH -1")
    assert {message.params[0] for message in bob.read()[1:-1]} == {"#test"}


def test_client_only_tags_stand_on_the_batch() -> None:
    """IRCv3 multiline, "Message tags": "must be sent attached to the initial BATCH command"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    alice.send(*batch("one", "two", tags="+client-only-tag;+draft/reply=x"))
    start, *inner, _ = bob.read()
    assert {"+client-only-tag": "", "+draft/reply": "x"}.items() < start.tags.items()
    assert all(set(message.tags) == {"batch"} for message in inner)


# ---- As lines, for those who read no batches -------------------------------------------------------------------------


@pytest.mark.parametrize("caps", [BASE, f"{BASE.replace('batch ', '')} draft/multiline"])
def test_others_get_its_lines(caps: str) -> None:
    """IRCv3 multiline, "Fallback": "servers MUST deliver the component messages without using a multiline BATCH".

    "MUST only include a message ID on the first message of a batch"; "SHOULD maintain the line composition".
    """
    alice, bob, carol = in_test(Rig(), alice=CAPS, bob=CAPS, carol=caps)
    alice.send(*batch("hello", "how is ", "+everyone?", tags="+client-only-tag"))
    msgid = bob.read()[0].tags["msgid"]
    lines = carol.read()
    assert [message.params for message in lines] == [("#test", "hello"), ("#test", "how is "), ("#test", "everyone?")]
    assert [message.tags for message in lines] == [
        {"time": NOW, "msgid": msgid, "+client-only-tag": ""},
        {"time": NOW, "+client-only-tag": ""},
        {"time": NOW, "+client-only-tag": ""},
    ]


def test_the_account_stands_on_every_line() -> None:
    """IRCv3 multiline, "Fallback": "e.g. message IDs, account tags etc MUST be included on the first message line"."""
    rig = Rig()
    alice = rig.client("alice", caps=f"{CAPS} sasl", account="alice")
    bob = rig.client("bob", caps="account-tag")
    alice.send(*batch("one", "two", target="bob"))
    assert [line.partition(" ")[0] for line in bob.lines()] == ["@account=alice"] * 2


def test_who_agreed_on_nothing_sees_plain_lines() -> None:
    alice, bob = in_test(Rig(), alice=CAPS, bob="")
    alice.send(*batch("one", "", "two", tags="label=1;+a=b"))
    assert bob.lines() == [
        ":alice!~username@10.0.0.9 PRIVMSG #test :one",
        ":alice!~username@10.0.0.9 PRIVMSG #test :two",
    ]


def test_blank_lines_are_kept_for_those_who_see_it_whole() -> None:
    """IRCv3 multiline: "Servers MUST NOT reject blank lines"; "MUST NOT send blank lines to" others."""
    alice, bob, carol = in_test(Rig(), alice=CAPS, bob=CAPS, carol=BASE)
    alice.send(*batch("", "#how is ", "+everyone?"))
    assert combined(bob.read()) == "\n#how is everyone?"
    lines = carol.read()
    assert [message.params[1] for message in lines] == ["#how is ", "everyone?"]
    assert ["msgid" in message.tags for message in lines] == [True, False]


# ---- Too long for a line ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x" * 470, "😊" * 117, "word " * 94], ids=["letters", "emoji", "words"])
def test_a_line_too_long_with_the_source_before_it_goes_on_in_a_next_one(text: str) -> None:
    """IRCv3 multiline, "Tags": concat is for lines "that extend beyond the usual byte length limit"."""
    rig = Rig(rooms=(Room("test", "#test", "0"),))
    alice, bob, carol = in_test(rig, alice=CAPS, bob=CAPS, carol=BASE)
    before = len("@batch=123 ")
    lines = batch("first", text, "+ and more", "last")
    assert all(len(line.encode()) - before <= 510 for line in lines)
    alice.send(*lines)
    for client in (alice, bob, carol):
        raw = client.lines()
        assert all(len(line[line.startswith("@") and line.index(" ") + 1 :].encode()) <= 510 for line in raw)
        client.raw = "".join(f"{line}\r\n" for line in raw).encode()
    assert combined(bob.read()) == f"first\n{text} and more\nlast"
    texts = [message.params[1] for message in carol.read()]
    assert "".join(texts) == f"first{text} and morelast"
    assert "first" in texts
    assert "last" in texts


# ---- What is refused -------------------------------------------------------------------------------------------------


def refused(client: Client, *lines: str) -> tuple[str, ...]:
    """Return the one answer to lines, which is a FAIL."""
    (answer,) = client.ask(*lines)
    assert answer.command == "FAIL"
    return answer.params


def test_a_wrong_batch_tag_is_refused_at_once() -> None:
    """IRCv3 multiline, "Errors": "`MULTILINE_INVALID`: any other error"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob="")
    alice.ask("BATCH +123 draft/multiline #test")
    assert refused(alice, "@batch=231 PRIVMSG #test :hi")[:2] == ("BATCH", "MULTILINE_INVALID")
    assert alice.ask("BATCH -123") == []
    assert bob.lines() == []


def test_a_blank_line_that_goes_on_is_refused_at_once() -> None:
    """IRCv3 multiline: "Clients MUST NOT send blank lines with the `draft/multiline-concat` tag"."""
    (alice,) = in_test(Rig(), alice=CAPS)
    *lines, _ = batch("hi", "+")
    assert len(refused(alice, *lines)) == 3


def test_what_is_still_to_come_of_a_refused_batch_is_passed_over() -> None:
    """IRCv3 client-batch, "TIMEOUT": "all past and future messages in this batch will be ignored"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob="")
    assert refused(alice, *batch("one", "+", "two", "+", "three"))[1] == "MULTILINE_INVALID"
    assert bob.lines() == []
    assert [message.command for message in alice.ask(*batch("again"))] == ["BATCH", "PRIVMSG", "BATCH"]


def test_its_reference_can_be_used_again_at_once() -> None:
    (alice,) = in_test(Rig(), alice=CAPS)
    *lines, _ = batch("hi", "+")
    alice.ask(*lines)
    assert [message.params[-1] for message in alice.ask(*batch("hi"))][1] == "hi"


@pytest.mark.parametrize("texts", [(), ("",), ("", "", "")])
def test_nothing_but_blank_lines_is_refused(texts: tuple[str, ...]) -> None:
    """IRCv3 multiline: "Clients MUST NOT send messages consisting entirely of blank lines"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    assert refused(alice, *batch(*texts))[:2] == ("BATCH", "MULTILINE_INVALID")
    assert bob.lines() == []


def test_a_line_to_somebody_else_is_refused() -> None:
    """IRCv3 multiline, "Errors": "MULTILINE_INVALID_TARGET <batch-target> <provided-target>"."""
    (alice,) = in_test(Rig(), alice=CAPS)
    answer = refused(alice, "BATCH +456 draft/multiline #test", "@batch=456 PRIVMSG #bar hello", "BATCH -456")
    assert answer[:4] == ("BATCH", "MULTILINE_INVALID_TARGET", "#test", "#bar")


@pytest.mark.parametrize("command", ["NOTICE #test", "TAGMSG #test", "JOIN #test", "BATCH +4 draft/multiline"])
def test_only_messages_of_one_kind_stand_in_a_batch(command: str) -> None:
    """IRCv3 multiline, "Examples": "Mixing PRIVMSG and NOTICE"; client-batch: no "nested batches"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob="")
    *lines, end = batch("one")
    assert refused(alice, *lines, f"@batch=123 {command} :two", end)[:2] == ("BATCH", "MULTILINE_INVALID")
    assert bob.lines() == []


def test_a_hundred_lines_are_the_limit() -> None:
    """IRCv3 multiline, "Errors": "MULTILINE_MAX_LINES <limit>"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    alice.send(*batch(*["x"] * 100))
    assert len(bob.read()) == 102
    assert refused(alice, *batch(*["x"] * 101))[:3] == ("BATCH", "MULTILINE_MAX_LINES", "100")
    assert bob.lines() == []


def test_16384_bytes_are_the_limit_with_the_line_feeds() -> None:
    """IRCv3 multiline: "Each line feed used to join line messages contributes one byte towards the max-bytes limit"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    texts = ["x" * 408] * 40  # 16 320 bytes, and 39 line feeds
    alice.ask(*batch(*texts, "y" * 24))
    assert len(combined(bob.read())) == 16_384
    assert refused(alice, *batch(*texts, "y" * 25))[:3] == ("BATCH", "MULTILINE_MAX_BYTES", "16384")
    alice.ask(*batch(*texts, "+" + "y" * 25))
    assert len(combined(bob.read())) == 16_384


def test_another_batch_ends_the_one_before_it_and_each_has_its_label() -> None:
    """IRCv3 client-batch: "MUST NOT send any messages that are not part of the batch, until it is closed"."""
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    (answer,) = alice.ask(
        "@label=1 BATCH +1 draft/multiline #test",
        "@batch=1 PRIVMSG #test :lost",
        "@label=2 BATCH +2 draft/multiline #test",
    )
    assert (answer.params[:2], answer.tags["label"]) == (("BATCH", "MULTILINE_INVALID"), "1")
    start, *_ = alice.ask("@batch=2 PRIVMSG #test :found", "BATCH -2")
    assert start.tags["label"] == "2"
    assert combined(bob.read()) == "found"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("BATCH +123", "UNKNOWN_TYPE"),
        ("BATCH +123 netsplit a b", "UNKNOWN_TYPE"),
        ("BATCH +123 draft/multiline", "MULTILINE_INVALID"),
        ("BATCH 123 draft/multiline #test", "INVALID_REFTAG"),
        ("BATCH +", "INVALID_REFTAG"),
        ("BATCH +a_b draft/multiline #test", "INVALID_REFTAG"),
        ("BATCH :+a b", "INVALID_REFTAG"),
        ("BATCH -123", "INVALID_REFTAG"),
        ("@batch=123 PRIVMSG #test :hi", "MULTILINE_INVALID"),
    ],
)
def test_a_batch_that_cannot_be_is_refused_under_its_label(line: str, code: str) -> None:
    """IRCv3 batch: "Reference tag MUST contain only ASCII letters, numbers, and/or hyphen"; client-batch, "Errors"."""
    (alice,) = in_test(Rig(), alice=CAPS)
    label = ";label=7" if line.startswith("@") else "@label=7 "
    labelled = line.replace(" ", ";label=7 ", 1) if line.startswith("@") else label + line
    (answer,) = alice.ask(labelled)
    assert answer.params[:2] == ("BATCH", code)
    assert answer.tags["label"] == "7"


@pytest.mark.parametrize(
    ("line", "context"),
    [
        ("BATCH +a_b draft/multiline #test", ("INVALID_REFTAG", "a_b")),
        ("BATCH a_b draft/multiline #test", ("INVALID_REFTAG", "a_b")),
        ("BATCH -a", ("INVALID_REFTAG", "a")),
        ("BATCH +a netsplit x y", ("UNKNOWN_TYPE", "a", "netsplit")),
    ],
)
def test_a_refused_batch_is_named_without_its_sign(line: str, context: tuple[str, ...]) -> None:
    """IRCv3 client-batch: "INVALID_REFTAG <reference-tag>", "UNKNOWN_TYPE <reference-tag> <type>"."""
    (alice,) = in_test(Rig(), alice=CAPS)
    ((command, of, *params),) = alice.numerics(line)
    assert (command, of, *params[:-1]) == ("FAIL", "BATCH", *context)


def test_without_the_capability_there_are_no_batches_and_the_tag_is_nothing() -> None:
    alice, bob = in_test(Rig(), alice=BASE, bob="")
    assert refused(alice, "BATCH +1 draft/multiline #test")[:2] == ("BATCH", "UNKNOWN_TYPE")
    alice.send("@batch=1 PRIVMSG #test :hi")
    assert [message.params for message in bob.read()] == [("#test", "hi")]


@pytest.mark.parametrize("line", [b"@batch=123 PRIVMSG #test :\xff", b"@batch=123 PRIVMSG #test :" + b"x" * 500])
def test_a_line_that_cannot_be_read_spoils_the_batch(line: bytes) -> None:
    alice, bob = in_test(Rig(), alice=CAPS, bob="")
    *lines, end = batch("one", tags="label=1")
    answers = alice.ask(*lines, line, "@batch=123 PRIVMSG #test :two", end)
    assert len(answers) == 2
    assert answers[1].params[:2] == ("BATCH", "MULTILINE_INVALID")
    assert answers[1].tags["label"] == "1"
    assert bob.lines() == []


def test_where_one_may_not_speak_several_lines_are_refused_once() -> None:
    rig = Rig()
    rig.client("op").ask("JOIN #test", "MODE #test +m")
    (alice,) = in_test(rig, alice=CAPS)
    (answer,) = alice.ask(*batch("one", "two", tags="label=1"))
    assert (answer.command, answer.tags["label"]) == ("404", "1")


@pytest.mark.parametrize(("target", "code"), [("nobody", "401"), ("#none", "403")])
def test_nobody_to_hear_it_is_told_when_it_ends(target: str, code: str) -> None:
    (alice,) = in_test(Rig(), alice=CAPS)
    assert [message.command for message in alice.ask(*batch("one", "two", target=target))] == [code]


def test_the_word_that_somebody_is_away_stands_in_the_answer() -> None:
    alice, bob = in_test(Rig(), alice=CAPS, bob=CAPS)
    bob.ask("AWAY :lunch")
    outer, start, line, end, away, last = alice.ask(*batch("one", target="bob", tags="label=1"))
    assert (outer.params[1], outer.tags["label"]) == ("labeled-response", "1")
    reference = outer.params[0][1:]
    assert start.tags["batch"] == end.tags["batch"] == away.tags["batch"] == reference
    assert line.tags["batch"] == start.params[0][1:]
    assert away.command == "301"
    assert last.params == (f"-{reference}",)


def test_a_batch_that_is_not_ended_is_gone_with_its_session() -> None:
    alice, bob = in_test(Rig(), alice=CAPS, bob="")
    *lines, _ = batch("one", "two")
    alice.ask(*lines)
    alice.drop()
    assert [message.command for message in bob.read()] == ["QUIT"]
