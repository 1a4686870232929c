"""What changed, for a screen to show. `channel` is always the wire name."""

from dataclasses import dataclass
from enum import Enum

from lanchat.client.state.entries import Entry


@dataclass(frozen=True, slots=True)
class EntryAdded:
    """There is a new entry at the end of a channel's log ("" is the lobby, before any channel is joined)."""

    channel: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class EntryChanged:
    """An entry looks different: deleted, or with other reactions. Find the old one by `entry.serial`."""

    channel: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class EntriesInserted:
    """Older entries were loaded, right before the one with this serial. `entries` have serials up to it."""

    channel: str
    before: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class EntryRemoved:
    """A gap was filled, and its entry is gone."""

    channel: str
    serial: int


@dataclass(frozen=True, slots=True)
class NewSince:
    """From the entry with this serial on, all is new to this person: `text` is "new since 14:05"; "": no longer."""

    channel: str
    serial: int
    text: str


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """Something this person said is confirmed now, or not any more: look at `entry.delivery`."""

    channel: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class ListedRoom:
    """A room of this host, as it lists them: its wire name, what people call it, and what it is about."""

    channel: str
    title: str
    topic: str
    members: int


@dataclass(frozen=True, slots=True)
class RoomsListed:
    """The host has listed its rooms, to be chosen from."""

    rooms: tuple[ListedRoom, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A search has its answer: `ClientState.hits`. `words`: what was looked for, as typed."""

    words: str


@dataclass(frozen=True, slots=True)
class ViewChanged:
    """Another part of a conversation is shown (`ClientState.view`), or again what is said now (None)."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was said at another time, to be printed. `title`: where and when."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class EntriesCleared:
    """A channel's log was emptied (/clear)."""

    channel: str


@dataclass(frozen=True, slots=True)
class MembersChanged:
    """Somebody came, left, went away, or has another name or rank: look at `Channel.members` again."""

    channel: str


@dataclass(frozen=True, slots=True)
class TopicChanged:
    """The topic or the title of a channel changed."""

    channel: str


@dataclass(frozen=True, slots=True)
class NickChanged:
    """Somebody changed their name; `is_own`: this person."""

    old: str
    new: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class ChannelJoined:
    """This person joined a channel; `is_again`: it was known already (reconnected)."""

    channel: str
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class ChannelLeft:
    """This person is no longer in a channel. `is_kept`: its log can still be read (kicked, connection lost)."""

    channel: str
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class TalkRenamed:
    """Who this person talks with has another name, and so has the talk: a channel by its old and its new name."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class CurrentChanged:
    """Another channel is the open one ("" if none is left)."""

    channel: str


@dataclass(frozen=True, slots=True)
class UnreadChanged:
    """The number of unread messages in a channel changed."""

    channel: str


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody spoke to this person just now: ring the bell. Never for what was said before this person came."""

    channel: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class TypingChanged:
    """Look at `Channel.typing_nicks` again."""

    channel: str


class LinkStatus(Enum):
    """The state of the connection."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOOKING = "looking"  # for the room's new address
    LOST = "lost"  # trying again after `retry_in_s`
    CLOSED = "closed"  # for good


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The connection or this person's away state changed.

    `text` is a short phrase for the status line: "connected", "lost, again in 4 s".
    """

    status: LinkStatus
    text: str = ""
    retry_in_s: float = 0.0


Change = (
    EntryAdded
    | EntryChanged
    | EntriesInserted
    | EntryRemoved
    | NewSince
    | DeliveryChanged
    | RoomsListed
    | Found
    | ViewChanged
    | Recalled
    | EntriesCleared
    | MembersChanged
    | TopicChanged
    | NickChanged
    | ChannelJoined
    | ChannelLeft
    | TalkRenamed
    | CurrentChanged
    | UnreadChanged
    | Mentioned
    | TypingChanged
    | StatusChanged
)
