"""SEARCH: what was said, by its words. Source: soju, doc/ext/search.md (soju.im/search); IRCv3 #496 is still open."""

from __future__ import annotations

from collections.abc import Mapping

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import playback, recalling
from lanchat.chat.state.folding import phrases
from lanchat.chat.state.history import Kind, Query, Sought
from lanchat.chat.state.stamps import milliseconds
from lanchat.limits import MAX_SEARCH_RESULTS
from lanchat.protocol import numerics
from lanchat.protocol.message import Message, parse_tags
from lanchat.protocol.names import fold

_ATTRIBUTES = frozenset({"in", "from", "after", "before", "text", "limit"})
_MAX_LIMIT_DIGITS = 9


class _Refused(Exception):
    """Which attribute cannot be understood, and why."""


def search(call: Call, message: Message) -> None:
    """Find what was said, in one conversation or in all that the asker may read."""
    if not call.network.history.is_searchable:
        call.numeric(numerics.ERR_UNKNOWNCOMMAND, "SEARCH", "Unknown command")
        return
    try:
        asked = _read(message.params[0])
        query = _query(call, asked)
    except _Refused as refused:
        call.fail("SEARCH", "INVALID_PARAMS", *refused.args)
    else:
        recalling.ask(call, query, message, asked.get("in", ""))


def _read(text: str) -> Mapping[str, str]:
    asked = parse_tags(text)
    for attribute, value in asked.items():
        if attribute not in _ATTRIBUTES:
            raise _Refused(attribute, "Not one of in, from, after, before, text and limit")
        if not value:
            raise _Refused(attribute, "It has no value")
    return asked


def _query(call: Call, asked: Mapping[str, str]) -> Query:
    keys, owners = _conversations(call, asked.get("in", ""))
    after, before = _time(asked, "after"), _time(asked, "before")
    sought = Sought(phrases(asked.get("text", "")), fold(asked.get("from", "")), after, before)
    if "text" in asked and not sought.phrases:  # no word, only signs
        keys, owners = (), frozenset()
    until, since = call.network.history.last_id, playback.since(call)
    return Query(Kind.SEARCH, keys, _limit(asked), until=until, owners=owners, since=since, sought=sought)


def _conversations(call: Call, name: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the keys of one conversation, or those of all channels and the owners of all private talk."""
    if not name:
        return playback.channel_keys(call), call.user.authors
    keys = playback.visible_keys(call, name)
    if not keys:  # in the same words whether there is such a channel
        raise _Refused("in", "You are not in that channel, or there is nobody of that name")
    return keys, frozenset()


def _time(asked: Mapping[str, str], attribute: str) -> int | None:
    if attribute not in asked:
        return None
    at = milliseconds(asked[attribute])
    if at is None:
        raise _Refused(attribute, "Not a time such as 2026-01-31T08:15:30.250Z")
    return at


def _limit(asked: Mapping[str, str]) -> int:
    """Read how many are wanted; no more are told at once than MAX_SEARCH_RESULTS."""
    text = asked.get("limit", str(MAX_SEARCH_RESULTS))
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_LIMIT_DIGITS and int(text)):
        raise _Refused("limit", "Not a number of messages")
    return min(int(text), MAX_SEARCH_RESULTS)


_USAGE = "SEARCH [in=<target>;][from=<nick>;][after=<time>;][before=<time>;][text=<words>;][limit=<number>]"
COMMANDS = {
    "SEARCH": Command(search, _USAGE, "What was said, by its words.", 1, cost=2.0),
}
