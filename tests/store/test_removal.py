"""What is removed is gone from every file. While a host runs: tests/server/test_removing.py."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from lanchat.store import removal
from lanchat.store.database import DatabaseError
from lanchat.store.history_place import hold
from lanchat.store.removal import remove
from lanchat.store.search_index import FILE_NAME as INDEX_NAME
from tests.store.test_search import OTHER, ROOM, Opened, index_all, said


def left_of(folder: Path, word: str) -> list[str]:
    """Return the files in which a word can still be read."""
    return [path.name for path in sorted(folder.iterdir()) if word.encode() in path.read_bytes()]


def filled(folder: Path, *, is_indexed: bool = True) -> list[int]:
    """Keep 250 messages with a word that is to go among others, and return their ids."""
    one = Opened(folder, "run")
    events = [said(one.history, f"zebrafish {number} stripes", ROOM) for number in range(250)]
    one.say(*[f"kept {number}" for number in range(300)], key=OTHER)
    if is_indexed:
        index_all(one.reader)
    one.close()
    return [event.id for event in events]


@pytest.mark.parametrize("is_indexed", [True, False])
def test_where_no_host_runs_it_is_done_at_once(tmp_path: Path, *, is_indexed: bool) -> None:
    ids = filled(tmp_path, is_indexed=is_indexed)
    assert "history.db" in left_of(tmp_path, "zebrafish")
    assert (INDEX_NAME in left_of(tmp_path, "zebrafish")) == is_indexed
    remove(tmp_path, [*ids, 5, 2**40])
    assert left_of(tmp_path, "zebrafish") == left_of(tmp_path, "stripes") == []
    assert list(tmp_path.glob("forget*")) == []
    again = Opened(tmp_path, "again")
    assert again.find("zebrafish") == []
    assert len(again.find("kept", limit=500, keys=(OTHER,))) == 300
    again.close()


def test_what_was_not_done_when_the_host_ended_is_done_with_the_next(tmp_path: Path) -> None:
    ids = filled(tmp_path)
    removal._hand_over(tmp_path, ids)
    remove(tmp_path, [])
    assert left_of(tmp_path, "zebrafish") == []


def test_a_host_that_does_not_answer_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = filled(tmp_path)
    monkeypatch.setattr(removal, "_GIVE_UP_S", 0.2)
    lock = hold(tmp_path)
    assert lock
    with closing(lock), pytest.raises(DatabaseError, match="does not answer; end it, then try again"):
        remove(tmp_path, ids)
    assert list(tmp_path.glob("forget*")) == []


def test_where_it_cannot_be_written_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="Cannot write to"):
        remove(tmp_path / "none", [1])
