import pytest

from lanchat.client.state.changes import (
    EntryAdded,
)
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.state import ClientState
from tests.client.lines import BEN, NOW_S, heard, in_room, only_entry


def test_whois_is_one_entry() -> None:
    changes = heard(
        in_room("Maria_López"),
        ":host 311 Ana Maria_López maria 10.0.0.9 * :María López",
        ":host 319 Ana Maria_López :@#Line-3 #Bridge",
        ":host 312 Ana Maria_López host :info",
        ":host 301 Ana Maria_López :lunch",
        ":host 330 Ana Maria_López Maria :is logged in as",
        ":host 335 Ana Maria_López :is a bot",
        ":host 317 Ana Maria_López 3725 1772366400 :seconds idle",
        ":host 318 Ana Maria_López :End",
    )
    assert changes == [
        EntryAdded(
            "#Line-3",
            Entry(
                EntryKind.REPLY,
                NOW_S,
                text="Maria López (María López), maria on 10.0.0.9\n  in Line 3, Bridge\n  away: lunch\n"
                "  the name belongs to Maria\n  is a bot\n  silent for 1 h 2 min",
                serial=0,
            ),
        )
    ]


def test_a_list_of_rooms_is_one_entry() -> None:
    changes = heard(
        in_room(),
        ":host 321 Ana Channel :Users Name",
        ":host 322 Ana #Line-3 5 :Line 3",
        ":host 322 Ana #Bridge 2 :Night watch",
        ":host 323 Ana :End",
    )
    assert only_entry(changes).text == "Line 3, 5 in it\nBridge, 2 in it: Night watch"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (":host 401 Ana Bob_Ross :No such nick", "Nobody here is called Bob Ross."),
        (":host 403 Ana #Nowhere :No such channel", "There is no room called Nowhere."),
        (":host 404 Ana #Line-3 :It is moderated", "Your message was not sent to Line 3: It is moderated"),
        (":host 433 Ana Ben :Nickname is already in use", "The name Ben is taken."),
        (":host 482 Ana #Line-3 :Only operators may (+t): ask zoe", "Line 3: Only operators may (+t): ask zoe."),
        (":host 599 Ana thing :Something odd", "thing: Something odd"),
        (":host 499", ""),
        ("FAIL REDACT UNKNOWN_MSGID #Line-3 m1 :That message is not there", "That message is not there"),
    ],
)  # fmt: skip
def test_refusals_are_sentences(line: str, text: str) -> None:
    entries = [change.entry for change in heard(in_room(), line) if isinstance(change, EntryAdded)]
    assert [(entry.kind, entry.text) for entry in entries] == ([(EntryKind.ERROR, text)] if text else [])


def test_the_last_words_of_the_host_are_told() -> None:
    entry = only_entry(heard(in_room(), "ERROR :The host is going down"))
    assert (entry.kind, entry.text) == (EntryKind.INFO, "The host closed the connection: The host is going down")


def test_an_invitation_says_how_to_follow_it() -> None:
    entry = only_entry(heard(in_room("Ben"), f"{BEN} INVITE Ana #Bridge"))
    assert entry.text == "Ben invites you to Bridge. Type /join Bridge to go there."
    assert entry.is_mention


def test_there_is_a_place_for_words_before_any_channel() -> None:
    [change] = heard(ClientState(nick="Ana"), ":host NOTICE * :Looking up your host name")
    assert change == EntryAdded(
        "", Entry(EntryKind.NOTICE, NOW_S, nick="host", text="Looking up your host name", serial=0)
    )
