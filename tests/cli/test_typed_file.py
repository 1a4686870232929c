"""What was typed is kept for the next visit, for its owner alone."""

import stat
import sys
from pathlib import Path

import pytest

from lanchat.cli.typed_file import MAX_FILE_BYTES, TypedFile
from lanchat.client.speaking.typed import MAX_LINES, TypedHistory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "typed.jsonl"


def history(path: Path) -> TypedHistory:
    file = TypedFile(path)
    return TypedHistory(file.lines(), file.add)


def test_what_was_typed_comes_back(path: Path) -> None:
    first = history(path)
    for line in ("Press 4 is back", "two\nlines", "Ζωή 👍"):
        first.add(line)
    assert TypedFile(path).lines() == ["Press 4 is back", "two\nlines", "Ζωή 👍"]
    second = history(path)
    assert [second.older("draft"), second.older("")] == ["Ζωή 👍", "two\nlines"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's files apart by their folder")
def test_only_its_owner_can_read_it(path: Path) -> None:
    history(path).add("hello")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "line",
    ["/oper admin s3cret", "  /OPER admin s3cret", "/join #x key=s3cret", "/j #x key=s3cret", "the password is s3cret",
     "/msg NickServ identify s3cret", "/msg bot PASS s3cret"],
)  # fmt: skip
def test_no_password_is_written_down(path: Path, line: str) -> None:
    typed = history(path)
    typed.add("hello")
    typed.add(line)
    assert TypedFile(path).lines() == ["hello"]
    assert b"s3cret" not in path.read_bytes()
    assert typed.older("") == line  # in this run it is there


def test_it_is_bounded(path: Path) -> None:
    typed = history(path)
    for number in range(3 * MAX_LINES):
        typed.add(f"line {number}")
    typed.add("x" * 5_000)
    assert TypedFile(path).lines() == [f"line {number}" for number in range(2 * MAX_LINES, 3 * MAX_LINES)]
    assert len(path.read_bytes().splitlines()) == MAX_LINES


@pytest.mark.parametrize(
    "content", [b'\xff\x00\n[1]\n{}\nnull\n"half', b"[" * 100_000, b"x" * (MAX_FILE_BYTES + 1)], ids=len
)
def test_file_of_somebody_else_is_no_reason_to_fail(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    typed = history(path)
    assert typed.older("draft") == "draft"
    typed.add("hello")
    assert TypedFile(path).lines()[-1:] == ["hello"]


def test_folder_that_cannot_be_written_is_no_reason_to_fail(path: Path) -> None:
    path.parent.write_text("a file")
    typed = history(path)
    typed.add("hello")
    assert typed.older("") == "hello"
