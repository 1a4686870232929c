"""What the host's console looks like: the page's address as a QR code where there is room for it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console as RichConsole

from lanchat.cli.output import PlainOutput, TerminalOutput
from lanchat.client.words.qr import qr_lines

PAGE = "http://10.77.1.11:8100"
FACTS = [("Open", [(PAGE, "bold")]), ("Room", [("Line 3", "")])]


class _Terminal(io.TextIOWrapper):
    def __init__(self, encoding: str) -> None:
        self.written = io.BytesIO()
        super().__init__(self.written, encoding=encoding, errors="replace")

    def isatty(self) -> bool:
        return True


def shown(height: int, *, width: int = 80, encoding: str = "utf-8", page: str = PAGE) -> str:
    """Return what a terminal of this size is shown."""
    terminal = _Terminal(encoding)
    console = RichConsole(file=terminal, force_terminal=True, width=width, height=height, color_system=None)
    output = TerminalOutput(console)
    output.open(FACTS, [("nobody in yet", "")], page)
    output.close("The room is closed.")
    terminal.flush()
    return bytes(terminal.written.getvalue()).decode(encoding)


CODE = qr_lines(PAGE, is_ground_dark=False)


@pytest.mark.parametrize("height", [4 + len(CODE) + 1, 40])
def test_where_there_is_room_a_phone_can_read_the_address_from_the_screen(height: int) -> None:
    picture = shown(height)
    assert all(line in picture for line in CODE)
    assert picture.index("Line 3") < picture.index(CODE[3]) < picture.index("nobody in yet")


@pytest.mark.parametrize(
    "size", [{"height": 4 + len(CODE)}, {"height": 40, "width": 20}, {"height": 40, "page": ""}], ids=str
)
def test_elsewhere_there_is_none_and_all_else_is_there(size: dict[str, int]) -> None:
    picture = shown(**size)  # type: ignore[arg-type]
    assert not any(line in picture for line in CODE[1:-1])
    assert "Line 3" in picture


def test_a_terminal_that_lacks_the_letters_is_shown_none() -> None:
    assert "?????" not in shown(40, encoding="ascii")


def test_a_pipe_is_shown_none(capsys: pytest.CaptureFixture[str]) -> None:
    PlainOutput().open(FACTS, [], PAGE)
    assert capsys.readouterr().out == f"Open  {PAGE}\nRoom  Line 3\n"
