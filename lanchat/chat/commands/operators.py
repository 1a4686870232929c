"""OPER KILL WALLOPS: what the host's operators do. Source: modern.ircdocs.horse, "Operator Messages"."""

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import departures, ranks
from lanchat.chat.state.masks import matches
from lanchat.limits import MAX_KICK_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message, free_bytes
from lanchat.protocol.split import split_text
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
        call.numeric(numerics.RPL_YOUREOPER, "You are now an operator of this host")
        if not user.is_operator:
            user.modes.add("o")
            call.send(user.sessions, call.event(user, "MODE", user.nick, "+o"))
        ranks.follow_host(call, user)


def kill(call: Call, message: Message) -> None:
    """Close all sessions of somebody."""
    name, network = message.params[0], call.network
    user = network.user(name)
    if not _may(call):
        return
    if user:
        words = cut_to_bytes(message.params[1], MAX_KICK_BYTES) if len(message.params) > 1 else ""
        words = words or "No reason given"
        sessions = list(user.sessions)
        call.send(sessions, call.event(call.user, "KILL", user.nick, words))
        reason = f"Killed ({call.user.nick} ({words}))"
        if not departures.end_sleep(call, user, reason):
            departures.close_all(call, sessions, reason)
    elif matches(name, network.name):
        call.numeric(numerics.ERR_CANTKILLSERVER, "You cannot kill the server")
    else:
        call.numeric(numerics.ERR_NOSUCHNICK, name, "No such name")


def wallops(call: Call, message: Message) -> None:
    """Tell everybody who wants to hear it (mode w). The sender hears it too, to see that it was told.

    As with all that is said, a text that does not fit a line with the sender's name before it goes on in a next.
    """
    text = message.params[0]
    if not _may(call):
        return
    if not text:
        call.numeric(numerics.ERR_NEEDMOREPARAMS, "WALLOPS", "Not enough parameters")
        return
    hearers = [user for user in call.network.users.values() if "w" in user.modes or user is call.user]
    for part in split_text(text, free_bytes(Message("WALLOPS", (), call.user.source))):
        event = call.event(call.user, "WALLOPS", part)
        call.send([session for user in hearers for session in user.sessions], event)


def _may(call: Call) -> bool:
    if not call.user.is_operator:
        call.numeric(numerics.ERR_NOPRIVILEGES, "Permission denied: you are not an operator of this host")
    return call.user.is_operator


COMMANDS = {
    "OPER": Command(oper, "OPER <name> <password>", "Become an operator of the host.", 2, cost=5.0),
    "KILL": Command(kill, "KILL <name> [:<reason>]", "Close somebody's connections (operators).", 1),
    "WALLOPS": Command(wallops, "WALLOPS :<text>", "Tell all who want to hear it (operators).", 1),
}
