"""One block of a conversation on the screen: what it shows, the rows it takes, and how a row is painted.

A block is an entry, or several joins and leaves folded into one. Rows are cut once per width (`rows`); a row is only
painted (`paint`) when it is on the screen.
"""

from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from lanchat.client.screen.widgets.wrap import cut, pad, wrap

PLAIN = Style()
DIM = Style(dim=True)
BOLD = Style(bold=True)

_TIME_CELLS = 6  # "14:02 "
_TIME_FROM_WIDTH = 24  # on narrower screens, the time is left out
_NAME_PART = 3  # names take at most a third of the row; longer ones are cut with "…"
_LEAST_NAME_CELLS = 4  # a column that short names do not keep widening
_GAP_CELLS = 2  # between the name and its text
_LEAST_TEXT_CELLS = 2  # a sign may take two
_OWN_GAP = "› "  # as before the input: "Ana ›"


class Columns(NamedTuple):
    """How a row of `width` cells is divided. `name`: cells for names, which end where their texts begin."""

    width: int
    time: int
    name: int

    @property
    def indent(self) -> int:
        """Cells before the text, on every row."""
        return self.time + self.name + _GAP_CELLS


def columns_for(width: int, name_cells: int = 0) -> Columns:
    """Return how the log is divided at this width (at least 4 cells are assumed). `name_cells`: of the longest name."""
    width = max(_GAP_CELLS + _LEAST_TEXT_CELLS, width)
    time = _TIME_CELLS if width >= _TIME_FROM_WIDTH else 0
    most = min(width // _NAME_PART, width - time - _GAP_CELLS - _LEAST_TEXT_CELLS)
    return Columns(width, time, min(max(name_cells, _LEAST_NAME_CELLS), most))


class Mark(NamedTuple):
    """A part of a text with a style of its own; `end` is excluded."""

    start: int
    end: int
    style: Style


class Row(NamedTuple):
    """One row of a block: its part of the text, or one of the rows above it."""

    start: int
    end: int
    kind: str = "text"  # "head": the first of the text; "rule", "quote": above it

    @property
    def is_text(self) -> bool:
        """Whether it shows a part of the block's text."""
        return self.kind in ("head", "text")


@dataclass(slots=True, eq=False)
class Block:
    """What is shown of the entries `serial` to `last` (both included). All texts are clean.

    `label` is the name, or a sign such as "→"; `separator` follows it where it is copied. `rule` is a heading above the
    block (a new day), `quote` one line of the message that this one answers. `is_wide`: a table or list, which takes
    the place of the name's column, too. `is_gap`: it stands for what is not loaded. `is_own`: this person said it.
    """

    serial: int
    last: int
    time: str
    label: str
    text: str
    label_style: Style = DIM
    text_style: Style = PLAIN
    separator: str = ": "
    marks: tuple[Mark, ...] = ()
    rule: str = ""
    quote: str = ""
    is_wide: bool = False
    is_gap: bool = False
    is_own: bool = False

    def rows(self, columns: Columns) -> list[Row]:
        """Return the rows this block takes, top to bottom; there is always one of the kind "head"."""
        columns = self._own(columns)
        free_cells = columns.width - columns.indent
        spans = wrap(self.text, free_cells, free_cells)
        rows = [Row(*spans[0], "head")]
        if len(spans) > 1:
            rows.extend([Row(*span) for span in spans[1:]])
        if self.quote:
            rows.insert(0, Row(0, 0, "quote"))
        if self.rule:
            rows.insert(0, Row(0, 0, "rule"))
        return rows

    @property
    def name_cells(self) -> int:
        """Return how many cells the name's column would need for this block."""
        return 0 if self.is_wide else cell_len(self.label)

    def _own(self, columns: Columns) -> Columns:
        return columns._replace(name=min(columns.name, 1)) if self.is_wide else columns

    def paint(self, row: Row, columns: Columns) -> list[Segment]:
        """Return what one row shows, at most `columns.width` cells."""
        columns = self._own(columns)
        if row.kind == "rule":
            return [Segment(_rule(self.rule, columns.width), DIM)]
        if row.kind == "quote":
            text = cut(f"↪ {self.quote}", columns.width - columns.indent)
            return [Segment(" " * columns.indent), Segment(text, DIM)]
        before = self._head(columns) if row.kind == "head" else [Segment(" " * columns.indent)]
        return before + self._body(row)

    def _head(self, columns: Columns) -> list[Segment]:
        time = [Segment(f"{self.time} ", DIM)] if columns.time else []
        gap = Segment(_OWN_GAP, self.label_style) if self.is_own else Segment(" " * _GAP_CELLS)
        return [*time, Segment(pad(cut(self.label, columns.name), columns.name), self.label_style), gap]

    def _body(self, row: Row) -> list[Segment]:
        if not self.marks:
            return [Segment(self.text[row.start : row.end], self.text_style)]
        segments = []
        at = row.start
        for mark in self.marks:
            start, end = max(at, mark.start), min(row.end, mark.end)
            if start >= end:
                continue
            if at < start:
                segments.append(Segment(self.text[at:start], self.text_style))
            segments.append(Segment(self.text[start:end], self.text_style + mark.style))
            at = end
        if at < row.end:
            segments.append(Segment(self.text[at : row.end], self.text_style))
        return segments

    def plain_head(self) -> str:
        """Return the time and the name as they are copied."""
        return f"{self.time} {self.label}{self.separator}"


def _rule(text: str, width: int) -> str:
    text = cut(f" {text} ", width)
    left = max(0, (width - cell_len(text)) // 2)
    return "─" * left + text + "─" * max(0, width - left - cell_len(text))
