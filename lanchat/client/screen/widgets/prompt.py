"""One's own name before the input: "Ana ›", as what one said is marked in the conversation."""

from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from lanchat.client.screen.widgets.visible import name_of
from lanchat.client.screen.widgets.wrap import cut

_MOST_OF_ROW = 3  # a third, as in the conversation
_SIGN = " › "


class Prompt(Widget):
    """Who speaks here."""

    DEFAULT_CSS: ClassVar[str] = "Prompt { width: auto; height: 1; padding: 0 0 0 1; }"
    nick: reactive[str] = reactive("", layout=True)

    def render(self) -> Content:
        """Return the name, cut where it would leave too little to write in."""
        most_cells = max(1, self.app.size.width // _MOST_OF_ROW - cell_len(_SIGN))
        return Content.assemble((cut(name_of(self.nick), most_cells), "bold"), _SIGN) if self.nick else Content("")
