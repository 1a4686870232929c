"""A channel: who is in it, what is its topic, what its modes allow."""

from __future__ import annotations

from dataclasses import dataclass, field

from lanchat.chat.session import Session
from lanchat.chat.user import User
from lanchat.protocol.names import fold

PREFIXES = {"o": "@", "v": "+"}  # highest first
LIST_MODES = ("b", "e", "I")


@dataclass(slots=True)
class Member:
    """Somebody's place in a channel."""

    user: User
    modes: set[str] = field(default_factory=set)

    @property
    def prefixes(self) -> str:
        """All prefixes, highest first: "@+"."""
        return "".join([prefix for mode, prefix in PREFIXES.items() if mode in self.modes]) if self.modes else ""

    @property
    def is_operator(self) -> bool:
        """Whether the member may moderate this channel."""
        return "o" in self.modes


@dataclass(slots=True)
class Topic:
    """What a channel is about, who said so and when (UNIX seconds)."""

    text: str
    by: str
    at: float


@dataclass(slots=True)
class ListEntry:
    """A mask on one of a channel's lists."""

    mask: str
    by: str
    at: float


class Channel:
    """One channel. `room` is the name people gave a room the host opened, "" for channels that members opened."""

    __slots__ = (
        "_audience",
        "created_at",
        "folded",
        "invited",
        "key",
        "limit",
        "lists",
        "members",
        "modes",
        "name",
        "room",
        "topic",
    )

    def __init__(self, name: str, now: float, room: str = "") -> None:
        self.name = name
        self.folded = fold(name)
        self.room = room
        self.created_at = now
        self.topic: Topic | None = None
        self.modes = {"n", "t"}  # no messages from outside, topic by operators
        self.key = ""
        self.limit = 0  # 0: none
        self.lists: dict[str, dict[str, ListEntry]] = {mode: {} for mode in LIST_MODES}  # mode → folded mask → entry
        self.invited: dict[User, bool] = {}  # with whether an operator invited them, which opens every door
        self.members: dict[User, Member] = {}
        self._audience: list[Session] | None = None

    @property
    def is_hosted(self) -> bool:
        """Whether the host opened it: it stays when everybody has left."""
        return bool(self.room)

    def add(self, user: User, modes: set[str]) -> Member:
        """Let somebody in."""
        member = self.members[user] = Member(user, modes)
        user.channels[self.folded] = self
        self.invited.pop(user, None)
        self.forget_audience()
        return member

    def remove(self, user: User) -> None:
        """Let somebody out."""
        del self.members[user]
        del user.channels[self.folded]
        self.forget_audience()

    def audience(self) -> list[Session]:
        """Return all sessions of all members. Not to be changed by the caller."""
        if self._audience is None:
            self._audience = [session for user in self.members for session in user.sessions]
        return self._audience

    def forget_audience(self) -> None:
        """Note that members or their sessions have changed."""
        self._audience = None

    def is_operator(self, user: User) -> bool:
        """Tell whether somebody may moderate here: as one of the channel's operators, or of the host's."""
        member = self.members.get(user)
        return user.is_operator or (member is not None and member.is_operator)

    def is_visible_to(self, user: User) -> bool:
        """Tell whether somebody may learn that the channel exists: all may, unless it is secret (+s)."""
        return "s" not in self.modes or user in self.members or user.is_operator
