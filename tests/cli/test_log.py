"""`lanchat log`: what was said in the rooms of a host, and what is being said."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lanchat.store.history import FILE_NAME
from tests.cli.programs import Program, Stream, running
from tests.cli.test_export import CAPS, ROOM, hosting, keep, say, talk
from tests.hosting import environment, lanchat_command
from tests.server.peer import DEADLINE_S


def log(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Return the exit status, the output and the errors of `lanchat log`."""
    done = subprocess.run(
        [*lanchat_command(), "log", *arguments],
        env={**environment(folder), "TZ": "UTC"},
        capture_output=True,
        timeout=DEADLINE_S,
        check=False,
        cwd=folder,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@contextlib.contextmanager
def following(folder: Path, *arguments: str) -> Iterator[Program]:
    with running(folder, "log", "-f", *arguments) as program:
        yield program


def said(output: str) -> list[str]:
    """Return the lines without their times."""
    return [line.partition(" ")[2] for line in output.splitlines()]


def test_it_shows_what_was_said_each_line_with_its_whole_time(tmp_path: Path) -> None:
    keep(tmp_path, "Line 3")
    assert log(tmp_path) == (
        0,
        "2023-11-14T22:13:20+00:00 zoe: Line 3 0\n"
        "2023-11-14T22:14:20+00:00 zoe: Line 3 1\n"
        "2023-11-14T22:15:20+00:00 zoe: Line 3 2\n",
        "",
    )


def test_several_rooms_are_named_and_one_can_be_chosen(tmp_path: Path) -> None:
    keep(tmp_path, "Line 3", "Bridge", count=1)
    assert sorted(said(log(tmp_path)[1])) == ["[Bridge] zoe: Bridge 0", "[Line 3] zoe: Line 3 0"]
    assert said(log(tmp_path, "line")[1]) == ["zoe: Line 3 0"]


def test_without_a_time_the_last_ones_are_shown(tmp_path: Path) -> None:
    keep(tmp_path, "Line 3", count=60)
    assert said(log(tmp_path)[1]) == [f"zoe: Line 3 {number}" for number in range(10, 60)]
    assert len(said(log(tmp_path, "--since", "2023-01-01")[1])) == 60
    period = ("--since", "2023-11-14 22:15", "--until", "2023-11-14 22:17:20")
    assert said(log(tmp_path, *period)[1]) == ["zoe: Line 3 2", "zoe: Line 3 3"]


def test_only_what_fits_a_pattern_is_shown(tmp_path: Path) -> None:
    keep(tmp_path, "Line 3", count=120)
    assert said(log(tmp_path, "--grep", "LINE . 1?7$")[1]) == ["zoe: Line 3 7", "zoe: Line 3 17"]
    assert said(log(tmp_path, "--grep", "^bo:")[1]) == []


def test_what_people_did_is_shown_and_private_talk_is_not(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        talk(host)
        lines = said(log(tmp_path)[1])
        assert "zoe: press 4 is back" in lines
        assert "zoe: two" in lines
        assert "between us" not in "\n".join(lines)
        whole = said(log(tmp_path, "--since", "today")[1])
        assert {"-- zoe took back a message", "-- zoe set the topic: Shift B"} <= set(whole)


def test_it_follows_what_is_said_over_restarts_of_the_host(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        say(host.member("zoe", caps=CAPS), "one")
        with following(tmp_path, "Line 3") as program:
            program.out.wait_for("zoe: one\n")
            say(host.member("bo", caps=CAPS), "two")
            program.out.wait_for("bo: two\n")
            assert host.end(signal.SIGTERM)[0] == 0
            with hosting(tmp_path) as again:
                say(again.member("ana", caps=CAPS), "three")
                program.out.wait_for("ana: three\n")
                again.process.kill()
                again.wait()
            with hosting(tmp_path) as third:
                say(third.member("eve", caps=CAPS), "four")
                program.out.wait_for("eve: four\n")
            assert said(program.out.text) == ["zoe: one", "bo: two", "ana: three", "eve: four"]
            assert program.errors.text == ""


def test_it_follows_into_a_file_that_takes_the_place_of_another(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        zoe = host.member("zoe", caps=CAPS)
        say(zoe, "one")
        with following(tmp_path) as program:
            program.out.wait_for("zoe: one\n")
            for path in tmp_path.glob(f"{FILE_NAME}*"):
                path.unlink()
            host.wait_for(lambda: "a new one was begun" in host.errors + host.output)
            say(zoe, "two")
            program.out.wait_for("zoe: two\n")
            host.end(signal.SIGTERM)
            (tmp_path / FILE_NAME).unlink()
            with hosting(tmp_path) as again:
                say(again.member("bo", caps=CAPS), "three")
                program.out.wait_for("bo: three\n")
            assert said(program.out.text) == ["zoe: one", "zoe: two", "bo: three"]


def test_it_goes_on_in_channels_that_are_opened_meanwhile(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        zoe = host.member("zoe", caps=CAPS)
        say(zoe, "one")
        with following(tmp_path) as program:
            program.out.wait_for("zoe: one\n")
            zoe.send("JOIN #tools", "PRIVMSG #tools :wrench")
            program.out.wait_for("[tools] zoe: wrench\n")
            program.process.send_signal(signal.SIGINT)
            assert program.ended() == 130


def test_waiting_costs_next_to_nothing(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        say(host.member("zoe", caps=CAPS), "one")
        with following(tmp_path) as program:
            program.out.wait_for("zoe: one\n")
            before = _cpu_s(program.process.pid)
            with pytest.raises(subprocess.TimeoutExpired):
                program.process.wait(3)
            assert _cpu_s(program.process.pid) - before < 0.1


def _cpu_s(number: int) -> float:
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_at_a_terminal_days_are_headings_and_names_have_colours(tmp_path: Path) -> None:
    keep(tmp_path, "Line 3", count=1)
    screen, inside = os.openpty()
    variables = {**environment(tmp_path), "TZ": "UTC", "TERM": "xterm-256color"}
    process = subprocess.Popen([*lanchat_command(), "log"], stdout=inside, stderr=inside, stdin=inside, env=variables)
    os.close(inside)
    shown = Stream(screen)
    shown.wait_for("Line 3 0")
    assert process.wait(DEADLINE_S) == 0
    assert re.search("\x1b\\[[0-9;]+mzoe\x1b", shown.text)
    plain = re.sub("\x1b\\[[0-9;]*m", "", shown.text)
    assert plain.splitlines() == ["Tuesday, 14 November 2023 (UTC+00:00)", "22:13:20 zoe: Line 3 0"]
    os.close(screen)


def test_nothing_that_was_said_steers_a_terminal(tmp_path: Path) -> None:
    with hosting(tmp_path) as host:
        zoe = host.member("zoe", caps=CAPS)
        zoe.send(f"PRIVMSG {ROOM} :a\x1b]52;c;eA==\x07b\u202ec [bold]d[/x]")
        zoe.expect("PRIVMSG", ROOM)
        assert said(log(tmp_path)[1]) == ["zoe: a]52;c;eA==bc [bold]d[/x]"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--grep", "("], "“(” is no regular expression"),
        (["-f", "--until", "14:00"], "-f goes on without end, so it takes no --until"),
        (["--since", "noonish"], "“noonish” is not a time"),
        (["Line 4"], "there is Bridge and Line 3."),
        (["--data-dir", "nowhere"], "No host has kept a history in nowhere; name its folder with --data-dir."),
    ],
)
def test_it_is_told_what_cannot_be_done(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    keep(tmp_path, "Line 3", "Bridge")
    status, output, errors = log(tmp_path, *arguments)
    assert status in (1, 2)
    assert output == ""
    assert sentence in errors
    assert errors.count("\n") == 1
