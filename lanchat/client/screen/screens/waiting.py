"""The first screen where a room was asked for by name."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static


class WaitingScreen(Screen[None]):
    """One sentence, and how to leave."""

    DEFAULT_CSS: ClassVar[str] = "WaitingScreen { Static { height: auto; padding: 1 1 0 1; } }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Show the sentence."""
        yield Static(Content(self._text))
        yield Static(Content.assemble(("Ctrl+Q leaves", "dim")))
