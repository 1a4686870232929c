"""What a typed line asks for. The conversation carries these actions out."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

from lanchat.client.speaking.phrasing import Saying
from lanchat.client.state.entries import EntryKind
from lanchat.protocol.message import Message


class LocalAction(Enum):
    """What the screen has to do, or to show as done."""

    QUIT = auto()  # leave
    ROOMS = auto()  # show which rooms there are on the network
    BELL = auto()  # the bell was turned on or off; done already, `Conversation.is_bell_on` tells
    QR = auto()  # the room's page was shown as a QR code; done already
    CLEAR = auto()  # the log was emptied; done already, `EntriesCleared` follows


@dataclass(frozen=True, slots=True)
class Say:
    """Say something to a channel or a person."""

    saying: Saying


@dataclass(frozen=True, slots=True)
class Send:
    """Send a message to the host as it is."""

    message: Message


@dataclass(frozen=True, slots=True)
class Show:
    """Show this person something. `text` may have several lines."""

    text: str
    kind: EntryKind = EntryKind.REPLY


@dataclass(frozen=True, slots=True)
class Do:
    """Let the screen do something. `text`: last words, for QUIT."""

    what: LocalAction
    text: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """Make a channel that was joined already the open one."""

    channel: str


@dataclass(frozen=True, slots=True)
class Talk:
    """Open the talk with one person, by their nick."""

    nick: str


@dataclass(frozen=True, slots=True)
class Close:
    """Close the talk with one person that is open."""


@dataclass(frozen=True, slots=True)
class Look:
    """Look at what was said before: "search" for words, "open" a result by its number, "history" of a time."""

    how: Literal["search", "open", "history"]
    text: str


Action = Say | Send | Show | Do | Open | Talk | Close | Look


def wrong(text: str) -> list[Action]:
    """Return the action that tells a person what was wrong with what they typed."""
    return [Show(text, EntryKind.ERROR)]
