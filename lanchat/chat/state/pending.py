"""What sessions have begun and not finished: registering, logging in, sending a message of several lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lanchat.chat.state.accounts import Account
from lanchat.chat.state.history import Query
from lanchat.protocol.message import Message

Lines = Sequence[tuple[str, bool]]  # each with whether it goes on in the line before


@dataclass(frozen=True, slots=True)
class Claim:
    """An account that a session has asked for, and that is made when it is let in."""

    account: Account
    secret: bytes


@dataclass(slots=True)
class Registration:
    """What is known of a session so far. `account`: logged in to; only claimed, as long as there is a `claim`."""

    nick: str = ""
    username: str = ""
    realname: str = ""
    password: str = ""
    account: str = ""
    claim: Claim | None = None
    is_negotiating: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """A login whose secret is being hashed: under which name, by which command, under which label.

    `upgraded`: the old account whose secret was right, and that this hash is to make a new one of.
    """

    name: str
    secret: bytes
    salt: bytes
    iterations: int
    command: str
    label: str
    upgraded: Account | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about what was said that is being looked up: by which command, about whom, under which label."""

    query: Query
    message: Message
    name: str
    label: str


@dataclass(slots=True)
class OpenBatch:
    """A batch that a session has begun and not ended: whom it is for, and its lines so far."""

    reference: str
    target: str
    label: str
    tags: Mapping[str, str]
    command: str = ""
    lines: list[tuple[str, bool]] = field(default_factory=list)
    size_bytes: int = 0
    is_refused: bool = False

    def text(self) -> str:
        """Return all of it, with line ends."""
        parts = [("" if is_concat or not index else "\n") + line for index, (line, is_concat) in enumerate(self.lines)]
        return "".join(parts)
