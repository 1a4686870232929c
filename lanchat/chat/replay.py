"""The last messages of a channel, for somebody who just came in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lanchat.chat.history import Said
from lanchat.chat.multiline import as_batch, as_lines
from lanchat.chat.stamps import timestamp
from lanchat.limits import REPLAY_MESSAGES
from lanchat.protocol.message import Message

if TYPE_CHECKING:
    from lanchat.chat.channel import Channel
    from lanchat.chat.network import Network
    from lanchat.chat.session import Session


def of(network: Network, session: Session, channel: Channel) -> Iterator[Message]:
    """Return the last messages in the way the session can read them: in a batch, and with the time somewhere."""
    said = network.history.latest(channel.folded, REPLAY_MESSAGES)
    if not said:
        return
    messages = [message for one in said for message in _as_seen_by(network, session, one)]
    if not session.has("batch"):
        yield from messages
        return
    batch = network.new_id()
    yield Message("BATCH", (f"+{batch}", "chathistory", channel.name), network.name)
    for message in messages:
        tags = message.tags if "batch" in message.tags else {**message.tags, "batch": batch}
        yield Message(message.command, message.params, message.source, tags)
    yield Message("BATCH", (f"-{batch}",), network.name)


def _as_seen_by(network: Network, session: Session, said: Said) -> Iterator[Message]:
    if said.lines and session.has("draft/multiline") and session.has("batch"):
        yield from as_batch(network, said.message, said.lines)
        return
    messages = as_lines(said.message, said.lines) if said.lines else [said.message]
    if session.has("server-time"):
        yield from messages
        return
    for message in messages:  # the text itself has to tell that this is not said now
        target, text = message.params
        if not text.startswith("\x01"):
            text = f"[{timestamp(said.at)[11:16]} UTC] {text}"
        yield Message(message.command, (target, text), message.source, message.tags)
