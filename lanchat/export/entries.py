"""One thing that happened in a room, as all formats get it: read once, made safe to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from lanchat.protocol.message import Message
from lanchat.protocol.names import fold, shown
from lanchat.protocol.text import clean, cut_to_bytes

URGENT_FROM = 4  # of 5, as ntfy counts them: "high" and "max"
_PRIORITY_TAG = "+lanchat/priority"
_REPLY_TAGS = ("+reply", "+draft/reply")  # IRCv3 reply
_CTCP = "\x01"  # modern.ircdocs.horse/ctcp
_MAX_REACTIONS = 20  # different ones on a message, as on the screen
_MAX_REACTION_BYTES = 40  # one emoji with all its joiners, or a short word


class Kind(StrEnum):
    """What happened; the value is its type in JSON."""

    MESSAGE = "message"
    ACTION = "action"  # "/me waves"
    NOTICE = "notice"
    TOPIC = "topic"
    REDACTION = "redaction"
    JOIN = "join"
    PART = "part"
    KICK = "kick"
    QUIT = "quit"
    NICK = "nick"
    MODE = "mode"


SPOKEN = frozenset({Kind.MESSAGE, Kind.ACTION, Kind.NOTICE})
_KINDS = {kind.value.upper(): kind for kind in Kind} | {"PRIVMSG": Kind.MESSAGE, "REDACT": Kind.REDACTION}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `at` is in UNIX milliseconds; `nick` is as on the wire, `raw` is the text as it came.

    `text` is safe to show, with "\\n" between the lines of a message: what was said, a topic, a reason. `params` are
    further words of JOIN, KICK, NICK, MODE. `reactions`: each sign with the nicks who put it there.
    """

    at: int
    msgid: str
    kind: Kind
    nick: str
    raw: str = ""
    text: str = ""
    account: str = ""
    is_bot: bool = False
    reply_to: str = ""
    priority: int = 0
    params: tuple[str, ...] = ()
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())

    @property
    def name(self) -> str:
        """Who it is from, as people read it."""
        return name_of(self.nick)

    @property
    def is_spoken(self) -> bool:
        """Whether somebody said it."""
        return self.kind in SPOKEN

    @property
    def is_urgent(self) -> bool:
        """Whether it is to stand first. Whoever sent it has said so, by its priority."""
        return self.is_spoken and self.priority >= URGENT_FROM

    @property
    def lines(self) -> list[str]:
        """The lines of its text."""
        return self.text.split("\n")


@lru_cache(maxsize=4_096)
def name_of(nick: str) -> str:
    """Return a wire name as people read it, safe to show."""
    return clean(shown(nick)).strip() or "?"


def entry_of(message: Message, at: int) -> Entry | None:
    """Return what a message tells of its room, None for what nobody reads: reactions, questions to programs."""
    kind, raw = _KINDS.get(message.command), _raw_text(message)
    if raw.startswith(_CTCP):
        if not raw.startswith(f"{_CTCP}ACTION "):
            return None
        kind, raw = Kind.ACTION, raw.strip(_CTCP).partition(" ")[2]
    if kind is None:
        return None
    tags = message.tags
    return Entry(
        at,
        tags.get("msgid", ""),
        kind,
        message.nick,
        raw,
        "\n".join(map(clean, raw.split("\n"))),
        tags.get("account", ""),
        "bot" in tags,
        parent_of(tags),
        _priority(tags),
        _others(message),
    )


_TEXT_AT = {"QUIT": 0, "PART": 1, "PRIVMSG": 1, "NOTICE": 1, "TOPIC": 1, "KICK": 2, "REDACT": 2}


def _raw_text(message: Message) -> str:
    at = _TEXT_AT.get(message.command, len(message.params))
    return message.params[at] if at < len(message.params) else ""


def _others(message: Message) -> tuple[str, ...]:
    """The words of a message that are neither its room nor its text."""
    first = {"NICK": 0, "KICK": 1, "REDACT": 1, "MODE": 1}.get(message.command)
    if first is None:
        return ()
    return message.params[first : _TEXT_AT.get(message.command, len(message.params))]


def parent_of(tags: Mapping[str, str]) -> str:
    """Return the msgid of what a message answers or a reaction is about, "" for none."""
    return next((tags[tag] for tag in _REPLY_TAGS if tag in tags), "")


def _priority(tags: Mapping[str, str]) -> int:
    text = tags.get(_PRIORITY_TAG, "")
    return int(text) if len(text) == 1 and text in "12345" else 0


def with_reactions(entry: Entry, reactions: Iterable[Message]) -> Entry:
    """Return an entry with the signs that people have put on it, and not taken off again, in the order they came."""
    signs: dict[str, dict[str, str]] = {}
    for message in reactions:
        added, removed = (_sign(message, tag) for tag in ("+draft/react", "+draft/unreact"))
        if added and (added in signs or len(signs) < _MAX_REACTIONS):
            signs.setdefault(added, {}).setdefault(fold(message.nick), message.nick)
        if removed in signs:
            signs[removed].pop(fold(message.nick), None)
    found = tuple((sign, tuple(nicks.values())) for sign, nicks in signs.items() if nicks)
    return replace(entry, reactions=found) if found else entry


def _sign(message: Message, tag: str) -> str:
    return clean(cut_to_bytes(message.tags.get(tag, ""), _MAX_REACTION_BYTES)).strip()
