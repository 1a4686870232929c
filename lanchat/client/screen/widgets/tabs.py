"""The open rooms and the talks with one person each, in one row.

Where not all fit, those around the open one are shown, and at the edges what is unread in the others:

    ‹ 1!   3 Ben   4 Line 3 (2)   2 ›      one message for this person to the left, two unread ones to the right
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from lanchat.client.screen.widgets.visible import visible
from lanchat.client.screen.widgets.wrap import cut

_TITLE_CELLS = 20
_LEAST_CELLS = 4  # of the open one, however narrow the screen: its number


@dataclass(frozen=True, slots=True)
class Tab:
    """One open room or talk: its name on the wire and on the screen, and what is unread there."""

    channel: str
    title: str
    unread: int = 0
    mentions: int = 0
    is_current: bool = False

    @property
    def label(self) -> str:
        """Return the title with the number of unread messages; "!" where this person was called."""
        unread = f" ({self.unread}{'!' if self.mentions else ''})" if self.unread else ""
        return f"{cut(visible(self.title), _TITLE_CELLS)}{unread}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the row, and the channel that a click on it opens."""

    text: str
    channel: str
    style: str = ""


class Tabs(Widget):
    """The row of tabs, numbered for Alt+1 to Alt+9; hidden while there is only one."""

    DEFAULT_CSS: ClassVar[str] = "Tabs { height: 1; padding: 0 1; display: none; &.-several { display: block; } }"
    tabs: reactive[Sequence[Tab]] = reactive(())

    class Picked(Message):
        """A tab was clicked on."""

        def __init__(self, channel: str) -> None:
            self.channel = channel
            super().__init__()

    def watch_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show the tabs only if there is something to choose."""
        self.set_class(len(tabs) > 1, "-several")

    def render(self) -> Content:
        """Return the row."""
        return Content.assemble(*((piece.text, piece.style) for piece in pieces(self.tabs, self.size.width)))

    def on_click(self, event: Click) -> None:
        """Open what is under the pointer; at an edge, the next one that is hidden there."""
        x = event.x - self.gutter.left
        for piece in pieces(self.tabs, self.size.width):
            x -= cell_len(piece.text)
            if x < 0:
                self.post_message(self.Picked(piece.channel))
                return


def pieces(tabs: Sequence[Tab], width: int) -> list[Piece]:
    """Return the row for this width, from left to right."""
    labels = [f" {number} {tab.label} " for number, tab in enumerate(tabs, 1)]
    first = last = next((index for index, tab in enumerate(tabs) if tab.is_current), 0)
    while True:
        if last + 1 < len(tabs) and _cells(tabs, labels, first, last + 1) <= width:
            last += 1
        elif first > 0 and _cells(tabs, labels, first - 1, last) <= width:
            first -= 1
        else:
            break
    shown = zip(tabs[first : last + 1], labels[first : last + 1], strict=True)
    left, right = _edge_left(tabs[:first]), _edge_right(tabs[last + 1 :])
    most = max(_LEAST_CELLS, width - cell_len(left + right))
    row = [Piece(cut(label, most), tab.channel, _style(tab)) for tab, label in shown]
    before = [Piece(left, tabs[first - 1].channel, _edge_style(tabs[:first]))] if left else []
    behind = [Piece(right, tabs[last + 1].channel, _edge_style(tabs[last + 1 :]))] if right else []
    return [*before, *row, *behind]


def _cells(tabs: Sequence[Tab], labels: Sequence[str], first: int, last: int) -> int:
    edges = _edge_left(tabs[:first]) + _edge_right(tabs[last + 1 :])
    return sum(map(cell_len, labels[first : last + 1])) + cell_len(edges)


def _edge_left(hidden: Sequence[Tab]) -> str:
    return f"‹ {_count(hidden)} ".replace("  ", " ") if hidden else ""


def _edge_right(hidden: Sequence[Tab]) -> str:
    return f" {_count(hidden)} ›".replace("  ", " ") if hidden else ""


def _count(hidden: Sequence[Tab]) -> str:
    unread = sum(tab.unread for tab in hidden)
    return f"{unread}{'!' if any(tab.mentions for tab in hidden) else ''}" if unread else ""


def _edge_style(hidden: Sequence[Tab]) -> str:
    return "bold" if _count(hidden) else ""


def _style(tab: Tab) -> str:
    if tab.is_current:
        return "reverse bold"
    return "bold" if tab.unread else ""
