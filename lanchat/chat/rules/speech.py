"""What is said, on its way to who hears it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lanchat.chat.call import Call
from lanchat.chat.rules import multiline
from lanchat.chat.rules.access import speech_refusal
from lanchat.chat.state.eras import Stamp
from lanchat.chat.state.history import pair
from lanchat.chat.state.pending import Lines
from lanchat.chat.state.people import PREFIXES, Channel, Session, User
from lanchat.limits import MAX_LINE_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import CHANNEL_PREFIX

_TOO_LONG = "The message is too long: it does not fit a line with your name before it"
_SIGNS = "".join(PREFIXES.values())
_CTCP = "\x01"
_ACTION = "\x01ACTION "
# Of messages that are tags only those are kept that say something; that somebody is typing is over when it is read.
_KEPT_TAGS = frozenset({"+react", "+draft/react", "+unreact", "+draft/unreact", "+draft/persist"})
_CLIENT_TAG = re.compile(r"\+(?:[^/]+/)?[A-Za-z0-9-]+")  # IRCv3 message-tags, "Format"


@dataclass(frozen=True, slots=True)
class Target:
    """Who is meant: a channel, or only its members from a prefix on ("@#x"), or a person. `name` is as relayed."""

    name: str
    channel: Channel | None = None
    prefix: str = ""
    user: User | None = None


def find_target(call: Call, name: str, *, is_silent: bool) -> Target | None:
    """Return who is meant by a target; where it is nobody, the asker is told unless that is to be silent."""
    bare = name.lstrip(_SIGNS)
    prefix = max(name[: -len(bare)], key=_SIGNS.index, default="")  # "@+#x" is "+#x"
    if bare.startswith(CHANNEL_PREFIX):
        channel = call.network.channel(bare)
        if channel and ("n" not in channel.modes or channel.is_visible_to(call.user)):
            return Target(prefix + channel.name, channel, prefix)
        code, words = numerics.ERR_NOSUCHCHANNEL, "No such channel"
    else:
        user = call.network.user(name)
        if user:
            return Target(user.nick, user=user)
        code, words = numerics.ERR_NOSUCHNICK, "No such name"
    if not is_silent:
        call.numeric(code, name, words)
    return None


def say(
    call: Call,
    command: str,
    target: Target,
    text: str,
    tags: Mapping[str, str],
    lines: Lines = (),
    *,
    is_guest: bool = False,
) -> None:
    """Let those hear it whom it is for, if it may be said. NOTICE is never answered, be it refused.

    `tags` are client-only ones; `lines` those of a multi-line message, which the text then is as a whole.
    """
    if target.channel:
        refusal = speech_refusal(target.channel, call.user, text, is_guest=is_guest)
        if refusal:
            if command != "NOTICE":
                call.numeric(refusal.code, target.channel.name, refusal.text)
            return
    stamp = call.network.history.stamp(call.now)
    params = (target.name, text) if command != "TAGMSG" else (target.name,)
    event = call.event(call.user, command, *params, stamp=stamp)
    event.tags = {**event.tags, **tags}
    if lines or _is_too_long(event):
        lines = multiline.split_to_fit(event, lines or ((text, False),))
    call.user.last_spoke = call.now
    _keep(call, stamp, event, target, lines)
    _relay(call, event, target, lines)
    if target.user and target.user.away and command == "PRIVMSG":
        call.numeric(numerics.RPL_AWAY, target.user.nick, target.user.away)


def client_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that clients may send each other."""
    return {tag: value for tag, value in tags.items() if _CLIENT_TAG.fullmatch(tag)}


def _is_too_long(event: Message) -> bool:
    if not event.params[1:] or len(event.params[1]) * 4 < MAX_LINE_BYTES // 2:
        return False
    body = f":{event.source} {event.command} {event.params[0]} :{event.params[1]}\r\n"
    return len(body.encode()) > MAX_LINE_BYTES


def _relay(call: Call, event: Message, target: Target, lines: Lines) -> None:
    own = call.session
    if target.channel:
        hearers = _hearers(target.channel, target.prefix)
        others = [session for session in hearers if session is not own]
        if event.command == "PRIVMSG":
            call.happened("message", call.user.nick, target.channel.name, event.params[1])
    else:
        assert target.user is not None, "a target is a channel or a person"  # noqa: S101
        others = [s for s in call.user.sessions if s is not own and s.has("echo-message")]
        others = list(dict.fromkeys([*target.user.sessions, *others]))
    _deliver(call, others, event, lines)
    if own.has("echo-message"):
        _echo(call, event, lines)


def _hearers(channel: Channel, prefix: str) -> Sequence[Session]:
    if not prefix:
        return channel.audience()
    allowed = "@" if prefix == "@" else "@+"
    members = [member for member in channel.members.values() if member.prefixes[:1] in allowed and member.modes]
    return [session for member in members for session in member.user.sessions]


def _keep(call: Call, stamp: Stamp, event: Message, target: Target, lines: Lines) -> None:
    """Keep it for who comes later, unless it was for some only, or only for this moment."""
    is_for_all = not target.prefix
    is_lasting = _KEPT_TAGS & event.tags.keys() if event.command == "TAGMSG" else not _is_question(event.params[1])
    if is_for_all and is_lasting:
        call.keep([kept_under(call, target)], stamp, call.user, event, lines)


def kept_under(call: Call, target: Target) -> str:
    """Return the key of a conversation with a target, as what is said now is kept."""
    if target.channel:
        return target.channel.kept_as
    assert target.user is not None, "a target is a channel or a person"  # noqa: S101
    return pair(call.user.author, target.user.author)


def _is_question(text: str) -> bool:
    """Whether this is a program's question to programs, or the answer: not to be answered again."""
    return text.startswith(_CTCP) and not text.startswith(_ACTION)


def _deliver(call: Call, sessions: Sequence[Session], event: Message, lines: Lines) -> None:
    if event.command == "TAGMSG":
        sessions = [session for session in sessions if session.has("message-tags")]
    if not lines:
        call.deliver(sessions, event)
        return
    whole = [session for session in sessions if multiline.is_for(session)]
    for message in multiline.as_batch(call.network, event, lines) if whole else ():
        call.deliver(whole, message)
    parts = [session for session in sessions if not multiline.is_for(session)]
    for message in multiline.as_lines(event, lines) if parts else ():
        call.deliver(parts, message)


def _echo(call: Call, event: Message, lines: Lines) -> None:
    if not lines:
        call.reply(event)
        return
    is_whole = multiline.is_for(call.session)
    for message in multiline.as_batch(call.network, event, lines) if is_whole else multiline.as_lines(event, lines):
        call.reply(message)
