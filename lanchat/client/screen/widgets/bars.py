"""The single rows around the conversation: header, tabs, hints, and the pill for new messages below."""

import asyncio
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
from lanchat.client.words.counting import people

_NOTE_S = 3.0  # how long a note stays
_WARNING_S = 10.0
_PEOPLE_FROM_WIDTH = 50  # cells; narrower, it is "5 here" instead of "5 people"


@dataclass(frozen=True, slots=True)
class RoomInfo:
    """What the header shows. All texts are clean. `is_well`: connected."""

    title: str = ""
    topic: str = ""
    member_count: int = 0
    status: str = ""
    is_well: bool = True


class Header(Widget):
    """The room's name and topic, how many people, and the state of the connection, in one row."""

    DEFAULT_CSS: ClassVar[str] = "Header { height: 1; padding: 0 1; }"
    info: reactive[RoomInfo] = reactive(RoomInfo())

    def render(self) -> Content:
        """Return the row. Where there is little space, the topic is cut first, the state of the connection last."""
        width = self.size.width
        right = self._right(width)
        title = cut(visible(self.info.title), max(1, width - cell_len(right) - 1))
        free_cells = width - cell_len(title) - cell_len(right) - 1
        topic = (
            cut(f" · {visible(self.info.topic)}", free_cells - 1) if self.info.topic and free_cells > 6 else ""
        )  # " · " and a word
        gap = " " * max(1, width - cell_len(title) - cell_len(topic) - cell_len(right))
        return Content.assemble((title, "bold"), topic, gap, (right, "" if self.info.is_well else "bold reverse"))

    def _right(self, width: int) -> str:
        count = self.info.member_count
        if not count:
            return self.info.status
        said = people(count) if width >= _PEOPLE_FROM_WIDTH else f"{count} here"
        return f"{said} · {self.info.status}"


@dataclass(frozen=True, slots=True)
class Tab:
    """One open room: its name on the wire and on the screen, and what is unread there."""

    channel: str
    title: str
    unread: int = 0
    mentions: int = 0
    is_current: bool = False

    @property
    def label(self) -> str:
        """Return the title with the number of unread messages; "!" where this person was called."""
        unread = f" ({self.unread}{'!' if self.mentions else ''})" if self.unread else ""
        return f"{cut(visible(self.title), 20)}{unread}"


class Tabs(Widget):
    """The open rooms in one row, numbered for Alt+1 to Alt+9; hidden while there is only one."""

    DEFAULT_CSS: ClassVar[str] = "Tabs { height: 1; padding: 0 1; display: none; &.-several { display: block; } }"
    tabs: reactive[Sequence[Tab]] = reactive(())

    class Picked(Message):
        """A room was clicked on."""

        def __init__(self, channel: str) -> None:
            self.channel = channel
            super().__init__()

    def watch_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show the tabs only if there is something to choose."""
        self.set_class(len(tabs) > 1, "-several")

    def _labels(self) -> list[tuple[Tab, str]]:
        """Return the labels that are shown: those around the current room where not all fit."""
        labels = [(tab, f" {number} {tab.label} ") for number, tab in enumerate(self.tabs, 1)]
        current = next((index for index, (tab, _) in enumerate(labels) if tab.is_current), 0)
        first = 0
        while first < current and sum(cell_len(label) for _, label in labels[first : current + 1]) > self.size.width:
            first += 1
        return labels[first:]

    def render(self) -> Content:
        """Return the row."""
        return Content.assemble(*((label, _tab_style(tab)) for tab, label in self._labels()))

    def on_click(self, event: Click) -> None:
        """Open the room under the pointer."""
        x = event.x - self.gutter.left
        for tab, label in self._labels():
            x -= cell_len(label)
            if x < 0:
                self.post_message(self.Picked(tab.channel))
                return


def _tab_style(tab: Tab) -> str:
    if tab.is_current:
        return "reverse bold"
    return "bold" if tab.unread else ""


class Hints(Widget):
    """The row between conversation and editor: what is searched, or a note, or who is typing, or else the keys."""

    DEFAULT_CSS: ClassVar[str] = "Hints { height: auto; min-height: 1; max-height: 4; padding: 0 1; }"
    warned: reactive[str] = reactive("", layout=True)
    searched: reactive[str] = reactive("")
    noted: reactive[str] = reactive("")
    typing: reactive[str] = reactive("")
    keys: reactive[Sequence[str]] = reactive(())
    aside: reactive[str] = reactive("")

    _note_ends: asyncio.TimerHandle | None = None

    def note(self, text: str, for_s: float = _NOTE_S) -> None:
        """Show a note for a while, in place of what was told before."""
        if self._note_ends is not None:
            self._note_ends.cancel()
        self.noted, self.warned = text, ""
        self._note_ends = asyncio.get_running_loop().call_later(for_s, self._end_note)

    def warn(self, text: str) -> None:
        """Show what was wrong, whole, for longer than a note: it has to be read."""
        self.note("", _WARNING_S)
        self.warned = visible(text)

    def _end_note(self) -> None:
        if self.is_running:
            self.noted = self.warned = ""

    def render(self) -> Content:
        """Return the row: the notice, or as many keys as fit, and at the right the aside."""
        if self.warned:
            return Content.assemble((self.warned, "bold"))
        notice = self.searched or self.noted or self.typing
        free_cells = self.size.width - (cell_len(self.aside) + 2 if self.aside else 0)
        left = cut(notice, free_cells) if notice else self._fitting_keys(free_cells)
        gap = " " * max(1, self.size.width - cell_len(left) - cell_len(self.aside)) if self.aside else ""
        return Content.assemble((left, "" if notice else "dim"), gap, (self.aside, "bold"))

    def _fitting_keys(self, free_cells: int) -> str:
        shown = ""
        for key in self.keys:
            longer = f"{shown} · {key}" if shown else key
            if cell_len(longer) > free_cells:
                break
            shown = longer
        return shown


class Pill(Widget):
    """ "3 new messages ↓", below a conversation that is scrolled back; a click goes to the end."""

    DEFAULT_CSS: ClassVar[str] = """
    Pill {
        height: 1;
        text-align: center;
        display: none;
        &.-some { display: block; }
    }
    """
    count: reactive[int] = reactive(0)

    class Pressed(Message):
        """The reader wants to see the newest message."""

    def watch_count(self, count: int) -> None:
        """Show the pill only if something was missed."""
        self.set_class(count > 0, "-some")

    def render(self) -> Content:
        """Return what the pill says."""
        return Content("1 new message ↓" if self.count == 1 else f"{self.count} new messages ↓")

    def on_click(self) -> None:
        """Ask to go to the end."""
        self.post_message(self.Pressed())
