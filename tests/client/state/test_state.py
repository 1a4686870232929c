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


def test_lines_of_the_program_and_lines_without_a_time_are_on_the_hosts_clock() -> None:
    state = in_room("Ben")
    heard(state, "@time=2026-03-05T12:00:00.000Z :Ben!b@h PRIVMSG #Line-3 :two days ahead of this machine")
    state.tell("The bell is on.", NOW_S + 5)
    heard(state, ":Ben!b@h PRIVMSG #Line-3 :without a time")
    [first, told, last] = list(state.current.entries)[-3:]
    assert (told.at_s - first.at_s, last.at_s - first.at_s) == (5, 0)


def test_a_message_long_on_its_way_and_a_replay_do_not_set_the_clock() -> None:
    state = in_room("Ben")
    for line in (
        "@time=2026-03-03T12:00:00.000Z :Ben!b@h PRIVMSG #Line-3 :now",
        "@time=2026-03-03T11:50:00.000Z :Ben!b@h PRIVMSG #Line-3 :late",
        ":host BATCH +r chathistory #Line-3",
        "@batch=r;time=2026-03-09T12:00:00.000Z :Ben!b@h PRIVMSG #Line-3 :old",
    ):
        heard(state, line)
    assert state.host_time(NOW_S) == NOW_S
