"""What was said, so that who comes later can read it: the port. `memory_history.py` is one in memory.

What is kept is kept under a key: a room's or a channel's, or that of two people. People are meant by their `author`s
(people.py), an account or one visit, never by a name that others may take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from lanchat.chat.state.eras import Stamp
from lanchat.chat.state.folding import Phrase
from lanchat.chat.state.ledger import text_bytes
from lanchat.protocol.message import Message

SAID, MOVES, REDACTIONS, REACTIONS = range(4)  # layers of a conversation: each is read apart, or together with others
_LAYERS = {"PRIVMSG": SAID, "NOTICE": SAID, "REDACT": REDACTIONS, "TAGMSG": REACTIONS}
_REPLY_TAGS = ("+reply", "+draft/reply")  # IRCv3 reply
_PAIR = "pair"
_EVENT_BYTES = 1_000  # what happened, without its texts: its objects, and its places in three tables
_LINE_BYTES = 80  # of one more line, the same


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a conversation: as it was delivered, and the `author` of it.

    `at` is in UNIX milliseconds. `lines` are the lines of a multi-line message, each with whether it goes on in the
    line before; () for others. What was taken back keeps its place, and is shown to nobody.
    `address` is where it came from, "" where that is not known any more.
    """

    id: int
    msgid: str
    at: int
    by: str
    message: Message
    lines: Sequence[tuple[str, bool]] = ()
    is_taken_back: bool = False
    address: str = ""

    @property
    def size(self) -> int:
        """Roughly what it takes to keep it, in bytes."""
        message = self.message
        texts = [*message.params, *message.tags, *message.tags.values(), *[line for line, _ in self.lines]]
        return _EVENT_BYTES + sum(map(text_bytes, texts)) + _LINE_BYTES * len(self.lines)

    @property
    def layer(self) -> int:
        """Which layer it belongs to."""
        return _LAYERS.get(self.message.command, MOVES)

    @property
    def parent(self) -> str:
        """The msgid of the message that a reaction is about, "" for all else."""
        tags = self.message.tags if self.layer == REACTIONS else {}
        return next((tags[tag] for tag in _REPLY_TAGS if tag in tags), "")


class Kind(Enum):
    """What can be asked: by CHATHISTORY, but for the last two. FIND is one message, by its msgid."""

    LATEST = "LATEST"
    BEFORE = "BEFORE"
    AFTER = "AFTER"
    AROUND = "AROUND"
    BETWEEN = "BETWEEN"
    TARGETS = "TARGETS"
    FIND = "FIND"
    SEARCH = "SEARCH"


@dataclass(frozen=True, slots=True)
class Ref:
    """A place in a conversation: that of a message, or a time (UNIX milliseconds) where there is no msgid."""

    msgid: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """What a message has to have to be found: all these phrases, and somebody who said it under a name, folded.

    () and "" ask for nothing. `after` and `before` are times (UNIX milliseconds), both included.
    """

    phrases: tuple[Phrase, ...] = ()
    by: str = ""
    after: int | None = None
    before: int | None = None

    def is_at(self, at: int) -> bool:
        """Tell whether a time is among those that are asked for."""
        return (self.after is None or self.after <= at) and (self.before is None or at <= self.before)


@dataclass(frozen=True, slots=True)
class Query:
    """A question: of which conversations (all of one, by their keys), from where, how many, which layers.

    `until` is the last id when it was asked: what is said later is not in the answer, nor is what two people said
    before `since` (UNIX milliseconds). For TARGETS and SEARCH `keys` may be of several conversations, and those of
    people are found by `owners`, too, the authors that ask. Only SEARCH has something `sought`.
    """

    kind: Kind
    keys: tuple[str, ...]
    limit: int
    first: Ref | None = None
    second: Ref | None = None
    layers: tuple[int, ...] = (SAID,)
    until: int = 0
    owners: frozenset[str] = frozenset()
    since: int = 0
    sought: Sought = Sought()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, oldest first. `is_end`: nothing is left that way. `failure`: the code of a FAIL, "" for none.

    `latest` is what TARGETS found: keys, each with when something was last said there. `keys` is for SEARCH: of each
    event in which conversation it was said; it `is_partial` where not all that was said could be searched yet.
    `took_s` is how long it took to look up.
    """

    events: Sequence[Event] = ()
    is_end: bool = False
    latest: Sequence[tuple[str, int]] = ()
    failure: str = ""
    reactions: Mapping[str, Sequence[Event]] = field(default_factory=dict)  # msgid → those that are not in `events`
    keys: Sequence[str] = ()
    is_partial: bool = False
    took_s: float = 0.0


class History(Protocol):
    """Where what was said is kept. None of its methods fails or waits."""

    @property
    def last_id(self) -> int:
        """The last id that was given to anything."""

    @property
    def is_searchable(self) -> bool:
        """Whether it answers SEARCH."""

    def stamp(self, now: float) -> Stamp:
        """Return id, msgid and time of what happens next, now (UNIX seconds): unique, and growing."""

    def record(self, keys: Sequence[str], event: Event) -> None:
        """Keep what happened, in all these conversations, before the next stamp is asked for."""

    def recent(self, key: str, limit: int) -> Sequence[Event]:
        """Return what was said last in a conversation, oldest first, as far as it is in memory."""

    def find(self, keys: Sequence[str], msgid: str) -> Event | None:
        """Return a message that was said, if it is in memory. A Query finds the others."""

    def redact(self, keys: Sequence[str], msgid: str) -> None:
        """Take a message back."""

    def read(self, author: str, target: str, marker: str) -> None:
        """Keep how far somebody with an account has read."""

    def forget(self, key: str) -> None:
        """Forget all of a channel that is no more."""

    def answer(self, query: Query) -> Answer | None:
        """Return what is asked for, or None if it has to be looked up where waiting is allowed."""


def pair(one: str, other: str) -> str:
    """Return under which key it is kept what two people say to each other, given one author of each."""
    return " ".join((_PAIR, *sorted((one, other))))


def pairs(some: frozenset[str], others: frozenset[str]) -> tuple[str, ...]:
    """Return all keys under which two people's talk may be kept, as each may be several authors."""
    return tuple(sorted({pair(one, other) for one in some for other in others}))


def parties(key: str) -> tuple[str, str] | None:
    """Return the two authors of a key that `pair` made; None of a channel's."""
    words = key.split(" ")
    if words[0] != _PAIR:
        return None
    _, *halves = words
    middle = len(halves) // 2
    return " ".join(halves[:middle]), " ".join(halves[middle:])
