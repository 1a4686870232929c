"""MOTD LUSERS VERSION ADMIN TIME INFO LINKS LIST USERHOST ISON: what one may want to know.

Source: modern.ircdocs.horse, "Server Queries and Commands".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from lanchat import __version__
from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import listing, replies
from lanchat.chat.state.masks import matches
from lanchat.chat.state.network import Network
from lanchat.protocol import numerics
from lanchat.protocol.message import Message

_MAX_USERHOST = 5  # modern.ircdocs.horse, "USERHOST message"


def _answer(block: Callable[[Network, str], Iterable[Message]]) -> Callable[[Call, Message], None]:
    """A handler that answers with one of the blocks of `replies`, if it is this server that was asked."""

    def run(call: Call, message: Message) -> None:
        if not message.params or _is_here(call, message.params[-1]):
            for reply in block(call.network, call.nick):
                call.reply(reply)

    return run


def _is_here(call: Call, server: str) -> bool:
    """Whether a server, a mask of servers or somebody's server is this one; where it is not, the asker is told."""
    is_here = matches(server, call.network.name) or call.network.user(server) is not None
    if not is_here:
        call.numeric(numerics.ERR_NOSUCHSERVER, server, "No such server")
    return is_here


def lusers(call: Call, _message: Message) -> None:
    """Tell how many are here."""
    for reply in replies.lusers(call.network, call.nick):
        call.reply(reply)


def _version(network: Network, nick: str) -> Iterator[Message]:
    yield replies.numeric(network, nick, numerics.RPL_VERSION, f"lanchat-{__version__}", network.name, "lanchat")
    yield from replies.isupport(network, nick)


def _admin(network: Network, nick: str) -> Iterator[Message]:
    yield replies.numeric(network, nick, numerics.RPL_ADMINME, network.name, "Administrative info")
    yield replies.numeric(network, nick, numerics.RPL_ADMINLOC1, network.settings.network)
    yield replies.numeric(network, nick, numerics.RPL_ADMINLOC2, "A room on the local network")
    yield replies.numeric(network, nick, numerics.RPL_ADMINEMAIL, "No e-mail here: ask the person at the host")


def time(call: Call, message: Message) -> None:
    """Tell the host's time."""
    if not message.params or _is_here(call, message.params[0]):
        when = datetime.fromtimestamp(call.now, UTC)
        call.numeric(numerics.RPL_TIME, call.network.name, f"{when:%Y-%m-%d %H:%M:%S} UTC")


def _info(network: Network, nick: str) -> Iterator[Message]:
    lines = (f"lanchat {__version__}: chat for networks without internet", "MIT License")
    for line in lines:
        yield replies.numeric(network, nick, numerics.RPL_INFO, line)
    yield replies.numeric(network, nick, numerics.RPL_ENDOFINFO, "End of INFO")


def links(call: Call, _message: Message) -> None:
    """Tell the servers of the network: this one, which need not be told."""
    call.numeric(numerics.RPL_ENDOFLINKS, "*", "End of LINKS")


def list_(call: Call, message: Message) -> None:
    """List channels, all or those that are asked for."""
    query = listing.parse([item for param in message.params for item in param.split(",") if item])
    hides_empty = call.network.settings.hides_empty_rooms
    call.numeric(numerics.RPL_LISTSTART, "Channel", "Users  Name")
    for channel in call.network.channels.values():
        if channel.is_visible_to(call.user) and query.wants(channel, call.now, hides_empty=hides_empty):
            topic = channel.topic.text if channel.topic else ""
            call.numeric(numerics.RPL_LIST, channel.name, str(len(channel.members)), topic)
    call.numeric(numerics.RPL_LISTEND, "End of LIST")


def userhost(call: Call, message: Message) -> None:
    """Tell who people are, five at most."""
    users = [call.network.user(nick) for nick in message.params[:_MAX_USERHOST]]
    words = [
        f"{user.nick}{'*' if user.is_operator else ''}={'-' if user.away else '+'}{user.username}@{user.host}"
        for user in users
        if user
    ]
    call.packed(numerics.RPL_USERHOST, words or [""])


def ison(call: Call, message: Message) -> None:
    """Tell who of these is here."""
    nicks = [nick for param in message.params for nick in param.split()]
    here = [user.nick for nick in nicks if (user := call.network.user(nick))]
    call.packed(numerics.RPL_ISON, here or [""])


COMMANDS = {
    "MOTD": Command(_answer(replies.motd), "MOTD", "The host's greeting."),
    "LUSERS": Command(lusers, "LUSERS", "How many are here."),
    "VERSION": Command(_answer(_version), "VERSION", "What this server is."),
    "ADMIN": Command(_answer(_admin), "ADMIN", "Who looks after this host."),
    "TIME": Command(time, "TIME", "The host's time."),
    "INFO": Command(_answer(_info), "INFO", "About the program."),
    "LINKS": Command(links, "LINKS", "The servers of this network."),
    "LIST": Command(list_, "LIST [<channel or condition>{,…}]", "Which channels there are.", cost=3.0),
    "USERHOST": Command(userhost, "USERHOST <name>{ <name>}", "Who people are.", 1),
    "ISON": Command(ison, "ISON <name>{ <name>}", "Who of these is here.", 1),
}
