"""Messages that are taken back. Source: ircv3.net/specs/extensions/message-redaction."""

from __future__ import annotations

from lanchat.chat.call import Call
from lanchat.chat.rules import recalling, speech
from lanchat.chat.state.history import Answer, Event, Kind, Query, Ref, pairs
from lanchat.chat.state.pending import Asked
from lanchat.limits import MAX_KICK_BYTES
from lanchat.protocol.message import Message
from lanchat.protocol.text import cut_to_bytes


def begin(call: Call, message: Message) -> None:
    """Take back a message: one's own, or as an operator anybody's."""
    name, msgid = message.params[:2]
    target = _target(call, name)
    if target is None:
        _refuse_target(call, name)
        return
    keys = _keys(call, target)
    event = call.network.history.find(keys, msgid)
    if event:
        _take_back(call, target, event, message)
    else:
        query = Query(Kind.FIND, keys, 1, Ref(msgid), until=call.network.history.last_id)
        recalling.ask(call, query, message, name)


def finish(call: Call, asked: Asked, answer: Answer) -> None:
    """Go on, now that an older message has been looked up: much may have happened in the meantime."""
    target = _target(call, asked.name)
    if target is None or _keys(call, target) != asked.query.keys:
        _refuse_target(call, asked.name)
    elif answer.failure == "MESSAGE_ERROR" or not answer.events:
        call.fail("REDACT", "UNKNOWN_MSGID", asked.name, asked.message.params[1], "No such message is kept")
    else:
        _take_back(call, target, answer.events[0], asked.message)


def _target(call: Call, name: str) -> speech.Target | None:
    """Who is meant, if it is a person or a channel that the asker is in, or moderates."""
    target = speech.find_target(call, name, is_silent=True)
    channel = target.channel if target else None
    is_outside = channel is not None and call.user not in channel.members and not call.user.is_operator
    return None if is_outside else target


def _refuse_target(call: Call, name: str) -> None:
    words = "You are not in that channel, or there is nobody of that name"
    call.fail("REDACT", "INVALID_TARGET", name, words)


def _keys(call: Call, target: speech.Target) -> tuple[str, ...]:
    if target.channel:
        return (target.channel.kept_as,)
    return pairs(call.user.authors, target.user.authors if target.user else frozenset())


def _take_back(call: Call, target: speech.Target, event: Event, message: Message) -> None:
    user, channel = call.user, target.channel
    name, msgid = message.params[:2]
    may_moderate = channel is not None and (channel.is_operator(user) or user.is_operator)
    if event.by not in user.authors and not may_moderate:
        call.fail("REDACT", "REDACT_FORBIDDEN", name, msgid, "It is not yours to take back")
        return
    call.network.history.redact(_keys(call, target), msgid)
    _tell(call, target, msgid, message.params[2:])


def _tell(call: Call, target: speech.Target, msgid: str, reason: tuple[str, ...]) -> None:
    words = [cut_to_bytes(text, MAX_KICK_BYTES) for text in reason[:1] if text]
    stamp = call.network.history.stamp(call.now)
    event = call.event(call.user, "REDACT", target.name, msgid, *words, stamp=stamp)
    call.keep([speech.kept_under(call, target)], stamp, call.user, event)
    hearers = target.channel.audience() if target.channel else target.user.sessions if target.user else []
    everybody = dict.fromkeys([*hearers, *call.user.sessions])
    call.send([session for session in everybody if session.has("draft/message-redaction")], event)
