"""What can be typed, before any command does its work."""

import subprocess
import sys

import pytest

from lanchat import __version__
from tests.hosting import lanchat_command
from tests.server.peer import DEADLINE_S


def lanchat(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*lanchat_command(), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, check=False)


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
    ("arguments", "named"), [("hots", "'hots'"), ("host --prot 9000", "--prot 9000"), ("host --port many", "'many'")]
)
def test_what_is_no_command_or_option_is_named(arguments: str, named: str) -> None:
    done = lanchat(*arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr.splitlines()[-1]


def test_nothing_heavy_is_loaded_to_tell_the_version_or_help() -> None:
    """`lanchat --version` takes under 80 ms; each of these takes a good part of that."""
    look = "import sys, lanchat.cli; lanchat.cli.build_parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    loaded = set(done.stdout.split())
    assert loaded & {"asyncio", "rich", "socket", "sqlite3", "textual", "zeroconf"} == set()
