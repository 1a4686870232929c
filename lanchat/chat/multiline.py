"""Messages of several lines: collected from a batch, and shown as one or as lines.

Source: ircv3.net/specs/extensions/multiline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lanchat.limits import MULTILINE_MAX_BYTES, MULTILINE_MAX_LINES
from lanchat.protocol.message import Message

if TYPE_CHECKING:
    from lanchat.chat.call import Call
    from lanchat.chat.network import Network
    from lanchat.chat.session import Session

TYPE = "draft/multiline"
_CONCAT = "draft/multiline-concat"
_COST_A_LINE = 0.1  # of a command: a paste is one thing said


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

    def text(self) -> str:
        """Return all of it, with line ends."""
        parts = [("" if is_concat or not index else "\n") + line for index, (line, is_concat) in enumerate(self.lines)]
        return "".join(parts)


def is_for(session: Session) -> bool:
    """Tell whether a session reads several lines as one message."""
    return session.has(TYPE) and session.has("batch")


def collect(call: Call, message: Message) -> None:
    """Take a line of the session's open batch, or give the batch up and say why."""
    batch = call.session.batch
    assert batch is not None, "checked by the caller"  # noqa: S101
    call.postpone()
    if call.session.allowance:
        call.session.allowance.spend(_COST_A_LINE, call.now)
    line, is_concat = (message.params[1] if len(message.params) > 1 else ""), _CONCAT in message.tags
    batch.size_bytes += len(line.encode()) + (0 if is_concat or not batch.lines else 1)
    if message.command not in {"PRIVMSG", "NOTICE"} or batch.command not in {"", message.command}:
        give_up(call, "MULTILINE_INVALID", "Only PRIVMSG, or only NOTICE, may stand in a multi-line message")
    elif not message.params or message.params[0] != batch.target:
        give_up(
            call, "MULTILINE_INVALID_TARGET", batch.target, (message.params or ("*",))[0], "All lines go to one target"
        )
    elif is_concat and not line:
        give_up(call, "MULTILINE_INVALID", "A line that goes on in the one before it cannot be empty")
    elif batch.size_bytes > MULTILINE_MAX_BYTES:
        give_up(call, "MULTILINE_MAX_BYTES", str(MULTILINE_MAX_BYTES), "The message is too long")
    elif len(batch.lines) >= MULTILINE_MAX_LINES:
        give_up(call, "MULTILINE_MAX_LINES", str(MULTILINE_MAX_LINES), "The message has too many lines")
    else:
        batch.command = message.command
        batch.lines.append((line, is_concat))


def give_up(call: Call, code: str, *params: str) -> None:
    """Drop the session's open batch and tell why, under the label of the batch."""
    batch, call.session.batch = call.session.batch, None
    call.relabel(batch.label if batch else "")
    call.fail("BATCH", code, *params)


def as_batch(network: Network, event: Message, lines: Sequence[tuple[str, bool]]) -> Iterator[Message]:
    """Return the messages that show it whole: time, msgid and client tags stand on the batch."""
    batch = network.new_id()
    yield Message("BATCH", (f"+{batch}", TYPE, event.params[0]), event.source, event.tags)
    for line, is_concat in lines:
        inner = {"batch": batch, _CONCAT: ""} if is_concat else {"batch": batch}
        yield Message(event.command, (event.params[0], line), event.source, inner)
    yield Message("BATCH", (f"-{batch}",), event.source)


def as_lines(event: Message, lines: Sequence[tuple[str, bool]]) -> Iterator[Message]:
    """Return the messages for those who read line by line: no blank ones, the msgid on the first only."""
    tags = dict(event.tags)
    for line, _ in lines:
        if line:
            yield Message(event.command, (event.params[0], line), event.source, dict(tags))
            tags.pop("msgid", None)
