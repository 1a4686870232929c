"""One channel's log as rows of the screen: which block is where, at one width.

Blocks are cut into rows once per width, and `_ends` holds the running sum of their rows, so that a row is found by
bisection and adding a block costs the same in a long conversation as in a short one. For example, with three blocks of
2, 1 and 3 rows:

    _serials  [40, 41, 44]   the first entry of each block; block 41 folds the joins 41 to 43
    _ends     [2, 3, 6]      row 3 is the first row of block 44

When the log drops entries 40 to 43, the first two blocks go, and `_dropped_rows` becomes 3 instead of all ends moving:
what was row 3 is row 0 now. Older entries that are loaded above make it smaller in the same way, at last negative.

The reader's place is an entry and a position in its text rather than a row. So it survives another width, entries
dropped at the top, and blocks that grow or shrink.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from lanchat.client.screen.widgets.block import Block, Columns, Row
from lanchat.client.screen.widgets.present import Presenter
from lanchat.client.state.changes import (
    Change,
    DeliveryChanged,
    EntriesInserted,
    EntryChanged,
    EntryRemoved,
    NewSince,
)
from lanchat.client.state.entries import Entry
from lanchat.client.state.log import EntryLog


class ReadingPlace(NamedTuple):
    """A row that stays findable: an entry, and how far into its text the row begins (-2: two rows above the text).

    So a text stays where it is on the screen when the rule above it goes, as older messages of that day are loaded.
    """

    serial: int
    offset: int


class Transcript:
    """The rows of one channel's log. Call `sync` when entries came or were dropped, then `follow` what else changed."""

    def __init__(self, log: EntryLog, presenter: Presenter) -> None:
        self.log = log
        self._presenter = presenter
        self._blocks: list[Block] = []
        self._serials: list[int] = []  # the first entry of each block, ascending
        self._rows: list[list[Row]] = []
        self._ends: list[int] = []  # counted from the first row ever, so that dropping blocks moves nothing
        self._dropped_rows = 0  # of blocks that are gone
        self._next_serial = log.first_serial  # up to here the log is shown, but for what was loaded above since
        self.columns: Columns | None = None
        self.place: ReadingPlace | None = None  # where the reader is; None: at the end

    def __len__(self) -> int:
        return len(self._blocks)

    @property
    def row_count(self) -> int:
        """How many rows there are now; 0 before `fit`."""
        return self._ends[-1] - self._dropped_rows if self._ends else 0

    @property
    def next_serial(self) -> int:
        """The serial of the first entry that is not shown yet."""
        return self._next_serial

    def fit(self, columns: Columns) -> None:
        """Cut all blocks into rows for this width, unless they are already."""
        if columns == self.columns:
            return
        self.columns = columns
        self._rows = [block.rows(columns) for block in self._blocks]
        self._dropped_rows = 0
        self._ends = list(accumulate(map(len, self._rows)))

    def name_cells(self, height: int) -> int:
        """Return the cells of the longest name in view, and within a screen of `height` rows around it."""
        index = None if self.place is None else self._index_of(self.place.serial)
        middle = len(self._blocks) if index is None else index
        around = self._blocks[max(0, middle - height) : middle + 2 * height]
        return max((block.name_cells for block in around), default=0)

    def sync(self) -> int:
        """Follow what the log added and dropped; return how many rows were dropped at the top."""
        for entry in self.log.since(self._next_serial):
            self._add(entry)
        self._next_serial = self.log.next_serial
        return self._drop_before(self.log.first_serial)

    def _add(self, entry: Entry) -> None:
        last = self._blocks[-1] if self._blocks else None
        if last is not None and self._presenter.folds(self.log, last, entry):
            self._presenter.refresh(last, self.log, entry.serial)
            self._recut(len(self._blocks) - 1)
            return
        block = self._presenter.block(self.log, entry)
        self._blocks.append(block)
        self._serials.append(block.serial)
        if self.columns is not None:
            rows = block.rows(self.columns)
            self._rows.append(rows)
            self._ends.append((self._ends[-1] if self._ends else self._dropped_rows) + len(rows))

    def follow(self, change: Change) -> None:
        """Follow a change of entries that are, or are no longer, in the log."""
        match change:
            case EntryChanged(_, entry) | DeliveryChanged(_, entry):
                self.change(entry.serial)
            case NewSince(_, serial, _):
                self.change(serial)
            case EntriesInserted(_, before, entries):
                self.sync()
                self.insert(before, entries)
            case EntryRemoved(_, serial):
                self.remove(serial)

    def insert(self, before: int, entries: Iterable[Entry]) -> None:
        """Show entries that were put into the log right before the one with this serial. What is below stays in place.

        Rows count from the first row ever: those of what was loaded, and of all above it, count down from there.
        """
        blocks = self._blocks_of(entry for entry in entries if self._index_of(entry.serial) is None)
        index = bisect_left(self._serials, before)
        self._blocks[index:index] = blocks
        self._serials[index:index] = [block.serial for block in blocks]
        if self.columns is not None:
            cut = [block.rows(self.columns) for block in blocks]
            self._make_room(index, [len(rows) for rows in cut])
            self._rows[index:index] = cut
        self._refresh_at(index + len(blocks))
        self._refresh_answers({block.serial for block in blocks})

    def _blocks_of(self, entries: Iterable[Entry]) -> list[Block]:
        blocks: list[Block] = []
        for entry in filter(None, (self.log.by_serial(one.serial) for one in entries)):
            if blocks and self._presenter.folds(self.log, blocks[-1], entry):
                self._presenter.refresh(blocks[-1], self.log, entry.serial)
            else:
                blocks.append(self._presenter.block(self.log, entry))
        return blocks

    def _make_room(self, index: int, heights: list[int]) -> None:
        added = sum(heights)
        top = self._ends[index - 1] - added if index else self._dropped_rows - added
        self._ends[:index] = [end - added for end in self._ends[:index]]
        self._ends[index:index] = list(accumulate(heights, initial=top))[1:]
        self._dropped_rows -= added

    def remove(self, serial: int) -> None:
        """Show an entry no longer that has a block of its own, and was taken out of the log."""
        index = bisect_left(self._serials, serial)
        if index == len(self._serials) or self._serials[index] != serial:
            return
        del self._blocks[index], self._serials[index]
        if self.columns is not None:
            height = len(self._rows.pop(index))
            del self._ends[index]
            self._ends[index:] = [end - height for end in self._ends[index:]]
        self._refresh_at(index)

    def _refresh_at(self, index: int) -> None:
        """Fill a block again whose neighbour above is another one now: a day may begin elsewhere."""
        if index < len(self._blocks):
            self._presenter.refresh(self._blocks[index], self.log, self._blocks[index].last)
            self._recut(index)

    def _refresh_answers(self, loaded: set[int]) -> None:
        """Fill those blocks again that answer a message which was not here before."""
        for entry in self.log:
            answered = self.log.by_msgid(entry.reply_to) if entry.reply_to else None
            if answered is not None and answered.serial in loaded:
                self.change(entry.serial)

    def _drop_before(self, serial: int) -> int:
        gone = bisect_right(self._serials, serial) - 1
        if self._blocks and self._blocks[-1].last < serial:
            gone = len(self._blocks)
        if gone <= 0:
            return 0
        del self._blocks[:gone], self._serials[:gone]
        if self.columns is None:
            return 0
        before, self._dropped_rows = self._dropped_rows, self._ends[gone - 1]
        del self._rows[:gone], self._ends[:gone]
        return self._dropped_rows - before

    def change(self, serial: int) -> None:
        """Cut the block of a changed entry again; the row count may change. Unknown serials are no error."""
        index = self._index_of(serial)
        if index is not None:
            self._presenter.refresh(self._blocks[index], self.log, self._blocks[index].last)
            self._recut(index)

    def refresh(self) -> None:
        """Fill all blocks again: names look different now. No block becomes longer or shorter by that."""
        for block in self._blocks:
            self._presenter.refresh(block, self.log, block.last)

    def _index_of(self, serial: int) -> int | None:
        index = bisect_right(self._serials, serial) - 1
        return index if index >= 0 and serial <= self._blocks[index].last else None

    def _recut(self, index: int) -> None:
        if self.columns is None:
            return
        rows = self._blocks[index].rows(self.columns)
        grown = len(rows) - len(self._rows[index])
        self._rows[index] = rows
        if grown:
            self._ends[index:] = [end + grown for end in self._ends[index:]]

    def at(self, y: int) -> tuple[Block, Row] | None:
        """Return the block and its row at `y` (0: the first row kept), or None below the last."""
        index = bisect_right(self._ends, y + self._dropped_rows)
        if y < 0 or index >= len(self._rows):
            return None
        rows = self._rows[index]
        return self._blocks[index], rows[y + self._dropped_rows - self._ends[index] + len(rows)]

    def place_at(self, y: int) -> ReadingPlace | None:
        """Return the place of the row at `y`, or None below the last row."""
        found = self.at(y)
        if found is None:
            return None
        block, row = found
        if row.is_text and not block.is_gap:
            return ReadingPlace(block.serial, row.start)
        head = self._head_from(y + block.is_gap)
        return ReadingPlace(block.serial, -1) if head is None else ReadingPlace(self.at_serial(head), y - head)

    def _head_from(self, y: int) -> int | None:
        """Return the first row from `y` on that begins a text; not that of a gap, which goes when it is filled."""
        for row in range(y, self.row_count):
            found = self.at(row)
            if found is not None and found[1].kind == "head" and not found[0].is_gap:
                return row
        return None

    def at_serial(self, y: int) -> int:
        """Return the serial of the block that a row belongs to, one that is there."""
        found = self.at(y)
        assert found is not None, "there is such a row"  # noqa: S101
        return found[0].serial

    def row_of(self, place: ReadingPlace) -> int:
        """Return the row that shows a place now; the first row if its entry is gone."""
        index = self._index_of(place.serial)
        if index is None:
            return 0
        rows = self._rows[index]
        top = self._ends[index] - len(rows) - self._dropped_rows
        if place.offset < 0:
            head = next(number for number, row in enumerate(rows) if row.kind == "head")
            return max(0, top + head + place.offset)
        begun = [number for number, row in enumerate(rows) if row.is_text and row.start <= place.offset]
        return top + (begun[-1] if begun else 0)

    def rows_above(self, serial: int, y: int) -> int:
        """Return how many rows there are from `y` to where the text of a block begins; 0 if it is not here."""
        if self._index_of(serial) is None:
            return 0
        return self.row_of(ReadingPlace(serial, 0)) - y

    def gap_between(self, top: int, bottom: int) -> int | None:
        """Return the serial of a gap that shows in the rows from `top` to `bottom` (excluded), or None."""
        found = (self.at(row) for row in range(max(0, top), min(bottom, self.row_count)))
        return next((block.serial for block, _ in filter(None, found) if block.is_gap), None)

    def rows_of_block_at(self, y: int) -> tuple[int, int] | None:
        """Return the first and last row (included) of the block that a row belongs to."""
        index = bisect_right(self._ends, y + self._dropped_rows)
        if y < 0 or index >= len(self._rows):
            return None
        end = self._ends[index] - self._dropped_rows
        return end - len(self._rows[index]), end - 1

    def spoken_since(self, serial: int) -> int:
        """Return how many messages there are from this serial on (included)."""
        return sum(entry.is_spoken for entry in self.log.since(serial))

    def text_between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """Return the text from one (row, character) to another, as it was written: without the breaks of wrapping.

        Characters count from the left edge of the painted row; the end is excluded.
        """
        (first, first_char), (last, last_char) = start, end
        parts: list[str] = []
        for y in range(max(0, first), min(last, self.row_count - 1) + 1):
            found = self.at(y)
            if found is not None and self.columns is not None:
                left, right = first_char if y == first else 0, last_char if y == last else None
                parts.append(_copied(*found, self.columns, left, right))
        return "".join(parts).strip("\n")


def _copied(block: Block, row: Row, columns: Columns, left: int, right: int | None) -> str:
    """Return what a row adds to a copied text, from one character to another (None: to its end)."""
    painted = "".join(segment.text for segment in block.paint(row, columns))
    if not row.is_text:
        return "\n" + painted[left:right].strip()
    before = len(painted) - (row.end - row.start)
    body = painted[max(left, before) : right]
    if row.kind == "head":
        is_whole_head = left == 0 and (right is None or right > before)
        return "\n" + (block.plain_head() + body if is_whole_head else painted[left:right].strip())
    between = block.text[max(0, row.start - 1) : row.start]
    return (between if between in ("\n", " ") else "") + body
