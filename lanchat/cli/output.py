"""Where the host's console prints: to a terminal, with a status line at the bottom, or to a pipe, in plain lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from typing import Protocol

from rich.console import Console as RichConsole
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from lanchat.client.words.qr import qr_lines

Line = Sequence[tuple[str, str]]  # pieces of text, each with its style
_ROWS_BELOW = 1  # the status line: in 24 rows a host of one room and one address has room for its code


class Output(Protocol):
    """Where the console prints. `bottom` is the status line, which a terminal keeps at the bottom."""

    def open(self, facts: Sequence[tuple[str, Line]], bottom: Line, page: str = "") -> None:
        """Print facts, each a name and lines, and where there is room for it the address of the page as a QR code."""

    def print(self, lines: Sequence[Line], bottom: Line) -> None:
        """Print lines."""

    def warn(self, text: str) -> None:
        """Print a warning for the person at the host."""

    def close(self, text: str) -> None:
        """Print the last line."""


def output_for_here() -> Output:
    """Return the output for this terminal or pipe."""
    replace_what_cannot_be_shown()
    console = RichConsole(markup=False, highlight=False, emoji=False)
    is_screen = console.is_terminal and not console.is_dumb_terminal
    return TerminalOutput(console) if is_screen else PlainOutput()


class PlainOutput:
    """Plain lines. Printing a message with rich would take longer than delivering it."""

    def open(self, facts: Sequence[tuple[str, Line]], bottom: Line, page: str = "") -> None:  # noqa: ARG002 - no bottom
        """Print a line for each fact, and one for each further line of it. No camera looks at a pipe."""
        self._write(_aligned(facts))

    def print(self, lines: Sequence[Line], bottom: Line) -> None:  # noqa: ARG002 - there is no bottom
        """Print lines, in one go."""
        self._write(_plain(line) for line in lines)

    def warn(self, text: str) -> None:
        """Print to stderr."""
        _write_error(text)

    def close(self, text: str) -> None:
        """Print the last line."""
        self._write([text])

    def _write(self, lines: Iterator[str] | Sequence[str]) -> None:
        if sys.stdout:
            sys.stdout.write("".join(f"{line}\n" for line in lines))
            sys.stdout.flush()


class TerminalOutput:
    """A panel with the facts, coloured lines, and the status line. It is redrawn only when something happens."""

    def __init__(self, console: RichConsole) -> None:
        self._console = console
        self._live: Live | None = None

    def open(self, facts: Sequence[tuple[str, Line]], bottom: Line, page: str = "") -> None:
        """Show the facts, a QR code, and from now on the status line."""
        panel = Panel(_table(facts), expand=False, border_style="cyan")
        self._console.print(panel)
        self._print_code(page, len(self._console.render_lines(panel)))
        self._live = Live(
            _bottom(bottom), console=self._console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        self._live.start(refresh=True)

    def _print_code(self, page: str, above: int) -> None:
        """Print a QR code below so many rows, where all of it can be seen at once, and the letters are there."""
        lines = qr_lines(page, is_ground_dark=False) if page and self._console.encoding.startswith("utf") else []
        has_room = above + len(lines) + _ROWS_BELOW <= self._console.height
        if lines and has_room and len(lines[0]) <= self._console.width:
            self._console.print(Text("\n").join(Text(line, "black on white") for line in lines))

    def print(self, lines: Sequence[Line], bottom: Line) -> None:
        """Print lines above the status line, in one write, so that nothing flickers."""
        with self._console:
            if lines:
                self._console.print(Text("\n").join(Text.assemble(*line) for line in lines), soft_wrap=True)
            if self._live:
                self._live.update(_bottom(bottom), refresh=True)

    def warn(self, text: str) -> None:
        """Print above the status line, unless stderr goes elsewhere."""
        if sys.stderr and sys.stderr.isatty():
            self._console.print(Text(text, "yellow"), soft_wrap=True)
        else:
            _write_error(text)

    def close(self, text: str) -> None:
        """Replace the status line with the last line."""
        if self._live:
            self._live.update(Text(text), refresh=True)
            self._live.stop()


def replace_what_cannot_be_shown() -> None:
    """Print "?" for letters that this terminal lacks, instead of failing: a name may hold any."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _write_error(text: str) -> None:
    if sys.stderr:
        sys.stderr.write(f"{text}\n")


def _plain(line: Line) -> str:
    return "".join(text for text, _ in line)


def _aligned(facts: Sequence[tuple[str, Line]]) -> Iterator[str]:
    width = max(len(name) for name, _ in facts) + 2
    for name, line in facts:
        first, *others = _plain(line).split("\n")
        yield name.ljust(width) + first
        yield from (" " * width + other for other in others)


def _table(facts: Sequence[tuple[str, Line]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column()
    for name, line in facts:
        table.add_row(name, Text.assemble(*line))
    return table


def _bottom(line: Line) -> Text:
    return Text.assemble(*line, no_wrap=True, overflow="ellipsis")
