from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lanchat.chat.state.eras import Era, Eras, Stamp
from lanchat.chat.state.history import Event, History, Kind, Query, Ref, pair, pairs, parties
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.limits import MAX_REMEMBERED_TARGETS
from lanchat.protocol.message import Message
from tests.chat.rig import START


def said(history: History, *keys: str, command: str = "PRIVMSG", text: str = "hi", now: float = START) -> Event:
    """Keep something in conversations."""
    stamp = history.stamp(now)
    event = Event(*stamp, "visit 1", Message(command, ("#a", text), "zoe!u@h", {"msgid": stamp.msgid}))
    history.record(keys, event)
    return event


def latest(history: History, key: str, limit: int = 100) -> list[str]:
    answer = history.answer(Query(Kind.LATEST, (key,), limit, until=history.last_id))
    assert answer is not None
    return [event.msgid for event in answer.events]


def test_the_last_messages_come_back_oldest_first() -> None:
    history: History = MemoryHistory("run", 3)
    events = [said(history, "#a") for _ in range(4)]
    assert history.recent("#a", 10) == events[1:]
    assert history.recent("#a", 2) == events[2:]
    assert history.recent("#b", 10) == []


def test_a_message_is_found_by_its_id_where_it_was_said() -> None:
    history = MemoryHistory("run")
    event = said(history, "#a")
    assert history.find(("#b", "#a"), event.msgid) == event
    assert history.find(("#a",), "y") is None
    assert history.find(("#b",), event.msgid) is None


def test_what_is_taken_back_is_shown_to_nobody_and_keeps_its_place() -> None:
    history = MemoryHistory("run")
    first, second, third = (said(history, "#a") for _ in range(3))
    history.redact(("#a", "#none"), second.msgid)
    assert history.recent("#a", 10) == [first, third]
    assert history.find(("#a",), second.msgid) is None
    answer = history.answer(Query(Kind.AFTER, ("#a",), 10, Ref(second.msgid), until=history.last_id))
    assert answer is not None
    assert answer.events == [third]


def test_a_channel_can_be_forgotten() -> None:
    history = MemoryHistory("run")
    said(history, "#a")
    history.forget("#a")
    history.forget("#a")
    assert history.recent("#a", 10) == []


def test_of_too_many_conversations_the_one_that_was_silent_longest_is_forgotten() -> None:
    history = MemoryHistory("run")
    said(history, "first")
    said(history, "second")
    last = said(history, "first")
    for number in range(MAX_REMEMBERED_TARGETS - 1):
        said(history, str(number))
    assert history.recent("second", 1) == []
    assert history.recent("first", 1) == [last]


def test_many_who_come_and_go_push_out_nothing_that_was_said() -> None:
    history = MemoryHistory("run", 3)
    event = said(history, "#a")
    for _ in range(10):
        said(history, "#a", command="JOIN")
    assert latest(history, "#a") == [event.msgid]


def test_what_happens_in_several_channels_bears_one_msgid_and_has_a_place_in_each() -> None:
    history = MemoryHistory("run")
    event = said(history, "#a", "#b", command="QUIT")
    after = said(history, "#b")
    for key, rest in (("#a", []), ("#b", [after.msgid])):
        query = Query(Kind.AFTER, (key,), 10, Ref(event.msgid), layers=(0, 1), until=history.last_id)
        answer = history.answer(query)
        assert answer is not None
        assert [one.msgid for one in answer.events] == rest
        found = history.answer(replace(query, kind=Kind.LATEST, first=None))
        assert found is not None
        assert [one.msgid for one in found.events] == [event.msgid, *rest]


# ---- Keys ------------------------------------------------------------------------------------------------------------

_AUTHORS = st.tuples(st.sampled_from(["account", "visit"]), st.text("abc-", min_size=1)).map(" ".join)


@given(_AUTHORS, _AUTHORS)
def test_what_two_say_to_each_other_is_one_conversation(one: str, other: str) -> None:
    assert pair(one, other) == pair(other, one)
    assert pair(one, other) != pair(one, other + "x")
    assert sorted(parties(pair(one, other)) or ()) == sorted((one, other))


def test_a_channel_has_no_parties() -> None:
    assert parties("room 0011") is parties("channel #a id1") is None


def test_who_is_two_authors_may_have_spoken_as_each() -> None:
    assert pairs(frozenset({"visit 1"}), frozenset({"visit 2", "account a"})) == (
        "pair account a visit 1",
        "pair visit 1 visit 2",
    )


# ---- Ids and times ---------------------------------------------------------------------------------------------------


def test_no_two_messages_have_the_same_time() -> None:
    eras = Eras((), "run", 1)
    assert [eras.stamp(START) for _ in range(3)] == [
        Stamp(1, "run-0", 1_700_000_000_000),
        Stamp(2, "run-1", 1_700_000_000_001),
        Stamp(3, "run-2", 1_700_000_000_002),
    ]


def test_unless_they_are_so_many_that_times_would_run_ahead_of_the_clock() -> None:
    eras = Eras((), "run", 1)
    assert max(eras.stamp(START).at for _ in range(5_000)) == 1_700_000_001_000


def test_a_clock_that_is_set_back_begins_an_era_with_honest_times() -> None:
    eras = Eras((), "run", 1)
    eras.stamp(START)
    assert eras.stamp(START - 0.5).at == 1_700_000_000_001
    assert eras.stamp(START - 60) == Stamp(3, "run-2", 1_699_999_940_000)
    assert eras.fresh == [Era(1, "run", 1_700_000_000_000), Era(3, "run", 1_699_999_940_000)]
    assert eras.span(1_699_999_950_000) == (3, 2**62)
    assert eras.span(1_699_999_000_000) == (0, 1)


def test_msgids_of_earlier_runs_are_known_and_others_are_not() -> None:
    eras = Eras([Era(100, "old", 5), Era(103, "old", 1)], "new", 200)
    assert eras.id_of("old-4") == 104
    assert eras.msgid_of(104) == "old-4"
    assert eras.id_of(eras.stamp(START).msgid) == 200
    for msgid in ("", "old", "old-", "old-64", "old-x", "old-+1", "old-1_0", "old--1", "OLD-1", "old-A", "x-1"):
        assert eras.id_of(msgid) is None
    assert eras.id_of("old-" + "f" * 400) is None
