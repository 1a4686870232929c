"""A channel as this person sees it: its title, topic, members, and what was said."""

from dataclasses import dataclass, field, replace

from lanchat.client.state.continuity import Continuity
from lanchat.client.state.log import EntryLog
from lanchat.protocol.names import channel_for, fold, shown

MAX_MEMBERS = 20_000  # of one channel; no LAN has more
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
    """One channel. `name` is the wire name ("#Line-3", "" for the lobby); people see `title` ("Line 3").

    The talk with one person is one, too (`is_private`): its name is their nick, its members are the two, as far as they
    are here. `account`: theirs, as the host last told; "": they have none, None: not told.
    """

    name: str
    title: str = ""
    topic: str = ""
    members: dict[str, Member] = field(default_factory=dict)  # by folded nick
    entries: EntryLog = field(default_factory=EntryLog)
    continuity: Continuity = field(default_factory=Continuity)
    read_s: float = 0.0  # up to when this person has read it, by the host's clock
    last_spoken_s: float = 0.0  # when somebody last said something
    marker_s: float = 0.0  # up to when the host knows that
    unread: int = 0
    unread_mentions: int = 0
    is_joined: bool = False
    is_kicked: bool = False  # then a new connection does not join it again
    is_private: bool = False
    account: str | None = None
    typing: dict[str, tuple[str, float]] = field(default_factory=dict)  # by folded nick: the nick, and until when
    draft: str = ""  # what was being written here when another one was opened
    listed: dict[str, Member] | None = None  # by a NAMES answer whose end has not come yet

    def __post_init__(self) -> None:
        self.title = self.title or shown(self.name)

    @property
    def is_open(self) -> bool:
        """Whether something can be said here, once there is a connection."""
        return self.is_joined or self.is_private

    @property
    def subject(self) -> str:
        """The topic where it says more than the title does, else ""; of a talk, who reads it."""
        if self.is_private:
            other = self.member(self.name)
            return "between you two only, away" if other is not None and other.is_away else "between you two only"
        return "" if self.topic == self.title else self.topic

    def set_topic(self, topic: str) -> None:
        """Take a new topic. One that spells the channel's name is its title: "Line 3" is what people call #Line-3."""
        self.topic = topic
        if topic and fold(channel_for(topic)) == fold(self.name):
            self.title = topic

    def member(self, nick: str) -> Member | None:
        """Return who has this nick here, however it is capitalised."""
        return self.members.get(fold(nick))

    def add_member(self, member: Member) -> None:
        """Add a member, unless there are more than can be true."""
        if len(self.members) < MAX_MEMBERS:
            self.members[fold(member.nick)] = member

    def set_away(self, nick: str, *, is_away: bool) -> bool:
        """Mark a member as away or back; tell whether that changed anything."""
        member = self.member(nick)
        if member is None or member.is_away == is_away:
            return False
        self.members[fold(nick)] = replace(member, is_away=is_away)
        return True

    def ranked_members(self) -> list[Member]:
        """Return the members in the order of a list on the screen: operators, voiced, others; each by name."""
        return sorted(self.members.values(), key=lambda member: (rank(member.prefix), fold(member.nick)))

    def typing_nicks(self, now_s: float) -> tuple[str, ...]:
        """Return the wire nicks of those who are typing at this moment."""
        return tuple(nick for nick, until_s in self.typing.values() if until_s > now_s)

    def start_typing(self, nick: str, until_s: float) -> None:
        """Add somebody to those who type, unless there are too many."""
        if fold(nick) in self.typing or len(self.typing) < MAX_TYPING:
            self.typing[fold(nick)] = (nick, until_s)

    def drop_idle_typists(self, now_s: float) -> list[str]:
        """Drop those whose time is up from those who type; return their nicks."""
        idle = [nick for nick, until_s in self.typing.values() if until_s <= now_s]
        for nick in idle:
            self.stop_typing(nick)
        return idle

    def stop_typing(self, nick: str) -> bool:
        """Drop somebody from those who type; tell whether they were among them."""
        return self.typing.pop(fold(nick), None) is not None


def rank(prefix: str) -> int:
    """Return 0 for the highest rank, more for lower ones."""
    return _RANKS.index(prefix) if prefix and prefix in _RANKS else len(_RANKS)
