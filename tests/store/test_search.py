"""The index of what was said: it answers as memory does, and whatever happens to its file, it can be made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanchat.chat.state.eras import Eras
from lanchat.chat.state.folding import phrases
from lanchat.chat.state.history import Answer, Event, Kind, Query, Sought, pair
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold
from lanchat.store import search_index, searching
from lanchat.store.history import FILE_NAME, StoredHistory
from lanchat.store.open_reader import OpenReader
from lanchat.store.search_index import FILE_NAME as INDEX_NAME
from tests.chat.test_folding import TABLE

ROOM, OTHER = "room 0011223344556677", "channel #a id1"
ANA, BO = "account ana", "visit 7"
PRIVATE, SELF = pair(ANA, BO), pair(ANA, ANA)
START = 1_700_000_000.0


def said(
    history: StoredHistory | MemoryHistory,
    text: str,
    *keys: str,
    now: float = START,
    by: str = ANA,
    nick: str = "Ana",
    command: str = "PRIVMSG",
) -> Event:
    stamp = history.stamp(now)
    tags = {"time": timestamp(stamp.at / 1000), "msgid": stamp.msgid}
    params = ("*", text) if command in ("PRIVMSG", "NOTICE") else ("*",)
    event = Event(*stamp, by, Message(command, params, f"{nick}!u@h", tags))
    history.record(keys or (ROOM,), event)
    return event


def sought(text: str = "", **wanted: object) -> Query:
    query = Query(Kind.SEARCH, (ROOM, OTHER, PRIVATE), 50, until=2**60, sought=Sought(phrases(text)))
    return replace(query, **wanted)  # type: ignore[arg-type]


def texts(answer: Answer) -> list[str]:
    return [event.message.params[1] for event in answer.events]


def index_all(reader: OpenReader) -> None:
    while reader.index():
        pass
    reader.settle()


class Opened:
    """A history in a folder, and what reads and indexes it beside."""

    def __init__(self, folder: Path, run: str = "run") -> None:
        self.history = StoredHistory(folder, run)
        self.history.have_indexed()
        self.reader = self.history.open_reader()

    def say(self, *all_texts: str, key: str = ROOM) -> list[Event]:
        events = [said(self.history, text, key) for text in all_texts]
        assert self.history.commit() is None
        return events

    def find(self, text: str, **wanted: object) -> list[str]:
        return texts(self.reader.answer(sought(text, **wanted)))

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self.reader.finish()
        self.reader.close()
        with suppress(sqlite3.Error):
            self.history.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], Opened]]:
    """Return what opens a history in one folder, as a host does at its start."""
    all_opened: list[Opened] = []

    def open_it() -> Opened:
        all_opened.append(Opened(tmp_path, f"run{len(all_opened)}"))
        return all_opened[-1]

    yield open_it
    for one in all_opened:
        with suppress(sqlite3.ProgrammingError):
            one.close()


# ---- What is found ---------------------------------------------------------------------------------------------------


def test_what_is_typed_finds_in_the_index_what_it_finds_in_memory(opened: Callable[[], Opened]) -> None:
    one = opened()
    for at, (_, text, _) in enumerate(TABLE):
        said(one.history, text, f"room {at}")
    one.history.commit()
    for at, (asked, text, is_hit) in enumerate(TABLE):
        wanted = phrases(asked)
        keys = (f"room {at}",) if wanted else ()
        found = one.find(asked, keys=keys)
        assert found == ([text] if is_hit else []), (asked, text)


_TEXTS = st.lists(
    st.sampled_from(
        ["press", "Press", "pressure", "four", "4", "東京", "東", "京都", "Straße", "strasse", "-x", '"', "*"]
    ),
    max_size=5,
).map(" ".join) | st.text(st.characters(codec="utf-8"), max_size=20)
_KEYS = (ROOM, OTHER, PRIVATE, SELF)
_STEPS = st.one_of(
    st.tuples(
        st.just("said"),
        _TEXTS,
        st.sampled_from(_KEYS),
        st.sampled_from(["Ana", "ana", "Bo", "Zoé"]),
        st.sampled_from(["PRIVMSG", "NOTICE", "JOIN"]),
    ),
    st.tuples(st.just("clock"), st.sampled_from([-3600, -1, 0, 1, 5, 60])),
    st.tuples(st.just("redact"), st.integers(0, 20)),
    st.tuples(st.just("index")),
    st.tuples(st.just("restart")),
)
_TIMES = st.none() | st.integers(-3_700_000, 200_000).map(lambda ms: 1_700_000_000_000 + ms)
_QUERIES = st.builds(
    Query,
    st.just(Kind.SEARCH),
    st.lists(st.sampled_from([*_KEYS, "room none"]), unique=True).map(tuple),
    st.integers(1, 8),
    owners=st.sampled_from([frozenset[str](), frozenset({ANA}), frozenset({BO, "account eve"})]),
    since=st.sampled_from([0, 1_699_999_000_000, 1_700_000_000_002, 1_700_000_060_000]),
    sought=st.builds(Sought, _TEXTS.map(phrases), st.sampled_from(["", "", "ana", "bo", fold("ZOÉ")]), _TIMES, _TIMES),
)


class Both:
    """The same things said in memory and in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened = Opened(folder, "run")
        first_id = self.opened.history.last_id + 1
        self.memory = MemoryHistory("run", 1_000, Eras((), "run", first_id))
        self.now = START
        self.msgids: list[str] = []
        self.runs = 0

    def carry_out(self, steps: Sequence[tuple[object, ...]]) -> None:
        for step, *arguments in steps:
            getattr(self, f"_{step}")(*arguments)
            assert self.opened.history.commit() is None

    def _said(self, text: str, key: str, nick: str, command: str) -> None:
        event = said(self.opened.history, text, key, now=self.now, nick=nick, command=command)
        self.memory.record((key,), event)
        self.msgids.append(event.msgid)

    def _clock(self, seconds: int) -> None:
        self.now += seconds

    def _redact(self, number: int) -> None:
        for msgid in self.msgids[number : number + 1]:
            for history in (self.opened.history, self.memory):
                history.redact(_KEYS, msgid)

    def _index(self) -> None:
        index_all(self.opened.reader)

    def _restart(self) -> None:
        self.opened.close()
        self.runs += 1
        self.opened = Opened(self.folder, f"run{self.runs}")


@settings(deadline=None, max_examples=80)
@given(st.lists(_STEPS, max_size=25), st.lists(_QUERIES, min_size=1, max_size=8), st.sampled_from([0, 300]))
def test_a_file_finds_what_memory_finds(steps: list[tuple[object, ...]], queries: list[Query], rare: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "_RARE", rare)
        both = Both(Path(folder))
        both.carry_out(steps)
        for query in queries:
            whole = replace(query, until=both.opened.history.last_id)
            memory = both.memory.answer(whole)
            stored = both.opened.reader.answer(whole)
            assert memory is not None
            assert [event.msgid for event in stored.events] == [event.msgid for event in memory.events]
            assert (stored.keys, stored.is_end) == (list(memory.keys), memory.is_end)
            assert not stored.is_partial
        both.opened.close()


def test_no_search_scans_the_table_of_events(opened: Callable[[], Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    one = opened()
    one.say("word", "more")
    said(one.history, "word", PRIVATE)
    one.history.commit()
    index_all(one.reader)
    asked: list[str] = []
    one.reader._db.set_trace_callback(asked.append)
    for words, owners, rare in product(("word", "", "wo*", '"word more"'), ({ANA}, set[str]()), (0, 300)):
        monkeypatch.setattr(searching, "_RARE", rare)
        wanted = Sought(phrases(words), "ana", 1, 2**50)
        one.reader.answer(sought(words, owners=frozenset(owners), sought=wanted, since=5))
    one.reader._db.set_trace_callback(None)
    plans = [str(row[3]) for line in asked if line.startswith("SELECT") for row in _plan(one.reader, line)]
    assert any("said VIRTUAL TABLE INDEX" in plan for plan in plans)
    assert [plan for plan in plans if plan.startswith(("SCAN e", "SCAN event", "SCAN party"))] == []


def _plan(reader: OpenReader, line: str) -> list[tuple[object, ...]]:
    return reader._db.execute(f"EXPLAIN QUERY PLAN {line}").fetchall()


# ---- What is no more -------------------------------------------------------------------------------------------------


def in_index(folder: Path, word: str) -> int:
    """Return in how many messages a word is, for who has only the index."""
    with closing(sqlite3.connect(folder / INDEX_NAME)) as db:
        return len(db.execute("SELECT rowid FROM said WHERE said MATCH ?", (word,)).fetchall())


def test_what_is_taken_back_is_taken_out_of_the_index(opened: Callable[[], Opened], tmp_path: Path) -> None:
    one = opened()
    secret, *_ = one.say("a secretword here", "another one")
    assert one.find("secretword") == ["a secretword here"]
    assert in_index(tmp_path, "secretword") == 1
    one.history.redact([ROOM], secret.msgid)
    one.history.commit()
    assert one.find("secretword") == []
    index_all(one.reader)
    assert in_index(tmp_path, "secretword") == 0
    assert one.history.has_unwritten, "what was taken out is forgotten with the next turn"
    one.history.commit()
    one.close()
    assert b"secretword" not in (tmp_path / FILE_NAME).read_bytes()
    assert in_index(tmp_path, "another") == 1


def test_no_word_of_what_was_taken_back_can_be_read_in_the_file_of_the_index(
    opened: Callable[[], Opened], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FTS5 only notes what is gone; so once a day all of the index is written anew."""
    one = opened()
    zebra, okapi, *_ = one.say("zebrafish", "okapi", *["others"] * 300)
    index_all(one.reader)

    def readable(event: Event) -> bool:
        one.history.redact([ROOM], event.msgid)
        one.history.commit()
        index_all(one.reader)
        word = event.message.params[1].encode()
        return any(word in path.read_bytes() for path in tmp_path.glob("search.db*"))

    assert not readable(zebra)
    assert readable(okapi), "it is not a day later"
    monkeypatch.setattr(one.reader, "_purge_at", 0.0)
    assert not readable(okapi)
    assert in_index(tmp_path, "others") == 300


def test_what_is_said_and_taken_back_before_it_was_indexed_leaves_nothing(
    opened: Callable[[], Opened], tmp_path: Path
) -> None:
    one = opened()
    one.find("x")
    secret, other = one.say("secretword", "other")
    one.history.redact([ROOM], secret.msgid)
    one.history.commit()
    index_all(one.reader)
    one.history.commit()
    assert (in_index(tmp_path, "secretword"), in_index(tmp_path, "other")) == (0, 1)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        assert db.execute("SELECT count(*) FROM unindex").fetchone() == (0,)
    assert other


def test_what_is_too_old_is_taken_out_of_the_index(opened: Callable[[], Opened], tmp_path: Path) -> None:
    one = opened()
    for number in range(130):
        said(one.history, f"oldword {number}")
    said(one.history, "new oldword", now=START + 100)
    one.history.commit()
    index_all(one.reader)
    assert in_index(tmp_path, "oldword") == 131
    while one.history.expire(START + 50):
        pass
    assert one.find("oldword") == ["new oldword"]
    index_all(one.reader)
    assert in_index(tmp_path, "oldword") == 1


def test_what_was_said_in_a_channel_that_is_no_more_is_taken_out(opened: Callable[[], Opened], tmp_path: Path) -> None:
    one = opened()
    one.say(*["gone"] * 120, key=OTHER)
    index_all(one.reader)
    one.history.forget(OTHER)
    while one.history.expire(0):
        pass
    index_all(one.reader)
    assert in_index(tmp_path, "gone") == 0


def test_a_host_that_dies_in_between_takes_nothing_out_twice(opened: Callable[[], Opened], tmp_path: Path) -> None:
    one = opened()
    secret, *_ = one.say("secret word", "word")
    index_all(one.reader)
    one.history.redact([ROOM], secret.msgid)
    one.history.commit()
    index_all(one.reader)
    one.reader.close()  # and what was taken out is never forgotten
    one.history._db.close()
    again = opened()
    index_all(again.reader)
    again.reader._db.execute("INSERT INTO search.said(said) VALUES ('integrity-check')")
    assert again.find("word") == ["word"]
    assert in_index(tmp_path, "word") == 1
    again.history.commit()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        assert db.execute("SELECT count(*) FROM unindex").fetchone() == (0,)


def test_at_the_end_of_the_host_nothing_waits_to_be_taken_out(opened: Callable[[], Opened], tmp_path: Path) -> None:
    one = opened()
    secret, *_ = one.say("secretword", "word")
    index_all(one.reader)
    one.history.redact([ROOM], secret.msgid)
    one.history.commit()
    one.close()
    assert in_index(tmp_path, "secretword") == 0
    assert b"secretword" not in (tmp_path / FILE_NAME).read_bytes()


# ---- An index that is not there yet ----------------------------------------------------------------------------------


def test_of_an_old_history_the_newest_is_found_first_and_it_is_told(
    opened: Callable[[], Opened], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened()
    first.say(*[f"word {number}" for number in range(400)])
    first.close()
    monkeypatch.setattr("lanchat.store.open_reader._CATCH_UP_OLD_S", 0.0)
    one = opened()
    one.say("word new")
    answer = one.reader.answer(sought("word"))
    assert answer.is_partial
    assert texts(answer) == [f"word {number}" for number in range(351, 400)] + ["word new"]
    one.say("word newer")
    assert one.find("word", limit=1) == ["word newer"]
    index_all(one.reader)
    whole = one.reader.answer(sought("word", limit=500))
    assert not whole.is_partial
    assert texts(whole) == [f"word {number}" for number in range(400)] + ["word new", "word newer"]


def test_a_restart_goes_on_where_indexing_was(opened: Callable[[], Opened], tmp_path: Path) -> None:
    first = opened()
    first.say(*[f"word {number}" for number in range(400)])
    first.close()
    second = opened()
    for _ in range(3):
        assert second.reader.index()
    second.close()
    assert in_index(tmp_path, "word") == 150
    third = opened()
    third.say("word new")
    index_all(third.reader)
    assert in_index(tmp_path, "word") == 401


def _damage(path: Path, at: int, size: int = 2_000) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xa5" * size)


@pytest.mark.parametrize("at", [0, 20, 4_096 * 3, 4_096 * 6], ids=["header", "later in it", "a page", "another"])
def test_a_damaged_index_is_made_anew(opened: Callable[[], Opened], tmp_path: Path, at: int) -> None:
    first = opened()
    first.say(*[f"word {number}" for number in range(500)])
    index_all(first.reader)
    first.close()
    _damage(tmp_path / INDEX_NAME, at, 6_000)
    one = opened()
    one.find("word")
    one.say("word new")
    for _ in range(2):
        index_all(one.reader)
        found = one.find("word", limit=600)
    assert found == [f"word {number}" for number in range(500)] + ["word new"]
    assert one.history.is_sound


def test_while_the_disk_is_full_what_is_indexed_is_found(opened: Callable[[], Opened]) -> None:
    one = opened()
    one.say("word one")
    index_all(one.reader)
    one.reader._db.execute("PRAGMA search.max_page_count=1")
    one.say(f"word two {' '.join(f'w{number}' for number in range(3_000))}")
    answer = one.reader.answer(sought("word"))
    assert (texts(answer), answer.is_partial) == (["word one"], True)
    one.reader._db.execute("PRAGMA search.max_page_count=1000000")
    assert len(one.find("word")) == 2


def test_where_the_history_is_damaged_that_is_seen(opened: Callable[[], Opened], tmp_path: Path) -> None:
    first = opened()
    first.say(*[f"word {number} {'x' * 300}" for number in range(500)])
    index_all(first.reader)
    first.close()
    one = opened()
    _damage(tmp_path / FILE_NAME, 4_096 * 20, 4_096 * 20)
    with pytest.raises(sqlite3.DatabaseError):
        one.find("word", limit=600)
    assert not one.history.is_sound


@pytest.mark.parametrize("content", [b"", b"not a file of SQLite's", b"\0" * 9_000], ids=["empty", "text", "zeros"])
def test_any_other_file_in_its_place_is_replaced(opened: Callable[[], Opened], tmp_path: Path, content: bytes) -> None:
    (tmp_path / INDEX_NAME).write_bytes(content)
    one = opened()
    one.say("word")
    assert one.find("word") == ["word"]


def test_an_index_of_another_history_is_replaced(opened: Callable[[], Opened], tmp_path: Path) -> None:
    first = opened()
    first.say("word of another")
    first.find("word")
    first.close()
    (tmp_path / FILE_NAME).unlink()
    one = opened()
    one.say("a word")
    assert one.find("word") == ["a word"]
    assert in_index(tmp_path, "another") == 0


def test_an_index_of_later_than_a_history_that_was_put_back_is_replaced(
    opened: Callable[[], Opened], tmp_path: Path
) -> None:
    """Else what is said now would be found by the words of what was said under the same ids after the copy was made."""
    first = opened()
    first.say("old word")
    index_all(first.reader)
    first.close()
    copy = (tmp_path / FILE_NAME).read_bytes()
    second = opened()
    second.say("lost word", "lost again")
    index_all(second.reader)
    second.close()
    (tmp_path / FILE_NAME).write_bytes(copy)
    third = opened()
    third.say("new word", "newer")
    assert third.find("word") == ["old word", "new word"]
    assert third.find("lost") == []
    assert third.find("newer") == ["newer"]


def test_a_restart_keeps_the_index(opened: Callable[[], Opened], tmp_path: Path) -> None:
    for number in range(3):
        one = opened()
        one.say(f"word {number}")
        index_all(one.reader)
        one.close()
    node = (tmp_path / INDEX_NAME).stat().st_ino
    last = opened()
    assert last.find("word") == ["word 0", "word 1", "word 2"]
    assert (tmp_path / INDEX_NAME).stat().st_ino == node


def test_an_index_that_was_folded_in_another_way_is_replaced(
    opened: Callable[[], Opened], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened()
    first.say("a word")
    monkeypatch.setattr(search_index, "folded", lambda text: "other")
    index_all(first.reader)
    first.close()
    monkeypatch.undo()
    assert in_index(tmp_path, "other") == 1
    monkeypatch.setattr(search_index, "VERSION", "0 newer")
    one = opened()
    assert one.find("word") == ["a word"]
    assert in_index(tmp_path, "other") == 0


def test_without_fts5_nothing_is_indexed_and_an_old_index_goes(
    opened: Callable[[], Opened], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened()
    secret, *_ = first.say("a word")
    first.find("word")
    first.close()
    monkeypatch.setattr("lanchat.store.history.has_full_text", lambda _: False)
    history = StoredHistory(tmp_path, "without")
    history.have_indexed()
    assert not history.is_searchable
    history.redact([ROOM], secret.msgid)
    history.commit()
    history.close()
    assert not (tmp_path / INDEX_NAME).exists()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        assert db.execute("SELECT count(*) FROM unindex").fetchone() == (0,)


def test_nobody_else_on_the_machine_may_read_it(opened: Callable[[], Opened], tmp_path: Path) -> None:
    one = opened()
    one.say("word")
    one.find("word")
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.glob("search.db*")}
    assert modes == {"search.db": 0, "search.db-shm": 0, "search.db-wal": 0}


def test_a_history_of_before_there_was_an_index_is_brought_up_to_date(
    opened: Callable[[], Opened], tmp_path: Path
) -> None:
    first = opened()
    first.say("old word")
    first.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        db.executescript("DROP TABLE identity; DROP TABLE unindex; PRAGMA user_version=1;")
    (tmp_path / INDEX_NAME).unlink(missing_ok=True)
    assert opened().find("word") == ["old word"]
