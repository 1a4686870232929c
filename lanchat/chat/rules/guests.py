"""Who says a word without staying: a browser's plain form. A guest is heard and kept as others are, and is no member.

What holds for members holds for guests, too: the room's password, its key, invitations, bans and mutes; and a name
that is somebody's, present or not, is not theirs to use.
"""

from __future__ import annotations

from dataclasses import dataclass

from lanchat.chat.call import Call
from lanchat.chat.rules import access, registration, speech
from lanchat.chat.state.network import Network
from lanchat.chat.state.pending import Registration
from lanchat.chat.state.people import Channel, Session, User
from lanchat.limits import MULTILINE_MAX_LINES
from lanchat.protocol.irc_wire import IrcWire
from lanchat.protocol.names import is_nick, nick_from, shown
from lanchat.protocol.text import clean

_USERNAME = "~web"
_NOBODY = "guest"  # who only looks


@dataclass(frozen=True, slots=True)
class Saying:
    """What a guest has typed, in which room, from which address."""

    channel: Channel
    address: str
    name: str
    text: str


def call_for(network: Network, address: str, now: float, nick: str = _NOBODY) -> Call:
    """Return a call of somebody who is not connected to the chat, and is told nothing by it."""
    session = Session(IrcWire(), address, now)
    session.user = User(nick, _USERNAME, shown(nick), address, now, network.new_id())
    return Call(network, session, now)


def password_refusal(call: Call, password: str) -> str:
    """Return why the room's password is not enough, or ""."""
    return registration.password_refusal(call, Registration(password=password))


def reading_refusal(call: Call, channel: Channel) -> str:
    """Return why what is said in a channel is not for a guest to read, or ""."""
    refusal = access.join_refusal(channel, call.user, "")
    return refusal.text if refusal else ""


def say(network: Network, saying: Saying, now: float) -> tuple[str, Call]:
    """Let a room hear a guest. Returns why not, "" if it was heard, and the call with what follows."""
    nick = nick_from(clean(saying.name))
    call = call_for(network, saying.address, now, nick if is_nick(nick) else _NOBODY)
    lines = tuple((text, False) for line in saying.text.splitlines() if (text := clean(line).rstrip()))
    refusal = _refusal(call, saying, nick, is_empty=not lines)
    if not refusal:
        text = "\n".join(line for line, _ in lines)
        target = speech.Target(saying.channel.name, saying.channel)
        speech.say(call, "PRIVMSG", target, text, {}, lines if len(lines) > 1 else (), is_guest=True)
    return refusal, call


def _refusal(call: Call, saying: Saying, nick: str, *, is_empty: bool) -> str:
    if not is_nick(nick):
        return "That cannot be a name here. Choose another one"
    if taken := call.network.nick_refusal(nick, ""):
        return f"{taken}. Choose another one"
    if is_empty:
        return "There is nothing in it to say"
    if saying.text.count("\n") >= MULTILINE_MAX_LINES:
        return f"That is too long: {MULTILINE_MAX_LINES} lines at most fit into a message"
    refusal = access.join_refusal(saying.channel, call.user, "")
    refusal = refusal or access.speech_refusal(saying.channel, call.user, saying.text, is_guest=True)
    return refusal.text if refusal else ""
