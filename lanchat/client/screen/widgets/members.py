"""The list of members beside the conversation. It draws only the rows on the screen: five members or five thousand."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from lanchat.client.screen.widgets.block import BOLD, DIM
from lanchat.client.screen.widgets.palette import NameStyles
from lanchat.client.screen.widgets.visible import name_of
from lanchat.client.screen.widgets.wrap import cut
from lanchat.client.state.channels import Member
from lanchat.client.words.counting import people
from lanchat.protocol.names import fold

_HEADING_ROWS = 1


class MemberList(ScrollView, can_focus=False):
    """Shows members in the given order. Those away are dimmed and marked; bots and this person are marked."""

    DEFAULT_CSS: ClassVar[str] = """
    MemberList {
        width: 20;
        padding: 0 0 0 1;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, names: NameStyles) -> None:
        super().__init__()
        self._names = names
        self._room = ""
        self._members: Sequence[Member] = ()
        self._is_current = True
        self._own_nick = ""

    def show(self, room: str, members: Sequence[Member], *, is_current: bool = True, own_nick: str = "") -> None:
        """Show these members; all dimmed where it is not known who is there now, as the connection is lost."""
        shown = (room, list(members), is_current, own_nick)
        if shown == (self._room, self._members, self._is_current, self._own_nick):
            return
        self._room, self._members, self._is_current, self._own_nick = shown
        self.virtual_size = Size(self.scrollable_content_region.width, len(members) + _HEADING_ROWS)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one row of the screen."""
        width, base = self.scrollable_content_region.width, self.rich_style
        number = y + self.scroll_offset.y - _HEADING_ROWS
        if number == -1:
            segments = [Segment(people(len(self._members)), base + (BOLD if self._is_current else DIM))]
        elif number < len(self._members):
            segments = self._row(self._members[number], width, base)
        else:
            return Strip.blank(width, base)
        return Strip(segments).crop_extend(0, width, base)

    def _row(self, member: Member, width: int, base: Style) -> list[Segment]:
        marks = _marks(member, is_own=fold(member.nick) == fold(self._own_nick))
        name = cut(name_of(member.nick), max(3, width - 1 - len(marks)))
        style = DIM if member.is_away or not self._is_current else self._names.style(self._room, member.nick)
        return [
            Segment(member.prefix or " ", base + BOLD),
            Segment(name, base + style),
            Segment(marks, base + DIM),
        ]


def _marks(member: Member, *, is_own: bool) -> str:
    marks = ((" you", is_own), (" bot", member.is_bot), (" away", member.is_away))
    return "".join(mark for mark, is_so in marks if is_so)
