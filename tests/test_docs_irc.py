"""docs/irc.md tells what is so: it is held against the tables of the program, and against the tests it names."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from lanchat.chat.commands.table import COMMANDS
from lanchat.chat.rules.isupport import TOKENS
from lanchat.cli import build_parser
from lanchat.protocol.capabilities import CAPABILITIES

_ROOT = Path(__file__).parent.parent
_CODE = re.compile(r"(`+)(.+?)\1")
_PATH = re.compile(r"(?:lanchat|tests|docs)/[\w/]+\.\w+")
_CHAT = [
    path
    for part in ("chat", "server")
    for path in (_ROOT / "lanchat" / part).rglob("*.py")
    if path.parent.name != "net"
]
_CODE_OF_FAIL = re.compile(r"[A-Z]+(?:_[A-Z0-9]+)+")
_SENT_ONLY = {"ERROR"}  # no client sends it
_USER_MODES = "Biow"  # as 004 tells them; tests/chat/test_channel_modes.py
_STATES = {"done", "later", "never"}


@dataclass(frozen=True)
class Row:
    """One row of a table: its first column's words, its cells by their headings, and the heading it stands under."""

    section: str
    name: str
    cells: dict[str, str]

    @property
    def state(self) -> str:
        return self.cells["state"]

    def tests(self) -> list[Path]:
        """The test files it names."""
        return [_ROOT / path for path in _PATH.findall(self.cells.get("shown by", ""))]


@cache
def _text() -> str:
    return (_ROOT / "docs" / "irc.md").read_text("utf-8")


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(_read(_text().splitlines()))


def _read(lines: list[str]) -> Iterator[Row]:
    section, headings = "", list[str]()
    for line in lines:
        if line.startswith("## "):
            section, headings = line[3:], []
        elif line.startswith("|") and not headings:
            headings = _cells(line)
        elif line.startswith("|") and not set(line) <= set("|- "):
            cells = _cells(line)
            assert len(cells) == len(headings), line
            found = _CODE.match(cells[0])
            yield Row(section, found[2] if found else cells[0], dict(zip(headings, cells, strict=True)))
        elif not line.startswith("|"):
            headings = []


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _under(section: str) -> list[Row]:
    rows = [row for row in _rows() if row.section == section]
    assert rows, f"nothing stands under {section}"
    return rows


def _named(section: str, *states: str) -> set[str]:
    return {row.name for row in _under(section) if row.state in states}


def _stateful() -> list[Row]:
    return [row for row in _rows() if "state" in row.cells]


def _ids(row: Row) -> str:
    return f"{row.section}: {row.name}"


# ---- The tables of the program -------------------------------------------------------------------------------------


def test_every_command_has_its_row_and_every_row_its_command() -> None:
    assert _named("Commands", "done") == set(COMMANDS) | _SENT_ONLY
    assert not _named("Commands", "later", "never") & set(COMMANDS)


def test_every_capability_stands_there_with_its_value() -> None:
    offered = {f"{name}={value}" if value else name for name, value in CAPABILITIES.items()}
    assert _named("Capabilities", "done") == offered
    assert not _named("Capabilities", "later", "never") & set(CAPABILITIES)


def test_every_token_stands_there_with_its_value() -> None:
    assert _named("What 005 tells", "done") == {*TOKENS, "NETWORK=…"}
    names = {token.partition("=")[0] for token in TOKENS}
    assert not _named("What 005 tells", "later", "never") & names


def test_every_mode_has_its_row() -> None:
    values = dict(token.split("=", 1) for token in TOKENS if "=" in token)
    ranks = values["PREFIX"][1:].partition(")")[0]
    letters = {"channel": "", "user": ""}
    for row in _under("Modes"):
        letters[row.cells["of"]] += row.name
    assert sorted(letters["channel"]) == sorted(values["CHANMODES"].replace(",", "") + ranks)
    assert sorted(letters["user"]) == sorted(_USER_MODES)


def test_every_flag_for_a_harness_is_one_of_lanchat_host() -> None:
    commands = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    known = {flag: action.nargs for action in commands.choices["host"]._actions for flag in action.option_strings}
    for row in _under("For a test harness"):
        flag, _, value = row.name.partition(" ")
        assert flag in known
        assert bool(value) == (known[flag] != 0), f"{flag} takes a value, or does not"


def test_every_code_of_a_fail_has_its_row() -> None:
    sent = {code for path in _CHAT for code in _codes(path)}
    assert sent == _named("FAIL codes", "done")


def test_every_code_of_a_fail_is_told_with_a_command_that_there_is() -> None:
    for row in _under("FAIL codes"):
        assert {of.strip() for of in row.cells["of"].split(",")} <= set(COMMANDS) | {"any"}


def _codes(path: Path) -> Iterator[str]:
    """The words in a file that are written as codes of standard replies are: capitals, with "_" between them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE_OF_FAIL.fullmatch(node.value):
            yield node.value


# ---- The tests it names --------------------------------------------------------------------------------------------


def test_every_file_it_names_is_there() -> None:
    assert [path for path in _PATH.findall(_text()) if not (_ROOT / path).is_file()] == []


@pytest.mark.parametrize("row", _stateful(), ids=_ids)
def test_a_row_is_done_and_shown_or_neither(row: Row) -> None:
    assert row.state in _STATES
    assert bool(row.tests()) == (row.state == "done")
    assert "where" not in row.cells or bool(row.cells["where"]) == (row.state == "done")


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in _stateful()
        if row.state == "done" and row.section in {"Commands", "Capabilities", "FAIL codes", "What 005 tells"}
    ],
    ids=_ids,
)
def test_the_tests_a_row_names_are_about_it(row: Row) -> None:
    word = re.compile(rf"(?<![\w/-]){re.escape(row.name.partition('=')[0])}(?![\w-])")
    assert [path.name for path in row.tests() if not word.search(path.read_text("utf-8"))] == []
