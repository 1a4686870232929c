"""What happens to what was said when the disk does not do its part. The table is in docs/troubleshooting.md."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from lanchat.chat.state.history import Kind, Query
from lanchat.limits import QUERY_WITHIN_S
from lanchat.protocol.message import Message
from lanchat.store.history import StoredHistory
from tests.server.peer import Peer
from tests.server.serving import Serving

CAPS = "draft/chathistory batch message-tags server-time echo-message soju.im/search draft/message-redaction"
ROOM = "#Line-3"
FULL = "What is said now is kept only as long as the host runs: its disk is full."
AGAIN = "What is said is kept again."
LOST = "What was said before is no longer kept: the host's file of it was damaged, and a new one is begun."


def said(peer: Peer) -> list[str]:
    peer.send(f"CHATHISTORY LATEST {ROOM} * 100")
    peer.expect("BATCH")
    return [message.params[1] for message in peer.until("BATCH") if message.command == "PRIVMSG"]


def say(peer: Peer, *words: str) -> list[Message]:
    """Say something, and return what is heard until it was all echoed."""
    peer.send(*[f"PRIVMSG {ROOM} :{word}" for word in words])
    return peer.fence()


def notices(messages: list[Message]) -> list[str]:
    return [message.params[1] for message in messages if message.command == "NOTICE"]


def history(host: Serving) -> StoredHistory:
    kept = host.server.chat.network.history
    assert isinstance(kept, StoredHistory)
    return kept


def tick(host: Serving, seconds: float = 0.0) -> None:
    host.clock_s += seconds
    host.call(host.server.storing.tick)


def damage(path: Path) -> None:
    """Write over all but the first page, as a dying disk might."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xa5" * (size - 4_096))


def checkpointed(host: Serving) -> None:
    """Bring all that was said from the log into the file."""
    host.call(lambda: history(host)._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())


@pytest.fixture
def kept(serve: Callable[..., Serving]) -> Serving:
    """Return a server that keeps what is said in a file."""
    return serve(is_stored=True)


# ---- A full disk -----------------------------------------------------------------------------------------------------


def fill(host: Serving) -> None:
    """Let the file grow no more: to SQLite it is the same as a full disk."""
    host.call(lambda: history(host)._db.execute("PRAGMA max_page_count=1").fetchall())


def make_room(host: Serving) -> None:
    host.call(lambda: history(host)._db.execute("PRAGMA max_page_count=1000000").fetchall())


def test_while_the_disk_is_full_the_room_goes_on_and_is_told_once(kept: Serving, tmp_path: Path) -> None:
    zoe = kept.member("zoe", caps=CAPS)
    fill(kept)
    heard = say(zoe, *["x" * 300] * 40, "last")
    assert notices(heard) == [FULL]
    assert heard[-1].params == (ROOM, "last")
    assert [text for text in kept.warnings if "disk is full" in text] == [
        "What is said now is kept only as long as the host runs: its disk is full."
        f" Make room in {tmp_path}, or host with another --data-dir."
    ]
    assert notices(say(zoe, "more")) == []


def test_when_there_is_room_again_it_is_written_under_its_ids(kept: Serving) -> None:
    zoe = kept.member("zoe", caps=CAPS)
    fill(kept)
    live = [message for message in say(zoe, *["x" * 300] * 40) if message.command == "PRIVMSG"]
    tick(kept)  # still full, and it is too early to try again
    make_room(kept)
    tick(kept, 61)
    assert notices(zoe.fence()) == [AGAIN]
    query = Query(Kind.LATEST, (f"room {'00112233445566ff'}",), 100, until=2**60)
    reader = kept.call(lambda: history(kept).open_reader)
    assert [event.msgid for event in reader().answer(query).events] == [message.tags["msgid"] for message in live]
    assert len(said(zoe)) == 40
    assert notices(say(zoe, "more")) == []


def test_attempts_are_made_less_and_less_often(kept: Serving) -> None:
    zoe = kept.member("zoe", caps=CAPS)
    fill(kept)
    say(zoe, *["x" * 300] * 40)
    attempts: list[float] = []
    stored = history(kept)
    commit = stored.commit
    stored.commit = lambda: attempts.append(kept.clock_s) or commit()  # type: ignore[func-returns-value, method-assign]
    for _ in range(60):
        tick(kept, 5)
    gaps = [later - earlier for earlier, later in pairwise(attempts)]
    assert gaps == sorted(gaps)
    assert max(gaps) >= 60


def asked(peer: Peer, line: str) -> list[str]:
    """Ask for a batch, and return the words of what was said in it."""
    peer.send(line)
    peer.expect("BATCH")
    return [message.params[1] for message in peer.until("BATCH") if message.command == "PRIVMSG"]


def neighbours(host: Serving) -> tuple[Peer, ...]:
    """Return a talker, two at other addresses, and one who shares the talker's."""
    sources = {"talker": "127.0.0.2", "ada": "127.0.0.3", "ben": "127.0.0.4", "cy": "127.0.0.2"}
    return tuple(host.peer(source=at).register(nick, channel=ROOM, caps=CAPS) for nick, at in sources.items())


def talk_on_a_full_disk(host: Serving) -> tuple[tuple[Peer, ...], dict[str, Message]]:
    """Have a disk fill up, and all say something then; return them, and what was heard, by its words."""
    people = neighbours(host)
    talker, *others = people
    say(talker, "stored")
    fill(host)
    heard = say(talker, *[f"{number} {'x' * 300}" for number in range(30)])
    for peer, word in zip(others, ("still here", "one more", "two more"), strict=True):
        heard += [message for message in say(peer, word) if message.params[-1] == word]
    for _ in range(40):  # some minutes
        tick(host, 5)
    assert notices([*heard, *talker.fence()]) == [FULL]
    assert len([text for text in host.warnings if text.startswith(FULL)]) == 1
    return people, {message.params[1]: message for message in heard if message.command == "PRIVMSG"}


TOLD_LAST = ["still here", "one more", "two more"]


def test_what_waits_for_a_full_disk_is_told_to_who_asks_in_its_place(kept: Serving) -> None:
    (talker, ada, *_), live = talk_on_a_full_disk(kept)
    words = ["stored", *live]
    assert words[-3:] == TOLD_LAST
    place = f"msgid={live['still here'].tags['msgid']}"
    first = f"msgid={live[words[1]].tags['msgid']}"
    time = live["one more"].tags["time"]
    assert asked(ada, f"CHATHISTORY LATEST {ROOM} * 5") == words[-5:]
    assert asked(ada, f"CHATHISTORY LATEST {ROOM} * 100") == words
    assert asked(ada, f"CHATHISTORY BEFORE {ROOM} {place} 100") == words[:-3]
    assert asked(ada, f"CHATHISTORY BEFORE {ROOM} timestamp={time} 2") == words[-4:-2]
    assert asked(ada, f"CHATHISTORY AFTER {ROOM} {place} 100") == ["one more", "two more"]
    assert asked(ada, f"CHATHISTORY AFTER {ROOM} timestamp={time} 100") == ["two more"]
    assert asked(ada, f"CHATHISTORY AROUND {ROOM} {place} 4") == words[-5:-1]
    assert asked(ada, f"CHATHISTORY BETWEEN {ROOM} {first} {place} 100") == words[2:-3]
    assert asked(ada, "SEARCH text=more") == ["one more", "two more"]
    late = kept.member("late", caps=CAPS)
    assert asked(late, f"CHATHISTORY LATEST {ROOM} * 3") == TOLD_LAST
    make_room(kept)
    tick(kept, 61)
    assert notices(talker.fence()) == [AGAIN]
    assert asked(ada, f"CHATHISTORY LATEST {ROOM} * 100") == words


def test_what_is_taken_back_while_the_disk_is_full_is_told_to_nobody(kept: Serving) -> None:
    (talker, ada, ben, _), live = talk_on_a_full_disk(kept)
    stored = asked_for(ada, f"CHATHISTORY LATEST {ROOM} * 100")["stored"]
    talker.send(f"REDACT {ROOM} {stored}")
    ben.send(f"REDACT {ROOM} {live['one more'].tags['msgid']}")
    talker.fence()
    ben.fence()
    remaining = [word for word in live if word != "one more"]
    for is_full in (True, False):
        assert asked(ada, f"CHATHISTORY LATEST {ROOM} * 100") == remaining
        assert asked(ada, "SEARCH text=stored") == []
        assert asked(ada, "SEARCH text=one") == []
        if is_full:
            make_room(kept)
            tick(kept, 61)


def asked_for(peer: Peer, line: str) -> dict[str, str]:
    """Ask for a batch, and return the msgid of each message, by its words."""
    peer.send(line)
    peer.expect("BATCH")
    return {message.params[1]: message.tags["msgid"] for message in peer.until("BATCH")}


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, None])
def test_where_there_is_no_room_for_an_index_what_waits_is_found_all_the_same(
    kept: Serving, monkeypatch: pytest.MonkeyPatch, code: int | None
) -> None:
    """SQLite tells of a full disk in two ways, and the system in one (None)."""
    (_, ada, *_), _ = talk_on_a_full_disk(kept)

    def refuse(*_: object) -> None:
        if code is None:
            raise OSError(errno.ENOSPC, "no space left")
        full = sqlite3.OperationalError("full")
        full.sqlite_errorcode = code
        raise full

    monkeypatch.setattr("lanchat.store.open_reader.Index", refuse)
    assert asked(ada, "SEARCH text=more") == ["one more", "two more"]


# ---- A damaged or missing file ---------------------------------------------------------------------------------------


def test_damage_that_a_question_meets_is_told_and_a_new_file_is_begun(kept: Serving, tmp_path: Path) -> None:
    zoe = kept.member("zoe", caps=CAPS)
    say(zoe, *["x" * 300] * 40)
    checkpointed(kept)
    damage(tmp_path / "history.db")
    zoe.send(f"CHATHISTORY LATEST {ROOM} * 100")
    failed = zoe.expect("FAIL")
    assert failed.params[:4] == ("CHATHISTORY", "MESSAGE_ERROR", "LATEST", ROOM)
    tick(kept)
    assert notices(zoe.fence()) == [LOST]
    (aside,) = tmp_path.glob("history-damaged-*.db")
    assert [text for text in kept.warnings if str(aside) in text]
    assert [message.command for message in say(zoe, "after")] == ["PRIVMSG"]
    assert said(zoe) == ["after"]


def test_damage_that_writing_meets_loses_nothing_that_is_said_then(kept: Serving, tmp_path: Path) -> None:
    zoe = kept.member("zoe", caps=CAPS)
    say(zoe, *["x" * 300] * 40)
    checkpointed(kept)
    kept.call(lambda: history(kept)._db.execute("DROP TABLE event").fetchall())
    heard = say(zoe, "after")
    assert notices(heard) == [LOST]
    assert said(zoe) == ["after"]
    assert len(list(tmp_path.glob("history-damaged-*.db"))) == 1


def test_a_file_that_is_deleted_is_missed_and_made_anew(kept: Serving, tmp_path: Path) -> None:
    zoe = kept.member("zoe", caps=CAPS)
    say(zoe, "before")
    for path in tmp_path.glob("history.db*"):
        path.unlink()
    tick(kept)
    assert notices(zoe.fence()) == [LOST]
    assert [text for text in kept.warnings if "It had been deleted" in text]
    say(zoe, "after")
    assert said(zoe) == ["after"]
    assert (tmp_path / "history.db").exists()


def test_where_no_new_file_can_be_made_the_room_goes_on_in_memory(
    kept: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zoe = kept.member("zoe", caps=CAPS)

    def refuse(*_: object) -> None:
        raise PermissionError("no rights")

    monkeypatch.setattr(os, "replace", refuse)
    for path in tmp_path.glob("history.db*"):
        path.unlink()
    tick(kept)
    assert notices(zoe.fence()) == [
        "What is said now is kept only as long as the host runs: its disk cannot be written to."
    ]
    monkeypatch.undo()
    say(zoe, "meanwhile")
    assert said(zoe) == ["meanwhile"]
    tick(kept, 61)
    assert LOST in notices(zoe.fence())
    assert said(zoe) == ["meanwhile"]


# ---- Questions that take too long ------------------------------------------------------------------------------------


def test_a_question_that_takes_too_long_is_given_up(kept: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    monkeypatch.setattr("lanchat.store.history_reader._LATEST", f"{endless} --")
    zoe, ana = kept.member("zoe", caps=CAPS), kept.member("ana", caps=CAPS)
    zoe.send("CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2262-01-01T00:00:00.000Z 9")
    ana.sock.settimeout(QUERY_WITHIN_S / 2)
    assert [message.command for message in say(ana, "meanwhile")] == ["PRIVMSG"]
    assert zoe.expect("FAIL").params[:3] == ("CHATHISTORY", "MESSAGE_ERROR", "TARGETS")
    assert said(zoe) == ["meanwhile"]


# ---- The log ---------------------------------------------------------------------------------------------------------


def test_what_was_committed_is_brought_into_the_file_soon(kept: Serving, tmp_path: Path) -> None:
    """A power cut may take what was not: docs/guide.md."""
    zoe = kept.member("zoe", caps=CAPS)
    say(zoe, "one")

    def is_in_file() -> bool:
        return b"one" in (tmp_path / "history.db").read_bytes()

    assert not is_in_file()
    kept.wait_until(is_in_file)
    with sqlite3.connect(tmp_path / "history.db") as db:
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    db.close()


# ---- Age -------------------------------------------------------------------------------------------------------------


def test_what_is_too_old_goes_with_the_ticks(serve: Callable[..., Serving]) -> None:
    host = serve(is_stored=True, retention_s=3_600.0)
    zoe = host.member("zoe", caps=CAPS)
    say(zoe, "early")
    tick(host)
    assert said(zoe) == ["early"]
    host.clock_s += 3_000
    say(zoe, "later")
    tick(host, 1_000)
    assert said(zoe) == ["later"]
