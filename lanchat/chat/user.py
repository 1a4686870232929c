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
    )

    def __init__(self, nick: str, username: str, realname: str, host: str, now: float) -> None:
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
    def is_operator(self) -> bool:
        """Whether the person may moderate the whole host."""
        return "o" in self.modes

    @property
    def is_bot(self) -> bool:
        """Whether it calls itself a program."""
        return "B" in self.modes
