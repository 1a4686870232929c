"""The single rows around the conversation: header, hints, and the pill for new messages below."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content
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


class Hints(Widget):
    """The row between conversation and editor: what is searched, or a note, or what is done with a message, or who
    is typing, or else the keys.
    """

    DEFAULT_CSS: ClassVar[str] = "Hints { height: auto; min-height: 1; max-height: 4; padding: 0 1; }"
    warned: reactive[str] = reactive("", layout=True)
    searched: reactive[str] = reactive("")
    noted: reactive[str] = reactive("")
    mode: reactive[str] = reactive("")
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
        notice = self.searched or self.noted or self.mode or self.typing
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
