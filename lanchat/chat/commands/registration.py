"""NICK USER PASS PING PONG QUIT: who one is, and whether one is still there.

Source: modern.ircdocs.horse, "Connection Messages".
"""

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import departures, onlookers, registration
from lanchat.chat.state.people import User
from lanchat.limits import MAX_REALNAME_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message, fitted, free_bytes
from lanchat.protocol.names import is_nick, username_from
from lanchat.protocol.text import cut_to_bytes


def nick(call: Call, message: Message) -> None:
    """Take a name, or another one."""
    wanted = message.params[0] if message.params else ""
    if not wanted:
        call.numeric(numerics.ERR_NONICKNAMEGIVEN, "No name given")
    elif not is_nick(wanted):
        call.numeric(numerics.ERR_ERRONEUSNICKNAME, wanted, "This cannot be a name here")
    elif call.session.registration:
        _nick_of_newcomer(call, wanted)
    elif wanted != call.user.nick:
        _rename(call, call.user, wanted)


def _nick_of_newcomer(call: Call, wanted: str) -> None:
    known = call.session.registration
    assert known is not None, "checked by nick()"  # noqa: S101
    # While capabilities are negotiated a login may still follow that makes the name theirs.
    refusal = "" if known.is_negotiating else call.network.nick_refusal(wanted, known.account)
    if refusal:
        call.numeric(numerics.ERR_NICKNAMEINUSE, wanted, refusal)
        return
    known.nick = wanted
    registration.advance(call)


def _rename(call: Call, user: User, wanted: str) -> None:
    network = call.network
    if refusal := network.nick_refusal(wanted, user.account, user):
        call.numeric(numerics.ERR_NICKNAMEINUSE, wanted, refusal)
        return
    old, old_folded = user.nick, user.folded
    change = call.happening(user, user.channels.values(), "NICK", wanted)
    audience = network.neighbours(user)
    network.rename(user, wanted, call.now)
    call.send(audience, change)
    if user.folded != old_folded:
        onlookers.tell_renamed(call, user, old, old_folded)
    call.happened("nick", old, text=wanted)


def user(call: Call, message: Message) -> None:
    """Give a username and a real name."""
    known = call.session.registration
    if known is None:
        call.numeric(numerics.ERR_ALREADYREGISTERED, "You are registered already")
    elif not message.params[0].strip() or not message.params[3].strip():
        call.numeric(numerics.ERR_NEEDMOREPARAMS, "USER", "Not enough parameters")
    else:
        known.username = username_from(message.params[0])
        known.realname = cut_to_bytes(message.params[3], MAX_REALNAME_BYTES)
        registration.advance(call)


def password(call: Call, message: Message) -> None:
    """Give the room's password, before anything else."""
    if call.session.registration is None:
        call.numeric(numerics.ERR_ALREADYREGISTERED, "You are registered already")
    elif not message.params[0]:
        call.numeric(numerics.ERR_NEEDMOREPARAMS, "PASS", "Not enough parameters")
    else:
        call.session.registration.password = message.params[0]


def ping(call: Call, message: Message) -> None:
    """Answer; as replies keep their order, the answer tells that all before it was done."""
    if not message.params:
        call.numeric(numerics.ERR_NOORIGIN, "No origin given")
        return
    # The token of a line that is just short enough does not fit beside two server names, and is cut.
    call.reply(fitted(Message("PONG", (call.network.name, message.params[0]), call.network.name)))


def pong(call: Call, message: Message) -> None:
    """Nothing to do: anything heard shows that the peer is there."""


def quit_(call: Call, message: Message) -> None:
    """Leave for good. Of the reason others hear as much as a line has space for with one's name before it."""
    reason = f"Quit: {message.params[0] if message.params else ''}"
    source = call.session.user.source if call.session.user else ""
    departures.say_goodbye(call, cut_to_bytes(reason, free_bytes(Message("QUIT", (), source))))


COMMANDS = {
    "NICK": Command(nick, "NICK <name>", "Take a name.", 0, is_before_registration=True),
    "USER": Command(
        user, "USER <username> 0 * :<real name>", "Say who you are.", 4, is_before_registration=True, cost=0.2
    ),
    "PASS": Command(password, "PASS <password>", "Give the room's password.", 1, is_before_registration=True),
    "PING": Command(ping, "PING <token>", "Ask for a PONG.", 0, is_before_registration=True, cost=0.2),
    "PONG": Command(pong, "PONG <token>", "Answer a PING.", 0, is_before_registration=True, cost=0.2),
    "QUIT": Command(quit_, "QUIT [:<reason>]", "Leave.", 0, is_before_registration=True),
}
