"""The last messages of a channel, for somebody who just came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lanchat.chat.rules.multiline import as_batch, as_lines, as_pieces, is_for
from lanchat.chat.state.history import Said
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Channel, Session
from lanchat.chat.state.stamps import timestamp
from lanchat.limits import REPLAY_MESSAGES
from lanchat.protocol.message import Message

_CTCP = "\x01"
_ACTION = "\x01ACTION "


def messages(network: Network, session: Session, channel: Channel, since: float = 0.0) -> Iterator[Message]:
    """Return the last messages, said after `since`, so that the session can tell them from what is said now.

    A batch tells it, and where that is not understood a NOTICE before and one behind them. Their time stands in the
    text unless the session has batch and server-time both: irssi asks for the latter and shows it not.
    """
    latest = network.history.latest(channel.folded, REPLAY_MESSAGES)
    said = [one for one in latest if one.at > since and not _is_question(one)]
    if said:
        lines = (message for one in said for message in _as_seen_by(network, session, one))
        yield from (_batched if session.has("batch") else _framed)(network, channel, said, lines)


def _batched(network: Network, channel: Channel, _: Sequence[Said], lines: Iterable[Message]) -> Iterator[Message]:
    batch = network.new_id()
    yield Message("BATCH", (f"+{batch}", "chathistory", channel.name), network.name)
    for message in lines:
        yield Message(message.command, message.params, message.source, {"batch": batch, **message.tags})
    yield Message("BATCH", (f"-{batch}",), network.name)


def _framed(network: Network, channel: Channel, said: Sequence[Said], lines: Iterable[Message]) -> Iterator[Message]:
    first, last = _clock(said[0].at), _clock(said[-1].at)
    yield Message("NOTICE", (channel.name, f"earlier here, {first} to {last} UTC:"), network.name)
    yield from lines
    yield Message("NOTICE", (channel.name, "now:"), network.name)


def _clock(at: float) -> str:
    return timestamp(at)[11:16]


def _is_question(said: Said) -> bool:
    """Whether this is a program's question to programs, which must not be answered again."""
    text = said.message.params[1]
    return text.startswith(_CTCP) and not text.startswith(_ACTION)


def _as_seen_by(network: Network, session: Session, said: Said) -> Iterator[Message]:
    is_timed = session.has("server-time") and session.has("batch")
    if said.lines and is_timed and is_for(session):
        yield from as_batch(network, said.message, said.lines)
        return
    lines = [line for line, _ in said.lines if line] or [said.message.params[1]]
    if is_timed:
        yield from as_lines(said.message, [(line, False) for line in lines])
    else:
        yield from _stamped(said.message, lines, f"[{_clock(said.at)} UTC] ")


def _stamped(message: Message, lines: Sequence[str], stamp: str) -> Iterator[Message]:
    """The lines with the time in each, in the pieces of one that is too long with it as well: none may look live."""
    pieces: list[tuple[str, bool]] = []
    for line in lines:
        pieces += as_pieces(Message(message.command, (message.params[0], line), message.source), stamp)
    yield from as_lines(message, pieces)
