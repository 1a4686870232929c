"""OPER KILL WALLOPS: what the host's operators do. Source: modern.ircdocs.horse, "Operator Messages"."""

from lanchat.chat import modes
from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.limits import MAX_KICK_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.text import cut_to_bytes


def oper(call: Call, message: Message) -> None:
    """Become an operator of the host, and of its rooms that one is in."""
    name, password = message.params[:2]
    network, user = call.network, call.user
    if network.attempts.is_blocked(call.session.address, call.now):
        call.numeric(numerics.ERR_PASSWDMISMATCH, "Too many wrong passwords; try again in a few minutes")
    elif not network.is_operator_password(name, password):
        network.attempts.failed(call.session.address, call.now)
        call.numeric(numerics.ERR_PASSWDMISMATCH, "That is not the password of an operator")
    else:
        user.modes.add("o")
        call.numeric(numerics.RPL_YOUREOPER, "You are now an operator of this host")
        call.send(user.sessions, call.event(user, "MODE", user.nick, "+o"))
        for channel in user.channels.values():
            member = channel.members[user]
            if channel.is_hosted and not member.is_operator:
                member.modes.add("o")
                change = modes.written([modes.Change("+", "o", user.nick)])
                call.send(channel.audience(), Message("MODE", (channel.name, *change), network.name))


def kill(call: Call, message: Message) -> None:
    """Close all sessions of somebody."""
    user = call.network.user(message.params[0])
    if not _may(call):
        return
    if user is None:
        call.numeric(numerics.ERR_NOSUCHNICK, message.params[0], "No such name")
        return
    words = cut_to_bytes(message.params[1], MAX_KICK_BYTES) if len(message.params) > 1 else "No reason given"
    reason = f"Killed ({call.user.nick} ({words}))"
    call.network.close_all(call, user.sessions, reason)


def wallops(call: Call, message: Message) -> None:
    """Tell everybody who wants to hear it (mode w), and all operators."""
    if _may(call):
        hearers = [user for user in call.network.users.values() if "w" in user.modes or user.is_operator]
        sessions = [session for user in hearers for session in user.sessions]
        call.send(sessions, call.event(call.user, "WALLOPS", message.params[0]))


def _may(call: Call) -> bool:
    if not call.user.is_operator:
        call.numeric(numerics.ERR_NOPRIVILEGES, "Permission denied: you are not an operator of this host")
    return call.user.is_operator


COMMANDS = {
    "OPER": Command(oper, "OPER <name> <password>", "Become an operator of the host.", 2, cost=5.0),
    "KILL": Command(kill, "KILL <name> [:<reason>]", "Close somebody's connections (operators).", 1),
    "WALLOPS": Command(wallops, "WALLOPS :<text>", "Tell all who want to hear it (operators).", 1),
}
