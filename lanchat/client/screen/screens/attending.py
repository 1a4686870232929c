"""Calling a person who looks elsewhere: the bell, the desktop, the window's title."""

from collections.abc import Sequence
from typing import Any

from textual.screen import Screen

from lanchat.client.conversation import Conversation
from lanchat.client.screen.attention import Called, Titled, title_of
from lanchat.client.state.changes import Change, Mentioned


class Attending:
    """Calls the person of one conversation; its screen posts what the program is to do."""

    def __init__(self, conversation: Conversation, screen: Screen[Any]) -> None:
        self._conversation = conversation
        self._screen = screen
        self._title = ""

    def ring(self, changes: Sequence[Change]) -> None:
        """Ring for each call; where the window has no focus, notify as well."""
        if not self._conversation.is_bell_on:
            return
        for change in changes:
            if isinstance(change, Mentioned):
                self._screen.app.bell()
                if not self._screen.app.app_focus:
                    self._screen.post_message(Called(change.entry))

    def retitle(self) -> None:
        """Tell the window's title, if it changed."""
        title = title_of(self._conversation.state)
        if title != self._title:
            self._title = title
            self._screen.post_message(Titled(title))
