"""F1 and /help: the keys in groups, then the commands, over the conversation."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from lanchat.client.screen.widgets.block import BOLD, PLAIN
from lanchat.client.screen.widgets.wrap import wrap

Group = tuple[str, Sequence[tuple[str, str]]]
"""A heading, and what can be pressed or typed with what it does."""

KEYS: tuple[Group, ...] = (
    (
        "Writing",
        (
            ("Enter", "sends"),
            ("Alt+Enter, Ctrl+J", "a new line in the message"),
            ("Tab, Shift+Tab", "completes names and commands"),
            ("Up, Down", "what you typed before"),
            ("Ctrl+R", "looks for what you typed"),
            ("Ctrl+U, Ctrl+K, Ctrl+W", "takes away what is before, behind, a word; Ctrl+Y puts it in again"),
            ("Ctrl+_", "undoes"),
        ),
    ),
    (
        "Reading",
        (
            ("PgUp, PgDn", "reads back and on"),
            ("Ctrl+Home, Ctrl+End", "the oldest, the newest message"),
            ("Alt+N", "the first message that is new"),
            ("Esc", "closes what is open, goes back to now"),
            ("F2", "who is here"),
        ),
    ),
    (
        "One message",
        (
            (
                "Ctrl+Up, a click",
                "chooses a message: r replies, + reacts, y copies, e edits, d deletes, o its link",
            ),
        ),
    ),
    (
        "Tabs",
        (
            ("Ctrl+N, Ctrl+P", "the next tab, the one before; Alt+Down and Alt+Up, too"),
            ("Alt+1 … 9", "the first, the second … tab"),
            ("Alt+A", "the next tab with something unread"),
        ),
    ),
    (
        "The program",
        (
            ("F1", "this help"),
            ("Ctrl+L, Ctrl+Z", "paints the screen anew, goes to the shell"),
            ("Ctrl+C", "copies what is marked; twice, leaves"),
            ("Ctrl+Q", "leaves"),
        ),
    ),
)
_GAP_CELLS = 2
_LEFT_PART = 2  # what is pressed or typed has half of the row at most


def help_rows(groups: Sequence[Group], width: int) -> list[tuple[str, str, Style]]:
    """Return the rows: what stands at the left with its style, and what at the right."""
    longest = max(cell_len(left) for _, pairs in groups for left, _ in pairs)
    left_cells = min(longest, max(4, width // _LEFT_PART - _GAP_CELLS))
    rows: list[tuple[str, str, Style]] = []
    for heading, pairs in groups:
        rows += [("", "", PLAIN)] if rows else []
        rows.append((heading, "", BOLD))
        for left, right in pairs:
            rows += _pair(left, right, left_cells, max(4, width - left_cells - _GAP_CELLS))
    return rows


def _pair(left: str, right: str, left_cells: int, right_cells: int) -> Iterator[tuple[str, str, Style]]:
    lefts = [left[start:stop] for start, stop in wrap(left, left_cells, left_cells)]
    rights = [right[start:stop] for start, stop in wrap(right, right_cells, right_cells)]
    for number in range(max(len(lefts), len(rights))):
        one = lefts[number] if number < len(lefts) else ""
        other = rights[number] if number < len(rights) else ""
        yield one + " " * (left_cells + _GAP_CELLS - cell_len(one)), other, PLAIN


class HelpText(ScrollView):
    """The rows, wrapped for the width there is."""

    DEFAULT_CSS: ClassVar[str] = (
        "HelpText { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }"
    )

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__()
        self._groups = groups
        self._rows: list[tuple[str, str, Style]] = []

    def on_resize(self, _event: Resize) -> None:
        """Wrap for this width; a cell stays free for the scroll bar."""
        self._rows = help_rows(self._groups, self.size.width - 1)
        self.virtual_size = Size(self.size.width - 1, len(self._rows))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one row of the screen."""
        number, base, width = y + self.scroll_offset.y, self.rich_style, self.size.width
        if number >= len(self._rows):
            return Strip.blank(width, base)
        left, right, style = self._rows[number]
        return Strip([Segment(left, base + style), Segment(right, base)]).crop_extend(0, width, base)


class HelpPanel(ModalScreen[None]):
    """Shows what can be pressed and typed. `commands`: how each is typed, and what it does."""

    DEFAULT_CSS: ClassVar[str] = """
    HelpPanel {
        align: center middle;
        background: transparent;
        Vertical { width: 84; max-width: 100%; height: 90%; padding: 0 1; border: solid ansi_cyan; }
        Static { height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,enter,ctrl+c", "close", "Close")]

    def __init__(self, commands: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._groups = (*KEYS, ("Typed in the line", commands))

    def compose(self) -> ComposeResult:
        """Show the rows, and how to get out."""
        with Vertical():
            yield HelpText(self._groups)
            yield Static(Content.assemble(("↑↓ PgUp PgDn scroll · Esc closes", "dim")))

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one(HelpText).focus()

    def action_close(self) -> None:
        """Close the panel."""
        self.dismiss(None)
