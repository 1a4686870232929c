from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.speaking.phrasing import Manner, Saying, lines_of, phrase, sayable
from lanchat.client.state.batches import Batches
from lanchat.client.state.entries import EntryKind
from lanchat.limits import MAX_LINE_BYTES
from lanchat.protocol.message import Message, format_body

ANA = "Ana!ana@10.0.0.7"
SIMPLE = Manner(ANA)
MULTILINE = Manner(ANA, {"batch": "", "message-tags": "", "draft/multiline": "max-bytes=4096,max-lines=5"})
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.just("\n"), max_size=2_000)


def as_others_get_it(message: Message) -> int:
    """The length of a line in bytes once the host has put our full name in front of it."""
    return len(format_body(Message(message.command, message.params, ANA)).encode()) + 2


def test_blank_lines_are_nothing_to_say() -> None:
    assert list(lines_of("one \n\n  \n two\n")) == ["one", " two"]


def test_a_short_line_is_one_message() -> None:
    [part] = phrase(Saying("#Line-3", "hello "), SIMPLE, "r")
    assert part.messages == (Message("PRIVMSG", ("#Line-3", "hello")),)
    assert part.text == "hello"


def test_nothing_is_said_with_blank_lines() -> None:
    assert phrase(Saying("#Line-3", " \n \n"), MULTILINE, "r") == []


def test_an_action_is_wrapped() -> None:
    [part] = phrase(Saying("#Line-3", "waves", EntryKind.ACTION), SIMPLE, "r")
    assert part.messages[0].params == ("#Line-3", "\x01ACTION waves\x01")


def test_an_answer_names_its_message_in_both_ways() -> None:
    [part] = phrase(Saying("#Line-3", "yes", reply_to="m1"), MULTILINE, "r")
    assert part.messages[0].tags == {"+reply": "m1", "+draft/reply": "m1"}


def test_a_host_without_tags_gets_the_answer_without_them() -> None:
    [part] = phrase(Saying("#Line-3", "yes", reply_to="m1"), SIMPLE, "r")
    assert part.messages[0].tags == {}


def test_several_lines_without_batches_are_several_messages() -> None:
    parts = phrase(Saying("#Line-3", "one\n\ntwo"), SIMPLE, "r")
    assert [part.messages for part in parts] == [
        (Message("PRIVMSG", ("#Line-3", "one")),),
        (Message("PRIVMSG", ("#Line-3", "two")),),
    ]


def test_several_lines_are_a_batch() -> None:
    [part] = phrase(Saying("#Line-3", "one\n\ntwo"), MULTILINE, "r")
    assert part.messages == (
        Message("BATCH", ("+r0", "draft/multiline", "#Line-3")),
        Message("PRIVMSG", ("#Line-3", "one"), tags={"batch": "r0"}),
        Message("PRIVMSG", ("#Line-3", ""), tags={"batch": "r0"}),
        Message("PRIVMSG", ("#Line-3", "two"), tags={"batch": "r0"}),
        Message("BATCH", ("-r0",)),
    )
    assert part.text == "one\n\ntwo"


def test_more_lines_than_a_batch_takes_are_several_batches() -> None:
    parts = phrase(Saying("#Line-3", "\n".join("abcdefg")), MULTILINE, "r")
    assert [part.text for part in parts] == ["a\nb\nc\nd\ne", "f\ng"]


def test_a_long_line_in_a_batch_goes_on_in_the_next() -> None:
    [part] = phrase(Saying("#Line-3", "word " * 150), MULTILINE, "r")
    assert part.text == ("word " * 150).rstrip()
    assert "draft/multiline-concat" not in part.messages[1].tags
    assert "draft/multiline-concat" in part.messages[2].tags


@given(TEXTS)
def test_no_line_gets_longer_than_a_line_may_be(text: str) -> None:
    for manner in (SIMPLE, MULTILINE):
        for part in phrase(Saying("#Line-3", text), manner, "r"):
            assert all(as_others_get_it(message) <= MAX_LINE_BYTES for message in part.messages)


@given(TEXTS)
def test_no_word_is_lost(text: str) -> None:
    parts = phrase(Saying("#Line-3", text), SIMPLE, "r")
    assert "".join("".join(part.text for part in parts).split()) == "".join(text.split())


@given(TEXTS)
def test_what_a_batch_says_is_what_others_put_together(text: str) -> None:
    for part in phrase(Saying("#Line-3", text), MULTILINE, "r"):
        batches = Batches()
        taken = [batches.assemble(message)[0] for message in part.messages]
        assert [one.params[1] for one in taken if one is not None] == [part.text]


def test_a_long_text_is_several_batches_with_nothing_left_out() -> None:
    lines = [f"{number} " + "x" * 150 for number in range(2_000)]
    manner = Manner(ANA, {"batch": "", "draft/multiline": "max-bytes=16384,max-lines=100"})
    parts = phrase(Saying("#Line-3", sayable("\n".join(lines))), manner, "r")
    assert len(parts) == 20
    assert [line for part in parts for line in part.text.split("\n")] == lines
    assert max(len(part.text.encode()) for part in parts) <= 16_384


def test_a_message_of_blank_lines_only_is_not_sent() -> None:
    parts = phrase(Saying("#Line-3", "one" + "\n" * 12 + "two"), MULTILINE, "r")
    assert [part.text.strip("\n") for part in parts] == ["one", "two"]


def test_what_steers_a_terminal_is_not_said_and_all_else_is() -> None:
    assert sayable("a\x1b[31m\n\tb" + "\n" * 150 + "end").split("\n")[::151] == ["a[31m", "end"]
