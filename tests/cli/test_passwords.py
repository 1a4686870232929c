"""Passwords that do not stand on the command line."""

import os
from pathlib import Path

import pytest

from lanchat.cli import build_parser
from lanchat.cli.passwords import operators, room_password
from lanchat.errors import UserError
from tests.cli.programs import Program, free_port, hosting, joined


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANCHAT_PASSWORD", "LANCHAT_OPER"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("command", ["host", "join"])
def test_the_first_that_is_given_counts(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "password"
    file.write_bytes("from fíle\r\nsecond line\n".encode())

    def got(*arguments: str) -> str:
        return room_password(build_parser().parse_args([command, *arguments]), lambda _: "from the prompt")

    assert got() == ""
    monkeypatch.setenv("LANCHAT_PASSWORD", "from the variable")
    assert got() == "from the variable"
    assert got("--ask-password") == "from the prompt"
    assert got("--ask-password", "--password-file", str(file)) == "from fíle"
    assert got("--password", "typed", "--password-file", str(file)) == "typed"
    assert got("--password", "") == ""


def test_operators_come_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "operators"
    file.write_text("ana:a:b\n\nbo:c\n")
    monkeypatch.setenv("LANCHAT_OPER", "cy:d")
    args = build_parser().parse_args(["host", "--oper", "di:e", "--oper", "ed", "--oper-file", str(file)])
    asked: list[str] = []
    found = operators(args, lambda question: asked.append(question) or "f")  # type: ignore[func-returns-value]
    assert found == {"ana": "a:b", "bo": "c", "cy": "d", "di": "e", "ed": "f"}
    assert asked == ["Password of the operator ed: "]


@pytest.mark.parametrize("content", [None, b"", b"\nsecret\n", b"caf\xe9\n", b"a\0b\n"])
def test_a_file_that_holds_none_is_told(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    for option in ("--password-file", "--oper-file"):
        args = build_parser().parse_args(["host", option, str(file)])
        with pytest.raises(UserError):
            (room_password if option == "--password-file" else operators)(args)


def test_where_nobody_can_be_asked_it_is_told(tmp_path: Path) -> None:
    done = joined(tmp_path, "127.0.0.1:1", "--ask-password")
    words = "Nobody can be asked for a password here; use --password-file or LANCHAT_PASSWORD."
    assert (done.returncode, done.stderr) == (2, f"lanchat: {words}\n")


def test_a_room_opened_with_a_file_is_entered_with_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, port = tmp_path / "password", free_port()
    file.write_text("sesame\n")
    with hosting(tmp_path, "Line 3", port, "--password-file", str(file)) as host:
        assert "needed" in host.out.text
        assert "sesame" not in _command_line(host)
        monkeypatch.setenv("LANCHAT_PASSWORD", "wrong")
        assert joined(tmp_path, f"127.0.0.1:{port}", typed="hi\n").returncode != 0
        monkeypatch.setenv("LANCHAT_PASSWORD", "sesame")
        assert joined(tmp_path, f"127.0.0.1:{port}", typed="hi\n").returncode == 0
        host.out.wait_for(": hi\n")


def _command_line(program: Program) -> str:
    path = Path(f"/proc/{program.process.pid}/cmdline")
    return path.read_text() if path.exists() and os.name == "posix" else ""
