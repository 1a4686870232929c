"""Sentences for what happened: "Ana has joined"."""

from collections.abc import Callable

from lanchat.client.state.entries import Entry, EntryKind
from lanchat.protocol.names import shown


def sentence(entry: Entry) -> str:
    """Return the sentence of an entry: who did what. What somebody said comes back as it was said."""
    worded = _WORDED.get(entry.kind)
    return worded(entry) if worded else entry.text


def _joined(entry: Entry) -> str:
    return f"{entry.name} has joined"


def _left(entry: Entry) -> str:
    return _with_reason(f"{entry.name} has left", entry.text)


def _kicked(entry: Entry) -> str:
    who = "You were" if entry.is_mention else f"{entry.name} was"
    by = f" by {shown(entry.to)}" if entry.to else ""
    return _with_reason(f"{who} removed{by}", "" if entry.text in (entry.nick, entry.to) else entry.text)


def _renamed(entry: Entry) -> str:
    return f"You are now {shown(entry.to)}" if entry.is_own else f"{entry.name} is now {shown(entry.to)}"


def _topic(entry: Entry) -> str:
    who = entry.name or "The host"
    return f"{who} set the topic: {entry.text}" if entry.text else f"{who} removed the topic"


def _with_reason(text: str, reason: str) -> str:
    return f"{text} ({reason})" if reason else text


_WORDED: dict[EntryKind, Callable[[Entry], str]] = {
    EntryKind.JOIN: _joined,
    EntryKind.LEAVE: _left,
    EntryKind.KICK: _kicked,
    EntryKind.NICK: _renamed,
    EntryKind.TOPIC: _topic,
}
