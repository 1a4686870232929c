"""What was said outlives the host: restarted, killed in the middle, and by several hosts."""

from __future__ import annotations

import contextlib
import random
import signal
import threading
from pathlib import Path

import pytest

from lanchat.protocol.message import Message, parse_message
from tests.conftest import require
from tests.hosting import HostProcess
from tests.server.peer import Peer

CAPS = "draft/chathistory batch message-tags server-time echo-message"
ROOM = "#Line-3"


def host(folder: Path, *flags: str) -> HostProcess:
    return HostProcess(folder, "--name", "Line 3", "--no-flood-limits", "--quiet", *flags)


def said(peer: Peer, question: str = f"LATEST {ROOM} * 100") -> list[Message]:
    """Return what the room remembers."""
    peer.send(f"CHATHISTORY {question}")
    peer.expect("BATCH")
    return [message for message in peer.until("BATCH") if message.command == "PRIVMSG"]


def texts(messages: list[Message]) -> list[str]:
    return [message.params[1] for message in messages]


def test_a_host_that_restarts_shows_what_was_said(tmp_path: Path) -> None:
    with contextlib.closing(Ending(host(tmp_path))) as first:
        zoe = first.host.member("zoe", caps=CAPS)
        zoe.send(f"PRIVMSG {ROOM} :one", f"PRIVMSG {ROOM} :two")
        live = [zoe.expect("PRIVMSG"), zoe.expect("PRIVMSG")]
        assert first.host.end(signal.SIGTERM)[0] == 0
    with contextlib.closing(Ending(host(tmp_path))) as second:
        again = said(second.host.member("zoe", caps=CAPS))
        assert texts(again) == ["one", "two"]
        for tag in ("msgid", "time"):
            assert [message.tags[tag] for message in again] == [message.tags[tag] for message in live]
        old = second.host.peer()
        old.send("NICK old", "USER u 0 * :r", f"JOIN {ROOM}")
        replayed = [old.expect("PRIVMSG").params[1] for _ in range(2)]
        assert [text.partition("] ")[2] for text in replayed] == ["one", "two"]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_who_was_in_to_the_end_is_shown_nothing_again(tmp_path: Path, end: signal.Signals) -> None:
    with contextlib.closing(Ending(host(tmp_path))) as first:
        zoe = first.host.member("zoe")
        left = first.host.member("left")
        zoe.send(f"PRIVMSG {ROOM} :one", f"PRIVMSG {ROOM} :two", f"NICK zora{end.value}", f"PRIVMSG {ROOM} :three")
        left.expect("PRIVMSG", ROOM, "three")
        first.host.end(end)
    with contextlib.closing(Ending(host(tmp_path))) as second:
        ben = second.host.member("ben")
        ben.send(f"PRIVMSG {ROOM} :four")
        for nick in ("left", f"zora{end.value}"):
            back = second.host.peer()
            back.send(f"NICK {nick}", "USER u 0 * :r", f"JOIN {ROOM}", "PING end")
            heard = [message.params[1] for message in back.until("PONG") if message.command == "PRIVMSG"]
            assert [text.partition("] ")[2] for text in heard] == ["four"]
        new = second.host.peer()
        new.send("NICK new", "USER u 0 * :r", f"JOIN {ROOM}", "PING end")
        assert len([message for message in new.until("PONG") if message.command == "PRIVMSG"]) == 4


def test_how_far_somebody_with_an_account_has_read_is_kept(tmp_path: Path) -> None:
    caps, marker = "draft/read-marker sasl", "timestamp=2024-01-04T14:33:26.123Z"
    for round_ in range(2):
        with contextlib.closing(Ending(host(tmp_path))) as kept:
            zoe = kept.host.peer()
            zoe.send("CAP LS 302", f"CAP REQ :{caps}", "NICK zoe", "USER u 0 * :r")
            zoe.send("AUTHENTICATE PLAIN", "AUTHENTICATE AHpvZQBzZXNhbWU=")
            zoe.expect("903")
            zoe.send("CAP END", f"JOIN {ROOM}")
            assert zoe.expect("MARKREAD", ROOM).params[1] == (marker if round_ else "*")
            guest = kept.host.member("guest", caps="draft/read-marker")
            guest.send(f"MARKREAD {ROOM}")
            assert guest.expect("MARKREAD").params[1] == "*"
            for peer in (zoe, guest):
                peer.send(f"MARKREAD {ROOM} {marker}", f"MARKREAD guest {marker}")
                peer.expect("MARKREAD", "guest", marker)


def test_how_long_it_is_kept_can_be_said(tmp_path: Path) -> None:
    for text in ("12h", "30d", "2w", "2y", "forever"):
        with contextlib.closing(Ending(host(tmp_path, f"--retention={text}"))) as kept:
            zoe = kept.host.member("zoe", caps=CAPS)
            zoe.send(f"PRIVMSG {ROOM} :{text}")
            assert texts(said(zoe))[-1] == text


def test_with_no_history_nothing_is_written_down(tmp_path: Path) -> None:
    with contextlib.closing(Ending(host(tmp_path, "--no-history"))) as first:
        zoe = first.host.member("zoe", caps=CAPS)
        zoe.send(f"PRIVMSG {ROOM} :one")
        assert texts(said(zoe)) == ["one"]
    assert not (tmp_path / "history.db").exists()
    with contextlib.closing(Ending(host(tmp_path, "--no-history"))) as second:
        assert said(second.host.member("zoe", caps=CAPS)) == []


def test_a_second_host_on_the_same_folder_keeps_its_own_in_memory_and_says_so(tmp_path: Path) -> None:
    with contextlib.ExitStack() as ending:
        first = ending.enter_context(contextlib.closing(Ending(host(tmp_path))))
        zoe = first.host.member("zoe", caps=CAPS)
        second = ending.enter_context(contextlib.closing(Ending(host(tmp_path))))
        second.host.wait_for(lambda: "Another host keeps its history in" in second.host.errors + second.host.output)
        ana = second.host.member("ana", caps=CAPS)
        zoe.send(f"PRIVMSG {ROOM} :one")
        ana.send(f"PRIVMSG {ROOM} :other")
        assert texts(said(zoe)) == ["one"]
        assert texts(said(ana)) == ["other"]


def test_the_lock_goes_with_a_host_that_is_killed(tmp_path: Path) -> None:
    with contextlib.closing(Ending(host(tmp_path))) as first:
        first.host.member("zoe")
    with contextlib.closing(Ending(host(tmp_path))) as second:
        second.host.member("zoe")
        assert "Another host" not in second.host.errors + second.host.output


class Ending:
    """A host that is killed at the end of a block."""

    def __init__(self, host: HostProcess) -> None:
        self.host = host

    def close(self) -> None:
        self.host.kill()


# ---- kill -9 ---------------------------------------------------------------------------------------------------------


class Listener:
    """Somebody in the room who takes down every message that comes, until the host is gone."""

    def __init__(self, host: HostProcess, nick: str) -> None:
        self._peer = host.member(nick, caps=CAPS)
        self.heard: dict[str, str] = {}  # msgid → text
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, AssertionError):
            while True:
                message = parse_message(self._peer.read_until(b"\r\n")[:-2], 8191)
                if message.command == "PRIVMSG":
                    self.heard[message.tags["msgid"]] = message.params[1]

    def end(self) -> dict[str, str]:
        self._thread.join(20)
        assert not self._thread.is_alive()
        return self.heard


def _speak(peer: Peer, run: int, is_over: threading.Event) -> None:
    """Say about a thousand messages a second."""
    number = 0
    with contextlib.suppress(OSError):
        while not is_over.wait(0.01):
            peer.send(*[f"PRIVMSG {ROOM} :{run} {number + more}" for more in range(10)])
            number += 10


@pytest.mark.timeout(300)
def test_killed_in_the_middle_it_has_lost_nothing_that_anybody_has_seen(tmp_path: Path) -> None:
    seen: dict[str, str] = {}
    chance = random.Random(11)
    for run in range(10):
        killed = host(tmp_path)
        listeners = [Listener(killed, f"ear{number}") for number in range(2)]
        speaker, is_over = killed.member("zoe"), threading.Event()
        speaking = threading.Thread(target=_speak, args=(speaker, run, is_over), daemon=True)
        speaking.start()
        is_over.wait(0.3 + chance.random() * 0.4)
        killed.process.kill()
        killed.process.wait(20)
        is_over.set()
        speaking.join(20)
        for listener in listeners:
            seen |= listener.end()
        killed.kill()
    assert len(seen) > 1_000
    with contextlib.closing(Ending(host(tmp_path))) as last:
        assert_all_there(last.host.member("late", caps=CAPS), seen)


def assert_all_there(peer: Peer, seen: dict[str, str]) -> None:
    """Page through all that is kept, from the last on, and find each message once."""
    kept: list[tuple[str, str]] = []
    place = f"LATEST {ROOM} *"
    while page := said(peer, f"{place} 100"):
        kept = [(message.tags["msgid"], message.params[1]) for message in page] + kept
        place = f"BEFORE {ROOM} msgid={kept[0][0]}"
    assert len(dict(kept)) == len(kept)
    assert {msgid: dict(kept).get(msgid) for msgid in seen} == seen


# ---- A disk of two megabytes -----------------------------------------------------------------------------------------

_SMALL_DISK = 'mount -t tmpfs -o size=2m tmpfs "$1" || exit 77; shift; exec "$@"'
_FULL = "What is said now is kept only as long as the host runs: its disk is full."
_AGAIN = "What is said is kept again."


def notices(peer: Peer, text: str) -> None:
    """Wait for the host to say this."""
    while peer.expect("NOTICE").params[1] != text:
        pass


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4_096):
            pass
    return filler


def test_on_a_full_disk_the_room_goes_on_and_what_was_said_is_written_once_there_is_room(tmp_path: Path) -> None:
    require("unshare", "mount")
    folder = tmp_path / "disk"
    folder.mkdir()
    within = ["unshare", "-m", "sh", "-c", _SMALL_DISK, "sh", str(folder)]
    small = HostProcess(folder, "--name", "Line 3", "--no-flood-limits", "--quiet", within=within)
    with contextlib.closing(Ending(small)):
        zoe = small.member("zoe", caps=CAPS)
        disk = Path(f"/proc/{small.process.pid}/root{folder}")
        filler = fill(disk)
        zoe.send(*[f"PRIVMSG {ROOM} :{number} {'x' * 380}" for number in range(30)])
        notices(zoe, _FULL)
        zoe.send(f"PRIVMSG {ROOM} :meanwhile")
        assert zoe.expect("PRIVMSG", ROOM, "meanwhile")
        filler.unlink()
        notices(zoe, _AGAIN)
        kept = texts(said(zoe))
        assert [text.partition(" ")[0] for text in kept] == [*map(str, range(30)), "meanwhile"]
        small.wait_for(lambda: f"its disk is full. Make room in {folder}" in small.errors + small.output)
