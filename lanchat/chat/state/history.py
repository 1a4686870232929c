"""What was said, so that who comes later can read it. The port, and one in memory."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from lanchat.limits import MAX_REMEMBERED_TARGETS, REPLAY_MESSAGES
from lanchat.protocol.message import Message


@dataclass(frozen=True, slots=True)
class Said:
    """A message to a channel: as it was delivered, when (UNIX seconds), its msgid, and the `author` of it (user.py).

    `lines` are the lines of a multi-line message, each with whether it goes on in the line before; () for others.
    """

    message: Message
    at: float
    msgid: str
    by: str
    lines: Sequence[tuple[str, bool]] = ()


class History(Protocol):
    """Where messages are kept. Channels are given by their folded names, people by `between`."""

    def record(self, channel: str, said: Said) -> None:
        """Keep a message."""

    def latest(self, channel: str, limit: int) -> Sequence[Said]:
        """Return the last messages, oldest first, at most `limit`."""

    def find(self, channel: str, msgid: str) -> Said | None:
        """Return a message by its msgid."""

    def redact(self, channel: str, msgid: str) -> None:
        """Forget a message."""

    def forget(self, channel: str) -> None:
        """Forget all of a channel that is no more."""


def between(one: str, other: str) -> str:
    """Return under which name what two people say to each other is kept, given their folded nicks."""
    return " ".join(sorted((one, other)))


class MemoryHistory:
    """The last messages of each target, as long as the program runs; of targets, those spoken to last."""

    def __init__(self, limit: int = REPLAY_MESSAGES) -> None:
        self._limit = limit
        self._said: dict[str, deque[Said]] = {}

    def record(self, channel: str, said: Said) -> None:
        """Keep a message, and drop the oldest one over the limit."""
        kept = self._said.pop(channel, None)
        if kept is None:
            kept = deque(maxlen=self._limit)
        self._said[channel] = kept  # now the last one
        kept.append(said)
        if len(self._said) > MAX_REMEMBERED_TARGETS:
            del self._said[next(iter(self._said))]

    def latest(self, channel: str, limit: int) -> Sequence[Said]:
        """Return the last messages, oldest first, at most `limit`."""
        return list(self._said.get(channel, ()))[-limit:]

    def find(self, channel: str, msgid: str) -> Said | None:
        """Return a message by its msgid, None where it is not kept."""
        return next((said for said in self._said.get(channel, ()) if said.msgid == msgid), None)

    def redact(self, channel: str, msgid: str) -> None:
        """Forget a message."""
        self._keep(channel, lambda said: said.msgid != msgid)

    def forget(self, channel: str) -> None:
        """Forget all of a channel."""
        self._said.pop(channel, None)

    def _keep(self, channel: str, is_kept: Callable[[Said], bool]) -> None:
        if channel in self._said:
            self._said[channel] = deque(filter(is_kept, self._said[channel]), self._limit)
