"""What a chat screen shows, as data: `apply` (beside this) changes it by each message of the host.

No socket, no screen, no clock: time comes in as an argument. Everything it keeps has a bound.
"""

from dataclasses import dataclass, field, replace

from lanchat.client.state.batches import Batches
from lanchat.client.state.changes import (
    Change,
    ChannelJoined,
    ChannelLeft,
    CurrentChanged,
    EntriesCleared,
    EntryAdded,
    EntryChanged,
    LinkStatus,
    ListedRoom,
    Mentioned,
    StatusChanged,
    TypingChanged,
    UnreadChanged,
)
from lanchat.client.state.channels import Channel, Member
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.features import Features
from lanchat.client.state.found import Hit, View
from lanchat.client.state.reading import place_rule, remove_rule
from lanchat.client.state.unconfirmed import Unconfirmed
from lanchat.protocol.names import fold, shown

MAX_CHANNELS = 200  # this person can be put into; a server that goes on is not believed
MAX_PENDING_LINES = 200  # of an answer that is still coming in (WHOIS, MOTD, LIST)


@dataclass(slots=True)
class ClientState:
    """Everything a screen draws. `titles`: known room names, by folded channel name."""

    nick: str = ""
    is_away: bool = False
    status: StatusChanged = field(default_factory=lambda: StatusChanged(LinkStatus.CONNECTING, "connecting"))
    capabilities: dict[str, str] = field(default_factory=dict)  # active ones, with their values
    features: Features = field(default_factory=Features)
    channels: dict[str, Channel] = field(default_factory=dict)  # by folded name, in the order of joining
    current_key: str = ""
    lobby: Channel = field(default_factory=lambda: Channel("", "lanchat"))
    titles: dict[str, str] = field(default_factory=dict)
    motd: list[str] = field(default_factory=list)  # not shown yet
    listed: list[ListedRoom] = field(default_factory=list)  # by an answer to LIST that is still coming in
    pending: dict[str, list[str]] = field(default_factory=dict)  # lines of answers still coming in, by kind
    batches: Batches = field(default_factory=Batches)
    unconfirmed: Unconfirmed = field(default_factory=Unconfirmed)
    ahead_s: float = 0.0  # by which the host's clock is before ours
    heard_s: float = 0.0  # the host's time of what was heard last
    are_clocks_compared: bool = False  # over this connection
    hits: tuple[Hit, ...] = ()  # of the last search, the newest last
    view: View | None = None  # shown instead of the open channel
    is_present: bool = True  # this person is at the terminal
    is_at_end: bool = True  # the open channel shows what comes, as it comes
    has_tabs: bool = False  # the talk with a person has a place of its own; else it stands in the open channel

    # ---- asking -----------------------------------------------------------------------------------------------

    @property
    def current(self) -> Channel:
        """The open channel, or the lobby if there is none."""
        return self.channels.get(self.current_key, self.lobby)

    def channel(self, name: str) -> Channel | None:
        """Return a channel by its wire name, however it is capitalised; "" is the lobby."""
        return self.channels.get(fold(name)) if name else self.lobby

    def title_of(self, name: str) -> str:
        """Return a channel as people call it, as far as that is known; of a nick, how it is read."""
        channel = self.channels.get(fold(name))
        return channel.title if channel else self.titles.get(fold(name)) or shown(name)

    @property
    def rooms(self) -> list[Channel]:
        """The channels that are no talk with one person."""
        return [channel for channel in self.channels.values() if not channel.is_private]

    @property
    def talks(self) -> list[Channel]:
        """The talks with one person each."""
        return [channel for channel in self.channels.values() if channel.is_private]

    def talk(self, nick: str) -> Channel | None:
        """Return the talk with somebody, if there is one."""
        channel = self.channels.get(fold(nick))
        return channel if channel is not None and channel.is_private else None

    def channels_with(self, nick: str) -> list[Channel]:
        """Return the channels that somebody is in."""
        key = fold(nick)
        return [channel for channel in self.channels.values() if key in channel.members]

    def is_own(self, nick: str) -> bool:
        """Tell whether a nick is this person's."""
        return bool(nick) and fold(nick) == fold(self.nick)

    def offers(self, capability: str) -> bool:
        """Tell whether the server does what a capability stands for."""
        return capability in self.capabilities

    # ---- doing ------------------------------------------------------------------------------------------------

    def set_status(self, status: StatusChanged) -> list[Change]:
        """Set the state of the connection. A lost one leaves the channels readable, but we are in none of them."""
        if status == self.status:
            return []
        was_connected = self.status.status is LinkStatus.CONNECTED
        self.status = status
        return [status, *(self._disconnect() if was_connected else [])]

    def _disconnect(self) -> list[Change]:
        self.batches.forget()
        self.are_clocks_compared = False
        self.pending.clear()
        changes: list[Change] = []
        for talk in self.talks:
            talk.members.clear()
            talk.typing.clear()
        for channel in self.rooms:
            channel.is_joined = False
            channel.listed = None
            channel.typing.clear()
            changes += [ChannelLeft(channel.name, is_kept=True), TypingChanged(channel.name)]
        return changes

    def add(self, channel: Channel, entry: Entry) -> list[Change]:
        """Append an entry to a channel."""
        entry = channel.entries.add(entry)
        rule = place_rule(channel, entry, is_being_read=self._is_being_read(channel), has_left=not self.is_present)
        if entry.is_spoken:
            channel.last_spoken_s = max(channel.last_spoken_s, entry.at_s)
        changes: list[Change] = [*rule, EntryAdded(channel.name, entry)]
        if entry.is_own or (entry.is_old and not _is_unread_talk(channel, entry)):
            return changes
        is_to_me = entry.is_mention or (channel.is_private and entry.is_spoken)
        if entry.is_spoken and channel is not self.current:
            channel.unread += 1
            channel.unread_mentions += is_to_me
            changes.append(UnreadChanged(channel.name))
        is_seen = channel.is_private and not entry.is_mention and self._is_being_read(channel)
        if is_to_me and not is_seen and not entry.is_old:
            changes.append(Mentioned(channel.name, entry))
        return changes

    def report(self, channel: Channel, entry: Entry) -> list[Change]:
        """Append what happened in a channel (somebody came, left …), unless it was heard before."""
        is_new = channel.continuity.note(entry.msgid, entry.at_s, is_replayed=entry.is_replayed)
        return self.add(channel, entry) if is_new else []

    def _is_being_read(self, channel: Channel) -> bool:
        return channel is self.current and self.is_present and self.is_at_end and self.view is None

    def tell(self, text: str, now_s: float, kind: EntryKind = EntryKind.INFO) -> list[Change]:
        """Show a text of the program in the open channel. `text` is clean already."""
        return self.add(self.current, Entry(kind, self.host_time(now_s), text=text))

    def host_time(self, now_s: float) -> float:
        """Return what the host's clock shows: all lines of a log are on one clock, however wrong ours is."""
        return now_s + self.ahead_s

    def compare_clocks(self, at_s: float, now_s: float) -> None:
        """Take the host's time from a live message. One that was long on its way shows too little: the most counts."""
        ahead_s = at_s - now_s
        self.ahead_s = max(self.ahead_s, ahead_s) if self.are_clocks_compared else ahead_s
        self.are_clocks_compared = True

    def change(self, channel: Channel, entry: Entry, **different: object) -> list[Change]:
        """Replace some fields of an entry that is in a channel already."""
        entry = replace(entry, **different)  # type: ignore[arg-type]  # mypy cannot check names given by **
        channel.entries.put(entry)
        return [EntryChanged(channel.name, entry)]

    def open(self, name: str) -> list[Change]:
        """Make a joined channel the open one; what is unread there counts as read."""
        channel = self.channel(name)
        if channel is None:
            return []
        changes = self.mark_read(channel)
        if fold(channel.name) != self.current_key:
            changes += remove_rule(self.current) if self.is_at_end else []
            self.current_key, self.view = fold(channel.name), None
            changes.append(CurrentChanged(channel.name))
        return changes

    def mark_read(self, channel: Channel) -> list[Change]:
        """Mark everything in a channel as read."""
        channel.read_s = max(channel.read_s, channel.last_spoken_s)
        if not channel.unread:
            return []
        channel.unread = channel.unread_mentions = 0
        return [UnreadChanged(channel.name)]

    def drop_idle_typists(self, now_s: float) -> list[Change]:
        """Drop people who stopped typing, in all channels."""
        return [TypingChanged(one.name) for one in self.channels.values() if one.drop_idle_typists(now_s)]

    def see(self) -> list[Change]:
        """Mark the open channel as read, if this person is there and sees its end."""
        return self.mark_read(self.current) if self._is_being_read(self.current) else []

    def clear(self) -> list[Change]:
        """Empty the log of the open channel."""
        self.current.entries.clear()
        return [EntriesCleared(self.current.name)]

    def enter(self, name: str) -> list[Change]:
        """Put this person into a channel. A new one is opened; a known one keeps its log."""
        channel = self.channels.get(fold(name))
        is_again = channel is not None
        if channel is None:
            if len(self.channels) >= MAX_CHANNELS:
                return []
            channel = self.channels[fold(name)] = Channel(name, self.titles.get(fold(name), ""))
        if is_again:
            channel.continuity.come_back()
        channel.is_joined, channel.is_kicked = True, False
        channel.members = {fold(self.nick): Member(self.nick)}
        channel.typing.clear()
        changes: list[Change] = [ChannelJoined(channel.name, is_again)]
        return changes if is_again else [*changes, *self.open(name)]

    def leave(self, channel: Channel) -> list[Change]:
        """Take this person out of a channel, and forget it."""
        key = fold(channel.name)
        self.channels.pop(key, None)
        changes: list[Change] = [ChannelLeft(channel.name)]
        if key == self.current_key:
            self.view = None
            self.current_key = next(reversed(self.channels), "")
            changes.append(CurrentChanged(self.current.name))
            changes += self.mark_read(self.current)
        return changes

    def collect(self, kind: str, line: str) -> None:
        """Keep one line of an answer that comes in several."""
        lines = self.pending.setdefault(kind, [])
        if len(lines) < MAX_PENDING_LINES:
            lines.append(line)

    def collected(self, kind: str) -> list[str]:
        """Return the lines of an answer, and forget them."""
        return self.pending.pop(kind, [])


def _is_unread_talk(channel: Channel, entry: Entry) -> bool:
    """Tell whether something of before was said to this person alone since they last read there."""
    return channel.is_private and entry.is_spoken and 0 < channel.read_s < entry.at_s
