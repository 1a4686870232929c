"""The last messages of a channel, for somebody who just came in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lanchat.chat.rules.multiline import as_batch, as_lines, is_for
from lanchat.chat.state.history import Event
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Channel, Session
from lanchat.chat.state.stamps import timestamp
from lanchat.limits import MAX_LINE_BYTES, REPLAY_BYTES, REPLAY_MESSAGES
from lanchat.protocol.message import Message, free_bytes
from lanchat.protocol.split import split_text

_CTCP = "\x01"
_ACTION = "\x01ACTION "


class Budget:
    """What one command may still replay, in bytes, over all channels and sessions."""

    def __init__(self) -> None:
        self._left = REPLAY_BYTES

    def latest_within(self, said: Sequence[Event]) -> list[Event]:
        """Return the latest ones that fit, oldest first, and take them out."""
        fitting: list[Event] = []
        for one in reversed(said):
            self._left -= len(one.message.params[1].encode()) + MAX_LINE_BYTES // 4
            if self._left < 0:
                break
            fitting.append(one)
        return fitting[::-1]


def messages(
    network: Network, session: Session, channel: Channel, left_at: float, budget: Budget, now: float
) -> Iterator[Message]:
    """Return the last messages in the way the session can read them: in a batch, or between two notices.

    They get only what was said since `left_at` (UNIX seconds): whoever does not ask for what it wants does not know
    either that it has shown a message before. The Lounge, which knows batches, shows it again at each reconnect.
    """
    said = [one for one in network.history.recent(channel.kept_as, REPLAY_MESSAGES) if one.at > left_at * 1000]
    said = budget.latest_within(said)
    if not said:
        return
    lines = [message for one in said for message in as_seen_by(network, session, one, now)]
    if not session.has("batch"):
        yield _notice(network, channel, f"earlier here, {_clock(said[0], now)} to {_clock(said[-1], now)} UTC:")
        yield from lines
        yield _notice(network, channel, "now:")
        return
    batch = network.new_id()
    yield Message("BATCH", (f"+{batch}", "chathistory", channel.name), network.name)
    for message in lines:
        yield Message(message.command, message.params, message.source, {"batch": batch, **message.tags})
    yield Message("BATCH", (f"-{batch}",), network.name)


def _notice(network: Network, channel: Channel, text: str) -> Message:
    return Message("NOTICE", (channel.name, text), network.name)


def _clock(said: Event, now: float) -> str:
    """Return "14:05", and on another day "2026-11-24 14:05"."""
    stamp, today = timestamp(said.at / 1000), timestamp(now)[:10]
    return stamp[11:16] if stamp[:10] == today else f"{stamp[:10]} {stamp[11:16]}"


def as_seen_by(network: Network, session: Session, said: Event, now: float) -> Iterator[Message]:
    """Return one message in the way the session can read it; with the time in its text where times are not shown."""
    is_timed = session.has("server-time") and session.has("batch")  # irssi asks for times, and does not show them
    if said.lines and is_timed and is_for(session):
        yield from as_batch(network, said.message, said.lines)
        return
    for message in as_lines(said.message, said.lines) if said.lines else [said.message]:
        yield from [message] if is_timed else _stamped(message, _clock(said, now))


def _stamped(message: Message, clock: str) -> Iterator[Message]:
    """The message with the time in its text, which has to tell that this is not said now; two where one is too long.

    Each of the two bears the time: a bot would obey what looks as if it were said now.
    """
    target, text = message.params
    before, after = f"[{clock} UTC] ", ""
    if text.startswith(_ACTION):
        text = text.removeprefix(_ACTION).rstrip(_CTCP)
        before, after = _ACTION + before, _CTCP
    limit_bytes = free_bytes(Message(message.command, (target,), message.source)) - len(before) - len(after)
    yield from as_lines(message, [(f"{before}{part}{after}", False) for part in split_text(text, limit_bytes)])
