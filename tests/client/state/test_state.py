from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.state.apply import apply
from lanchat.client.state.changes import (
    CurrentChanged,
    EntriesCleared,
    EntryAdded,
    EntryChanged,
    UnreadChanged,
)
from lanchat.protocol.message import Message
from lanchat.protocol.text import is_harmful
from tests.client.lines import BEN, MESSAGES, NOW_S, heard, in_room, only_entry


def test_messages_elsewhere_are_unread_until_the_channel_is_opened() -> None:
    state = in_room("Ben")
    heard(state, ":Ana!a@h JOIN #Line-4")
    changes = heard(state, f"{BEN} PRIVMSG #Line-3 :Ana?")
    assert UnreadChanged("#Line-3") in changes
    assert (state.channels["#line-3"].unread, state.channels["#line-3"].unread_mentions) == (1, 1)
    assert state.open("#Line-3") == [UnreadChanged("#Line-3"), CurrentChanged("#Line-3")]
    assert state.current.unread == 0


def test_clearing_empties_the_log_and_serials_go_on() -> None:
    state = in_room("Ben")
    heard(state, f"{BEN} PRIVMSG #Line-3 :hello")
    assert state.clear() == [EntriesCleared("#Line-3")]
    assert only_entry(heard(state, f"{BEN} PRIVMSG #Line-3 :again")).serial == 1


# ---- anything -----------------------------------------------------------------------------------------------------


@given(st.lists(MESSAGES, max_size=30))
def test_no_message_makes_the_state_raise(messages: list[Message]) -> None:
    state = in_room("@Ben")
    for one in messages:
        for change in apply(state, one, NOW_S):
            if isinstance(change, EntryAdded | EntryChanged):
                entry = change.entry
                assert not any(is_harmful(char) for char in entry.text.replace("\n", "") + entry.nick + entry.to)


@given(st.lists(MESSAGES, max_size=30))
def test_serials_name_entries(messages: list[Message]) -> None:
    state = in_room("@Ben")
    for one in messages:
        apply(state, one, NOW_S)
    for channel in state.channels.values():
        assert [entry.serial for entry in channel.entries] == list(range(len(channel.entries)))
