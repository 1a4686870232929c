"""What can be typed, before any command does its work."""

import subprocess
import sys

import pytest

from lanchat import __version__
from lanchat.cli import build_parser
from lanchat.cli.parsing import Parser, count, port, seconds
from lanchat.errors import UsageError
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


_LONE = "stands alone, without a value."
_WORDS = {
    "hots": "“hots” is no command; did you mean lanchat host?",
    "lsit": "“lsit” is no command; did you mean lanchat list?",
    "Line": "“Line” is no command; there is host, join, list-rooms, list, rooms, accounts, export, log and forget.",
    "--foo hots": "This is not how the command is typed; lanchat --help shows how.",
    "-x": "“-x” is no option of lanchat; lanchat --help shows which there are.",
    "host --prot 9000": "“--prot” is no option of lanchat host; did you mean --port?",
    "host --por 9000": "“--por” is no option of lanchat host; did you mean --port?",
    "host --port many": "many is not a port; choose one from 1 to 65535.",
    "host --plain-port 80.5": "80.5 is not a port; choose one from 1 to 65535.",
    "host --max-clients some": "--max-clients takes a number from 1 on, not some.",
    "host --port": "--port needs a value: --port N. One that begins with “-” is written --port=-…",
    "join --nick --plain": "--nick needs a value: --nick NICK. One that begins with “-” is written --nick=-…",
    "list-rooms --json=1": f"--json {_LONE}",
    "host -vx": f"-v/--verbose {_LONE}",
    "list --timeout soon": "--timeout takes a number of seconds, not soon.",
    "join Line --plain 3": "“3” is one word too many for lanchat join; a name with spaces is typed in quotes.",
    "accounts froget Zoé": "“froget” is no list or forget; type lanchat accounts list, or forget NAME.",
}


@pytest.mark.parametrize("arguments", _WORDS)
def test_what_cannot_be_read_is_told_in_one_sentence_of_our_own(arguments: str) -> None:
    done = lanchat(*arguments.split())
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"lanchat: {_WORDS[arguments]}\n")


def test_no_sentence_of_argparse_reaches_a_person() -> None:
    """Every option of every command, misused in every way that argparse knows of."""
    top = build_parser()
    commands = next(action.choices for action in top._actions if action.nargs == "A...")
    assert isinstance(commands, dict)
    for name, parser in commands.items():
        assert isinstance(parser, Parser)
        with pytest.raises(UsageError, match="This is not how the command is typed"):
            parser.error("expected one argument")
        for action in parser._actions:
            assert action.choices is None, "whoever checks the value says so in our words"
            assert not action.required or action.nargs == "*", "likewise"
            assert action.type in (None, count, port, seconds)
            for option in action.option_strings[-1:]:
                typed = [name, f"{option}=1"] if action.nargs == 0 else [name, option]
                with pytest.raises(UsageError, match=r"(stands alone, without|needs) a value"):
                    top.parse_args(typed)


@pytest.mark.parametrize(
    ("typed", "key", "name"),
    [
        ("join Line 3", "target", "Line 3"),
        ("join --plain Line 3", "target", "Line 3"),
        ("join Line 3 --nick Ana", "target", "Line 3"),
        ("join 10.0.0.5", "target", "10.0.0.5"),
        ("join", "target", None),
        ("join --plain", "target", None),
        ("host --name Line 3", "name", ["Line 3"]),
        ("host --name Line 3 --name Bridge", "name", ["Line 3", "Bridge"]),
        ("host Line 3 --name Engine room --quiet", "name", ["Engine room"]),
        ("export Line 3 --since 06:00", "room", "Line 3"),
        ("export", "room", None),
        ("accounts forget Maria López", "name", "Maria López"),
        ("accounts list", "name", None),
    ],
)
def test_a_name_of_several_words_needs_no_quotes(typed: str, key: str, name: str | list[str] | None) -> None:
    assert getattr(build_parser().parse_args(typed.split()), key) == name


@pytest.mark.parametrize("command", ["list", "rooms"])
def test_rooms_are_listed_by_the_words_people_try(command: str) -> None:
    assert build_parser().parse_args([command, "--json"]).command is build_parser().parse_args(["list-rooms"]).command


def test_nothing_heavy_is_loaded_to_tell_the_version_or_help() -> None:
    """`lanchat --version` takes under 80 ms; each of these takes a good part of that."""
    look = "import sys, lanchat.cli; lanchat.cli.build_parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    loaded = set(done.stdout.split())
    assert loaded & {"asyncio", "rich", "socket", "sqlite3", "textual", "zeroconf"} == set()
