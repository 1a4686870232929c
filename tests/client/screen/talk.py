"""Small ways to make a conversation for tests. Times are in the middle of a UTC day: no zone puts two on one day."""

from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.log import EntryLog

NOON = 1_772_539_200.0  # 2026-03-03 12:00 UTC, a Tuesday
DAY_S = 86_400.0


def said(text: str, nick: str = "Bo", *, at_s: float = NOON, kind: EntryKind = EntryKind.MESSAGE) -> Entry:
    return Entry(kind, at_s, nick=nick, text=text)


def came(nick: str, *, at_s: float = NOON) -> Entry:
    return Entry(EntryKind.JOIN, at_s, nick=nick)


def went(nick: str, reason: str = "", *, at_s: float = NOON) -> Entry:
    return Entry(EntryKind.LEAVE, at_s, nick=nick, text=reason)


def log_of(*entries: Entry, limit: int = 10_000) -> EntryLog:
    log = EntryLog(limit=limit)
    for entry in entries:
        log.add(entry)
    return log
