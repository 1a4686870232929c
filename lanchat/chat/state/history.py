"""What was said, so that who comes later can read it. The port, and one in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lanchat.chat.state.ledger import Ledger, text_bytes
from lanchat.limits import MAX_HISTORY_BYTES, MAX_HISTORY_BYTES_OF_ADDRESS, MAX_REMEMBERED_TARGETS, REPLAY_MESSAGES
from lanchat.protocol.message import Message

_SAID_BYTES = 1_000  # a message without its texts: its objects, and its places in three tables
_LINE_BYTES = 80  # the same of one more line


@dataclass(frozen=True, slots=True)
class Said:
    """A message to a channel: as it was delivered, when (UNIX seconds), its msgid, and the `author` of it (people.py).

    `lines` are the lines of a multi-line message, each with whether it goes on in the line before; () for others.
    `address` is where it came from.
    """

    message: Message
    at: float
    msgid: str
    by: str
    lines: Sequence[tuple[str, bool]] = ()
    address: str = ""

    @property
    def size(self) -> int:
        """Roughly what it takes to keep it, in bytes."""
        message = self.message
        texts = [*message.params, *message.tags, *message.tags.values(), *[line for line, _ in self.lines]]
        return _SAID_BYTES + sum(map(text_bytes, texts)) + _LINE_BYTES * len(self.lines)


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
    """The last messages of each target, as long as the program runs; of targets, those spoken to last.

    What it holds is bounded in bytes: where an address has more kept than one may, its oldest goes; where all have,
    the target goes that was spoken to longest ago.
    """

    def __init__(self, limit: int = REPLAY_MESSAGES) -> None:
        self._limit = limit
        self._said: dict[str, dict[str, Said]] = {}  # target → msgid → message, oldest first
        self._by_address: dict[str, dict[str, str]] = {}  # address → msgid → target, oldest first
        self.ledger = Ledger(MAX_HISTORY_BYTES_OF_ADDRESS, MAX_HISTORY_BYTES)

    def record(self, channel: str, said: Said) -> None:
        """Keep a message, and drop the oldest ones over a bound."""
        kept = self._said[channel] = self._said.pop(channel, {})  # now the last one
        kept[said.msgid] = said
        self._by_address.setdefault(said.address, {})[said.msgid] = channel
        self.ledger.add(said.address, said.size)
        if len(kept) > self._limit:
            self.redact(channel, next(iter(kept)))
        while self.ledger.is_over(said.address):
            msgid, target = next(iter(self._by_address[said.address].items()))
            self.redact(target, msgid)
        while len(self._said) > MAX_REMEMBERED_TARGETS or self.ledger.is_all_over():
            self.forget(next(iter(self._said)))

    def latest(self, channel: str, limit: int) -> Sequence[Said]:
        """Return the last messages, oldest first, at most `limit`."""
        return list(self._said.get(channel, {}).values())[-limit:]

    def find(self, channel: str, msgid: str) -> Said | None:
        """Return a message by its msgid, None where it is not kept."""
        return self._said.get(channel, {}).get(msgid)

    def redact(self, channel: str, msgid: str) -> None:
        """Forget a message."""
        said = self._said.get(channel, {}).pop(msgid, None)
        if said:
            self._count_out(said)

    def forget(self, channel: str) -> None:
        """Forget all of a channel."""
        for said in self._said.pop(channel, {}).values():
            self._count_out(said)

    def _count_out(self, said: Said) -> None:
        self.ledger.remove(said.address, said.size)
        own = self._by_address[said.address]
        del own[said.msgid]
        if not own:
            del self._by_address[said.address]
