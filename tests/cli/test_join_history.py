"""`lanchat join --plain` and what was said before: in pipes, over restarts of the host, and from a time on."""

import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.joining import Terminal
from tests.cli.programs import free_port, hosting, running
from tests.client.history import talk
from tests.hosting import HostProcess, environment, lanchat_command
from tests.server.peer import Peer

FLAGS = ("--name", "Line 3", "--no-flood-limits", "--quiet")


def spoken(text: str) -> list[str]:
    """What Ben said, as it was printed."""
    return [line.partition("Ben: ")[2] for line in text.splitlines() if "Ben: " in line]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_pipe_prints_once_what_was_said_while_the_host_was_gone(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    host = HostProcess(tmp_path, *FLAGS, port=port)
    said: list[str] = []
    try:
        ben = host.member("Ben")
        with running(tmp_path, "join", "--plain", "--nick", "Ana", f"127.0.0.1:{port}") as ana:
            while not ben.expect("JOIN").source.startswith("Ana"):
                pass
            for round_ in range(3):
                said += talk(ben, 20, word=f"round {round_}, line")
                ana.out.wait_for(said[-1])
                host.end(number)
                host = HostProcess(tmp_path, *FLAGS, port=port)
                ben = host.member("Ben")
                said += talk(ben, 150, word=f"after {round_}, line")
                ana.out.wait_for(said[-1])
            ana.end_input()
            assert ana.ended() == 0
            assert spoken(ana.out.text) == said
            assert "missing" not in ana.errors.text
    finally:
        host.kill()


def joined_since(folder: Path, port: int, since: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*lanchat_command(), "join", "--plain", "--nick", "Ana", f"127.0.0.1:{port}", "--since", since],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(folder),
        check=False,
    )


def test_what_was_said_since_a_time_is_printed_and_then_it_goes_on(tmp_path: Path) -> None:
    port = free_port()
    with hosting(tmp_path, "Line 3", port, "--no-flood-limits"), Peer(port) as ben:
        ben.register("Ben", channel="#Line-3")
        said = talk(ben, 430)
        done = joined_since(tmp_path, port, "1h")
        assert (done.returncode, spoken(done.stdout)) == (0, said)
        assert "──" not in done.stdout
        with running(tmp_path, "join", "--plain", "--nick", "Zoe", f"127.0.0.1:{port}", "--since", "today") as zoe:
            zoe.out.wait_for(said[-1])
            said += talk(ben, 1, word="and on")
            zoe.out.wait_for("and on 0")
            zoe.end_input()
            assert zoe.ended() == 0
            assert spoken(zoe.out.text) == said


def test_nothing_is_printed_that_was_said_before_that_time(tmp_path: Path) -> None:
    port = free_port()
    with hosting(tmp_path, "Line 3", port), Peer(port) as ben:
        ben.register("Ben", channel="#Line-3")
        talk(ben, 3)
        assert spoken(joined_since(tmp_path, port, "now").stdout) == []
        assert spoken(joined_since(tmp_path, port, "2h").stdout) == ["line 0", "line 1", "line 2"]


def test_what_is_no_time_is_refused_before_anything_is_looked_for(tmp_path: Path) -> None:
    done = joined_since(tmp_path, free_port(), "noonish")
    assert done.returncode == 2
    assert done.stderr == (
        "lanchat: “noonish” is not a time; write 14:05, monday, yesterday 22:00, 2026-11-24 14:05, "
        "or 2h for two hours ago.\n"
    )


def test_a_person_is_shown_what_is_new_below_a_line_and_no_pipe_moves_it(tmp_path: Path) -> None:
    port = free_port()
    with hosting(tmp_path, "Line 3", port), Peer(port) as ben:
        ben.register("Ben", channel="#Line-3")
        talk(ben, 2, word="old")
        _visit(tmp_path, port, "old 1")
        talk(ben, 2, word="new")
        assert joined_since(tmp_path, port, "1h").returncode == 0  # a program under her name, which is no reader
        shown = _visit(tmp_path, port, "new 1")
        rule = shown.index("New since ")
        assert shown.index("old 1") < rule < shown.index("new 0")


def test_a_person_who_missed_more_than_is_shown_is_told_how_to_see_it(tmp_path: Path) -> None:
    port = free_port()
    with hosting(tmp_path, "Line 3", port, "--no-flood-limits"), Peer(port) as ben:
        ben.register("Ben", channel="#Line-3")
        talk(ben, 1, word="old")
        _visit(tmp_path, port, "old 0")
        said = talk(ben, 150, word="new")
        terminal = Terminal(tmp_path, "--nick", "Ana", f"127.0.0.1:{port}")
        try:
            terminal.screen.wait_for("shows all of it")
            told = re.search(r"New since \d\d:\d\d \((/history [-0-9: ]+) shows all of it\):", terminal.screen.text)
            assert told is not None, terminal.screen.text
            terminal.type(f"{told[1]}\n")
            terminal.screen.wait_for(said[0])
            terminal.screen.wait_for(said[-1], times=2)
        finally:
            terminal.close()


def _visit(folder: Path, port: int, last: str) -> str:
    terminal = Terminal(folder, "--nick", "Ana", f"127.0.0.1:{port}")
    try:
        terminal.screen.wait_for(last)
        terminal.screen.wait_for("leaves.")
        terminal.type("\\q\n")
        assert terminal.ended() == 0
        return terminal.screen.text
    finally:
        terminal.close()
