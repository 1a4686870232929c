"""The history in a file: it answers as the one in memory does, and what was committed outlives the program."""

from __future__ import annotations

import sqlite3
import string
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanchat.chat.state.eras import Era, Eras
from lanchat.chat.state.history import Answer, Event, Kind, Query, Ref, pair
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol.message import Message
from lanchat.store.database import DatabaseError
from lanchat.store.history import FILE_NAME, StoredHistory
from lanchat.store.history_reader import Reader

ROOM, OTHER = "room 0011223344556677", "channel #a id1"
ANA, BO = "account ana", "visit 7"
PRIVATE = pair(ANA, BO)
START = 1_700_000_000.0


def event(history: StoredHistory | MemoryHistory, now: float, command: str = "PRIVMSG", text: str = "hi") -> Event:
    stamp = history.stamp(now)
    tags = {"time": timestamp(stamp.at / 1000), "account": "Ana", "msgid": stamp.msgid}
    if command == "TAGMSG":
        tags["+reply"] = f"run-{int(text, 36) % 12:x}"
    params = {"TAGMSG": ("#a",), "QUIT": (text,)}.get(command, ("#a", text))
    return Event(*stamp, ANA, Message(command, params, "ana!u@h", tags))


def said(history: StoredHistory, *keys: str, text: str = "hi", now: float = START, command: str = "PRIVMSG") -> Event:
    one = event(history, now, command, text)
    history.record(keys, one)
    return one


def ask(history: StoredHistory, query: Query) -> Answer:
    with closing(history.open_reader()) as reader:
        return reader.answer(query)


def latest(history: StoredHistory, *keys: str, layers: tuple[int, ...] = (0,)) -> list[Event]:
    return list(ask(history, Query(Kind.LATEST, keys, 100, layers=layers, until=history.last_id)).events)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], StoredHistory]]:
    """Return what opens the history of one folder, under the name of a run."""
    histories: list[StoredHistory] = []

    def open_it(run: str) -> StoredHistory:
        histories.append(StoredHistory(tmp_path, run))
        return histories[-1]

    yield open_it
    for history in histories:
        with suppress(sqlite3.ProgrammingError):
            history.close()


# ---- What is kept ----------------------------------------------------------------------------------------------------


def test_what_was_said_comes_back_as_it_was(opened: Callable[[str], StoredHistory]) -> None:
    history = opened("one")
    stamp = history.stamp(START)
    tags = {"time": timestamp(stamp.at / 1000), "account": "Ana", "bot": "", "msgid": stamp.msgid, "+draft/reply": "x"}
    lines = (("one", False), ("", False), ("東京", True))
    several = Event(*stamp, ANA, Message("PRIVMSG", ("#a", "one\n\n東京"), "ana!u@h", tags), lines)
    history.record([ROOM], several)
    join = event(history, START, "JOIN", "Ana")
    history.record([ROOM], join)
    assert history.commit() is None
    assert latest(history, ROOM, layers=(0, 1)) == [several, join]
    assert latest(history, ROOM) == [several]


def test_after_a_restart_it_is_there_under_the_same_msgids_and_new_ones_are_other_ids(
    opened: Callable[[str], StoredHistory],
) -> None:
    first = opened("one")
    before = [said(first, ROOM) for _ in range(3)]
    first.commit()
    first.close()
    second = opened("two")
    second.remember([ROOM])
    assert second.recent(ROOM, 10) == before
    assert second.find([ROOM], "one-1") == before[1]
    after = said(second, ROOM)
    second.commit()
    assert after.id > before[-1].id + 1_000
    assert latest(second, ROOM) == [*before, after]


def test_what_was_not_committed_is_not_there(opened: Callable[[str], StoredHistory]) -> None:
    history = opened("one")
    said(history, ROOM)
    history.commit()
    said(history, ROOM)
    assert len(latest(history, ROOM)) == 1
    assert history.has_unwritten


def test_what_is_taken_back_is_gone_from_the_file(opened: Callable[[str], StoredHistory], tmp_path: Path) -> None:
    first = opened("one")
    secret = said(first, ROOM, text="a word that was not meant to be said")
    said(first, ROOM)
    first.commit()
    first.close()
    second = opened("two")
    second.redact([ROOM], secret.msgid)
    second.commit()
    assert [one.text for one in map(_text, latest(second, ROOM))] == ["hi"]
    second.close()
    assert b"not meant" not in (tmp_path / FILE_NAME).read_bytes()


@dataclass
class _Shown:
    text: str


def _text(one: Event) -> _Shown:
    return _Shown(one.message.params[1])


def test_somebody_quits_several_channels_under_one_msgid(opened: Callable[[str], StoredHistory]) -> None:
    history = opened("one")
    gone = said(history, ROOM, OTHER, command="QUIT")
    after = said(history, OTHER)
    history.commit()
    query = Query(Kind.AFTER, (OTHER,), 10, Ref(gone.msgid), until=history.last_id)
    assert ask(history, query).events == [after]
    assert [one.msgid for one in latest(history, OTHER, layers=(0, 1))] == [gone.msgid, after.msgid]


def test_private_talk_is_listed_for_both_and_for_nobody_else(opened: Callable[[str], StoredHistory]) -> None:
    history = opened("one")
    said(history, ROOM)
    last = said(history, PRIVATE)
    history.commit()
    for owner, expected in ((ANA, [PRIVATE]), (BO, [PRIVATE]), ("account eve", [])):
        query = Query(Kind.TARGETS, (), 10, Ref(at=0), Ref(at=last.at + 1), owners=frozenset({owner}))
        assert [key for key, _ in ask(history, query).latest] == expected


def test_reactions_come_with_what_they_are_about(opened: Callable[[str], StoredHistory]) -> None:
    history = opened("run")
    about, later = said(history, ROOM), said(history, ROOM)
    reaction = said(history, ROOM, text="0", command="TAGMSG")  # about run-0
    elsewhere = said(history, OTHER, text="0", command="TAGMSG")
    history.commit()
    query = Query(Kind.BEFORE, (ROOM,), 9, Ref(later.msgid), layers=(0, 3), until=history.last_id)
    assert ask(history, query) == Answer([about], is_end=True, reactions={about.msgid: [reaction]})
    assert ask(history, replace(query, layers=(0,))).reactions == {}
    assert ask(history, replace(query, until=reaction.id - 1)).reactions == {}
    assert ask(history, replace(query, kind=Kind.AFTER, first=Ref(about.msgid))).reactions == {}
    assert elsewhere.parent == reaction.parent == about.msgid


def test_no_question_scans_the_table_of_events(opened: Callable[[str], StoredHistory]) -> None:
    history = opened("one")
    said(history, ROOM, OTHER)
    history.commit()
    asked: list[str] = []
    with closing(sqlite3.connect(history.path)) as db:
        db.set_trace_callback(asked.append)
        reader = Reader(db, Eras([Era(1, "one", 0)], "x", history.last_id + 1))
        for kind in set(Kind) - {Kind.SEARCH}:  # tests/store/test_search.py
            ref = Ref(at=5) if kind in (Kind.TARGETS, Kind.LATEST) else Ref("one-0")
            layers = (0, 1, 2, 3)
            reader.answer(Query(kind, (ROOM, OTHER), 9, ref, Ref(at=5), layers, 9, frozenset({ANA})))
        db.set_trace_callback(None)
        plans = [str(row[3]) for statement in asked for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert len(plans) > 20
    assert [plan for plan in plans if plan.startswith(("SCAN e", "SCAN event"))] == []
    assert any("event_of_target" in plan for plan in plans)


# ---- As in memory ----------------------------------------------------------------------------------------------------

_KEYS = (ROOM, OTHER, PRIVATE)
_COMMANDS = ("PRIVMSG", "NOTICE", "JOIN", "QUIT", "REDACT", "TAGMSG")
_steps = st.one_of(
    st.tuples(st.just("said"), st.sampled_from(_COMMANDS), st.sets(st.sampled_from(_KEYS), min_size=1)),
    st.tuples(st.just("clock"), st.sampled_from([-3600, -1, 0, 1, 5, 60])),
    st.tuples(st.just("redact"), st.integers(0, 30)),
    st.tuples(st.just("commit")),
)
_refs = st.one_of(
    st.integers(0, 40).map(lambda number: Ref(f"run-{number:x}")),
    st.integers(-3_700_000, 100_000).map(lambda ms: Ref(at=1_700_000_000_000 + ms)),
)
_queries = st.builds(
    Query,
    st.sampled_from(list(Kind)),
    st.lists(st.sampled_from(_KEYS), min_size=1, unique=True).map(tuple),
    st.integers(1, 12),
    _refs,
    _refs,
    st.sampled_from([(0,), (0, 1), (0, 2), (0, 1, 2, 3)]),
    owners=st.sampled_from([frozenset({ANA}), frozenset({"account eve"})]),
    since=st.sampled_from([0, 1_699_999_000_000, 1_700_000_000_002, 1_700_000_060_000]),
).filter(lambda query: query.kind is not Kind.FIND or bool(query.first and query.first.msgid))


class Both:
    """The same things recorded in memory and in a file."""

    def __init__(self, folder: Path) -> None:
        self.stored = StoredHistory(folder, "run")
        self.memory = MemoryHistory("run", 1_000, Eras((), "run", self.stored.last_id + 1))
        self.now = START
        self.msgids: list[str] = []

    def carry_out(self, steps: Sequence[tuple[object, ...]]) -> None:
        for step, *arguments in steps:
            getattr(self, f"_{step}")(*arguments)
        assert self.stored.commit() is None

    def _said(self, command: str, keys: set[str]) -> None:
        text = string.ascii_letters[len(self.msgids) % 52]
        for history in (self.stored, self.memory):
            one = event(history, self.now, command, text)
            history.record(sorted(keys), one)
        self.msgids.append(one.msgid)

    def _clock(self, seconds: int) -> None:
        self.now += seconds

    def _redact(self, number: int) -> None:
        for msgid in self.msgids[number : number + 1]:
            for history in (self.stored, self.memory):
                if history.find(_KEYS, msgid):
                    history.redact(_KEYS, msgid)

    def _commit(self) -> None:
        self.stored.commit()

    def answers(self, query: Query) -> tuple[Answer, Answer]:
        whole = replace(query, until=self.stored.last_id)
        answer = self.memory.answer(whole)
        assert answer is not None
        return _comparable(ask(self.stored, whole)), _comparable(answer)


def _comparable(answer: Answer) -> Answer:
    """Whom private talk is addressed to is not kept: it is told when it is shown."""
    events = [replace(one, message=replace(one.message, params=one.message.params[1:])) for one in answer.events]
    reactions = {msgid: [one.msgid for one in found] for msgid, found in answer.reactions.items()}
    return replace(answer, events=events, latest=list(answer.latest), reactions=reactions)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=60)
@given(st.lists(_steps, max_size=30), st.lists(_queries, min_size=1, max_size=8))
def test_a_file_answers_as_memory_does(steps: list[tuple[object, ...]], queries: list[Query]) -> None:
    with TemporaryDirectory() as folder:
        both = Both(Path(folder))
        both.carry_out(steps)
        for query in queries:
            stored, memory = both.answers(query)
            assert stored == memory
        both.stored.close()


@settings(deadline=None, max_examples=30)
@given(st.lists(_steps, min_size=5, max_size=40), st.integers(1, 7), st.sampled_from([(0,), (0, 1, 2, 3)]))
def test_pages_give_each_message_once_whatever_the_limit(
    steps: list[tuple[object, ...]], limit: int, layers: tuple[int, ...]
) -> None:
    with TemporaryDirectory() as folder:
        both = Both(Path(folder))
        both.carry_out(steps)
        whole = ask(both.stored, Query(Kind.LATEST, (ROOM,), 99, layers=layers, until=both.stored.last_id)).events
        backwards: list[Event] = []
        query = Query(Kind.LATEST, (ROOM,), limit, layers=layers, until=both.stored.last_id)
        while True:
            answer = ask(both.stored, query)
            backwards = [*answer.events, *backwards]
            if answer.is_end:
                break
            query = replace(query, kind=Kind.BEFORE, first=Ref(backwards[0].msgid))
        assert backwards == whole
        both.stored.close()


# ---- The file --------------------------------------------------------------------------------------------------------


def test_a_file_of_a_newer_lanchat_is_refused(opened: Callable[[str], StoredHistory], tmp_path: Path) -> None:
    opened("one").close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(DatabaseError, match="written by a newer lanchat; update this one"):
        opened("two")


def test_nobody_else_on_the_machine_may_read_it(opened: Callable[[str], StoredHistory], tmp_path: Path) -> None:
    history = opened("one")
    said(history, ROOM)
    history.commit()
    assert {path.name: path.stat().st_mode & 0o077 for path in tmp_path.glob("history.db*")} == {
        "history.db": 0,
        "history.db-shm": 0,
        "history.db-wal": 0,
    }


def test_a_clean_end_leaves_one_file(opened: Callable[[str], StoredHistory], tmp_path: Path) -> None:
    history = opened("one")
    said(history, ROOM)
    history.close()
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


# ---- Age -------------------------------------------------------------------------------------------------------------


def test_where_nothing_was_ever_said_nothing_is_too_old(opened: Callable[[str], StoredHistory]) -> None:
    assert not opened("one").expire(START)


def test_what_is_too_old_is_deleted_a_little_at_a_time(opened: Callable[[str], StoredHistory], tmp_path: Path) -> None:
    history = opened("one")
    for _ in range(250):
        said(history, ROOM, text="a word of long ago")
    kept = said(history, ROOM, now=START + 100)
    history.commit()
    steps = 0
    while history.expire(START + 50):
        steps += 1
        assert len(latest(history, ROOM)) > 0
    assert steps == 3
    assert latest(history, ROOM) == history.recent(ROOM, 100) == [kept]
    history.close()
    assert b"long ago" not in (tmp_path / FILE_NAME).read_bytes()


def test_a_clock_that_was_wrong_keeps_nothing_from_being_deleted(opened: Callable[[str], StoredHistory]) -> None:
    history = opened("one")
    future = said(history, ROOM, now=START + 3_600)
    old = said(history, ROOM, now=START)
    new = said(history, ROOM, now=START + 100)
    history.commit()
    assert latest(history, ROOM) == [future, old, new]
    while history.expire(START + 50):
        pass
    assert latest(history, ROOM) == [future, new]


def test_eras_of_which_nothing_is_kept_are_forgotten(opened: Callable[[str], StoredHistory]) -> None:
    first = opened("one")
    old = said(first, ROOM)
    first.close()
    second = opened("two")
    new = said(second, ROOM, now=START + 100)
    second.commit()
    while second.expire(START + 50):
        pass
    second.close()
    with closing(sqlite3.connect(second.path)) as db:
        assert [run for (run,) in db.execute("SELECT run FROM era")] == ["two"]
    third = opened("three")
    query = Query(Kind.AFTER, (ROOM,), 9, Ref(old.msgid), until=third.last_id)
    assert ask(third, query).failure == "UNKNOWN_MSGID"
    assert latest(third, ROOM) == [new]


def test_a_channel_that_is_no_more_is_deleted_little_by_little(opened: Callable[[str], StoredHistory]) -> None:
    history = opened("one")
    for _ in range(150):
        said(history, OTHER)
    kept = said(history, ROOM)
    history.commit()
    history.forget(OTHER)
    steps = 0
    while history.expire(0):
        steps += 1
    assert steps == 3
    assert latest(history, OTHER) == []
    assert latest(history, ROOM) == [kept]
    again = said(history, OTHER)
    history.commit()
    assert latest(history, OTHER) == [again]


def test_a_channel_of_the_last_run_is_no_more(opened: Callable[[str], StoredHistory]) -> None:
    first = opened("one")
    said(first, OTHER, PRIVATE)
    first.close()
    second = opened("two")
    while second.expire(0):
        pass
    assert latest(second, OTHER) == []
    assert len(latest(second, PRIVATE)) == 1


def test_a_file_that_is_mostly_empty_gives_its_room_back_at_the_end(
    opened: Callable[[str], StoredHistory], tmp_path: Path
) -> None:
    history = opened("one")
    for _ in range(2_000):
        said(history, ROOM, text="x" * 400)
    history.commit()
    while history.expire(START + 50):
        pass
    history.close()
    assert (tmp_path / FILE_NAME).stat().st_size < 200_000
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        assert db.execute("SELECT count(*) FROM sender").fetchone() == (0,)
