"""INVITE. Source: modern.ircdocs.horse, "INVITE message"; IRCv3 invite-notify."""

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules.access import find_channel
from lanchat.limits import MAX_INVITED
from lanchat.protocol import numerics
from lanchat.protocol.message import Message


def invite(call: Call, message: Message) -> None:
    """Invite somebody to a channel; without parameters, tell where one is invited oneself."""
    if not message.params:
        _show_invitations(call)
    elif len(message.params) < 2:
        call.numeric(numerics.ERR_NEEDMOREPARAMS, "INVITE", "Not enough parameters")
    else:
        _invite(call, *message.params[:2])


def _show_invitations(call: Call) -> None:
    for channel in call.network.channels.values():
        if call.user in channel.invited:
            call.numeric(numerics.RPL_INVITELIST, channel.name)
    call.numeric(numerics.RPL_ENDOFINVITELIST, "End of invitations")


def _invite(call: Call, nick: str, name: str) -> None:
    channel, invited, user = find_channel(call, name), call.network.user(nick), call.user
    if channel is None:
        return
    if user not in channel.members:
        call.numeric(numerics.ERR_NOTONCHANNEL, channel.name, "You are not in that channel")
    elif invited is None:
        call.numeric(numerics.ERR_NOSUCHNICK, nick, "No such name")
    elif "i" in channel.modes and not channel.is_operator(user):
        call.numeric(numerics.ERR_CHANOPRIVSNEEDED, channel.name, "You are not an operator here")
    elif invited in channel.members:
        call.numeric(numerics.ERR_USERONCHANNEL, invited.nick, channel.name, "They are in that channel already")
    else:
        channel.invited[invited] = channel.invited.get(invited, False) or channel.is_operator(user)
        if len(channel.invited) > MAX_INVITED:
            del channel.invited[next(iter(channel.invited))]
        call.numeric(numerics.RPL_INVITING, invited.nick, channel.name)
        event = call.event(user, "INVITE", invited.nick, channel.name)
        call.send(invited.sessions, event)
        watching = [s for s in channel.audience() if s.has("invite-notify") and s is not call.session]
        call.send(watching, event)
        if invited.away:
            call.numeric(numerics.RPL_AWAY, invited.nick, invited.away)


COMMANDS = {
    "INVITE": Command(invite, "INVITE [<name> <channel>]", "Invite somebody, or see where you are invited."),
}
