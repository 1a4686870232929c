import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.state import (
    Change,
    ChannelJoined,
    ChannelLeft,
    ClientState,
    CurrentChanged,
    EntriesCleared,
    Entry,
    EntryAdded,
    EntryChanged,
    EntryKind,
    LinkStatus,
    Member,
    MembersChanged,
    Mentioned,
    NickChanged,
    StatusChanged,
    TopicChanged,
    TypingChanged,
    UnreadChanged,
)
from lanchat.protocol.message import Message
from lanchat.protocol.text import is_harmful
from tests.client.lines import MESSAGES, NOW_S, heard, in_room

BEN = ":Ben!ben@10.0.0.8"


def only_entry(changes: list[Change]) -> Entry:
    [entry] = [change.entry for change in changes if isinstance(change, EntryAdded)]
    return entry


# ---- joining -----------------------------------------------------------------------------------------------------


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


# ---- leaving -----------------------------------------------------------------------------------------------------


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


# ---- talking -----------------------------------------------------------------------------------------------------


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


# ---- reactions, typing, deleting ---------------------------------------------------------------------------------


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


# ---- names, ranks, topic -----------------------------------------------------------------------------------------


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


# ---- answers -----------------------------------------------------------------------------------------------------


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
        (":host 482 Ana #Line-3 :You're not channel operator", "Only an operator of Line 3 may do that."),
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


# ---- reading -----------------------------------------------------------------------------------------------------


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


# ---- anything ----------------------------------------------------------------------------------------------------


@given(st.lists(MESSAGES, max_size=30))
def test_no_message_makes_the_state_raise(messages: list[Message]) -> None:
    state = in_room("@Ben")
    for one in messages:
        for change in state.apply(one, NOW_S):
            if isinstance(change, EntryAdded | EntryChanged):
                entry = change.entry
                assert not any(is_harmful(char) for char in entry.text.replace("\n", "") + entry.nick + entry.to)


@given(st.lists(MESSAGES, max_size=30))
def test_serials_name_entries(messages: list[Message]) -> None:
    state = in_room("@Ben")
    for one in messages:
        state.apply(one, NOW_S)
    for channel in state.channels.values():
        assert [entry.serial for entry in channel.entries] == list(range(len(channel.entries)))
