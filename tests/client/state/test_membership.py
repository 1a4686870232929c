import pytest

from lanchat.client.state.changes import (
    ChannelJoined,
    ChannelLeft,
    CurrentChanged,
    EntryAdded,
    LinkStatus,
    MembersChanged,
    Mentioned,
    StatusChanged,
    TopicChanged,
    TypingChanged,
)
from lanchat.client.state.channels import Member
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.state import ClientState
from tests.client.lines import BEN, NOW_S, heard, in_room, only_entry


def test_joining_opens_the_channel() -> None:
    state = ClientState(nick="Ana")
    changes = heard(state, ":Ana!ana@h JOIN #Line-3")
    assert changes == [ChannelJoined("#Line-3"), CurrentChanged("#Line-3")]
    assert state.current.name == "#Line-3"
    assert state.current.title == "Line-3"


def test_a_topic_that_spells_the_channel_is_its_title() -> None:
    state = in_room()
    assert state.current.title == "Line 3"
    assert state.current.subject == ""


def test_a_title_known_from_discovery_stays_whatever_the_topic() -> None:
    state = ClientState(nick="Ana", titles={"#line-3": "Line 3"})
    changes = heard(state, ":Ana!ana@h JOIN #Line-3", ":host 332 Ana #Line-3 :Shift B")
    assert changes[-1] == TopicChanged("#Line-3")
    assert (state.current.title, state.current.subject) == ("Line 3", "Shift B")


def test_names_fill_the_members_at_their_end() -> None:
    state = ClientState(nick="Ana")
    heard(state, ":Ana!ana@h JOIN #Line-3", ":host 353 Ana = #Line-3 :@Ben!b@h +Maria_López Ana")
    assert set(state.current.members) == {"ana"}
    assert heard(state, ":host 366 Ana #Line-3 :End") == [MembersChanged("#Line-3")]
    names = [(one.name, one.prefix) for one in state.current.ranked_members()]
    assert names == [("Ben", "@"), ("Maria López", "+"), ("Ana", "")]


def test_several_prefixes_show_the_highest() -> None:
    state = in_room("@+Ben")
    assert state.current.member("ben") == Member("Ben", "@")


def test_the_greeting_of_the_host_waits_for_the_channel() -> None:
    state = ClientState(nick="Ana")
    assert heard(state, ":host 375 Ana :-", ":host 372 Ana :- Mind the gap", ":host 376 Ana :End") == []
    changes = heard(state, ":Ana!ana@h JOIN #Line-3")
    assert only_entry(changes) == Entry(EntryKind.INFO, NOW_S, text="Mind the gap", serial=0)


def test_joining_again_keeps_what_was_said() -> None:
    state = in_room("Ben")
    heard(state, f"{BEN} PRIVMSG #Line-3 :hello")
    assert heard(state, ":Ana!ana@h JOIN #Line-3") == [ChannelJoined("#Line-3", is_again=True)]
    assert [entry.text for entry in state.current.entries] == ["hello"]
    assert set(state.current.members) == {"ana"}


def test_somebody_joins() -> None:
    state = in_room()
    changes = heard(state, "@msgid=j1 :Ben!ben@h JOIN #Line-3 * :Ben Smith")
    assert changes == [
        MembersChanged("#Line-3"),
        EntryAdded("#Line-3", Entry(EntryKind.JOIN, NOW_S, nick="Ben", msgid="j1", serial=0)),
    ]


# ---- leaving ------------------------------------------------------------------------------------------------------


def test_somebody_leaves_with_a_reason() -> None:
    state = in_room("Ben")
    entry = Entry(EntryKind.LEAVE, NOW_S, nick="Ben", text="tea", serial=0)
    assert heard(state, f"{BEN} PART #Line-3 :tea") == [MembersChanged("#Line-3"), EntryAdded("#Line-3", entry)]


def test_a_quit_shows_in_every_channel_the_person_was_in() -> None:
    state = in_room("Ben")
    heard(state, ":Ana!ana@h JOIN #Line-4", ":Ben!ben@h JOIN #Line-4", ":Ana!ana@h JOIN #Line-5")
    changes = heard(state, f"{BEN} QUIT :bye")
    assert [change.channel for change in changes if isinstance(change, EntryAdded)] == ["#Line-3", "#Line-4"]


@pytest.mark.parametrize(
    ("sent", "told"), [("Quit: ", ""), ("Quit: lunch", "lunch"), ("Connection closed", "Connection closed")]
)
def test_of_those_who_leave_only_their_own_words_are_told(sent: str, told: str) -> None:
    changes = heard(in_room("Ben"), f"{BEN} QUIT :{sent}")
    assert [change.entry.text for change in changes if isinstance(change, EntryAdded)] == [told]


def test_the_quit_of_a_stranger_changes_nothing() -> None:
    assert heard(in_room(), ":Zoe!z@h QUIT :bye") == []


def test_leaving_forgets_the_channel_and_opens_the_last_other() -> None:
    state = in_room()
    heard(state, ":Ana!ana@h JOIN #Line-4")
    changes = heard(state, ":Ana!ana@h PART #Line-4")
    assert changes == [ChannelLeft("#Line-4"), CurrentChanged("#Line-3")]
    assert list(state.channels) == ["#line-3"]


def test_being_kicked_keeps_the_channel_readable() -> None:
    state = in_room("@Ben")
    changes = heard(state, f"{BEN} KICK #Line-3 Ana :no flooding")
    entry = Entry(EntryKind.KICK, NOW_S, nick="Ana", text="no flooding", to="Ben", is_mention=True, serial=0)
    assert changes == [
        MembersChanged("#Line-3"),
        ChannelLeft("#Line-3", is_kept=True),
        EntryAdded("#Line-3", entry),
        Mentioned("#Line-3", entry),
    ]
    assert not state.current.is_joined


def test_a_lost_connection_leaves_the_channels_readable() -> None:
    state = in_room("Ben")
    state.set_status(StatusChanged(LinkStatus.CONNECTED))
    lost = StatusChanged(LinkStatus.LOST, "again in 4 s", 4.0)
    assert state.set_status(lost) == [lost, ChannelLeft("#Line-3", is_kept=True), TypingChanged("#Line-3")]
    assert state.set_status(lost) == []
