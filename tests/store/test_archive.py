"""What another program reads of a history, while the host runs, after it has ended, and of a damaged file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from lanchat.chat.state.history import Event, pair
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol.message import Message
from lanchat.store.accounts import Store
from lanchat.store.archive import Archive, is_hosted, open_archive
from lanchat.store.database import DatabaseError
from lanchat.store.history import FILE_NAME, StoredHistory
from lanchat.store.history_place import open_place
from lanchat.store.salvage import Salvage

START = 1_700_000_000.0
CHANNEL, PRIVATE = "channel #a id1", pair("account ana", "account bo")


class Host:
    """A host's history of the room Line 3."""

    def __init__(self, folder: Path, run: str = "run") -> None:
        with closing(Store(folder)) as store:
            self.room = f"room {store.room_id('Line 3')}"
        self.history = StoredHistory(folder, run)

    def say(self, text: str, now: float = START, key: str = "", command: str = "PRIVMSG", **tags: str) -> Event:
        stamp = self.history.stamp(now)
        name = "#a" if key == CHANNEL else "#Line-3"
        params = (name, text) if command != "TAGMSG" else (name,)
        known = {"time": timestamp(stamp.at / 1000), "account": "Ana", "msgid": stamp.msgid}
        reply = {"+reply": tags["about"]} if "about" in tags else {}
        event = Event(*stamp, "account ana", Message(command, params, "ana!u@h", {**known, **reply}))
        self.history.record([key or self.room], event)
        self.history.commit()
        return event


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    host = Host(tmp_path)
    yield host
    host.history.close()


def texts(pages: Iterator[Sequence[Event]]) -> list[str]:
    return [event.message.params[1] for page in pages for event in page]


def ms(now: float) -> int:
    return round(now * 1000)


def test_a_room_is_read_while_the_host_writes(host: Host, tmp_path: Path) -> None:
    host.say("one")
    with closing(open_archive(tmp_path)) as archive:
        (room,) = archive.rooms()
        assert (room.title, room.channel, room.keys) == ("Line 3", "#Line-3", (host.room,))
        host.say("two", START + 1)
        before = archive.version
        assert texts(archive.pages(room.keys, 0, ms(START + 9))) == ["one"]
        host.say("three", START + 2)
        assert archive.version != before
        archive.refresh()
        assert texts(archive.pages(room.keys, 0, ms(START + 9))) == ["one", "two", "three"]


def test_private_talk_is_in_no_room(host: Host, tmp_path: Path) -> None:
    host.say("in the room")
    host.say("between two", key=PRIVATE)
    host.say("in a channel", key=CHANNEL)
    for kept in (open_archive(tmp_path), Salvage(tmp_path / FILE_NAME)):
        with closing(kept):
            rooms = kept.rooms()
            assert [room.title for room in rooms] == ["a", "Line 3"]
            read = [text for room in rooms for text in texts(kept.pages(room.keys, 0, ms(START + 9)))]
            assert read == ["in a channel", "in the room"]


def test_a_period_has_its_beginning_and_not_its_end(host: Host, tmp_path: Path) -> None:
    for number in range(10):
        host.say(str(number), START + number)
    with closing(open_archive(tmp_path)) as archive:
        assert texts(archive.pages((host.room,), ms(START + 3), ms(START + 6))) == ["3", "4", "5"]
    with closing(Salvage(tmp_path / FILE_NAME)) as salvage:
        assert texts(salvage.pages((host.room,), ms(START + 3), ms(START + 6))) == ["3", "4", "5"]


def test_where_the_clock_was_set_back_both_stretches_of_a_period_are_read(host: Host, tmp_path: Path) -> None:
    for now in (0, 100, 200, 50, 150):
        host.say(str(now), START + now)
    host.history.close()
    again = Host(tmp_path, "again")
    again.say("120", START + 120)
    with closing(open_archive(tmp_path)) as archive:
        assert texts(archive.pages((host.room,), ms(START + 90), ms(START + 160))) == ["100", "150", "120"]
    again.history.close()


def test_reactions_come_with_their_message_and_what_was_taken_back_does_not_come(host: Host, tmp_path: Path) -> None:
    one, two = host.say("one"), host.say("two")
    reaction = host.say("", command="TAGMSG", about=one.msgid)
    host.say("", command="TAGMSG", about=one.msgid, key=CHANNEL)
    host.history.redact([host.room], two.msgid)
    host.history.commit()
    for kept in (open_archive(tmp_path), Salvage(tmp_path / FILE_NAME)):
        with closing(kept):
            (page,) = kept.pages((host.room,), 0, ms(START + 9))
            assert [event.message.params[1] for event in page] == ["one"]
            assert kept.reactions((host.room,), page) == {one.msgid: [reaction]}
    with closing(open_archive(tmp_path)) as archive:
        found = archive.find((host.room,), one.msgid)
        assert found
        assert found.message.params[1] == "one"
        assert archive.find((CHANNEL,), one.msgid) is None


def test_a_long_room_is_read_page_by_page_and_holds_nothing_up(host: Host, tmp_path: Path) -> None:
    for number in range(2_500):
        stamp = host.history.stamp(START)
        message = Message("PRIVMSG", ("#Line-3", str(number)), "ana!u@h", {"msgid": stamp.msgid})
        host.history.record([host.room], Event(*stamp, "account ana", message))
    host.history.commit()
    with closing(open_archive(tmp_path)) as archive:
        pages = archive.pages((host.room,), 0, ms(START + 99))
        sizes = [len(next(pages))]
        with closing(sqlite3.connect(tmp_path / FILE_NAME)) as other:  # the log can be emptied in between
            assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        sizes += [len(page) for page in pages]
    assert sizes == [1_000, 1_000, 500]


def test_reading_writes_nothing(host: Host, tmp_path: Path) -> None:
    host.say("one")
    host.history.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with closing(open_archive(tmp_path)) as archive:
        assert texts(archive.pages((host.room,), 0, ms(START + 9))) == ["one"]
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_it_is_known_whether_a_host_has_the_folder(tmp_path: Path) -> None:
    assert not is_hosted(tmp_path)
    with closing(open_place(tmp_path, "run", "x", is_chosen=True)) as place:
        assert is_hosted(tmp_path)
        if place.history:
            place.history.close()
    assert not is_hosted(tmp_path)


_READ_ONLY = """
import os, sys
from contextlib import closing
from pathlib import Path
from lanchat.store.archive import open_archive
os.setgroups([]); os.setgid(65534); os.setuid(65534)
from lanchat.store.salvage import Salvage
folder = Path(sys.argv[1])
for kept in (open_archive(folder), Salvage(folder / "history.db")):
    print([event.message.params[1] for page in kept.pages((sys.argv[2],), 0, 2**50) for event in page])
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that everybody can look into; pytest closes its own ones."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be somebody else")
def test_from_a_folder_in_which_nothing_can_be_made_it_is_read_if_no_host_writes(open_to_all: Path) -> None:
    folder = open_to_all / "kept"
    host = Host(folder)
    host.say("one")
    host.history.close()
    folder.chmod(0o555)
    for path in folder.iterdir():
        path.chmod(0o444)
    done = subprocess.run(
        [sys.executable, "-c", _READ_ONLY, str(folder), host.room],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert (done.stdout, done.stderr) == ("['one']\n['one']\n", "")
    with closing(open_place(folder, "again", "x", is_chosen=True)) as place:
        for path in folder.glob("history.db-*"):
            path.unlink()
        done = subprocess.run(
            [sys.executable, "-c", _READ_ONLY, str(folder), host.room], capture_output=True, text=True, check=False
        )
        assert "cannot be read" in done.stderr
        if place.history:
            place.history.close()


# ---- Damage ----------------------------------------------------------------------------------------------------------


def filled(folder: Path, count: int) -> Host:
    """Return a host that has heard so many messages, and ended."""
    host = Host(folder)
    for number in range(count):
        stamp = host.history.stamp(START + number)
        message = Message("PRIVMSG", ("#Line-3", f"message {number}"), "ana!u@h", {"msgid": stamp.msgid})
        host.history.record([host.room], Event(*stamp, "account ana", message))
    host.history.close()
    return host


def overwrite(path: Path, page: int, count: int = 1) -> None:
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096 * count)


@pytest.mark.parametrize("where", [0.3, 0.5, 0.9])
def test_of_a_damaged_file_all_is_got_but_what_stood_on_the_bad_pages(tmp_path: Path, where: float) -> None:
    host = filled(tmp_path, 20_000)
    path = tmp_path / FILE_NAME
    overwrite(path, int(path.stat().st_size / 4096 * where), 2)
    with closing(Salvage(path)) as salvage:
        got = texts(salvage.pages((host.room,), 0, ms(START + 99_999)))
        assert len(got) > 19_000
        assert got == sorted(got, key=lambda text: int(text.split()[1]))
        assert len(got) + salvage.unread >= 20_000


def test_a_file_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    host = filled(tmp_path, 20_000)
    path = tmp_path / FILE_NAME
    os.truncate(path, path.stat().st_size // 3)
    with closing(Salvage(path)) as salvage:
        got = texts(salvage.pages((host.room,), 0, ms(START + 99_999)))
        assert len(got) > 2_000
        assert len(got) + salvage.unread >= 20_000


def test_texts_that_are_no_text_any_more_end_nothing(tmp_path: Path) -> None:
    host = filled(tmp_path, 3)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db, db:
        db.execute("UPDATE event SET text = CAST(x'ff41' AS TEXT) WHERE text = 'message 1'")
        db.execute("UPDATE event SET more = '{broken' WHERE text = 'message 2'")
        db.execute("INSERT INTO event VALUES (9999999, 1, 0, 99, 'when', 1, 'x', NULL, NULL)")
    with closing(Salvage(tmp_path / FILE_NAME)) as salvage:
        assert texts(salvage.pages((host.room,), 0, ms(START + 9))) == ["message 0", "\ufffdA", "message 2"]


def test_a_sentence_says_what_to_do_with_a_damaged_file(tmp_path: Path) -> None:
    filled(tmp_path, 20_000)
    path = tmp_path / FILE_NAME
    overwrite(path, 0)
    with pytest.raises(DatabaseError, match="is damaged, or no history of lanchat; what can still be read"):
        open_archive(tmp_path)
    with pytest.raises(DatabaseError, match="Nothing can be read of"):
        Salvage(path)
    path.write_bytes(b"")
    with pytest.raises(DatabaseError, match="is damaged"):
        open_archive(tmp_path)


def test_a_sentence_says_that_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"No host has kept a history in .*; name its folder with --data-dir"):
        open_archive(tmp_path)
    with pytest.raises(DatabaseError, match="No host has kept"):
        Salvage(tmp_path / FILE_NAME)
    assert not list(tmp_path.iterdir())


def test_a_file_of_a_newer_lanchat_is_not_read(host: Host, tmp_path: Path) -> None:
    host.history.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(DatabaseError, match="written by a newer lanchat"):
        Archive(tmp_path / FILE_NAME)
