"""Where the rows of a text begin and end, measured in the cells of a terminal.

Most rows of a chat are plain letters of one cell each: those are cut by counting. Only what holds wide, combined or
joined characters is measured one by one, and never cut inside what a person sees as one sign (a flag, an emoji with
its skin tone).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

Span = tuple[int, int]
"""Start and end of a row in its text, the end excluded."""

Sign = tuple[int, int, int]
"""Start, end (excluded) and cells of what a person sees as one sign."""

# Blocks in which every character takes one cell and none combines; Unicode, EastAsianWidth.txt and category Mn.
_ONE_CELL_EACH = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2190-\u2199]*")
_JOINS_NEXT = "\u200d"
_REGIONS = range(0x1F1E6, 0x1F200)  # a flag is two of these; Unicode TR 51
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def wrap(text: str, first: int, width: int) -> list[Span]:
    """Return the rows of a text: `first` cells fit in the first row, `width` (at least 2) in all others.

    A `first` below 1 leaves the first row empty. Rows break at spaces, which are left out there, else between
    signs; a line end always breaks. There is at least one row.
    """
    if len(text) <= first and text.isascii() and "\n" not in text:
        return [(0, len(text))]
    rows: list[Span] = []
    start = 0
    for line in text.split("\n"):
        rows.extend(_wrap_line(text, (start, start + len(line)), width if rows else first, width))
        start += len(line) + 1
    return rows


def _wrap_line(text: str, line: Span, first: int, width: int) -> Iterator[Span]:
    start, end = line
    if first < 1:
        yield start, start
        first = width
    if _is_one_cell_each(text, line):
        yield from _wrap_counted(text, line, first, width)
    elif cell_len(text[start:end]) <= first:
        yield line
    else:
        yield from _wrap_measured(text, line, first, width)


def _is_one_cell_each(text: str, line: Span) -> bool:
    return text.isascii() or _ONE_CELL_EACH.fullmatch(text, *line) is not None


def _wrap_counted(text: str, line: Span, free_cells: int, width: int) -> Iterator[Span]:
    start, end = line
    while end - start > free_cells:
        space = text.rfind(" ", start, start + free_cells + 1)
        if space <= start:
            yield start, start + free_cells
            start += free_cells
        else:
            yield start, space
            start = _after_spaces(text, space, end)
        free_cells = width
    yield start, end


def _wrap_measured(text: str, line: Span, free_cells: int, width: int) -> Iterator[Span]:
    found = list(signs(text, *line))
    first = 0
    while (after := _fitting(found, first, free_cells)) < len(found):
        space = next((index for index in range(after, first, -1) if _is_space(text, found[index])), after)
        yield found[first][0], found[space][0]
        first = space
        while first < len(found) and _is_space(text, found[first]):
            first += 1
        free_cells = width
    yield (found[first][0] if first < len(found) else line[1]), line[1]


def _is_space(text: str, sign: Sign) -> bool:
    start, stop, _ = sign
    return text[start:stop] == " "


def _fitting(found: list[Sign], first: int, free_cells: int) -> int:
    """Return the first sign from `first` on that no longer fits the row. One sign always does."""
    index, used = first, 0
    while index < len(found) and (index == first or used + found[index][2] <= free_cells):
        used += found[index][2]
        index += 1
    return index


def _after_spaces(text: str, start: int, end: int) -> int:
    while start < end and text[start] == " ":
        start += 1
    return start


def signs(text: str, start: int, end: int) -> Iterator[Sign]:
    """Return start, end and cells of each sign, as a person counts them: a letter with its accents, a whole emoji."""
    while start < end:
        stop = start + 1
        joined = text[start] == _JOINS_NEXT
        while stop < end and (joined or _continues(text, start, stop)):
            joined = text[stop] == _JOINS_NEXT
            stop += 1
        yield start, stop, _sign_cells(text[start:stop])
        start = stop


def _continues(text: str, start: int, index: int) -> bool:
    code = ord(text[index])
    if code in _REGIONS:
        return index == start + 1 and ord(text[start]) in _REGIONS
    return code in _SKIN_TONES or get_character_cell_size(text[index]) == 0


@lru_cache(maxsize=4_096)
def _sign_cells(sign: str) -> int:
    return cell_len(sign)


def cut(text: str, width: int) -> str:
    """Return a text that takes at most `width` cells, ended with "…" where something was left out."""
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = 0, 0
    for _, stop, cells in signs(text, 0, len(text)):
        if used + cells > width - 1:
            break
        kept, used = stop, used + cells
    return text[:kept].rstrip() + "…"


def pad(text: str, width: int) -> str:
    """Return a text with spaces before it, so that it ends at `width` cells; longer ones come back as they are."""
    return " " * (width - cell_len(text)) + text
