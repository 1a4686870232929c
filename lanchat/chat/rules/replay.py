"""The last messages of a channel, for somebody who just came in."""

from __future__ import annotations

from collections.abc import Iterator

from lanchat.chat.rules.multiline import as_batch, as_lines, is_for
from lanchat.chat.state.history import Event
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Channel, Session
from lanchat.chat.state.stamps import timestamp
from lanchat.limits import REPLAY_MESSAGES
from lanchat.protocol.message import Message, free_bytes
from lanchat.protocol.split import split_text

_ACTION = "\x01ACTION "


def messages(network: Network, session: Session, channel: Channel) -> Iterator[Message]:
    """Return the last messages in the way the session can read them: in a batch, and with the time somewhere."""
    said = network.history.recent(channel.kept_as, REPLAY_MESSAGES)
    if not said:
        return
    lines = [message for one in said for message in as_seen_by(network, session, one)]
    if not session.has("batch"):
        yield from lines
        return
    batch = network.new_id()
    yield Message("BATCH", (f"+{batch}", "chathistory", channel.name), network.name)
    for message in lines:
        yield Message(message.command, message.params, message.source, {"batch": batch, **message.tags})
    yield Message("BATCH", (f"-{batch}",), network.name)


def as_seen_by(network: Network, session: Session, said: Event) -> Iterator[Message]:
    """Return one message in the way the session can read it."""
    is_timed = session.has("server-time")
    if said.lines and is_timed and is_for(session):
        yield from as_batch(network, said.message, said.lines)
        return
    for message in as_lines(said.message, said.lines) if said.lines else [said.message]:
        yield from [message] if is_timed else _stamped(message, said.at / 1000)


def _stamped(message: Message, at: float) -> Iterator[Message]:
    """The message with the time in its text, which has to tell that this is not said now; two where one is too long."""
    target, text = message.params
    stamp = f"[{timestamp(at)[11:16]} UTC] "
    limit_bytes = free_bytes(Message(message.command, (target,), message.source))
    if text.startswith(_ACTION):
        action = _ACTION + stamp + text.removeprefix(_ACTION)
        parts = [action if len(action.encode()) <= limit_bytes else text]
    else:
        parts = split_text(stamp + text, limit_bytes)
    yield from as_lines(message, [(part, False) for part in parts])
