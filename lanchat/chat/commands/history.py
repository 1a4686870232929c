"""CHATHISTORY: what was said before. Source: ircv3.net/specs/extensions/chathistory."""

from __future__ import annotations

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import playback, recalling
from lanchat.chat.state.history import Kind, Query, Ref
from lanchat.chat.state.stamps import milliseconds
from lanchat.limits import MAX_HISTORY_PAGE
from lanchat.protocol.message import Message
from lanchat.protocol.names import CHANNEL_PREFIX

# sub-command → its parameters: who is meant ("@"), places ("#"; "*" where there may be none), and how many
_FORMS: dict[Kind, str] = {
    Kind.LATEST: "@*",
    Kind.BEFORE: "@#",
    Kind.AFTER: "@#",
    Kind.AROUND: "@#",
    Kind.BETWEEN: "@##",
    Kind.TARGETS: "##",
}
_MAX_LIMIT_DIGITS = 9


class _Refused(Exception):
    """Why a question cannot be understood: the code of a FAIL and its parameters."""


def chathistory(call: Call, message: Message) -> None:
    """Tell what was said in a channel, or with a person, or where something was said."""
    try:
        _ask(call, message)
    except _Refused as refused:
        code, *params = refused.args
        call.fail("CHATHISTORY", code, message.params[0], *params)


def _ask(call: Call, message: Message) -> None:
    kind = _kind(message.params[0].upper())
    form, params = _FORMS[kind], message.params[1:]
    if len(params) != len(form) + 1:
        few = len(params) <= len(form)
        raise _Refused("INVALID_PARAMS", "Insufficient parameters" if few else "Too many parameters")
    name = params[0] if form[0] == "@" else ""
    refs = [_ref(text, kind, name, sign) for sign, text in zip(form, params, strict=False) if sign != "@"]
    first, second = (*refs, None)[:2]
    keys = playback.visible_keys(call, name) if name else ()
    if name and not keys:
        raise _Refused("INVALID_TARGET", name, "Messages could not be retrieved")
    until, limit = call.network.history.last_id, _limit(params[-1])
    since = playback.since(call) if name and not name.startswith(CHANNEL_PREFIX) else 0
    query = Query(kind, keys, limit, first, second, playback.layers(call.session), until, since=since)
    whole = query if name else playback.targets_query(call, query)
    recalling.ask(call, whole, message, _canonical(call, name))


def _kind(word: str) -> Kind:
    for kind in _FORMS:
        if kind.value == word:
            return kind
    raise _Refused("INVALID_PARAMS", "Unknown command")


def _ref(text: str, kind: Kind, name: str, sign: str) -> Ref | None:
    """Read a place. TARGETS takes times only."""
    reference, equals, value = text.partition("=")
    if text == "*" and sign == "*":
        return None
    if reference == "timestamp" and equals:
        return Ref(at=_milliseconds(value, text))
    if reference == "msgid" and value and name:
        return Ref(value)
    if equals and reference != "msgid":
        raise _Refused("INVALID_MSGREFTYPE", name or "*", text, "timestamp= and msgid= are understood")
    raise _Refused("INVALID_PARAMS", text, f"Not a place that {kind.value} can begin at")


def _milliseconds(value: str, text: str) -> int:
    at = milliseconds(value)
    if at is None:
        raise _Refused("INVALID_PARAMS", text, "Invalid timestamp")
    return at


def _limit(text: str) -> int:
    """Read how many are wanted; no more than 005 says are told at once."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_LIMIT_DIGITS and int(text)):
        raise _Refused("INVALID_PARAMS", text, "Invalid limit")
    return min(int(text), MAX_HISTORY_PAGE)


def _canonical(call: Call, name: str) -> str:
    """A channel's name as it was first written; people's as they were asked for, by which the client knows them."""
    channel = call.network.channel(name) if name.startswith(CHANNEL_PREFIX) else None
    return channel.name if channel else name


_USAGE = "CHATHISTORY LATEST|BEFORE|AFTER|AROUND|BETWEEN|TARGETS [<target>] <place> [<place>] <limit>"
COMMANDS = {
    "CHATHISTORY": Command(chathistory, _USAGE, "What was said before.", 1, cost=2.0),
}
