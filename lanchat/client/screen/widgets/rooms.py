"""The rooms found so far, as a table."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from lanchat.client.screen.widgets.block import BOLD, DIM, PLAIN
from lanchat.client.screen.widgets.wrap import cut, pad
from lanchat.client.words.counting import people
from lanchat.discovery.addresses import with_port
from lanchat.discovery.rooms import FoundRoom
from lanchat.protocol.text import clean

_CHOSEN = Style(reverse=True)
_TOPIC_FROM_WIDTH = 78  # cells; narrower, the topic is left out
_ADDRESS_FROM_WIDTH = 56
_WORDS_FROM_WIDTH = 48  # narrower, "12 people" is just "12"
_ADDRESS_CELLS = 22  # "192.168.100.200:8100" and a gap
_PEOPLE_CELLS = 12
_LOCKED = "password"


class RoomList(ScrollView, can_focus=False):
    """Shows rooms, one of them chosen. The choice stays on its room while others come and go."""

    DEFAULT_CSS: ClassVar[str] = """
    RoomList {
        height: 1fr;
        min-height: 1;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """

    class Picked(Message):
        """A room was clicked on."""

        def __init__(self, room: FoundRoom) -> None:
            self.room = room
            super().__init__()

    def __init__(self) -> None:
        super().__init__()
        self._rooms: Sequence[FoundRoom] = ()
        self._chosen_key = ""

    @property
    def chosen(self) -> FoundRoom | None:
        """The room that Enter joins, or None if there is none."""
        return self._rooms[self._index] if self._rooms else None

    @property
    def _index(self) -> int:
        return next((index for index, room in enumerate(self._rooms) if room.key == self._chosen_key), 0)

    def show(self, rooms: Sequence[FoundRoom]) -> None:
        """Show these rooms."""
        index = self._index
        self._rooms = rooms
        if rooms and all(room.key != self._chosen_key for room in rooms):
            self._chosen_key = rooms[min(index, len(rooms) - 1)].key
        self.virtual_size = Size(self.scrollable_content_region.width, len(rooms))
        self._keep_in_sight()
        self.refresh()

    def on_resize(self) -> None:
        """Keep the chosen row in sight."""
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        if self._rooms:
            self.scroll_to_region(Region(0, self._index, 1, 1), animate=False)

    def move(self, step: int) -> None:
        """Choose another room, so many rows further down (or up)."""
        if self._rooms:
            index = min(max(self._index + step, 0), len(self._rooms) - 1)
            self._chosen_key = self._rooms[index].key
            self._keep_in_sight()
            self.refresh()

    def on_click(self, event: Click) -> None:
        """Join the room under the pointer."""
        index = event.y + round(self.scroll_y)
        if 0 <= index < len(self._rooms):
            self.post_message(self.Picked(self._rooms[index]))

    def render_line(self, y: int) -> Strip:
        """Return one row of the screen."""
        width, base = self.scrollable_content_region.width, self.rich_style
        index = y + self.scroll_offset.y
        if index >= len(self._rooms):
            return Strip.blank(width, base)
        if index == self._index:
            base += _CHOSEN
        segments = [Segment(text, base + style) for text, style in _cells(self._rooms[index], division(width))]
        return Strip(segments).crop_extend(0, width, base)


class Division(NamedTuple):
    """Cells for each column of the table; 0: left out."""

    name: int
    people: int
    topic: int
    address: int


def division(width: int) -> Division:
    """Return how a table of this width is divided."""
    address = _ADDRESS_CELLS if width >= _ADDRESS_FROM_WIDTH else 0
    count = _PEOPLE_CELLS if width >= _WORDS_FROM_WIDTH else 5
    rest = max(4, width - address - count - len(_LOCKED) - 1)
    topic = rest // 2 if width >= _TOPIC_FROM_WIDTH else 0
    return Division(rest - topic, count, topic, address)


def _cells(room: FoundRoom, cells: Division) -> list[tuple[str, Style]]:
    count = str(room.members) if cells.people < _PEOPLE_CELLS else people(room.members)
    row = [(_column(f" {clean(room.name)}", cells.name), BOLD), (pad(f"{count}  ", cells.people), PLAIN)]
    if cells.topic:
        topic = "" if room.topic == room.name else clean(room.topic)
        row.append((_column(topic, cells.topic), DIM))
    if cells.address:
        row.append((_column(address_of(room), cells.address), DIM))
    return [*row, (_LOCKED if room.is_password_needed else "", PLAIN)]


def _column(text: str, width: int) -> str:
    """Return a text that takes exactly `width` cells, at least one of them a gap."""
    text = cut(text, width - 1)
    return text + " " * (width - cell_len(text))


def address_of(room: FoundRoom) -> str:
    """Return where a room is, as it can be typed: "10.0.0.5:8100"."""
    return with_port(room.addresses[0] if room.addresses else "?", room.port)
