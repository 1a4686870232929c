"""Rows that stay whole, however many cells a terminal takes for an emoji of several code points.

A family (👨‍👩‍👧‍👦), a flag (🇩🇪), a skin tone (👍🏽), a keycap (1️⃣) and what ends in U+FE0F (❤️) are one sign of two
cells here. A terminal may draw it in one cell, or each part of it in two; then everything behind would stand elsewhere
than it should. So before such a sign its cells are emptied, and behind it the cursor is put where it has to be:

    ❤️ ok       →   two blanks, ESC [ 7 G, ❤️, ESC [ 9 G, " ok"

What a terminal drew too wide is painted over by what follows in the row. Where nothing follows in what is written, the
row is to be painted once more. Source: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, CUP, CHA, DECAWM.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rich.cells import cell_len
from textual.driver import Driver
from textual.geometry import Region

from lanchat.client.screen.widgets.wrap import signs

_SEVERAL = "\u200d\ufe0f\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_HAS_SEVERAL = re.compile(f"[{_SEVERAL}]")
_PARTS = re.compile(r"\x1b\[(?P<row>\d+);(?P<column>\d+)H|\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[^\[]|[^\x1b\n]+|\n")
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"


@dataclass(slots=True)
class Steadied:
    """What is to be written, and the rows (from 0 on) that have to be painted once more after it."""

    width: int
    text: str = ""
    _column: int | None = None  # from 0 on; None: it is not known where the cursor is
    _row: int = 0
    _reached: dict[int, int] = field(default_factory=dict)  # by row: the column up to which may be too much

    @property
    def torn_rows(self) -> set[int]:
        """The rows in which too much may stand that nothing was painted over."""
        return set(self._reached)

    def go_to(self, row: int, column: int) -> None:
        """Follow the cursor to a place."""
        self._row, self._column = row, column

    def write(self, text: str) -> None:
        """Write a text without line ends."""
        column = self._column
        if column is None or not _HAS_SEVERAL.search(text):
            self.text += text
            self._pass(cell_len(text))
            return
        for start, stop, cells in signs(text, 0, len(text)):
            self._write_sign(text[start:stop], cells)

    def _write_sign(self, sign: str, cells: int) -> None:
        column = self._column
        if column is None or not _HAS_SEVERAL.search(sign):
            self.text += sign
            self._pass(cells)
            return
        reached = column + 2 * len(sign)
        before, behind = (_NO_WRAP, _WRAP) if reached > self.width else ("", "")
        place, following = f"\x1b[{column + 1}G", f"\x1b[{column + cells + 1}G"
        self.text += f"{before}{' ' * cells}{place}{sign}{following}{behind}"
        self._reached[self._row] = max(min(reached, self.width), self._reached.get(self._row, 0))
        self._pass(cells)

    def _pass(self, cells: int) -> None:
        if self._column is not None:
            self._column += cells
            if self._column >= self._reached.get(self._row, self._column + 1):
                del self._reached[self._row]


def steady(data: str, width: int) -> Steadied:
    """Return what to write to a terminal of so many columns, instead of what Textual would write."""
    steadied = Steadied(width)
    if not _HAS_SEVERAL.search(data):
        steadied.text = data
        return steadied
    for part in _PARTS.finditer(data):
        if part["row"]:
            steadied.go_to(int(part["row"]) - 1, int(part["column"]) - 1)
            steadied.text += part.group()
        elif part.group()[0] in "\x1b\n":
            steadied.text += part.group()
        else:
            steadied.write(part.group())
    return steadied


def steady_driver(driver: type[Driver], repaint: Callable[[Iterator[Region]], Any]) -> type[Driver]:
    """Return a driver that writes steadily. `repaint` gets the regions to paint once more."""

    class SteadyDriver(driver):  # type: ignore[valid-type,misc]  # which driver it is depends on the platform
        def write(self, data: str) -> None:
            width = self._app.size.width
            steadied = steady(data, width)
            super().write(steadied.text)
            if steadied.torn_rows:
                repaint(Region(0, row, width, 1) for row in steadied.torn_rows)

    return SteadyDriver
