"""What both screens are given: how this person joins, as asked for on the command line."""

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lanchat.client.conversation import Conversation
    from lanchat.discovery.find import Finder
    from lanchat.discovery.rooms import FoundRoom


class Joining(Protocol):
    """Where rooms and conversations come from, and who remembers them."""

    is_person: bool
    """Whether a person sits at the input, who can be asked something; not a pipe."""

    obeys_commands: bool
    """Whether lines of the plain screen may be commands; not in a pipe, unless that was asked for."""

    wanted_text: str
    """What was asked for on the command line, for "Looking for …"; "" where the person is to choose."""

    since_s: float | None
    """From when on what was said before is shown, in UNIX seconds; None: what was said last."""

    password: str
    """The room's password as given on the command line, or ""."""

    ground: str
    """What the terminal's background is, if that was said: "light" or "dark", else ""."""

    def wanted(self) -> "Awaitable[FoundRoom]":
        """Return the room asked for. Raises UserError if it cannot be found. Only called with a `wanted_text`."""

    def finder(self) -> "AbstractAsyncContextManager[Finder]":
        """Return what looks for rooms, not started yet."""

    def converse(self, room: "FoundRoom", password: str) -> "Conversation":
        """Return a conversation in this room, not connected yet. `password`: as just typed, else ""."""

    def joined(self, room: "FoundRoom", conversation: "Conversation") -> None:
        """Remember a room that let this person in."""

    def left(self, conversation: "Conversation") -> None:
        """Remember what is to be kept of a conversation that is over."""
