"""Answers that several commands give: as lists of messages, for whichever session they are to go to."""

from __future__ import annotations

from collections.abc import Iterator

from lanchat import __version__
from lanchat.chat.rules.isupport import TOKENS, network_token
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Channel, Session, User
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol import numerics
from lanchat.protocol.message import Message, fitted, free_bytes
from lanchat.protocol.split import packed

_TOKENS_A_LINE = 12  # 005 takes fifteen parameters, two of them the nick and the words; modern.ircdocs.horse


def numeric(network: Network, nick: str, code: str, *params: str) -> Message:
    """Return a numeric to somebody. The parameters are fit for their places."""
    return fitted(Message(code, (nick, *params), network.name))


def welcome(network: Network, user: User) -> Iterator[Message]:
    """001 to 005, the numbers of people, and the message of the day."""
    nick = user.nick
    version = f"lanchat-{__version__}"
    opened = timestamp(network.opened_at)
    yield numeric(
        network, nick, numerics.RPL_WELCOME, f"Welcome to the {network.settings.network} Network, {user.source}"
    )
    yield numeric(network, nick, numerics.RPL_YOURHOST, f"Your host is {network.name}, running {version}")
    yield numeric(network, nick, numerics.RPL_CREATED, f"It was opened at {opened}")
    modes = ("Biow", "CIbeiklmnostv", "Ibeklov")
    yield numeric(network, nick, numerics.RPL_MYINFO, network.name, version, *modes)
    yield from isupport(network, nick)
    yield from lusers(network, nick)
    if user.modes:  # of a person who is in already, with another session
        yield numeric(network, nick, numerics.RPL_UMODEIS, "+" + "".join(sorted(user.modes)))
    yield from motd(network, nick)


def isupport(network: Network, nick: str) -> Iterator[Message]:
    """What this server can do, twelve tokens a line."""
    tokens = [*TOKENS, network_token(network.settings.network)]
    for start in range(0, len(tokens), _TOKENS_A_LINE):
        line = tokens[start : start + _TOKENS_A_LINE]
        yield numeric(network, nick, numerics.RPL_ISUPPORT, *line, "are supported by this server")


def lusers(network: Network, nick: str) -> Iterator[Message]:
    """How many are here."""
    users = network.users.values()
    count, most = len(users), network.most_users
    invisible = sum("i" in user.modes for user in users)
    operators = sum(user.is_operator for user in users)
    yield numeric(
        network,
        nick,
        numerics.RPL_LUSERCLIENT,
        f"There are {count - invisible} users and {invisible} invisible on 1 servers",
    )
    yield numeric(network, nick, numerics.RPL_LUSEROP, str(operators), "operator(s) online")
    for code, number, words in (
        (numerics.RPL_LUSERUNKNOWN, network.unknown_count, "unknown connection(s)"),
        (numerics.RPL_LUSERCHANNELS, len(network.channels), "channels formed"),
    ):
        if number:  # "only sent back if a non-zero count is found for them"; RFC 2812, section 5.1
            yield numeric(network, nick, code, str(number), words)
    yield numeric(network, nick, numerics.RPL_LUSERME, f"I have {count} clients and 0 servers")
    totals = (str(count), str(most))
    words = f"{count}, max {most}"
    yield numeric(network, nick, numerics.RPL_LOCALUSERS, *totals, f"Current local users {words}")
    yield numeric(network, nick, numerics.RPL_GLOBALUSERS, *totals, f"Current global users {words}")


def motd(network: Network, nick: str) -> Iterator[Message]:
    """The host's greeting, or that there is none."""
    if not network.settings.motd:
        yield numeric(network, nick, numerics.ERR_NOMOTD, "There is no message of the day")
        return
    yield numeric(network, nick, numerics.RPL_MOTDSTART, f"- {network.name} message of the day -")
    for line in network.settings.motd:
        yield numeric(network, nick, numerics.RPL_MOTD, f"- {line}")
    yield numeric(network, nick, numerics.RPL_ENDOFMOTD, "End of the message of the day")


def topic(network: Network, nick: str, channel: Channel) -> Iterator[Message]:
    """What a channel is about and who said so; 331 if nobody has."""
    if channel.topic is None:
        yield numeric(network, nick, numerics.RPL_NOTOPIC, channel.name, "No topic is set")
        return
    yield numeric(network, nick, numerics.RPL_TOPIC, channel.name, channel.topic.text)
    set_at = str(int(channel.topic.at))
    yield numeric(network, nick, numerics.RPL_TOPICWHOTIME, channel.name, channel.topic.by, set_at)


def names(network: Network, session: Session, nick: str, channel: Channel, *, is_inside: bool) -> Iterator[Message]:
    """Who is in a channel, as the session's capabilities have it. From outside, the invisible are left out."""
    has_all_prefixes = session.has("multi-prefix")
    has_hosts = session.has("userhost-in-names")
    words = [
        (member.prefixes if has_all_prefixes else member.prefixes[:1]) + (user.source if has_hosts else user.nick)
        for user, member in channel.members.items()
        if is_inside or "i" not in user.modes
    ]
    head = numeric(network, nick, numerics.RPL_NAMREPLY, _secrecy(channel), channel.name)
    for line in packed(words, free_bytes(head)):
        yield Message(head.command, (*head.params, line), head.source)
    yield numeric(network, nick, numerics.RPL_ENDOFNAMES, channel.name, "End of names")


def no_names(network: Network, nick: str, channel: Channel) -> Message:
    """That a channel is there, with nobody in it who can be seen."""
    return numeric(network, nick, numerics.RPL_NAMREPLY, _secrecy(channel), channel.name, "")


def _secrecy(channel: Channel) -> str:
    """How 353 marks a secret channel, and any other."""
    return "@" if "s" in channel.modes else "="


def marker(network: Network, user: User, target: str) -> Message:
    """Return the MARKREAD that tells somebody how far a target is read."""
    return Message("MARKREAD", (target, network.read_markers.get(user, target)), network.name)


def all_markers(network: Network, user: User) -> list[Message]:
    """Return a MARKREAD for each target that somebody has read, those of longest ago first."""
    return [Message("MARKREAD", read, network.name) for read in network.read_markers.all(user)]
