import pytest

from lanchat.client.state.changes import (
    EntryAdded,
    EntryChanged,
    Mentioned,
    TypingChanged,
)
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.state import ClientState
from tests.client.lines import BEN, NOW_S, heard, in_room, only_entry


def test_a_message_has_the_time_and_the_id_of_the_host() -> None:
    state = in_room("Ben")
    changes = heard(state, f"@time=2026-03-01T12:00:00.500Z;msgid=m1 {BEN} PRIVMSG #line-3 :hello")
    entry = Entry(EntryKind.MESSAGE, 1772366400.5, nick="Ben", text="hello", msgid="m1", serial=0)
    assert changes == [EntryAdded("#Line-3", entry)]


@pytest.mark.parametrize(
    "tag", ["", "yesterday", "2026-13-01T00:00:00.000Z", "2026-03-01T12:00:00", "Z", "9" * 40 + "Z"]
)
def test_a_message_without_a_time_has_the_local_one(tag: str) -> None:
    entry = only_entry(heard(in_room(), f"@time={tag} {BEN} PRIVMSG #Line-3 :hello"))
    assert entry.at_s == NOW_S


@pytest.mark.parametrize("text", ["ana?", "@Ana look", "hey ANA!", "(ana)"])
def test_a_name_in_a_text_is_a_mention(text: str) -> None:
    state = in_room("Ben")
    changes = heard(state, f"{BEN} PRIVMSG #Line-3 :{text}")
    assert [type(change) for change in changes] == [EntryAdded, Mentioned]


def test_a_name_is_found_however_it_is_written() -> None:
    state = in_room("Ben", nick="Zoé")
    assert only_entry(heard(state, f"{BEN} PRIVMSG #Line-3 :hi ＺＯÉ, hi")).is_mention


@pytest.mark.parametrize("text", ["banana", "anatomy", "Ana2", "Ana_Lena"])
def test_a_name_inside_another_word_is_no_mention(text: str) -> None:
    assert [type(change) for change in heard(in_room("Ben"), f"{BEN} PRIVMSG #Line-3 :{text}")] == [EntryAdded]


def test_a_name_with_a_space_is_a_mention_in_both_forms() -> None:
    state = in_room("Ben", nick="Maria_López")
    assert only_entry(heard(state, f"{BEN} PRIVMSG #Line-3 :maria lópez: hi")).is_mention
    assert only_entry(heard(state, f"{BEN} PRIVMSG #Line-3 :Maria_López: hi")).is_mention


def test_a_replayed_mention_rings_no_bell() -> None:
    state = in_room("Ben")
    changes = heard(
        state,
        ":host BATCH +r chathistory #Line-3",
        f"@batch=r;msgid=m1 {BEN} PRIVMSG #Line-3 :Ana!",
        ":host BATCH -r",
    )
    entry = Entry(
        EntryKind.MESSAGE, NOW_S, nick="Ben", text="Ana!", msgid="m1", is_mention=True, is_replayed=True, serial=0
    )
    assert changes == [EntryAdded("#Line-3", entry)]


def test_what_was_there_before_is_not_replayed_again() -> None:
    state = in_room("Ben")
    heard(state, f"@msgid=m1 {BEN} PRIVMSG #Line-3 :hello")
    assert heard(state, ":host BATCH +r chathistory #Line-3", f"@batch=r;msgid=m1 {BEN} PRIVMSG #Line-3 :hello") == []


def test_our_own_message_is_ours_and_no_mention() -> None:
    entry = only_entry(heard(in_room(), ":Ana!ana@h PRIVMSG #Line-3 :I am Ana"))
    assert (entry.is_own, entry.is_mention) == (True, False)


def test_an_action() -> None:
    entry = only_entry(heard(in_room("Ben"), f"{BEN} PRIVMSG #Line-3 :\x01ACTION waves\x01"))
    assert (entry.kind, entry.text) == (EntryKind.ACTION, "waves")


def test_questions_to_the_program_are_not_shown() -> None:
    assert heard(in_room("Ben"), f"{BEN} PRIVMSG Ana :\x01VERSION\x01", f"{BEN} NOTICE Ana :\x01PING 1\x01") == []


def test_a_whisper_shows_in_the_open_channel() -> None:
    changes = heard(in_room("Ben"), f"{BEN} PRIVMSG Ana :psst")
    entry = Entry(EntryKind.WHISPER, NOW_S, nick="Ben", text="psst", to="Ana", is_mention=True, serial=0)
    assert changes == [EntryAdded("#Line-3", entry), Mentioned("#Line-3", entry)]


def test_our_own_whisper_names_the_other() -> None:
    entry = only_entry(heard(in_room("Ben"), ":Ana!ana@h PRIVMSG Ben :psst"))
    assert (entry.kind, entry.to, entry.is_own, entry.is_mention) == (EntryKind.WHISPER, "Ben", True, False)


def test_a_notice_of_the_server_is_no_whisper() -> None:
    entry = only_entry(heard(in_room(), ":host NOTICE Ana :going down at noon"))
    assert (entry.kind, entry.to, entry.is_mention) == (EntryKind.NOTICE, "", False)


def test_a_message_for_a_rank_shows_in_its_channel() -> None:
    entry = only_entry(heard(in_room("Ben"), f"{BEN} PRIVMSG @#Line-3 :operators only"))
    assert entry.text == "operators only"


def test_a_message_for_a_channel_we_are_not_in_is_ignored() -> None:
    assert heard(in_room("Ben"), f"{BEN} PRIVMSG #Other :hello") == []


def test_lines_of_a_batch_are_one_message() -> None:
    state = in_room("Ben")
    changes = heard(
        state,
        f"@msgid=m1;time=2026-03-01T12:00:00.000Z {BEN} BATCH +b draft/multiline #Line-3",
        f"@batch=b {BEN} PRIVMSG #Line-3 :one",
        f"@batch=b {BEN} PRIVMSG #Line-3 :",
        f"@batch=b {BEN} PRIVMSG #Line-3 :two ",
        f"@batch=b;draft/multiline-concat {BEN} PRIVMSG #Line-3 :and three",
        f"{BEN} BATCH -b",
    )
    entry = Entry(EntryKind.MESSAGE, 1772366400.0, nick="Ben", text="one\n\ntwo and three", msgid="m1", serial=0)
    assert changes == [EntryAdded("#Line-3", entry)]


def test_a_batch_of_lines_inside_a_replay_is_replayed() -> None:
    state = in_room("Ben")
    changes = heard(
        state,
        ":host BATCH +r chathistory #Line-3",
        f"@batch=r {BEN} BATCH +b draft/multiline #Line-3",
        f"@batch=b {BEN} PRIVMSG #Line-3 :one",
        f"{BEN} BATCH -b",
        ":host BATCH -r",
    )
    assert only_entry(changes).is_replayed


def test_foreign_text_is_harmless() -> None:
    entry = only_entry(heard(in_room("Ben"), f"{BEN} PRIVMSG #Line-3 :\x1b]52;c;aGk=\x07\u202egnp.exe\x02bold\x02"))
    assert entry.text == "]52;c;aGk=gnp.exebold"


def test_a_foreign_name_is_harmless() -> None:
    entry = only_entry(heard(in_room(), ":Be\x1b[31mn!b@h PRIVMSG #Line-3 :hi"))
    assert entry.nick == "Be[31mn"


# ---- reactions, typing, deleting ----------------------------------------------------------------------------------


def reacted(state: ClientState, *lines: str) -> tuple[list[tuple[str, tuple[str, ...]]], int]:
    heard(state, f"@msgid=m1 {BEN} PRIVMSG #Line-3 :hello")
    changes = heard(state, *lines)
    assert all(isinstance(change, EntryChanged) for change in changes)
    return [(reaction.text, reaction.nicks) for reaction in state.current.entries[0].reactions], len(changes)


def test_reactions_are_counted_by_sign() -> None:
    reactions = reacted(
        in_room("Ben", "Carl"),
        "@+draft/react=👍;+reply=m1 :Ana!a@h TAGMSG #Line-3",
        "@+draft/react=👍;+draft/reply=m1 :Carl!c@h TAGMSG #Line-3",
        "@+draft/react=👍;+reply=m1 :carl!c@h TAGMSG #Line-3",
        "@+draft/react=🎉;+reply=m1 :Carl!c@h TAGMSG #Line-3",
    )
    assert reactions == ([("👍", ("Ana", "Carl")), ("🎉", ("Carl",))], 3)


def test_a_reaction_can_be_taken_back() -> None:
    reactions = reacted(
        in_room("Ben"),
        "@+draft/react=👍;+reply=m1 :Ana!a@h TAGMSG #Line-3",
        "@+draft/unreact=👍;+reply=m1 :Ana!a@h TAGMSG #Line-3",
    )
    assert reactions == ([], 2)


def test_a_reaction_to_nothing_is_ignored() -> None:
    assert heard(in_room("Ben"), f"@+draft/react=👍;+reply=m9 {BEN} TAGMSG #Line-3") == []


def test_an_answer_names_what_it_answers() -> None:
    assert only_entry(heard(in_room("Ben"), f"@+reply=m1 {BEN} PRIVMSG #Line-3 :yes")).reply_to == "m1"


def test_a_deleted_message_is_empty() -> None:
    state = in_room("Ben")
    heard(state, f"@msgid=m1 {BEN} PRIVMSG #Line-3 :secret of Ana")
    [change] = heard(state, f"{BEN} REDACT #Line-3 m1 :oops")
    assert isinstance(change, EntryChanged)
    assert (change.entry.text, change.entry.is_deleted, change.entry.serial) == ("", True, 0)
    assert heard(state, f"{BEN} REDACT #Line-3 m1", f"{BEN} REDACT #Line-3 m2") == []


def test_typing_ends_with_the_message_or_by_itself() -> None:
    state = in_room("Ben")
    assert heard(state, f"@+typing=active {BEN} TAGMSG #Line-3") == [TypingChanged("#Line-3")]
    assert state.current.typing_nicks(NOW_S + 5.9) == ("Ben",)
    assert state.current.typing_nicks(NOW_S + 6.1) == ()
    assert heard(state, f"{BEN} PRIVMSG #Line-3 :done")[0] == TypingChanged("#Line-3")
    assert state.current.typing_nicks(NOW_S) == ()


def test_our_own_typing_is_no_news() -> None:
    assert heard(in_room(), "@+typing=active :Ana!a@h TAGMSG #Line-3") == []
