"""WHOIS and WHOWAS. Source: modern.ircdocs.horse, "User-Based Queries"."""

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.state.people import User
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold


def whois(call: Call, message: Message) -> None:
    """Tell all about somebody, the first where several are named. A server named before them is passed over."""
    asked = message.params[min(1, len(message.params) - 1)] if message.params else ""
    nick = asked.partition(",")[0]
    if not nick:
        call.numeric(numerics.ERR_NONICKNAMEGIVEN, "No name given")
        return
    user = call.network.user(nick)
    if user:
        _tell(call, user)
    else:
        call.numeric(numerics.ERR_NOSUCHNICK, nick, "No such name")
    call.numeric(numerics.RPL_ENDOFWHOIS, asked, "End of WHOIS")


def _tell(call: Call, user: User) -> None:
    nick, network = user.nick, call.network
    call.numeric(numerics.RPL_WHOISUSER, nick, user.username, user.host, "*", user.realname)
    call.packed(numerics.RPL_WHOISCHANNELS, _channels(call, user), nick)
    call.numeric(numerics.RPL_WHOISSERVER, nick, network.name, network.settings.network)
    if user.is_operator:
        call.numeric(numerics.RPL_WHOISOPERATOR, nick, "is an operator of this host")
    if user.is_bot:
        call.numeric(numerics.RPL_WHOISBOT, nick, "is a bot")
    if user.account:
        call.numeric(numerics.RPL_WHOISACCOUNT, nick, user.account, "is logged in as")
    if user.away:
        call.numeric(numerics.RPL_AWAY, nick, user.away)
    idle_s = str(max(0, int(call.now - user.last_spoke)))
    call.numeric(numerics.RPL_WHOISIDLE, nick, idle_s, str(int(user.signed_on)), "seconds idle, signon time")


def _channels(call: Call, user: User) -> list[str]:
    """The channels of somebody that the asker may know of, each with the highest prefix (all, with multi-prefix)."""
    is_open = user is call.user or call.user.is_operator or "i" not in user.modes
    shared = call.user.channels
    words = []
    for folded, channel in user.channels.items():
        if channel.is_visible_to(call.user) and (is_open or folded in shared):
            prefixes = channel.members[user].prefixes
            words.append((prefixes if call.session.has("multi-prefix") else prefixes[:1]) + channel.name)
    return words


def whowas(call: Call, message: Message) -> None:
    """Tell who had a name, the latest first."""
    nick = message.params[0] if message.params else ""
    if not nick:
        call.numeric(numerics.ERR_NONICKNAMEGIVEN, "No name given")
        return
    count = message.params[1] if len(message.params) > 1 else ""
    limit = int(count) if count.isascii() and count.isdecimal() and len(count) < 9 else 0
    found = call.network.whowas.find(fold(nick))
    for past in found[: limit or None]:
        call.numeric(numerics.RPL_WHOWASUSER, past.nick, past.username, past.host, "*", past.realname)
        call.numeric(numerics.RPL_WHOISSERVER, past.nick, call.network.name, timestamp(past.at))
    if not found:
        call.numeric(numerics.ERR_WASNOSUCHNICK, nick, "There was nobody of that name")
    call.numeric(numerics.RPL_ENDOFWHOWAS, nick, "End of WHOWAS")


COMMANDS = {
    "WHOIS": Command(whois, "WHOIS [<server>] <name>", "All about somebody."),
    "WHOWAS": Command(whowas, "WHOWAS <name> [<count>]", "Who had a name before."),
}
