"""A person in the room: one name, however many sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.protocol.names import fold

if TYPE_CHECKING:
    from lanchat.chat.channel import Channel
    from lanchat.chat.session import Session


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
