"""Who is here, and where: people, their sessions, channels, and who is in which.

The four know each other by nature: a session is somebody's, a channel has members, a member is a person. So they share
a file; a Protocol between them would only pretend that they did not.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from lanchat.chat.state.flood import Allowance
from lanchat.chat.state.ledger import text_bytes
from lanchat.chat.state.masks import Mask, account_mask, muted_mask
from lanchat.chat.state.pending import Asked, Login, OpenBatch, Registration
from lanchat.protocol.irc_wire import Wire
from lanchat.protocol.names import fold
from lanchat.protocol.packet import Carrier
from lanchat.protocol.sasl import Exchange

PREFIXES = {"o": "@", "v": "+"}  # highest first
_ENTRY_BYTES = 1_000  # of an entry of a list, those whom it met included, without its mask
LIST_MODES = ("b", "e", "I")


class Session:
    """Capabilities, labels and the wire belong to the session; name, channels and absence to its `user`.

    Until it is registered, `user` is None and `registration` holds what is known so far. Times are UNIX seconds.
    """

    __slots__ = (
        "address",
        "allowance",
        "asked",
        "batch",
        "cap_version",
        "capabilities",
        "carrier",
        "connected_at",
        "is_closed",
        "is_waiting",
        "kind",
        "last_heard",
        "last_pinged",
        "login",
        "monitored",
        "registration",
        "sasl",
        "user",
        "wire",
    )

    def __init__(self, wire: Wire, address: str, now: float) -> None:
        self.wire = wire
        self.carrier: Carrier | None = None  # the server's: what takes bytes to the peer; None once it is gone
        self.address = address  # as shown in nick!user@host: no leading colon
        self.connected_at = now
        self.last_heard = now
        self.last_pinged = 0.0
        self.user: User | None = None
        self.registration: Registration | None = None
        self.cap_version = 301
        self.capabilities: frozenset[str] = frozenset()
        self.kind: Hashable = wire.kind  # sessions of equal kind are sent equal bytes
        self.monitored: dict[str, str] | None = None  # folded nick → as written
        self.batch: OpenBatch | None = None
        self.allowance: Allowance | None = None  # None: may send as fast as it likes
        self.sasl: Exchange | None = None
        self.login: Login | None = None
        self.asked: Asked | None = None
        self.is_waiting = False  # for a secret to be hashed, or for what was said to be looked up
        self.is_closed = False

    def adopt(self, capabilities: frozenset[str]) -> None:
        """Take these capabilities, all there are, from now on."""
        self.capabilities = capabilities
        self.wire.adopt(capabilities)
        self.kind = self.wire.kind

    def has(self, capability: str) -> bool:
        """Tell whether the session negotiated a capability."""
        return capability in self.capabilities


class User:
    """Who somebody is: name, host, account, absence, user modes, channels. Times in UNIX seconds."""

    __slots__ = (
        "account",
        "away",
        "channels",
        "folded",
        "host",
        "last_spoke",
        "modes",
        "nick",
        "realname",
        "sessions",
        "signed_on",
        "source",
        "username",
        "visit",
    )

    def __init__(self, nick: str, username: str, realname: str, host: str, now: float, visit: str = "") -> None:
        self.visit = visit  # an id of this stay, for what is said without an account
        self.username = username
        self.host = host
        self.realname = realname
        self.account = ""  # "" where not logged in
        self.away = ""  # the reason, "" where present
        self.modes: set[str] = set()
        self.channels: dict[str, Channel] = {}  # folded name → channel
        self.sessions: list[Session] = []
        self.signed_on = now
        self.last_spoke = now
        self.rename(nick)

    def rename(self, nick: str) -> None:
        """Take another nick."""
        self.nick = nick
        self.folded = fold(nick)
        self.source = f"{nick}!{self.username}@{self.host}"

    def move(self, host: str) -> None:
        """Be seen at another host."""
        self.host = host
        self.source = f"{self.nick}!{self.username}@{host}"

    @property
    def author(self) -> str:
        """Who says what they say: an account, or somebody during one stay. Never a nick, which others may take."""
        return f"account {fold(self.account)}" if self.account else f"visit {self.visit}"

    @property
    def authors(self) -> frozenset[str]:
        """All that they may have said things as."""
        return frozenset({self.author, f"visit {self.visit}"})

    @property
    def is_operator(self) -> bool:
        """Whether the person may moderate the whole host."""
        return "o" in self.modes

    @property
    def is_bot(self) -> bool:
        """Whether it calls itself a program."""
        return "B" in self.modes


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
    """A mask on one of a channel's lists, and who set it from which address. The mask is read once, here.

    `met` are the `author`s whom it meant by name when it was set. Those it goes on meaning, whatever they call
    themselves now: "Zoe!*@*" was set on Zoe, not on her name.
    """

    mask: str
    by: str
    at: float
    address: str = ""
    met: frozenset[str] = frozenset()
    is_mute: bool = field(init=False)
    size: int = field(init=False, repr=False)
    _is_account: bool = field(init=False, repr=False)
    _read: Mask = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.size = _ENTRY_BYTES + 8 * text_bytes(self.mask)  # as written, folded, and read
        muted = muted_mask(self.mask)
        account = account_mask(muted or self.mask)
        self.is_mute = bool(muted)
        self._is_account = bool(account)
        self._read = Mask(account or muted or self.mask)

    def means(self, user: User, source: str) -> bool:
        """Tell whether the mask means somebody: by account, or by nick, user and host, `source` folded."""
        if self._is_account:
            return bool(user.account) and self._read.means(fold(user.account))
        return self._read.means(source) or (bool(self.met) and not self.met.isdisjoint(user.authors))


class Channel:
    """One channel. `room` is the name people gave a room the host opened, "" for channels that members opened.

    What is said in it is kept under the key `kept_as`: who opens one of the same name later is not shown it.
    """

    __slots__ = (
        "_audience",
        "address",
        "created_at",
        "folded",
        "invited",
        "kept_as",
        "key",
        "limit",
        "lists",
        "members",
        "modes",
        "name",
        "room",
        "topic",
    )

    def __init__(self, name: str, now: float, kept_as: str, room: str = "", address: str = "") -> None:
        self.name = name
        self.kept_as = kept_as
        self.address = address  # of who opened it
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
