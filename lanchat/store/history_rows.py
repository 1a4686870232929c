"""How what was said is written down: the schema, and events to and from rows.

A row is an event in one conversation. Its key says where it stands and what its msgid is (chat/state/eras.py), so there
is no column for either. Rooms and senders stand in tables of their own: a million messages take 95 MB instead of 188.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from lanchat.chat.state.eras import Eras
from lanchat.chat.state.history import SAID, Event, parties
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol.message import Message

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE era(base INTEGER PRIMARY KEY, run TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE target(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
    CREATE TABLE owner(id INTEGER PRIMARY KEY, author TEXT NOT NULL UNIQUE);
    CREATE TABLE party(owner INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY KEY(owner, target)) WITHOUT ROWID;
    CREATE TABLE sender(id INTEGER PRIMARY KEY, source TEXT NOT NULL, account TEXT NOT NULL, author TEXT NOT NULL,
        is_bot INTEGER NOT NULL, UNIQUE(source, account, author, is_bot));
    CREATE TABLE event(id INTEGER PRIMARY KEY, target INTEGER NOT NULL, class INTEGER NOT NULL, kind INTEGER NOT NULL,
        at INTEGER NOT NULL, sender INTEGER NOT NULL, text TEXT, more TEXT, ref INTEGER);
    CREATE TABLE marker(owner INTEGER NOT NULL, folded TEXT NOT NULL, target TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY(owner, folded)) WITHOUT ROWID;
    CREATE TABLE attached(parent INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(parent, id)) WITHOUT ROWID;
    CREATE INDEX event_of_target ON event(target, class);
    """,
    """
    CREATE TABLE identity(id TEXT NOT NULL);
    INSERT INTO identity VALUES (lower(hex(randomblob(8))));
    CREATE TABLE unindex(id INTEGER PRIMARY KEY, text TEXT NOT NULL, target INTEGER NOT NULL, source TEXT NOT NULL,
        key TEXT NOT NULL);
    """,
)
PLACE = "SELECT e.id, t.key, e.class FROM event e JOIN target t ON t.id = e.target WHERE e.id = ?"
UNINDEX = (
    "INSERT OR IGNORE INTO unindex SELECT e.id, e.text, e.target, s.source, t.key FROM event e"
    " JOIN sender s ON s.id = e.sender JOIN target t ON t.id = e.target"
    " WHERE e.id = ? AND e.class = 0 AND e.text IS NOT NULL"
)
UNREAD = "DELETE FROM marker WHERE owner IN (SELECT id FROM owner WHERE author = ?)"
TIDYING = (
    "DELETE FROM sender WHERE id NOT IN (SELECT sender FROM event)",
    "DELETE FROM target WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.target = target.id)"
    " AND id NOT IN (SELECT target FROM unindex)",
    "DELETE FROM party WHERE target NOT IN (SELECT id FROM target)",
    "DELETE FROM owner WHERE id NOT IN (SELECT owner FROM party) AND id NOT IN (SELECT owner FROM marker)",
)
COLUMNS = "e.id, e.kind, e.at, e.text, e.more, e.ref, s.source, s.account, s.author, s.is_bot, t.name"

_KINDS = ("PRIVMSG", "NOTICE", "TAGMSG", "REDACT", "JOIN", "PART", "KICK", "QUIT", "NICK", "TOPIC", "MODE")
_NUMBERS = {command: number for number, command in enumerate(_KINDS)}
KINDS = range(len(_KINDS))
_OWN_TAGS = frozenset({"time", "account", "bot", "msgid"})  # are in columns, the rest in `more`
_NOBODY = "*"  # whom private talk is addressed to is told when it is shown, by the names both have then


class Sender(NamedTuple):
    """Who sent it: nick!user@host, the account as it is written, the author, and whether a bot."""

    source: str
    account: str
    author: str
    is_bot: bool


def sender(event: Event) -> Sender:
    """Return who sent an event."""
    tags = event.message.tags
    return Sender(event.message.source, tags.get("account", ""), event.by, "bot" in tags)


def target_name(key: str, event: Event) -> str:
    """Return what a channel is called, given something that happened there; people are called nothing."""
    return _NOBODY if parties(key) or not event.message.params else event.message.params[0]


def row(event: Event, target: int, sender_id: int, eras: Eras) -> tuple[int | str | None, ...]:
    """Return the values of the table `event`."""
    message, first_id = event.message, eras.id_of(event.msgid)
    text = message.params[1] if event.layer == SAID else ""
    ref = first_id if first_id != event.id else None
    return event.id, target, event.layer, _NUMBERS[message.command], event.at, sender_id, text, _more(event), ref


def _more(event: Event) -> str | None:
    """What few events have: other tags, several lines, other parameters than a target and a text."""
    message = event.message
    tags = {tag: value for tag, value in message.tags.items() if tag not in _OWN_TAGS}
    params = () if event.layer == SAID else message.params
    known = {"tags": tags, "lines": event.lines, "params": params}
    more = {name: value for name, value in known.items() if value}
    return json.dumps(more, ensure_ascii=False, separators=(",", ":")) if more else None


def event(columns: tuple[int, int, int, str, str, int, str, str, str, int, str], eras: Eras) -> Event:
    """Return the event of a row, of which COLUMNS were read."""
    number, kind, at, text, more, ref, source, account, author, is_bot, name = columns
    known = json.loads(more) if more else {}
    msgid = eras.msgid_of(ref or number)
    params = tuple(known.get("params") or (name, text))
    tags = _tags(at, account, msgid, is_bot=bool(is_bot), others=known.get("tags", {}))
    lines = tuple((line, bool(is_concat)) for line, is_concat in known.get("lines", ()))
    return Event(number, msgid, at, author, Message(_KINDS[kind], params, source, tags), lines)


def _tags(at: int, account: str, msgid: str, *, is_bot: bool, others: Mapping[str, str]) -> dict[str, str]:
    """The tags in the order in which they were sent first."""
    tags = {"time": timestamp(at / 1000)}
    if account:
        tags["account"] = account
    if is_bot:
        tags["bot"] = ""
    return {**tags, "msgid": msgid, **others}
