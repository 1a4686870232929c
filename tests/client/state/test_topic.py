from lanchat.client.state.changes import (
    EntryAdded,
    MembersChanged,
    NickChanged,
    TopicChanged,
)
from lanchat.client.state.channels import Member
from lanchat.client.state.entries import Entry, EntryKind
from tests.client.lines import BEN, NOW_S, heard, in_room, only_entry


def test_a_new_name_keeps_the_rank() -> None:
    state = in_room("@Ben")
    assert heard(state, f"{BEN} NICK Benjamin") == [
        NickChanged("Ben", "Benjamin", is_own=False),
        MembersChanged("#Line-3"),
        EntryAdded("#Line-3", Entry(EntryKind.NICK, NOW_S, nick="Ben", to="Benjamin", serial=0)),
    ]
    assert state.current.member("benjamin") == Member("Benjamin", "@")


def test_our_own_new_name_is_ours() -> None:
    state = in_room()
    assert heard(state, ":Ana!a@h NICK Zoé")[0] == NickChanged("Ana", "Zoé", is_own=True)
    assert state.nick == "Zoé"


def test_modes_change_ranks_and_are_told() -> None:
    state = in_room("@Ben")
    changes = heard(state, f"{BEN} MODE #Line-3 +ov-o Ana Ana Ben")
    assert state.current.member("Ana") == Member("Ana", "@")
    assert state.current.member("Ben") == Member("Ben", "")
    texts = [change.entry.text for change in changes if isinstance(change, EntryAdded)]
    assert texts == [
        "Ben made Ana an operator.",
        "Ben gave Ana a voice.",
        "Ben is no longer an operator (Ben).",
    ]


def test_modes_with_and_without_parameters_are_told_apart() -> None:
    changes = heard(in_room("@Ben"), f"{BEN} MODE #Line-3 +klm-l key 5")
    texts = [change.entry.text for change in changes if isinstance(change, EntryAdded)]
    assert texts == ["Ben set a key for the room.", "Ben let only operators and people with a voice speak here."]


def test_a_new_topic_is_told() -> None:
    state = in_room("Ben")
    assert heard(state, f"{BEN} TOPIC #Line-3 :Shift B") == [
        TopicChanged("#Line-3"),
        EntryAdded("#Line-3", Entry(EntryKind.TOPIC, NOW_S, nick="Ben", text="Shift B", serial=0)),
    ]
    assert (state.current.title, state.current.topic) == ("Line 3", "Shift B")


def test_away_marks_come_with_who_and_with_away() -> None:
    state = in_room("Ben", "Carl")
    who = [":host 352 Ana #Line-3 ben h host Ben G@B :0 Ben", ":host 352 Ana #Line-3 c h host Carl H :0 C"]
    assert heard(state, *who, ":host 315 Ana #Line-3 :End") == [MembersChanged("#Line-3")]
    assert state.current.member("Ben") == Member("Ben", "", is_away=True, is_bot=True)
    assert heard(state, f"{BEN} AWAY") == [MembersChanged("#Line-3")]
    assert heard(state, f"{BEN} AWAY") == []
    assert heard(state, ":Carl!c@h AWAY :lunch") == [MembersChanged("#Line-3")]


def test_our_own_away_is_a_status() -> None:
    state = in_room()
    changes = heard(state, ":host 306 Ana :You are away")
    assert state.is_away
    assert changes[0] == state.status
    assert only_entry(changes).text == "You are marked as away."
    heard(state, ":host 305 Ana :Back")
    assert not state.is_away
