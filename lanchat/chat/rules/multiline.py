"""Messages of several lines: collected from a batch, and shown as one or as lines.

A session has at most one such batch open. One that was refused stays, so that what is still to come of it is passed
over, until it is ended or another is begun. Source: ircv3.net/specs/extensions/multiline, client-batch.
"""

from __future__ import annotations

from collections.abc import Iterator

from lanchat.chat.call import Call
from lanchat.chat.state.effects import Effect
from lanchat.chat.state.network import Network
from lanchat.chat.state.pending import Lines, OpenBatch
from lanchat.chat.state.people import Session
from lanchat.limits import MULTILINE_MAX_BYTES, MULTILINE_MAX_LINES
from lanchat.protocol.message import Message, free_bytes
from lanchat.protocol.names import fold
from lanchat.protocol.split import split_text

TYPE = "draft/multiline"
_CONCAT = "draft/multiline-concat"
_ACTION = "\x01ACTION "
_COST_A_LINE = 0.1  # of a command: a paste is collected at once, and paid for when it is heard
COST_A_LINE_HEARD = 0.9  # most clients show it line by line; who pasted a hundred lines waits before saying more


def is_for(session: Session) -> bool:
    """Tell whether a session reads several lines as one message."""
    return session.has(TYPE) and session.has("batch")


# ---- Collecting ------------------------------------------------------------------------------------------------------


def is_in_batch(session: Session, message: Message) -> bool:
    """Tell whether a message of a session stands in a batch, and so is one line of what the session says."""
    return bool(message.tags.get("batch")) and session.has(TYPE)


def collect(call: Call, message: Message) -> None:
    """Put a message that stands in a batch into the one that the session has open."""
    batch = call.session.batch
    call.spend(_COST_A_LINE)
    if batch is None:
        call.fail("BATCH", "MULTILINE_INVALID", "No such batch is open")
    elif message.tags["batch"] != batch.reference:
        refuse(call, "MULTILINE_INVALID", "This is not the batch that is open")
    elif not batch.is_refused:
        call.postpone()
        _collect_line(call, batch, message)


def _collect_line(call: Call, batch: OpenBatch, message: Message) -> None:
    line, is_concat = (message.params[1] if len(message.params) > 1 else ""), _CONCAT in message.tags
    target = message.params[0] if message.params else ""
    batch.size_bytes += len(line.encode()) + (0 if is_concat or not batch.lines else 1)
    if message.command not in {"PRIVMSG", "NOTICE"} or batch.command not in {"", message.command}:
        refuse(call, "MULTILINE_INVALID", "Only PRIVMSG, or only NOTICE, may stand in a multi-line message")
    elif fold(target) != fold(batch.target):
        refuse(call, "MULTILINE_INVALID_TARGET", batch.target, target, "All lines go to one target")
    elif is_concat and not line:
        refuse(call, "MULTILINE_INVALID", "A line that goes on in the one before it cannot be empty")
    elif batch.size_bytes > MULTILINE_MAX_BYTES:
        refuse(call, "MULTILINE_MAX_BYTES", str(MULTILINE_MAX_BYTES), "The message is too long")
    elif len(batch.lines) >= MULTILINE_MAX_LINES:
        refuse(call, "MULTILINE_MAX_LINES", str(MULTILINE_MAX_LINES), "The message has too many lines")
    else:
        batch.command = message.command
        batch.lines.append((line, is_concat))


def refuse(call: Call, code: str, *params: str) -> None:
    """Refuse the session's open batch, and tell why under its label; once."""
    batch = call.session.batch
    if batch and not batch.is_refused:
        batch.is_refused = True
        batch.lines.clear()
        call.relabel(batch.label)
        call.fail("BATCH", code, *params)


def spoil(network: Network, session: Session, now: float) -> list[Effect]:
    """Refuse an open batch of which a line may have been lost."""
    call = Call(network, session, now)
    refuse(call, "MULTILINE_INVALID", "A line of it could not be read")
    return call.finish()


# ---- Showing ---------------------------------------------------------------------------------------------------------


def split_to_fit(event: Message, lines: Lines) -> Lines:
    """Return the lines so that each fits a line of the protocol with the source before it: long ones go on in a next.

    `event` is a message from the same source to the same target. What somebody does ("/me …") goes on as what they do.
    """
    limit_bytes = free_bytes(Message(event.command, event.params[:1], event.source))
    return tuple(part for line, is_concat in lines for part in _fitting(line, limit_bytes, is_concat=is_concat))


def _fitting(line: str, limit_bytes: int, *, is_concat: bool) -> Lines:
    if line.startswith(_ACTION) and len(line.encode()) > limit_bytes:
        done = line.removeprefix(_ACTION).rstrip("\x01")
        parts = split_text(done, limit_bytes - len(_ACTION) - 1)
        return [(f"{_ACTION}{part}\x01", False) for part in parts]
    first, *rest = split_text(line, limit_bytes) or [""]
    return [(first, is_concat), *((part, True) for part in rest)]


def as_batch(network: Network, event: Message, lines: Lines) -> Iterator[Message]:
    """Return the messages that show it whole: time, msgid and client tags stand on the batch."""
    batch = network.new_id()
    yield Message("BATCH", (f"+{batch}", TYPE, event.params[0]), event.source, event.tags)
    for line, is_concat in lines:
        inner = {"batch": batch, _CONCAT: ""} if is_concat else {"batch": batch}
        yield Message(event.command, (event.params[0], line), event.source, inner)
    yield Message("BATCH", (f"-{batch}",), event.source)


def as_lines(event: Message, lines: Lines) -> Iterator[Message]:
    """Return the messages for those who read line by line: no blank ones, the msgid on the first only."""
    tags = dict(event.tags)
    for line, _ in lines:
        if line:
            yield Message(event.command, (event.params[0], line), event.source, dict(tags))
            tags.pop("msgid", None)
