"""Which commands fit what was typed, above the input, with what they take."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from lanchat.client.screen.widgets.wrap import cut

MAX_OFFERS = 6


class Offers(Widget):
    """A row for each command: how it is typed, and what it does. Hidden where nothing fits."""

    DEFAULT_CSS: ClassVar[str] = """
    Offers { height: auto; max-height: 7; padding: 0 1; display: none; &.-some { display: block; } }
    """
    commands: reactive[Sequence[tuple[str, str]]] = reactive((), layout=True)

    def watch_commands(self, commands: Sequence[tuple[str, str]]) -> None:
        """Show the rows only if there are any."""
        self.set_class(bool(commands), "-some")

    def render(self) -> Content:
        """Return the rows; what does not fit is counted."""
        shown, width = self.commands[:MAX_OFFERS], self.app.size.width - 2
        longest = max((cell_len(usage) for usage, _ in shown), default=0)
        rows = [self._row(usage, text, longest, width) for usage, text in shown]
        more = len(self.commands) - len(shown)
        return Content("\n").join([*rows, Content(f"… and {more} more; F1 shows all").stylize("dim")] if more else rows)

    def _row(self, usage: str, text: str, longest: int, width: int) -> Content:
        usage = cut(usage, width)
        gap = " " * (longest - cell_len(usage) + 2)
        return Content.assemble((usage, "bold"), (cut(gap + text, width - cell_len(usage)), "dim"))
