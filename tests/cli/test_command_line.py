"""What can be typed, before any command does its work."""

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from lanchat import __version__
from tests.hosting import lanchat_command
from tests.server.peer import DEADLINE_S


def lanchat(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [*lanchat_command(), *arguments]
    whole = {**os.environ, **(env or {})}
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, check=False, env=whole)


def test_the_version_is_told() -> None:
    done = lanchat("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"lanchat {__version__}\n", "")


@pytest.mark.parametrize("command", ["", "host", "join", "list-rooms", "accounts"])
def test_help_has_examples(command: str) -> None:
    done = lanchat(*command.split(), "--help")
    assert done.returncode == 0
    assert f"\nexamples:\n  lanchat {command or 'host'}" in done.stdout


def test_who_types_no_command_is_shown_which_there_are() -> None:
    done = lanchat()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == lanchat("--help").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("hots", "“hots” is no command (did you mean host?); `lanchat --help` shows which there are."),
        ("xyz", "“xyz” is no command; `lanchat --help` shows which there are."),
        (
            "host --prot 9000",
            "“--prot” is nothing that `lanchat host` takes (did you mean --port?); `lanchat host --help` shows how.",
        ),
        ("host --port many", "“many” is not a port; choose one from 1 to 65535."),
        ("host --port 99999", "“99999” is not a port; choose one from 1 to 65535."),
        ("host --plain-port -1", "“-1” is not a port; choose one from 1 to 65535."),
        ("host --max-clients 0", "“0” is not a number from 1 on."),
        ("host --name", "--name needs a value behind it; `lanchat host --help` shows how."),
        ("host --no-m", "“--no-m” could be --no-motd or --no-mdns; write it out."),
        ("host --quiet=yes", "--quiet takes no value, but got “yes”."),
        ("join a b", "“b” is nothing that `lanchat join` takes; `lanchat join --help` shows how."),
        ("list-rooms --timeout soon", "“soon” is not a number of seconds, such as 3 or 0.5."),
        ("accounts", "`lanchat accounts` needs action; `lanchat accounts --help` shows how."),
        ("accounts lst", "“lst” is none of list, forget (did you mean list?)."),
    ],
)
def test_what_is_typed_wrong_is_told_in_one_sentence(arguments: str, sentence: str) -> None:
    done = lanchat(*arguments.split())
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"lanchat: {sentence}\n")


@pytest.mark.parametrize("language", ["de_DE.UTF-8", "C"])
def test_no_sentence_of_argparses_reaches_anybody(language: str) -> None:
    """It would be in the language of the system, and begin with a usage of ten lines."""
    done = lanchat("host", "--nonsense", env={"LANGUAGE": language, "LC_ALL": language})
    assert "usage:" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["list", "rooms"])
def test_rooms_are_listed_under_the_names_that_people_try(name: str) -> None:
    done = lanchat(name, "--help")
    assert done.returncode == 0
    assert "Show the rooms of this network." in done.stdout


def test_nothing_heavy_is_loaded_to_tell_the_version_or_help() -> None:
    """`lanchat --version` takes under 80 ms; each of these takes a good part of that."""
    look = "import sys, lanchat.cli; lanchat.cli.build_parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    loaded = set(done.stdout.split())
    assert loaded & {"asyncio", "rich", "socket", "sqlite3", "textual", "zeroconf"} == set()
