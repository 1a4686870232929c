"""What is sent when something is done with one message."""

from dataclasses import replace

from lanchat.client.speaking.actions import Say, Send, Show
from lanchat.client.speaking.answering import react, say_anew, why_not_deleted, why_not_edited
from lanchat.client.speaking.phrasing import Saying
from lanchat.client.state.entries import Entry, EntryKind, Reaction
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message

OWN = Entry(EntryKind.ACTION, 0.0, nick="Ana", text="waves", msgid="m1", reply_to="m0", is_own=True)


def state(*capabilities: str) -> ClientState:
    return ClientState(nick="Ana", capabilities=dict.fromkeys(capabilities, ""))


def test_the_same_sign_again_takes_it_away() -> None:
    signed = replace(OWN, reactions=(Reaction("+1", ("Ben", "ANA")),))
    for entry, key in ((OWN, "+draft/react"), (signed, "+draft/unreact")):
        tags = {key: "+1", "+reply": "m1", "+draft/reply": "m1"}
        assert react(state("message-tags"), "#a", entry, "+1") == [Send(Message("TAGMSG", ("#a",), tags=tags))]


def test_a_host_that_passes_no_tags_on_is_told_of() -> None:
    [shown] = react(state(), "#a", OWN, "+1")
    assert isinstance(shown, Show)


def test_editing_says_it_in_the_same_way_and_takes_the_old_one_back() -> None:
    said = Say(Saying("Ben", "waves back", EntryKind.ACTION, "m0"))
    assert say_anew("Ben", OWN, "waves back") == [said, Send(Message("REDACT", ("Ben", "m1")))]


def test_only_one_s_own_and_where_it_can_be_taken_back() -> None:
    able = state("draft/message-redaction")
    assert why_not_edited(able, OWN) == ""
    assert why_not_deleted(able, replace(OWN, is_own=False)) == ""  # an operator may; the host decides
    assert "yourself" in why_not_edited(able, replace(OWN, is_own=False))
    assert why_not_edited(state(), OWN) == why_not_deleted(able, replace(OWN, msgid="")) != ""
