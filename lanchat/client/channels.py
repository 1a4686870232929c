"""A channel as this person sees it: its title, topic, members, and what was said."""

from dataclasses import dataclass, field, replace

from lanchat.client.entries import EntryLog
from lanchat.protocol.names import channel_for, fold, shown

MAX_MEMBERS = 20_000  # shown of one channel; no LAN has more
TYPING_ACTIVE_S = 6.0  # ircv3.net/specs/client-tags/typing: "at least 6 seconds"
TYPING_PAUSED_S = 30.0  # the same: "at least 30 seconds"
MAX_TYPING = 20
_RANKS = "~&@%+"  # highest first; modern.ircdocs.horse, "Channel Membership Prefixes"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a channel. `prefix`: "@" operator, "+" voiced, or "" (the highest one)."""

    nick: str
    prefix: str = ""
    is_away: bool = False
    is_bot: bool = False

    @property
    def name(self) -> str:
        """The nick as people read it."""
        return shown(self.nick)


@dataclass(slots=True)
class Channel:
    """One channel. `name` is the wire name ("#Line-3", "" for the lobby); people see `title` ("Line 3")."""

    name: str
    title: str = ""
    topic: str = ""
    members: dict[str, Member] = field(default_factory=dict)  # by folded nick
    entries: EntryLog = field(default_factory=EntryLog)
    unread: int = 0
    unread_mentions: int = 0
    is_joined: bool = False
    is_kicked: bool = False  # not to be joined again by itself
    typing: dict[str, tuple[str, float]] = field(default_factory=dict)  # by folded nick: the nick, and until when
    listed: dict[str, Member] | None = None  # of a NAMES answer that is still coming in

    def __post_init__(self) -> None:
        self.title = self.title or shown(self.name)

    @property
    def subject(self) -> str:
        """The topic where it says more than the title does, else ""."""
        return "" if self.topic == self.title else self.topic

    def set_topic(self, topic: str) -> None:
        """Take a new topic; one that spells the channel's own name is its title (design.md, "a room")."""
        self.topic = topic
        if topic and fold(channel_for(topic)) == fold(self.name):
            self.title = topic

    def member(self, nick: str) -> Member | None:
        """Return who has this nick here, however it is capitalised."""
        return self.members.get(fold(nick))

    def add_member(self, member: Member) -> None:
        """Put a member in, unless there are too many to be true."""
        if len(self.members) < MAX_MEMBERS:
            self.members[fold(member.nick)] = member

    def set_away(self, nick: str, *, is_away: bool) -> bool:
        """Mark a member as away or back; tell whether that is news."""
        member = self.member(nick)
        if member is None or member.is_away == is_away:
            return False
        self.members[fold(nick)] = replace(member, is_away=is_away)
        return True

    def ranked_members(self) -> list[Member]:
        """Return the members in the order of a list on the screen: operators, voiced, others; each by name."""
        return sorted(self.members.values(), key=lambda member: (rank(member.prefix), fold(member.nick)))

    def typing_nicks(self, now_s: float) -> tuple[str, ...]:
        """Return who is typing at this moment (wire nicks)."""
        return tuple(nick for nick, until_s in self.typing.values() if until_s > now_s)

    def start_typing(self, nick: str, until_s: float) -> None:
        """Remember that somebody types, unless too many do."""
        if fold(nick) in self.typing or len(self.typing) < MAX_TYPING:
            self.typing[fold(nick)] = (nick, until_s)

    def stop_typing(self, nick: str) -> bool:
        """Forget that somebody types; tell whether that is news."""
        return self.typing.pop(fold(nick), None) is not None


def rank(prefix: str) -> int:
    """Return 0 for the highest rank, more for lower ones."""
    return _RANKS.index(prefix) if prefix and prefix in _RANKS else len(_RANKS)
