"""Going from one open room or talk to another, by keys (`widgets/editor.py` has them) and by the tabs.

What is typed behind such a key is for the other one, however fast it comes: nobody may say something to the wrong
people. So the editor runs these actions before it reads on, and the screen changes at once.
"""

from textual.screen import Screen

from lanchat.client.conversation import Conversation
from lanchat.client.screen.widgets.tabs import Tabs
from lanchat.client.state.channels import Channel
from lanchat.client.state.moves import neighbour, next_unread, numbered


class MovingScreen(Screen[None]):
    """A screen that shows one of several open rooms and talks."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self._conversation = conversation

    def on_tabs_picked(self, event: Tabs.Picked) -> None:
        """Open what was clicked on."""
        self._go(self._conversation.state.channel(event.channel))

    def action_room(self, number: int) -> None:
        """Open a room by its number in the tabs."""
        self._go(numbered(self._open_ones, number))

    def action_next_room(self, step: int) -> None:
        """Open the next room, or the one before."""
        self._go(neighbour(self._open_ones, self._conversation.state.current, step))

    def action_unread_room(self) -> None:
        """Open a room where something was said: first one where this person was called, then the others in order."""
        self._go(next_unread(self._open_ones, self._conversation.state.current))

    @property
    def _open_ones(self) -> list[Channel]:
        return list(self._conversation.state.channels.values())

    def _go(self, channel: Channel | None) -> None:
        if channel is not None:
            self._conversation.open(channel.name)
            self.show_open()

    def show_open(self) -> None:
        """Show what is open now."""
