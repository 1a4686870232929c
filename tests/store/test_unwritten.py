"""What waits for a full disk to have room again is bounded, of each address and of all, in bytes as well."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from lanchat.chat.state.history import Event, Kind, Query, Ref
from lanchat.limits import (
    HELD_FOR_ADDRESS_BYTES,
    MAX_HISTORY_BYTES_OF_ADDRESS,
    MAX_UNWRITTEN,
    MAX_UNWRITTEN_BYTES,
    MAX_UNWRITTEN_BYTES_OF_ADDRESS,
    MAX_UNWRITTEN_OTHERS,
    STORED_HISTORY_BYTES_OF_ADDRESS,
)
from lanchat.protocol.message import Message
from lanchat.store.history import StoredHistory
from lanchat.store.history_trouble import Trouble
from tests.store.test_history import ROOM, START, ask, latest

ZOE, ADA = "10.0.0.2", "10.0.0.3"


@pytest.fixture
def full(tmp_path: Path) -> Iterator[StoredHistory]:
    """Return a history whose disk is full."""
    history = StoredHistory(tmp_path, "run")
    history._db.execute("PRAGMA max_page_count=1")
    said(history, "10.9.9.9", "x" * 16_000)
    assert history.commit() is Trouble.FULL
    yield history
    history.close()


def said(history: StoredHistory, address: str, text: str, by: str = "visit 1") -> Event:
    stamp = history.stamp(START)
    event = Event(*stamp, by, Message("PRIVMSG", ("#a", text), "zoe!z@h"), address=address)
    history.record([ROOM], event)
    return event


def waiting(history: StoredHistory, address: str) -> list[Event]:
    return [row for _, row in history._fresh.rows() if row.address == address]


def test_the_oldest_of_an_address_goes_and_nothing_of_another(full: StoredHistory) -> None:
    ada = [said(full, ADA, "hello")]
    for number in range(400):
        said(full, ZOE, "x" * 16_000)
        if number % 3 == 0:
            assert full.commit() is Trouble.FULL
    ada.append(said(full, ADA, "still there?"))
    last = said(full, ZOE, "last")
    assert sum(row.size for row in waiting(full, ZOE)) <= MAX_UNWRITTEN_BYTES_OF_ADDRESS
    assert len(waiting(full, ZOE)) > 50
    assert waiting(full, ADA) == ada
    full._db.execute("PRAGMA max_page_count=1000000")
    kept = [row.msgid for _, row in full._fresh.rows()]
    assert full.commit() is None
    found = [event.msgid for event in latest(full, ROOM)]
    assert found == kept[-len(found) :]
    assert found[-1] == last.msgid
    assert full._db.execute("SELECT count(*) FROM event").fetchone() == (len(kept),)
    assert not full.has_unwritten


def test_who_talks_much_pushes_out_nobody_at_the_same_address(full: StoredHistory) -> None:
    ada = [said(full, ZOE, "hello", "visit 2")]
    for number in range(200):
        said(full, ZOE, "x" * 16_000)
        if number % 50 == 0:
            ada.append(said(full, ZOE, "still here", "visit 2"))
    assert sum(row.size for row in waiting(full, ZOE)) <= MAX_UNWRITTEN_BYTES_OF_ADDRESS
    assert [row for row in waiting(full, ZOE) if row.by == "visit 2"] == ada
    assert latest(full, ROOM)[-1].id == full.last_id, "what waits is told, too"


def test_a_page_is_as_long_as_asked_though_what_is_in_the_file_was_taken_back(full: StoredHistory) -> None:
    full._db.execute("PRAGMA max_page_count=1000000")
    stored = [said(full, ADA, f"{number}") for number in range(10)]
    assert full.commit() is None
    full._db.execute("PRAGMA max_page_count=1")
    late = said(full, ZOE, "x" * 16_000)
    assert full.commit() is Trouble.FULL
    full.redact([ROOM], stored[-1].msgid)
    query = Query(Kind.BEFORE, (ROOM,), 5, Ref(late.msgid), until=full.last_id)
    assert [event.msgid for event in ask(full, query).events] == [event.msgid for event in stored[4:9]]
    found = ask(full, Query(Kind.FIND, (ROOM,), 1, Ref(stored[-1].msgid), until=full.last_id))
    assert (found.events, found.failure) == ([], "")
    assert list(ask(full, Query(Kind.FIND, (ROOM,), 1, Ref(late.msgid), until=full.last_id)).events) == [late]
    targets = Query(Kind.TARGETS, (ROOM,), 5, Ref(at=1), Ref(at=late.at + 1), until=full.last_id)
    assert ask(full, targets).latest == [(ROOM, late.at)]


def test_times_find_their_place_among_what_waits(full: StoredHistory) -> None:
    """What is in the file ends early; a time between two that wait is between these two."""
    rows = [said(full, ADA, f"{number}") for number in range(6)]
    for number, row in enumerate(rows):
        query = Query(Kind.AFTER, (ROOM,), 100, Ref(at=row.at), until=full.last_id)
        assert [event.msgid for event in ask(full, query).events] == [later.msgid for later in rows[number + 1 :]]
        query = Query(Kind.BEFORE, (ROOM,), number, Ref(at=row.at), until=full.last_id)
        assert [event.msgid for event in ask(full, query).events][-number:] == [
            earlier.msgid for earlier in rows[:number]
        ][-number:]


def test_of_all_the_oldest_goes(full: StoredHistory) -> None:
    for number in range(6_000):
        said(full, f"10.0.{number % 200}.1", "x" * 16_000)
    rows = [row for _, row in full._fresh.rows()]
    assert MAX_UNWRITTEN_BYTES * 0.9 < sum(row.size for row in rows) <= MAX_UNWRITTEN_BYTES
    assert rows[-1].id == full.last_id
    assert [row.id for row in rows] == list(range(rows[0].id, full.last_id + 1))


def test_their_number_is_bounded_too(full: StoredHistory) -> None:
    for number in range(MAX_UNWRITTEN + 100):
        said(full, f"10.{number % 250}.{number // 250}.1", "x")
    assert len(full._fresh) == MAX_UNWRITTEN


def test_what_was_said_in_the_turn_that_could_not_be_written_is_counted_too(full: StoredHistory) -> None:
    full._fresh.clear()
    for _ in range(200):
        said(full, ZOE, "x" * 16_000)
    assert full.commit() is Trouble.FULL
    assert sum(row.size for row in waiting(full, ZOE)) <= MAX_UNWRITTEN_BYTES_OF_ADDRESS


def test_what_else_waits_is_bounded_as_well(full: StoredHistory) -> None:
    """Redactions, read markers, channels that are no more: each of them is asked for by somebody."""
    for number in range(MAX_UNWRITTEN_OTHERS + 50):
        full.read("account zoe", f"#{number}", "timestamp=1")
        full.redact([ROOM], f"run-{number:x}")
    for number in range(MAX_UNWRITTEN + 50):
        full.forget(f"channel #{number} id")
    assert len(full._read) == len(full._taken_back) == MAX_UNWRITTEN_OTHERS
    assert next(iter(full._read)) == ("account zoe", "#50")
    assert len(full._abandoned) == MAX_UNWRITTEN


def test_all_of_it_is_within_what_one_address_may_have_kept(full: StoredHistory) -> None:
    assert HELD_FOR_ADDRESS_BYTES["history"] == MAX_HISTORY_BYTES_OF_ADDRESS
    tracemalloc.start()
    for number in range(6_000):
        said(full, ZOE, f"{number} " + "x" * 1_000)
        full.read("account zoe", f"#{number}{'y' * 50}", "timestamp=2020-01-01T00:00:00.000Z")
        full.redact([ROOM], f"run-{number:x}")
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert STORED_HISTORY_BYTES_OF_ADDRESS < taken <= MAX_HISTORY_BYTES_OF_ADDRESS
