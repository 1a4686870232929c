"""What the chat decided is to be done. The server performs effects in their order; nothing else leaves this floor."""

from collections.abc import Sequence
from dataclasses import dataclass

from lanchat.chat.state.accounts import Account
from lanchat.chat.state.history import Query
from lanchat.chat.state.people import Session
from lanchat.protocol.message import Message


@dataclass(slots=True)
class Deliver:
    """Send a message to sessions, each in the way of its wire."""

    sessions: Sequence[Session]
    message: Message


@dataclass(slots=True)
class Close:
    """Close a session's connection, once what was delivered to it has left."""

    session: Session


@dataclass(slots=True)
class Derive:
    """Hash a secret off the loop, and hand the digest to `Chat.derived`. The session's commands wait until then.

    `iterations`: of PBKDF2, as SCRAM has it; 0 for scrypt, as old accounts have it.
    """

    session: Session
    secret: bytes
    salt: bytes
    iterations: int


@dataclass(slots=True)
class Recall:
    """Look up what was said, and hand the answer to `Chat.recalled`. The session's commands wait until then."""

    session: Session
    query: Query


@dataclass(slots=True)
class KeepAccount:
    """Write an account down, off the loop; then call `Chat.kept`, where a session waits for it."""

    account: Account
    session: Session | None = None


@dataclass(slots=True)
class Happened:
    """Something a host's console tells: `kind` is join, leave, nick, topic or message; a person's own words in text."""

    kind: str
    nick: str
    channel: str = ""
    text: str = ""


Effect = Deliver | Close | Derive | Recall | KeepAccount | Happened
