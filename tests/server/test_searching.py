"""SEARCH through real sockets, over a file: what was just said is found, and whatever happens, the room goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from lanchat.limits import QUERY_WITHIN_S
from lanchat.protocol.message import Message
from lanchat.store.history import StoredHistory
from tests.server.peer import Peer
from tests.server.serving import Serving

CAPS = "soju.im/search batch message-tags server-time echo-message standard-replies labeled-response"
ROOM = "#Line-3"


def found(peer: Peer, asked: str) -> list[str]:
    peer.send(f"SEARCH {asked}")
    peer.expect("BATCH")
    return [message.params[1] for message in peer.until("BATCH") if message.command == "PRIVMSG"]


def say(peer: Peer, *words: str, target: str = ROOM) -> list[Message]:
    peer.send(*[f"PRIVMSG {target} :{word}" for word in words])
    return peer.fence()


def history(host: Serving) -> StoredHistory:
    kept = host.server.chat.network.history
    assert isinstance(kept, StoredHistory)
    return kept


@pytest.fixture
def kept(serve: Callable[..., Serving]) -> Serving:
    """Return a server that keeps what is said in a file."""
    return serve(is_stored=True)


def test_what_was_just_said_is_found(kept: Serving) -> None:
    zoe, ana = kept.member("zoe", caps=CAPS), kept.member("ana", caps=CAPS)
    for number in range(5):
        say(zoe, f"Straße {number}")
        assert found(ana, "text=strasse;limit=1") == [f"Straße {number}"]
    assert len(found(ana, f"text=strasse;in={ROOM};from=zoe")) == 5
    assert found(ana, "text=strasse;from=ana") == []


def test_the_answer_comes_before_those_to_later_commands_and_has_nothing_later(kept: Serving) -> None:
    zoe = kept.member("zoe", caps=CAPS)
    zoe.send(f"PRIVMSG {ROOM} :word one", "SEARCH text=word", f"PRIVMSG {ROOM} :word two", "PING after")
    told = [message for message in zoe.until("PONG") if message.command in ("PRIVMSG", "BATCH")]
    assert [message.params[-1] for message in told if message.command == "PRIVMSG"] == [
        "word one",
        "word one",
        "word two",
    ]
    assert ["batch" in message.tags for message in told if message.command == "PRIVMSG"] == [False, True, False]


def test_private_talk_is_found_by_the_two_only(kept: Serving) -> None:
    zoe, ana, eve = (kept.member(nick, caps=CAPS) for nick in ("zoe", "ana", "eve"))
    say(zoe, "secret word", target="ana")
    say(zoe, "word for all")
    assert found(zoe, "text=word") == found(ana, "text=word") == ["secret word", "word for all"]
    assert found(eve, "text=word") == ["word for all"]
    assert found(eve, "from=zoe") == ["word for all"]
    assert found(ana, "in=zoe;text=word") == ["secret word"]


def test_what_was_taken_back_is_not_found_and_leaves_the_index_by_itself(kept: Serving, tmp_path: Path) -> None:
    zoe = kept.member("zoe", caps=f"{CAPS} draft/message-redaction")
    (message,) = say(zoe, "secretword")
    assert found(zoe, "text=secretword") == ["secretword"]
    zoe.send(f"REDACT {ROOM} {message.tags['msgid']}")
    zoe.fence()
    assert found(zoe, "text=secretword") == []

    def is_gone() -> bool:
        with sqlite3.connect(tmp_path / "search.db") as db:
            hits = db.execute("SELECT rowid FROM said WHERE said MATCH 'secretword'").fetchall()
        db.close()
        with sqlite3.connect(tmp_path / "history.db") as db:
            waiting = db.execute("SELECT id FROM unindex").fetchall()
        db.close()
        return not hits and not waiting

    assert not is_gone()
    kept.wait_until(is_gone)


def test_what_is_said_is_indexed_by_itself_once_it_is_quiet(kept: Serving, tmp_path: Path) -> None:
    zoe = kept.member("zoe", caps=CAPS)
    say(zoe, "word")

    def is_indexed() -> bool:
        if not (tmp_path / "search.db").exists():
            return False
        with sqlite3.connect(tmp_path / "search.db") as db:
            try:
                return bool(db.execute("SELECT rowid FROM said WHERE said MATCH 'word'").fetchall())
            except sqlite3.Error:
                return False
            finally:
                db.rollback()

    kept.wait_until(is_indexed)


def test_a_search_that_takes_too_long_is_given_up(kept: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    zoe, ana = kept.member("zoe", caps=CAPS), kept.member("ana", caps=CAPS)
    say(zoe, "word")
    monkeypatch.setattr(
        "lanchat.store.searching._HITS",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT i, ?, ?, ?, ?, ?, ? FROM n JOIN event e WHERE i < 0",
    )
    ana.fence()
    zoe.send("SEARCH text=word")
    ana.sock.settimeout(QUERY_WITHIN_S / 2)
    assert [message.command for message in say(ana, "meanwhile")] == ["PRIVMSG"]
    assert zoe.expect("FAIL").params[:2] == ("SEARCH", "INTERNAL_ERROR")
    monkeypatch.undo()
    assert found(zoe, "text=word") == ["word"]
    assert history(kept).is_sound


def test_an_index_that_cannot_be_written_is_told_of_and_chathistory_goes_on(kept: Serving, tmp_path: Path) -> None:
    (tmp_path / "search.db").mkdir()
    zoe = kept.member("zoe", caps=f"{CAPS} draft/chathistory")
    say(zoe, "word")
    zoe.send("SEARCH text=word")
    assert zoe.expect("FAIL").params[:2] == ("SEARCH", "INTERNAL_ERROR")
    zoe.send(f"CHATHISTORY LATEST {ROOM} * 9")
    zoe.expect("BATCH")
    assert [message.params[-1] for message in zoe.until("BATCH") if message.command == "PRIVMSG"] == ["word"]
    (tmp_path / "search.db").rmdir()
    assert found(zoe, "text=word") == ["word"]
    assert history(kept).is_sound


@pytest.mark.parametrize(
    "text",
    ['"', "-x", "AND", "OR", "NOT", "NEAR(a b)", "text:", "tags:r1", "*", "a*", '"a', "^a", "{a}", "a'b", "(", "\\"],
)
def test_no_words_are_taken_for_a_language(kept: Serving, text: str) -> None:
    zoe = kept.member("zoe", caps=CAPS)
    say(zoe, "a b")
    escaped = text.replace("\\", r"\\").replace(" ", r"\s")
    zoe.send(f"SEARCH text={escaped}")
    assert [message.command for message in zoe.fence()][:1] == ["BATCH"]
    assert history(kept).is_sound
