"""`lanchat export`: from the host's file and over the network, to a file that is whole or not there."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lanchat.chat.state.history import Event
from lanchat.protocol.message import Message
from lanchat.store.accounts import Store
from lanchat.store.history import FILE_NAME, StoredHistory
from tests.cli.programs import Stream, free_port
from tests.hosting import HostProcess, environment, lanchat_command
from tests.server.peer import DEADLINE_S, Peer

ROOM = "#Line-3"
CAPS = "draft/chathistory batch message-tags server-time echo-message draft/message-redaction draft/multiline"


def export(folder: Path, *arguments: str, cwd: Path | None = None) -> tuple[int, str, str]:
    """Return the exit status, the output and the errors of `lanchat export`, with the settings of this folder."""
    done = subprocess.run(
        [*lanchat_command(), "export", *arguments],
        env=environment(folder),
        capture_output=True,
        timeout=DEADLINE_S * 2,
        check=False,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def texts(output: str) -> list[str]:
    """Return what was said, of an export as JSON."""
    lines = map(json.loads, output.splitlines())
    return [line["text"] for line in lines if line["type"] in ("message", "action", "notice")]


@contextlib.contextmanager
def hosting(folder: Path, *flags: str, port: int = 0) -> Iterator[HostProcess]:
    host = HostProcess(folder, "--name", "Line 3", "--no-flood-limits", *flags, port=port)
    try:
        assert host.port
        yield host
    finally:
        host.kill()


def say(peer: Peer, *lines: str) -> list[Message]:
    """Say something; return it as it came back."""
    peer.send(*(f"PRIVMSG {ROOM} :{line}" for line in lines))
    return [peer.expect("PRIVMSG", ROOM, line) for line in lines]


def talk(host: HostProcess) -> list[Message]:
    """Have two people talk: answers, signs, something taken back, several lines, a topic, private words."""
    zoe, bo = host.member("zoe", caps=CAPS), host.member("bo", caps=CAPS)
    one, wrong = say(zoe, "press 4 is back", "a word that was not meant")
    bo.send(f"@+draft/reply={one.tags['msgid']} PRIVMSG {ROOM} :thanks")
    bo.send(f"@+draft/reply={one.tags['msgid']};+draft/react=👍 TAGMSG {ROOM}")
    zoe.send(f"REDACT {ROOM} {wrong.tags['msgid']}", f"TOPIC {ROOM} :Shift B", "PRIVMSG bo :between us")
    zoe.send(f"BATCH +1 draft/multiline {ROOM}", f"@batch=1 PRIVMSG {ROOM} :two", f"@batch=1 PRIVMSG {ROOM} :lines")
    zoe.send("BATCH -1")
    zoe.expect("TOPIC")
    (last,) = say(bo, "bye")
    return [one, last]


def keep(folder: Path, *rooms: str, count: int = 3) -> None:
    """Have a host's folder hold so many messages of each room, said long ago."""
    with closing(Store(folder)) as store, closing(StoredHistory(folder, "run")) as history:
        for room in rooms:
            for number in range(count):
                stamp = history.stamp(1_700_000_000.0 + number * 60)
                message = Message("PRIVMSG", (f"#{room.replace(' ', '-')}", f"{room} {number}"), "zoe!u@h")
                history.record([f"room {store.room_id(room)}"], Event(*stamp, "account zoe", message))


# ---- From the host's file --------------------------------------------------------------------------------------------


def test_it_is_read_while_the_host_runs_and_after_it_has_ended(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        talk(host)
        status, running, errors = export(tmp_path, "line 3", "--format", "json")
        assert (status, errors) == (0, f"lanchat: 4 messages of Line 3, from {tmp_path / FILE_NAME}.\n")
        assert texts(running) == ["press 4 is back", "thanks", "two\nlines", "bye"]
        assert host.end(signal.SIGTERM)[0] == 0
    ended = export(tmp_path, "--format", "json")[1]
    assert ended.startswith(running)
    assert "between us" not in running
    assert "not meant" not in running


@pytest.mark.parametrize("form", ["md", "html", "txt"])
def test_what_people_did_comes_out_right_in_every_format(tmp_path: Path, form: str) -> None:
    with hosting(tmp_path) as host:
        talk(host)
        status, sheet, _ = export(tmp_path, "Line 3", "--format", form)
    assert status == 0
    shown = ("Line 3", "press 4 is back", "zoe", "thanks", "👍", "Shift B", "two", "lines", "took back a message")
    assert [text for text in shown if text not in sheet] == []
    assert "between us" not in sheet
    assert "not meant" not in sheet


def test_a_channel_that_members_opened_can_be_exported_too(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        zoe = host.member("zoe", caps=CAPS)
        zoe.send("JOIN #tools")
        zoe.expect("366", "zoe", "#tools")
        zoe.send("PRIVMSG #tools :who has the torque wrench")
        zoe.expect("PRIVMSG", "#tools")
        say(zoe, "hello")
        assert texts(export(tmp_path, "#tools", "--format", "json")[1]) == ["who has the torque wrench"]
        assert texts(export(tmp_path, "Line 3", "--format", "json")[1]) == ["hello"]


def test_a_period_can_be_chosen(tmp_path: Path) -> None:
    keep(tmp_path, "Line 3", count=9)  # from 22:13:20 UTC on
    period = ("--since", "2023-11-14T22:15:00Z", "--until", "2023-11-14T22:18:20Z")
    _, output, _ = export(tmp_path, "--format", "json", *period)
    assert texts(output) == ["Line 3 2", "Line 3 3", "Line 3 4"]
    assert "3 messages" in export(tmp_path, *period)[1]


def test_the_format_follows_the_name_of_the_file(tmp_path: Path) -> None:
    keep(tmp_path, "Line 3")
    for name, beginning in (("a.html", "<!DOCTYPE"), ("a.md", "# Line"), ("a.jsonl", "{"), ("a.txt", "Line 3\n===")):
        status, output, errors = export(tmp_path, "-o", name, cwd=tmp_path)
        assert (status, output) == (0, "")
        assert errors.endswith(f"history.db, written to {name}.\n")
        assert (tmp_path / name).read_text().startswith(beginning)
    assert export(tmp_path, "-o", "b", "--format", "md", cwd=tmp_path)[0] == 0
    assert (tmp_path / "b").read_text().startswith("# Line")


def test_a_file_takes_the_place_of_another_and_keeps_its_rights_and_a_link_stays(tmp_path: Path) -> None:
    keep(tmp_path / "data", "Line 3")
    old, link = tmp_path / "old.txt", tmp_path / "link.txt"
    old.write_text("old")
    old.chmod(0o640)
    link.symlink_to(old)
    assert export(tmp_path / "data", "-o", str(link))[0] == 0
    assert link.is_symlink()
    assert old.read_text().startswith("Line 3")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "link.txt", "old.txt"]


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    keep(tmp_path / "data", "Line 3")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert export(tmp_path / "data", "-o", str(pipe))[0] == 0
    assert reader.communicate(timeout=DEADLINE_S)[0].startswith(b"Line 3")
    assert pipe.is_fifo()


def test_where_reading_fails_no_file_is_written_and_the_old_one_stays(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    keep(data, "Line 3", count=20_000)
    out.mkdir()
    (out / "a.txt").write_text("old")
    path = data / FILE_NAME
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 8192 * 4096)
        file.write(b"\xa5" * 8_192)
    status, _, errors = export(data, "-o", str(out / "a.txt"))
    assert status == 1
    assert f'what can still be read of it: lanchat export --from "{path}"' in errors
    assert {path.name: path.read_text() for path in out.iterdir()} == {"a.txt": "old"}
    status, output, errors = export(data, "--from", str(path), "--format", "json")
    assert status == 0
    assert "in the file could not be read; what stood there is missing." in errors
    assert 19_000 < len(texts(output)) < 20_000


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    keep(tmp_path, "Line 3")
    status, _, errors = export(tmp_path, "-o", "/dev/full")
    assert (status, errors) == (
        1,
        "lanchat: /dev/full cannot be written (No space left on device); name another file with -o, or leave it out.\n",
    )


def test_a_backup_is_read_from_wherever_it_is(tmp_path: Path) -> None:
    keep(tmp_path / "data", "Line 3", "Bridge")
    backup = tmp_path / "backup.db"
    backup.write_bytes((tmp_path / "data" / FILE_NAME).read_bytes())
    status, output, errors = export(tmp_path / "else", "line", "--from", str(backup), "--format", "json")
    assert (status, texts(output)) == (0, ["Line 3 0", "Line 3 1", "Line 3 2"])
    assert str(backup) in errors


# ---- What cannot be done ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--format", "pdf"], "“pdf” is no format; there is md, html, json and txt."),
        (["--since", "noonish"], "“noonish” is not a time; write 14:05, monday"),
        (["Line 3", "--since", "2026-02-01", "--until", "2026-01-01"], "is not after"),
        ([], "Which room? There is Bridge and Line 3: lanchat export ROOM"),
        (["Line 4", "--data-dir", "."], "There is no room “Line 4” in history.db; there is Bridge and Line 3."),
        (["--data-dir", "nowhere"], "No host has kept a history in nowhere; name its folder with --data-dir."),
        (["--from", "nothing.db"], "No host has kept a history in"),
        (["--from", "note.txt"], "Nothing can be read of note.txt"),
        (["Line 3", "-o", "missing/a.html"], "missing/a.html cannot be written (No such file or directory)"),
        (["Line 3", "-o", "."], "cannot be written (Is a directory)"),
        (["--output"], "--output needs a value: --output FILE."),
    ],
)
def test_it_is_told_what_cannot_be_done_and_what_to_do(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    keep(tmp_path, "Line 3", "Bridge")
    (tmp_path / "note.txt").write_text("no database at all" * 200)
    status, output, errors = export(tmp_path, *arguments, cwd=tmp_path)
    assert status in (1, 2)
    assert output == ""
    assert sentence in errors
    assert "Traceback" not in errors
    assert errors.count("\n") == 1


# ---- Over the network ------------------------------------------------------------------------------------------------


def test_elsewhere_the_host_is_asked_and_tells_the_same(tmp_path: Path) -> None:
    with hosting(tmp_path / "host") as host:
        talk(host)
        address = f"127.0.0.1:{host.port}"
        status, remote, errors = export(tmp_path / "guest", address, "--format", "json")
        assert (status, errors) == (0, f"lanchat: 4 messages of Line 3, from its host at {address}.\n")
        local = export(tmp_path / "host", "--format", "json")[1]
        mine = [line for line in local.splitlines() if json.loads(line)["nick"] in ("zoe", "bo")]
        theirs = [line for line in remote.splitlines() if json.loads(line)["nick"] in ("zoe", "bo")]
        assert theirs == mine
        assert "between us" not in remote
        sheet = export(tmp_path / "guest", address, "--format", "txt")[1]
        assert "bo (to zoe: “press 4 is back”): thanks" in sheet
        assert "[👍 bo]" in sheet


def test_a_long_period_is_asked_for_page_by_page(tmp_path: Path) -> None:
    with hosting(tmp_path / "host", "--no-history") as host:
        zoe = host.member("zoe", caps=CAPS)
        lines = [f"line {number}" for number in range(350)]
        first = say(zoe, *lines)
        address = f"127.0.0.1:{host.port}"
        assert texts(export(tmp_path / "guest", address, "--format", "json")[1]) == lines
        since, until = first[100].tags["time"], first[250].tags["time"]
        part = export(tmp_path / "guest", address, "--format", "json", "--since", since, "--until", until)[1]
        assert texts(part) == lines[100:250]


def test_a_password_is_given_as_for_joining(tmp_path: Path) -> None:
    with hosting(tmp_path / "host", "--password", "sesame") as host:
        address = f"127.0.0.1:{host.port}"
        status, _, errors = export(tmp_path / "guest", address)
        assert (status, errors) == (1, "lanchat: Line 3 needs a password; add --password PASSWORD.\n")
        status, _, errors = export(tmp_path / "guest", address, "--password", "wrong")
        assert (status, errors) == (1, "lanchat: The password is wrong.\n")
        status, output, _ = export(tmp_path / "guest", address, "--password", "sesame")
        assert status == 0
        assert "Nothing was said." in output


def test_who_is_known_there_reads_beside_their_own_terminal(tmp_path: Path) -> None:
    guest = tmp_path / "guest"
    with hosting(tmp_path / "host") as host:
        address = f"127.0.0.1:{host.port}"
        joined = subprocess.run(
            [*lanchat_command(), "join", address, "--plain", "--nick", "ana"],
            input=b"hello\n",
            env=environment(guest),
            capture_output=True,
            timeout=DEADLINE_S,
            check=True,
        )
        assert joined.returncode == 0
        watching = host.member("zoe", caps=CAPS)
        status, output, _ = export(guest, address, "--nick", "ana", "--format", "json")
        assert (status, texts(output)) == (0, ["hello"])
        assert watching.expect("JOIN").nick == "ana"
        assert watching.expect("QUIT").nick == "ana"


def test_a_room_that_is_nowhere_is_told_with_those_that_are_here(tmp_path: Path) -> None:
    keep(tmp_path, "Bridge")
    status, _, errors = export(tmp_path, "Line 4")
    assert status == 1
    assert 'There is no room "Line 4" here' in errors
    assert "On this machine there is what was said in Bridge." in errors


def test_a_host_that_is_gone_is_told(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    status, output, errors = export(tmp_path, address)
    assert (status, output) == (1, "")
    assert address in errors


# ---- Memory ----------------------------------------------------------------------------------------------------------

_PEAK = """
import sys
from lanchat.cli import main
status = main(sys.argv[1:])
with open("/proc/self/status") as file:
    sys.stderr.write(next(line for line in file if line.startswith("VmHWM")))
raise SystemExit(status)
"""
_MAX_KB = 40 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells how much memory a program took at most")
@pytest.mark.parametrize("form", ["md", "html", "json", "txt"])
def test_memory_does_not_grow_with_what_was_said(tmp_path: Path, form: str) -> None:
    keep(tmp_path, "Line 3", count=100_000)
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, "export", "--format", form, "-o", str(tmp_path / "out")],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stderr.split()[-2]) < _MAX_KB


# ---- At a terminal ---------------------------------------------------------------------------------------------------


def test_a_long_one_tells_how_far_it_is_only_at_a_terminal(tmp_path: Path) -> None:
    keep(tmp_path, "Line 3", count=60_000)
    screen, inside = os.openpty()
    process = subprocess.Popen(
        [*lanchat_command(), "export", "-o", str(tmp_path / "a.txt")],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env={**environment(tmp_path), "TERM": "xterm"},
    )
    os.close(inside)
    shown = Stream(screen)
    assert process.wait(DEADLINE_S) == 0
    shown.wait_for("written to")
    os.close(screen)
    first, *_, end = shown.text.split("\r")
    assert first == ""
    assert re.search(r"\r[0-9,]+ read, up to [A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ 20\d\d, \d\d:\d\d …", shown.text)
    assert "lanchat: 60,000 messages of Line 3" in shown.text
    assert end == "\n"
    assert export(tmp_path, "-o", str(tmp_path / "b.txt"))[2].startswith("lanchat: 60,000 messages")
