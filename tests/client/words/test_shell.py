"""Commands that are printed for people to type."""

import shlex
import shutil
import subprocess

import pytest

from lanchat.cli import build_parser
from lanchat.client.words.shell import Shell, join_command
from tests.house import ROOT

NAMES = [
    "Line 3", "Line:3", "10.0.0.5", "-x", "--plain", "$HOME", "`id`", "$(id)", "it's", 'the "big" one', "a\\b", "!!",
    "50 % off", "~", "*", "#1", "a;b", "a&b|c>d", "Büro 7", "\u2019s", "-$x y",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_a_posix_shell_makes_of_it_is_the_name(name: str) -> None:
    assert build_parser().parse_args(shlex.split(join_command(name, Shell.POSIX))[1:]).target == name


@pytest.mark.parametrize("shell", ["sh", "bash", "dash"])
@pytest.mark.parametrize("name", NAMES)
def test_real_shells_pass_the_name_on(shell: str, name: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    script = join_command(name, Shell.POSIX).replace("lanchat join", "printf '%s\\n'").replace(" -- ", " ", 1)
    printed = subprocess.run([shell, "-c", script], capture_output=True, text=True, check=True, env={"HOME": "/no"})

    assert printed.stdout == f"{name}\n"


@pytest.mark.parametrize(
    ("name", "powershell", "cmd"),
    [
        ("Line 3", '"Line 3"', '"Line 3"'),
        ("$HOME", "'$HOME'", '"$HOME"'),
        ("it's", "'it''s'", '"it\'s"'),
        ("it\u2019s", "'it\u2019\u2019s'", '"it\u2019s"'),
        ("%PATH%", "'%PATH%'", '""^%"PATH"^%""'),
    ],
)
def test_other_shells_have_their_own_quotes(name: str, powershell: str, cmd: str) -> None:
    assert join_command(name, Shell.POWERSHELL) == f"lanchat join {powershell}"
    assert join_command(name, Shell.CMD) == f"lanchat join {cmd}"


def test_no_command_with_a_name_in_it_is_quoted_anywhere_else() -> None:
    places = [path.name for path in (ROOT / "lanchat").rglob("*.py") if "lanchat join {" in path.read_text()]

    assert places == ["shell.py"]
