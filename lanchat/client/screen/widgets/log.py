"""The message log: it draws only the rows on the screen, and keeps the reader's place."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.events import Click, Resize
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from lanchat.client.screen.widgets.block import Block, Columns, Row, columns_for
from lanchat.client.screen.widgets.transcript import ReadingPlace, Transcript
from lanchat.client.state.changes import Change, EntriesInserted

_CACHED_ROWS = 512  # painted rows kept: some screens full


class MessageLog(ScrollView, can_focus=False):
    """Shows one `Transcript` at a time. At the end it follows new messages; scrolled back, it stays where it is.

    Scrolling has two causes: the reader moves, or rows come, go or are wrapped anew. In the first case the new place is
    remembered (`watch_scroll_y`). In the second, `_settle` scrolls to where the remembered place is now, with
    `_is_moving` set, so that its own scrolling is not taken for the reader's.
    """

    ALLOW_SELECT = True
    DEFAULT_CSS: ClassVar[str] = """
    MessageLog {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    class Missed(Message):
        """There are `count` messages below that were not seen yet (0: none)."""

        def __init__(self, count: int) -> None:
            self.count = count
            super().__init__()

    class OlderWanted(Message):
        """The reader is near the oldest row."""

    class NewerWanted(Message):
        """The reader is near the newest row."""

    class Placed(Message):
        """The reader has come to the end, or left it."""

        def __init__(self, *, is_at_end: bool) -> None:
            self.is_at_end = is_at_end
            super().__init__()

    class GapWanted(Message):
        """A gap (the serial of its entry) is on the screen."""

        def __init__(self, serial: int) -> None:
            self.serial = serial
            super().__init__()

    def __init__(self, transcript: Transcript, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._transcript = transcript
        self._painted: LRUCache[tuple[int, int, str, int], Strip] = LRUCache(_CACHED_ROWS)
        self._base: Style | None = None  # the widget's own style; looking it up takes longer than painting a row
        self._is_moving = False  # the program is scrolling, not the reader
        self._seen_serial = transcript.next_serial
        self._missed = 0
        self._was_at_end = True
        self._is_going_up = False

    # ---- what is shown ----------------------------------------------------------------------------------------

    @property
    def transcript(self) -> Transcript:
        """What is shown."""
        return self._transcript

    @property
    def is_at_end(self) -> bool:
        """Whether the reader is at the end, and new messages are shown as they come."""
        return self._transcript.place is None

    def show(self, transcript: Transcript) -> None:
        """Show another channel, at the place where it was left."""
        self._transcript = transcript
        self._seen_serial = transcript.next_serial
        self._forget_selection()
        transcript.sync()
        self._refit()
        self._tell_missed()

    def sync(self) -> None:
        """Show entries that were added to the log, and drop those it dropped."""
        if self._transcript.sync():
            self._forget_selection()
        self._settle()
        self._tell_missed()

    def stay(self) -> None:
        """Stay where the reader is, also at the end."""
        if self.is_at_end:
            self._transcript.place = self._transcript.place_at(round(self.scroll_y))

    def follow(self, change: Change) -> None:
        """Redraw what changed among the entries that are shown, without moving what the reader reads."""
        rows = self._transcript.row_count
        if isinstance(change, EntriesInserted):
            self._hold_to(change.before)
        self._transcript.follow(change)
        self._painted.clear()
        if rows != self._transcript.row_count:
            self._forget_selection()
        self._settle()

    def _hold_to(self, serial: int) -> None:
        """Keep this block where it is while others are put above it: who goes up has read what is below already."""
        top = round(self.scroll_y)
        below = self._transcript.rows_above(serial, top)
        if self._is_going_up and not self.is_at_end and 0 < below < self.size.height:
            self._transcript.place = ReadingPlace(serial, -below)

    @property
    def _width(self) -> int:
        """Cells of a row, without the scroll bar."""
        return self.scrollable_content_region.width

    # ---- where the reader is ----------------------------------------------------------------------------------

    def on_resize(self, _event: Resize) -> None:
        """Wrap for the new width, and find the reader's place again."""
        self._refit()

    def _refit(self) -> None:
        if not self._width:
            return
        self._fit(self._columns())
        self._painted.clear()
        self._settle()

    def _columns(self) -> Columns:
        """Return how a row is divided for the names in view."""
        return columns_for(self._width, self._transcript.name_cells(self.size.height))

    def _fit(self, columns: Columns) -> None:
        if columns != self._transcript.columns:
            self._transcript.fit(columns)
            self._forget_selection()

    def _widen(self) -> bool:
        """Make the names' column wider where a name in view needs it; it shrinks only with another width or room."""
        before, wanted = self._transcript.columns, self._columns()
        if not self._width or before is None or wanted.name <= before.name:
            return False
        self._fit(wanted)
        self._painted.clear()
        return True

    def _settle(self) -> None:
        """Scroll to the reader's place in the rows as they are now."""
        if self._transcript.columns is None:
            return
        self._widen()
        self._is_moving = True
        try:
            self.virtual_size = Size(self._width, self._transcript.row_count)
            place = self._transcript.place
            row = self.max_scroll_y if place is None else self._transcript.row_of(place)
            self.scroll_target_y = self.scroll_y = row
        finally:
            self._is_moving = False
        self.refresh()
        self._want_more()

    def _want_more(self) -> None:
        """Ask for what is not loaded, as soon as the reader is within a screen of it."""
        top, rows = round(self.scroll_y), self.size.height
        if top < rows:
            self.post_message(self.OlderWanted())
        if top > self.max_scroll_y - rows:
            self.post_message(self.NewerWanted())
        gap = self._transcript.gap_between(top - rows, top + rows)
        if gap is not None:
            self.post_message(self.GapWanted(gap))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember the reader's place, if it was the reader who scrolled."""
        super().watch_scroll_y(old_value, new_value)
        if self._is_moving or round(old_value) == round(new_value):
            return
        self._is_going_up = new_value < old_value
        is_at_end = round(new_value) >= self.max_scroll_y
        self._transcript.place = None if is_at_end else self._transcript.place_at(round(new_value))
        self._transcript.log.read_back(is_so=not is_at_end)
        self._tell_missed()
        if self._widen():
            self._settle()
        self._want_more()

    def _tell_missed(self) -> None:
        if self.is_at_end:
            self._seen_serial = self._transcript.next_serial
        if self.is_at_end != self._was_at_end:
            self._was_at_end = self.is_at_end
            self.post_message(self.Placed(is_at_end=self.is_at_end))
        missed = self._transcript.spoken_since(self._seen_serial)
        if missed != self._missed:
            self._missed = missed
            self.post_message(self.Missed(missed))

    def scroll_pages(self, pages: int) -> None:
        """Scroll by screens less one row; a negative number scrolls back."""
        rows = max(1, self.size.height - 1)
        self.scroll_to(y=self.scroll_y + pages * rows, animate=False)

    def go_to_start(self) -> None:
        """Show the oldest row."""
        self.scroll_to(y=0, animate=False)

    def go_to(self, serial: int) -> None:
        """Show an entry at the top, with the rule above it; at the end, where there is no more than a screen below."""
        row = self._transcript.row_of(ReadingPlace(serial, -1))
        if row >= self.max_scroll_y:
            self.go_to_end()
            return
        self._transcript.place = self._transcript.place_at(row)
        self._transcript.log.read_back(is_so=True)
        self._settle()
        self._tell_missed()

    def go_to_end(self) -> None:
        """Show the newest row, and follow new messages."""
        self._transcript.place = None
        self._transcript.log.read_back(is_so=False)
        self.sync()

    # ---- drawing ----------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Repaint after a change of theme."""
        super().notify_style_update()
        self._painted.clear()
        self._base = None

    def render_line(self, y: int) -> Strip:
        """Return one row of the screen."""
        if self._base is None:
            self._base = self.rich_style
        row_number = y + self.scroll_offset.y
        found = self._transcript.at(row_number)
        columns = self._transcript.columns
        if found is None or columns is None:
            return Strip.blank(self._width, self._base)
        return self._paint(*found, columns, row_number, self._base).apply_offsets(0, row_number)

    def _paint(self, block: Block, row: Row, columns: Columns, row_number: int, base: Style) -> Strip:
        span = self.text_selection.get_span(row_number) if self.text_selection else None
        key = (block.serial, block.last, row.kind, row.start)
        strip = None if span else self._painted.get(key)
        if strip is None:
            segments = [Segment(text, base + style if style else base) for text, style, _ in block.paint(row, columns)]
            if span:
                segments = _selected(segments, span, self.screen.get_component_rich_style("screen--selection"))
            strip = Strip(segments).crop_extend(0, columns.width, base)
            if not span:
                self._painted[key] = strip
        return strip

    # ---- selecting --------------------------------------------------------------------------------------------

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual calls it so
        """Show what is selected."""
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, as it was written."""
        start = selection.start or Offset(0, 0)
        rows = self._transcript.row_count
        end = selection.end or Offset(self._width, max(0, rows - 1))
        text = self._transcript.text_between((start.y, start.x), (end.y, end.x))
        return (text, "\n") if text else None

    def _forget_selection(self) -> None:
        """Rows have moved: what was selected is elsewhere now."""
        if self.is_attached and self in self.screen.selections:
            self.screen.clear_selection()

    async def _on_click(self, event: Click) -> None:
        """A double click selects the message under it, rather than the whole log."""
        if event.chain == 2:
            self._select_block(round(self.scroll_y) + event.y)
            event.prevent_default()

    def _select_block(self, y: int) -> None:
        span = self._transcript.rows_of_block_at(y)
        if span is not None:
            first, last = span
            self.screen.selections = {self: Selection(Offset(0, first), Offset(self._width, last))}


def _selected(segments: list[Segment], span: tuple[int, int], style: Style) -> list[Segment]:
    """Return the segments with the characters from `span[0]` to `span[1]` (excluded; -1: all) in a style."""
    start, end = span
    marked: list[Segment] = []
    at = 0
    for text, own, _ in segments:
        left = min(max(start - at, 0), len(text))
        right = len(text) if end == -1 else min(max(end - at, left), len(text))
        before, inside, after = text[:left], text[left:right], text[right:]
        marked += [
            Segment(part, part_style)
            for part, part_style in ((before, own), (inside, (own or style) + style), (after, own))
            if part
        ]
        at += len(text)
    return marked
