from hypothesis import given
from hypothesis import strategies as st

from lanchat.chat.state.history import History, MemoryHistory, Said, between
from lanchat.limits import MAX_REMEMBERED_TARGETS
from lanchat.protocol.message import Message
from tests.chat.rig import START


def said(msgid: str) -> Said:
    return Said(Message("PRIVMSG", ("#a", msgid)), START, msgid, "visit 1")


def test_the_last_messages_come_back_oldest_first() -> None:
    history: History = MemoryHistory(3)
    for msgid in "abcd":
        history.record("#a", said(msgid))
    assert [one.msgid for one in history.latest("#a", 10)] == ["b", "c", "d"]
    assert [one.msgid for one in history.latest("#a", 2)] == ["c", "d"]
    assert history.latest("#b", 10) == []


def test_a_message_is_found_by_its_id_where_it_was_said() -> None:
    history = MemoryHistory()
    history.record("#a", said("x"))
    assert history.find("#a", "x") == said("x")
    assert history.find("#a", "y") is None
    assert history.find("#b", "x") is None


def test_a_message_or_a_channel_can_be_forgotten() -> None:
    history = MemoryHistory(3)
    for msgid in "abc":
        history.record("#a", said(msgid))
    history.redact("#a", "b")
    history.redact("#none", "b")
    assert [one.msgid for one in history.latest("#a", 10)] == ["a", "c"]
    for msgid in "def":
        history.record("#a", said(msgid))
    assert [one.msgid for one in history.latest("#a", 10)] == ["d", "e", "f"]
    history.forget("#a")
    history.forget("#a")
    assert history.latest("#a", 10) == []


def test_of_too_many_conversations_the_one_that_was_silent_longest_is_forgotten() -> None:
    history = MemoryHistory()
    history.record("first", said("a"))
    history.record("second", said("b"))
    history.record("first", said("c"))
    for number in range(MAX_REMEMBERED_TARGETS - 1):
        history.record(str(number), said("x"))
    assert history.latest("second", 1) == []
    assert history.latest("first", 1) == [said("c")]


@given(
    st.text(min_size=1).filter(lambda nick: " " not in nick), st.text(min_size=1).filter(lambda nick: " " not in nick)
)
def test_what_two_say_to_each_other_is_one_conversation(one: str, other: str) -> None:
    assert between(one, other) == between(other, one)
    assert between(one, other) != between(one, other + "x")
