"""What a search found, over the conversation: one is opened where it was said."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from lanchat.client.screen.widgets.visible import visible


class FoundDialog(ModalScreen[int | None]):
    """Returns the number of the result that was chosen, from 1 on; None for none."""

    DEFAULT_CSS: ClassVar[str] = """
    FoundDialog {
        align: center bottom;
        background: transparent;
        Vertical { width: 100%; height: auto; max-height: 80%; padding: 0 1; border: solid ansi_cyan; }
        Static { height: auto; }
        OptionList, OptionList:focus {
            height: auto; max-height: 20; border: none; padding: 0; background: ansi_default;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "close", "Close")]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Show the results, the newest last, and that one chosen."""
        with Vertical():
            yield Static(Content.assemble((visible(self._title), "bold")))
            yield OptionList(*(Content(f"{number:>3} {visible(line)}") for number, line in enumerate(self._lines, 1)))
            yield Static(Content("↑↓ choose · Enter shows it where it was said · Esc closes"))

    def on_mount(self) -> None:
        """Begin at the newest."""
        results = self.query_one(OptionList)
        results.highlighted = len(self._lines) - 1
        results.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return what was chosen."""
        self.dismiss(event.option_index + 1)

    def action_close(self) -> None:
        """Return that nothing was chosen."""
        self.dismiss(None)
