"""Batches of a server: the lines of one message are put together again, and replayed messages told from new ones.

Source: ircv3.net/specs/extensions/batch, .../multiline, .../chathistory.
"""

from dataclasses import dataclass, field

from lanchat.limits import MULTILINE_MAX_LINES
from lanchat.protocol.message import Message

MAX_OPEN = 16  # a server has one or two open at a time
_MULTILINE = "draft/multiline"
_REPLAYS = frozenset({"chathistory", "draft/chathistory", "znc.in/playback"})
_CONCAT = "draft/multiline-concat"


@dataclass(slots=True)
class _Batch:
    opening: Message
    kind: str
    is_replay: bool
    lines: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Batches:
    """The batches that are open. Every message of the server goes through `assemble`."""

    _open: dict[str, _Batch] = field(default_factory=dict)

    def assemble(self, message: Message) -> tuple[Message | None, bool]:
        """Return the message to handle now (None: nothing yet), and whether it is replayed.

        A multi-line message comes out whole with the end of its batch; all other messages come out at once.
        """
        if message.command == "BATCH":
            return self._open_or_close(message)
        batch = self._open.get(message.tags.get("batch", ""))
        if batch is None:
            return message, False
        if batch.kind != _MULTILINE:
            return message, batch.is_replay
        if len(batch.lines) < MULTILINE_MAX_LINES:
            batch.lines.append(message)
        return None, False

    def forget(self) -> None:
        """Drop all open batches: the connection is gone."""
        self._open.clear()

    def _open_or_close(self, message: Message) -> tuple[Message | None, bool]:
        reference = message.params[0] if message.params else ""
        if reference.startswith("+") and len(message.params) > 1:
            self._begin(reference[1:], message)
            return None, False
        batch = self._open.pop(reference[1:], None) if reference.startswith("-") else None
        if batch is None or not batch.lines:
            return None, False
        return _joined(batch), batch.is_replay

    def _begin(self, reference: str, message: Message) -> None:
        outer = self._open.get(message.tags.get("batch", ""))
        kind = message.params[1]
        is_replay = kind in _REPLAYS or (outer is not None and outer.is_replay)
        self._open.pop(reference, None)
        if len(self._open) >= MAX_OPEN:
            self._open.pop(next(iter(self._open)))
        self._open[reference] = _Batch(message, kind, is_replay)


def _joined(batch: _Batch) -> Message:
    """The one message that a multi-line batch is; its tags are those of the batch."""
    first = batch.lines[0]
    text = ""
    for number, line in enumerate(batch.lines):
        glue = "" if number == 0 or _CONCAT in line.tags else "\n"
        text += glue + (line.params[1] if len(line.params) > 1 else "")
    target = batch.opening.params[2] if len(batch.opening.params) > 2 else next(iter(first.params), "")
    tags = {**first.tags, **batch.opening.tags}
    return Message(first.command, (target, text), batch.opening.source or first.source, tags)
