"""`lanchat forget`: what is removed is in no file any more, and nothing else is gone."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from lanchat.chat.state.history import Event, pair
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol.message import Message
from lanchat.store.accounts import Store
from lanchat.store.history import FILE_NAME, StoredHistory
from tests.cli.programs import Stream
from tests.cli.test_export import CAPS, ROOM, export, hosting, say, texts
from tests.cli.test_history_kept import said as asked
from tests.hosting import environment, lanchat_command
from tests.server.peer import DEADLINE_S, Peer

DAY_S = 86_400
MARKER = "timestamp=2024-01-04T14:33:26.123Z"
START = 1_700_000_000.0  # 2023-11-14 22:13:20 UTC


def forget(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Return the exit status, the output and the errors of `lanchat forget`."""
    done = subprocess.run(
        [*lanchat_command(), "forget", *arguments],
        env={**environment(folder), "TZ": "UTC"},
        capture_output=True,
        timeout=DEADLINE_S * 3,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd=folder,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def holding(folder: Path, *words: str) -> list[str]:
    """Return the files that hold one of these words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(word.encode() in path.read_bytes() for word in words)]


class Keeping:
    """A host's folder that is filled by hand."""

    def __init__(self, folder: Path) -> None:
        with closing(Store(folder)) as store:
            self.rooms = {name: f"room {store.room_id(name)}" for name in ("Line 3", "Bridge")}
        self.history = StoredHistory(folder, "run")

    def say(self, text: str, who: str = "zoe", key: str = "", *, day: int = 0, account: str | None = None) -> Event:
        stamp = self.history.stamp(START + day * DAY_S)
        owner = who if account is None else account
        by = f"account {owner}" if owner else f"visit of-{who}"
        tags = {"time": timestamp(stamp.at / 1000), "msgid": stamp.msgid, **({"account": owner} if owner else {})}
        name = "#Bridge" if key == self.rooms["Bridge"] else "#Line-3"
        event = Event(*stamp, by, Message("PRIVMSG", (name, text), f"{who}!u@host-of-{who}", tags))
        self.history.record([key or self.rooms["Line 3"]], event)
        return event

    def react(self, about: Event, who: str, sign: str) -> None:
        stamp = self.history.stamp(START)
        tags = {"time": timestamp(stamp.at / 1000), "msgid": stamp.msgid, "+draft/react": sign, "+reply": about.msgid}
        event = Event(*stamp, f"account {who}", Message("TAGMSG", ("#Line-3",), f"{who}!u@h", tags))
        self.history.record([self.rooms["Line 3"]], event)

    def close(self) -> None:
        assert self.history.commit() is None
        self.history.close()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return a folder in which zoe, bo and a guest have talked in two rooms, and with each other."""
    keeping = Keeping(tmp_path)
    bridge, private = keeping.rooms["Bridge"], pair("account bo", "account zoe")
    for number in range(300):
        keeping.say(f"zebrafish {number}")
        keeping.say(f"owl {number}", "bo", day=number // 100)
    about = keeping.say("zebrafish last")
    keeping.react(about, "bo", "🦓")
    keeping.say("zebrafish on the bridge", key=bridge, day=3)
    keeping.say("owl on the bridge", "bo", key=bridge, day=3)
    keeping.say("zebrafish in private", key=private)
    keeping.say("owl in private", "bo", key=private)
    keeping.say("a guest's gnu", "Zoe", account="")
    keeping.say("another's newt", "zoe", account="eve")
    keeping.history.read("account zoe", "#marker-of-zoe", "timestamp=2026-01-01T00:00:00.000Z")
    keeping.close()
    return tmp_path


# ---- What is removed -------------------------------------------------------------------------------------------------


def test_what_somebody_said_is_removed_everywhere(kept: Path) -> None:
    status, output, errors = forget(kept, "ZOE", "--yes")
    assert (status, errors) == (0, "")
    assert output == (
        "Removed 304 messages (1 of them between two people), 1 other event and how far one has read in 1 place"
        " of ZOE.\n"
    )
    assert holding(kept, "zebrafish", "gnu", "🦓", "marker-of-zoe", "host-of-Zoe") == []
    left = texts(export(kept, "Line 3", "--format", "json")[1])
    assert left == [*(f"owl {number}" for number in range(300)), "another's newt"]
    assert texts(export(kept, "Bridge", "--format", "json")[1]) == ["owl on the bridge"]
    assert holding(kept, "owl in private") == [FILE_NAME]


def test_all_of_a_room_is_removed_and_nothing_of_others(kept: Path) -> None:
    status, output, _ = forget(kept, "line 3", "--yes")
    assert (status, output) == (0, "Removed 603 messages and 1 other event said in Line 3.\n")
    assert holding(kept, "zebrafish 1", "owl 1", "newt", "gnu") == []
    assert texts(export(kept, "--format", "json")[1]) == ["zebrafish on the bridge", "owl on the bridge"]
    assert holding(kept, "owl in private") == [FILE_NAME]


def test_what_was_said_before_a_day_is_removed_private_talk_as_well(kept: Path) -> None:
    status, output, _ = forget(kept, "--before", "2023-11-17", "--yes")
    assert (status, output) == (
        0,
        "Removed 605 messages (2 of them between two people) and 1 other event"
        " from before Friday, 17 November 2023, 00:00 (UTC+00:00).\n",
    )
    assert holding(kept, "zebrafish 1", "owl 1", "private", "account bo", "account zoe") == [FILE_NAME]
    assert texts(export(kept, "Bridge", "--format", "json")[1]) == ["zebrafish on the bridge", "owl on the bridge"]


def test_a_room_and_a_day_can_be_chosen_together(kept: Path) -> None:
    status, output, _ = forget(kept, "bo", "--before", "2023-11-15", "--yes")
    assert output.startswith("Removed 101 messages (1 of them between two people) and 1 other event of bo from before")
    assert status == 0
    left = texts(export(kept, "Line 3", "--format", "json")[1])
    assert [text for text in left if text.startswith("owl")] == [f"owl {number}" for number in range(100, 300)]


def test_nothing_of_it_lies_about_where_it_once_was(tmp_path: Path) -> None:
    """Rows are moved about while a file is written: what a page held before must not be left on it."""
    keeping = Keeping(tmp_path)
    for number in range(8_000):
        keeping.say(f"zebrafish{number:05} {'x' * (number * 7 % 300)}", "zoe")
        keeping.say(f"owl {number} {'y' * (number * 11 % 300)}", "bo")
        if number % 50 == 0:
            keeping.history.commit()
        if number % 500 == 0:
            keeping.history.redact([keeping.rooms["Line 3"]], f"run-{number:x}")
    keeping.close()
    assert forget(tmp_path, "zoe", "--yes")[0] == 0
    assert holding(tmp_path, "zebrafish") == []
    assert len(texts(export(tmp_path, "--format", "json")[1])) > 7_900


def test_names_of_which_nothing_is_left_are_gone_too(kept: Path) -> None:
    assert forget(kept, "bo", "--yes")[0] == 0
    assert forget(kept, "zoe", "--yes")[0] == 0
    with closing(sqlite3.connect(kept / FILE_NAME)) as db:
        keys = [key for (key,) in db.execute("SELECT key FROM target")]
        assert [key for key in keys if key.startswith("pair")] == []
        assert db.execute("SELECT author FROM owner").fetchall() == []
        assert db.execute("SELECT account FROM sender").fetchall() == [("eve",)]


# ---- While a host runs -----------------------------------------------------------------------------------------------


def test_it_works_while_the_host_runs_and_nobody_sees_it_any_more(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        zoe, bo = host.member("zoe", caps=CAPS), host.member("bo", caps=CAPS)
        say(zoe, *(f"zebrafish {number}" for number in range(30)))
        say(bo, "an owl")
        status, output, errors = forget(tmp_path, "zoe", "--yes")
        assert (status, errors) == (0, "")
        assert output.startswith("Removed 30 messages and ")
        assert holding(tmp_path, "zebrafish") == []
        assert [message.params[1] for message in asked(bo)] == ["an owl"]
        say(zoe, "a zebra again")
        assert host.end(signal.SIGTERM)[0] == 0
    assert texts(export(tmp_path, "--format", "json")[1]) == ["an owl", "a zebra again"]


def test_the_host_that_runs_forgets_how_far_an_account_has_read(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        zoe = _with_account(host.peer())
        zoe.send(f"PRIVMSG {ROOM} :hello", f"MARKREAD {ROOM} {MARKER}")
        zoe.expect("MARKREAD", ROOM, MARKER)
        status, output, _ = forget(tmp_path, "zoe", "--yes")
        assert status == 0
        assert output.endswith(" and how far one has read in 1 place of zoe.\n")
        zoe.send(f"MARKREAD {ROOM}")
        assert zoe.expect("MARKREAD", ROOM).params[1] == "*"
        assert host.end(signal.SIGTERM)[0] == 0
    assert holding(tmp_path, MARKER) == []
    with hosting(tmp_path) as host:
        _with_account(host.peer())


def _with_account(peer: Peer) -> Peer:
    peer.send("CAP LS 302", "CAP REQ :draft/read-marker sasl", "NICK zoe", "USER u 0 * :r")
    peer.send("AUTHENTICATE PLAIN", "AUTHENTICATE AHpvZQBzZXNhbWU=")
    peer.expect("903")
    peer.send("CAP END", f"JOIN {ROOM}")
    peer.expect("MARKREAD", ROOM, "*")
    return peer


# ---- Asking ----------------------------------------------------------------------------------------------------------


def at_terminal(folder: Path, answer: str, *arguments: str) -> tuple[int, str]:
    """Type an answer where it asks; return the exit status and what the terminal showed."""
    screen, inside = os.openpty()
    variables = {**environment(folder), "TZ": "UTC", "TERM": "dumb"}
    process = subprocess.Popen(
        [*lanchat_command(), "forget", *arguments], stdin=inside, stdout=inside, stderr=inside, env=variables
    )
    os.close(inside)
    shown = Stream(screen)
    shown.wait_for("Type yes to remove it: ")
    os.write(screen, answer.encode())
    status = process.wait(DEADLINE_S)
    text = shown.whole()
    os.close(screen)
    return status, re.sub("\r", "", text)


def test_it_says_how_much_it_would_remove_and_asks(kept: Path) -> None:
    status, shown = at_terminal(kept, "no\n", "Bridge")
    assert status == 1
    assert f"This removes 2 messages said in Bridge from {kept}, for good.\n" in shown
    assert shown.endswith("Nothing was removed.\n")
    assert holding(kept, "owl on the bridge") == [FILE_NAME]
    status, shown = at_terminal(kept, "yes\n", "Bridge")
    assert (status, shown.endswith("Removed 2 messages said in Bridge.\n")) == (0, True)
    assert holding(kept, "owl on the bridge") == []


def test_where_nobody_can_be_asked_nothing_is_removed(kept: Path) -> None:
    status, output, errors = forget(kept, "Bridge")
    assert (status, output) == (2, "")
    assert errors == ("lanchat: Nobody can be asked here whether that is meant; add --yes to remove it all the same.\n")
    assert holding(kept, "owl on the bridge") == [FILE_NAME]


def test_a_room_and_a_person_of_one_name_are_told_apart(kept: Path) -> None:
    keeping = Keeping(kept)
    keeping.say("a heron", "Bridge", account="")
    keeping.close()
    status, _, errors = forget(kept, "bridge", "--yes")
    assert (status, errors) == (
        1,
        'lanchat: “bridge” is a room and a person; for the room type "#Bridge", for the person "@bridge".\n',
    )
    assert forget(kept, "@bridge", "--yes")[1].startswith("Removed 1 message ")
    assert holding(kept, "heron") == []
    assert forget(kept, "#bridge", "--yes")[1].startswith("Removed 2 messages ")


def test_files_that_were_set_aside_are_named(kept: Path) -> None:
    (kept / "history-damaged-2026-01-01.db").write_bytes(b"")
    output = forget(kept, "Bridge", "--yes")[1]
    assert f"Not looked into: history-damaged-2026-01-01.db in {kept}, set aside as damaged; delete" in output


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ([], 2, "Say what: lanchat forget ROOM, lanchat forget NAME, or --before DATE."),
        (["Lin"], 1, "Nothing is kept of a room or a person called “Lin” in "),
        (["nobody"], 1, "; there is Bridge and Line 3."),
        (["--before", "noonish"], 2, "“noonish” is not a time"),
        (["zoe", "--data-dir", "nowhere"], 1, "No host has kept a history in nowhere; name its folder"),
    ],
)
def test_it_is_told_what_cannot_be_done(kept: Path, arguments: list[str], status: int, sentence: str) -> None:
    got, output, errors = forget(kept, *arguments, "--yes")
    assert (got, output) == (status, "")
    assert sentence in errors
    assert errors.count("\n") == 1


def test_where_there_is_nothing_of_it_that_is_no_fault(kept: Path) -> None:
    status, output, _ = forget(kept, "--before", "2020-01-01", "--yes")
    assert (status, output) == (
        0,
        f"Nothing from before Wednesday, 1 January 2020, 00:00 (UTC+00:00) is kept in {kept}.\n",
    )
