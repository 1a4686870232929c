"""Talk with one person in a place of its own, as the screen shows it."""

import pytest

from lanchat.client.speaking.actions import Close, Say, Show, Talk
from lanchat.client.speaking.completion import Completion
from lanchat.client.speaking.phrasing import Saying
from lanchat.client.speaking.slash import command_names, interpret, names_shown
from lanchat.client.state.changes import (
    Change,
    ChannelLeft,
    LinkStatus,
    ListedRoom,
    Mentioned,
    RoomsListed,
    StatusChanged,
    TalkRenamed,
)
from lanchat.client.state.channels import Channel
from lanchat.client.state.entries import EntryKind
from lanchat.client.state.meaning.private import MAX_TALKS, begin_talk
from lanchat.client.state.state import ClientState
from tests.client.lines import BEN, heard, in_room


def with_tabs(*members: str) -> ClientState:
    state = in_room(*members)
    state.has_tabs = True
    state.capabilities = {"account-tag": "", "message-tags": "", "draft/message-redaction": ""}
    return state


def talk(state: ClientState, nick: str) -> Channel:
    found = state.talk(nick)
    assert found is not None
    return found


def texts(channel: Channel) -> list[str]:
    return [entry.text for entry in channel.entries if entry.is_spoken]


def rung(changes: list[Change]) -> list[str]:
    return [change.channel for change in changes if isinstance(change, Mentioned)]


def test_the_first_message_either_way_begins_a_talk_and_the_room_s_log_has_none_of_it() -> None:
    state = with_tabs("Ben", "Carl")
    changes = heard(state, f"{BEN} PRIVMSG Ana :psst", ":Ana!ana@h PRIVMSG Carl :\x01ACTION winks\x01")
    assert [one.name for one in state.channels.values()] == ["#Line-3", "Ben", "Carl"]
    assert (texts(talk(state, "Ben")), texts(talk(state, "Carl"))) == (["psst"], ["winks"])
    assert texts(state.channels["#line-3"]) == []
    entry = talk(state, "Ben").entries[0]
    assert (entry.kind, entry.to, entry.is_own) == (EntryKind.MESSAGE, "", False)
    assert rung(changes) == ["Ben"]
    assert (talk(state, "Ben").unread, talk(state, "Ben").unread_mentions, talk(state, "Carl").unread) == (1, 1, 0)
    assert state.current.name == "#Line-3"


def test_what_is_read_as_it_comes_rings_no_bell_unless_it_calls() -> None:
    state = with_tabs("Ben")
    heard(state, f"{BEN} PRIVMSG Ana :psst")
    state.open("Ben")
    assert rung(heard(state, f"{BEN} PRIVMSG Ana :as I said")) == []
    assert rung(heard(state, f"{BEN} PRIVMSG Ana :Ana, look")) == ["Ben"]
    state.is_present = False
    assert rung(heard(state, f"{BEN} NOTICE Ana :are you there?")) == ["Ben"]
    assert talk(state, "Ben").unread == 0


def test_typing_reactions_and_deleting_belong_to_the_talk() -> None:
    state = with_tabs("Ben")
    heard(state, f"@+typing=active {BEN} TAGMSG Ana")
    assert state.talk("Ben") is None
    heard(state, f"@msgid=m1 {BEN} PRIVMSG Ana :psst", f"@+typing=active {BEN} TAGMSG Ana")
    heard(state, "@+reply=m1;+draft/react=\N{THUMBS UP SIGN} :Ana!ana@h TAGMSG Ben")
    assert len(talk(state, "Ben").typing) == 1
    assert talk(state, "Ben").entries[0].reactions[0].nicks == ("Ana",)
    heard(state, f"{BEN} REDACT Ana m1")
    assert talk(state, "Ben").entries[0].is_deleted


def test_what_the_server_says_is_no_talk() -> None:
    state = with_tabs()
    heard(state, ":host NOTICE Ana :going down at noon", ":host PRIVMSG Ana :really")
    assert state.talks == []


# ---- who it is with ----------------------------------------------------------------------------------------------


def test_leaving_and_coming_back_is_told_in_the_talk_too() -> None:
    state = with_tabs("Ben")
    heard(state, f"{BEN} PRIVMSG Ana :psst", f"{BEN} QUIT :lunch", f"{BEN} JOIN #Line-3")
    assert [entry.kind for entry in talk(state, "Ben").entries] == [EntryKind.MESSAGE, EntryKind.LEAVE, EntryKind.JOIN]
    heard(state, f"{BEN} PART #Line-3", f"{BEN} JOIN #Line-3")  # of one room only: he was here all the while
    assert len(talk(state, "Ben").entries) == 3


def test_a_talk_goes_on_under_a_new_name_where_it_is_and_stays_open() -> None:
    state = with_tabs("Ben", "Carl")
    heard(state, f"{BEN} PRIVMSG Ana :psst", ":Carl!c@h PRIVMSG Ana :hello")
    state.open("Ben")
    changes = heard(state, f"{BEN} NICK Benno")
    assert TalkRenamed("Ben", "Benno") in changes
    assert [one.name for one in state.channels.values()] == ["#Line-3", "Benno", "Carl"]
    assert (state.current.name, state.current.title) == ("Benno", "Benno")
    heard(state, ":Benno!ben@10.0.0.8 PRIVMSG Ana :it is me", ":Benno!ben@10.0.0.8 NICK BENNO")
    assert texts(talk(state, "BENNO")) == ["psst", "it is me"]


def test_two_talks_with_one_person_become_one_in_order() -> None:
    state = with_tabs("Ben", "Ben2")
    heard(state, f"{BEN} PRIVMSG Ana :one", f"{BEN} QUIT", ":Ben2!b@h PRIVMSG Ana :two", ":Ben2!b@h NICK Ben")
    assert [one.name for one in state.channels.values()] == ["#Line-3", "Ben"]
    assert texts(talk(state, "Ben")) == ["one", "two"]
    assert talk(state, "Ben").unread == 2


def test_who_takes_the_name_of_another_account_gets_nothing_of_its_talk() -> None:
    state = with_tabs("Ben", "Mallory")
    heard(state, f"@account=Ben {BEN} PRIVMSG Ana :one", f"{BEN} QUIT", ":Mallory!m@h PRIVMSG Ana :two")
    changes = heard(state, ":Mallory!m@h NICK Ben")
    assert ChannelLeft("Ben") in changes
    assert texts(talk(state, "Ben")) == ["two"]


def test_a_name_that_is_no_longer_of_the_same_account_is_told() -> None:
    state = with_tabs("Ben")
    heard(state, f"@account=Ben {BEN} PRIVMSG Ana :one", f"{BEN} PRIVMSG Ana :two")
    assert "may be somebody else" in next(one.text for one in talk(state, "Ben").entries if one.kind is EntryKind.INFO)


@pytest.mark.parametrize(
    "line", ["@account=Ben :Benno!b@h PRIVMSG Ana :back", ":Benno!b@h JOIN #Line-3 Ben :Ben"], ids=["says", "joins"]
)
def test_an_account_is_known_under_another_name(line: str) -> None:
    state = with_tabs("Ben")
    heard(state, f"@account=Ben {BEN} PRIVMSG Ana :one", f"{BEN} QUIT", line)
    assert [one.name for one in state.talks] == ["Benno"]
    assert texts(talk(state, "Benno"))[0] == "one"
    assert EntryKind.NICK in [entry.kind for entry in talk(state, "Benno").entries]


def test_a_lost_connection_keeps_talks_and_rooms_tell_who_is_here_again() -> None:
    state = with_tabs("Ben")
    heard(state, f"{BEN} PRIVMSG Ana :psst")
    state.set_status(StatusChanged(LinkStatus.CONNECTED, "connected"))
    state.set_status(StatusChanged(LinkStatus.LOST, "lost"))
    assert talk(state, "Ben").members == {}
    heard(state, ":Ana!a@h JOIN #Line-3", ":host 353 Ana = #Line-3 :Ana Ben", ":host 366 Ana #Line-3 :End")
    assert sorted(one.nick for one in talk(state, "Ben").members.values()) == ["Ana", "Ben"]


def test_ever_new_names_take_no_memory() -> None:
    state = with_tabs()
    heard(state, *(f":guest{number}!g@h PRIVMSG Ana :hello" for number in range(MAX_TALKS + 5)))
    assert len(state.talks) == MAX_TALKS  # all of them unread: what comes then stands in the open room
    assert texts(state.current) == ["hello"] * 5
    state.open("guest3")
    state.open("#Line-3")
    heard(state, ":Zoe!z@h PRIVMSG Ana :hello")
    assert state.talk("guest3") is None
    assert state.talk("Zoe") is not None


# ---- how far it is read ------------------------------------------------------------------------------------------


def test_what_another_terminal_has_not_read_counts_after_a_restart() -> None:
    state = with_tabs("Ben")
    begin_talk(state, "Ben")
    heard(state, ":host MARKREAD Ben timestamp=2026-03-03T11:00:00.000Z")
    lines = [f"@time=2026-03-03T{hour}:30:00.000Z;msgid=m{hour};batch=b {BEN} PRIVMSG Ana :{hour}" for hour in (10, 11)]
    changes = heard(state, ":host BATCH +b chathistory Ben", *lines, ":host BATCH -b")
    assert texts(talk(state, "Ben")) == ["10", "11"]
    assert (talk(state, "Ben").unread, rung(changes)) == (1, [])
    heard(state, ":host MARKREAD Ben timestamp=2026-03-03T12:00:00.000Z")
    assert talk(state, "Ben").unread == 0


# ---- what is typed -----------------------------------------------------------------------------------------------


def in_talk() -> ClientState:
    state = with_tabs("Ben", "Maria_López")
    heard(state, f"@msgid=m1 {BEN} PRIVMSG Ana :psst")
    state.open("Ben")
    return state


def test_in_a_talk_one_just_types() -> None:
    assert interpret(in_talk(), "hello") == [Say(Saying("Ben", "hello"))]


def test_query_opens_a_talk_and_may_say_something() -> None:
    state = in_talk()
    assert interpret(state, "/query maria lópez") == [Talk("Maria_López")]
    assert interpret(state, "/query Ben hi") == [Talk("Ben"), Say(Saying("Ben", "hi"))]
    assert interpret(state, "/msg Ben hi") == [Say(Saying("Ben", "hi"))]


def test_close_closes_a_talk_and_never_a_room() -> None:
    state = in_talk()
    assert interpret(state, "/close") == interpret(state, "/part") == [Close()]
    state.open("#Line-3")
    [shown] = interpret(state, "/close")
    assert isinstance(shown, Show)
    assert shown.text == "This is a room; /part leaves it."


@pytest.mark.parametrize("line", ["/topic new", "/names", "/invite Ben", "/kick Ben"])
def test_what_needs_a_room_says_so_in_a_talk(line: str) -> None:
    [shown] = interpret(in_talk(), line)
    assert isinstance(shown, Show)
    assert shown.text == "This is the talk with Ben; that works in a room."


def test_one_can_answer_react_and_complete_in_a_talk() -> None:
    state = in_talk()
    assert interpret(state, "/reply yes") == [Say(Saying("Ben", "yes", reply_to="m1"))]
    assert names_shown(state) == ["Ben"]
    assert Completion().next("/que", 4, names_shown(state), command_names(state)) == ("/query ", 7)


def test_line_by_line_there_are_no_tabs() -> None:
    state = in_room("Ben")
    assert interpret(state, "/query Ben hi") == [Say(Saying("Ben", "hi"))]
    assert not {"query", "close"} & set(command_names(state))


# ---- rooms to choose from ----------------------------------------------------------------------------------------


def test_what_the_host_lists_is_to_be_chosen_from_with_whatever_counts_it_tells() -> None:
    state = with_tabs()
    rows = [":host 322 Ana #Line-3 2 :Line 3", ":host 322 Ana #Lunch 99999999 :food", ":host 322 Ana nonsense x :y"]
    changes = heard(state, *rows, ":host 323 Ana :End")
    rooms = (ListedRoom("#Line-3", "Line 3", "Line 3", 2), ListedRoom("#Lunch", "Lunch", "food", 0))
    assert changes == [RoomsListed(rooms)]
    assert heard(state, ":host 323 Ana :End") == [RoomsListed(())]
    assert [entry.kind for entry in state.current.entries if entry.kind is EntryKind.REPLY] == []
