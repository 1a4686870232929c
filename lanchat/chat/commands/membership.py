"""JOIN PART NAMES KICK: who is in a channel. Source: modern.ircdocs.horse, "Channel Operations"."""

from itertools import islice, zip_longest

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import arrivals, departures, replay, replies
from lanchat.chat.rules.access import entry_refusal, find_channel
from lanchat.chat.rules.near_names import room_meant
from lanchat.chat.state.people import Channel
from lanchat.limits import MAX_CHANNELS, MAX_CHANNELS_OF_ADDRESS, MAX_CHANNELS_PER_USER, MAX_KICK_BYTES, MAX_TARGETS
from lanchat.protocol import numerics
from lanchat.protocol.message import Message, free_bytes
from lanchat.protocol.names import fold, is_channel
from lanchat.protocol.text import cut_to_bytes

_MAX_NAMES_LINES = 1_500  # of one answer: three quarters of what may wait for a slow reader (MAX_SENDQ_BYTES)


def join(call: Call, message: Message) -> None:
    """Enter channels, each with its key where it has one. "JOIN 0" leaves all."""
    if message.params[0] == "0":
        for channel in list(call.user.channels.values()):
            _part(call, channel, "")
        return
    keys = message.params[1].split(",") if len(message.params) > 1 else []
    asked = [(name, key) for name, key in zip_longest(message.params[0].split(","), keys, fillvalue="") if name]
    wanted: dict[str, tuple[str, str]] = {}
    for name, key in asked:
        wanted.setdefault(fold(name), (name, key))
    if not wanted:
        call.numeric(numerics.ERR_NEEDMOREPARAMS, "JOIN", "Not enough parameters")
    budget = replay.Budget()
    for name, key in wanted.values():
        _join(call, name, key, budget)


def _join(call: Call, name: str, key: str, budget: replay.Budget) -> None:
    user, network = call.user, call.network
    if not is_channel(name):
        call.numeric(numerics.ERR_NOSUCHCHANNEL, name, "No such channel")
        return
    channel = network.channel(name)
    if channel is None and (meant := room_meant(network, name, key)):
        channel, key = meant
        words = f"You are taken to the room {channel.room}, whose channel is {channel.name}"
        call.numeric(numerics.ERR_LINKCHANNEL, name, channel.name, words)
    if channel and user in channel.members:
        return
    if len(user.channels) >= MAX_CHANNELS_PER_USER or (channel is None and not _may_open(call)):
        call.numeric(numerics.ERR_TOOMANYCHANNELS, name, "You are in too many channels")
        return
    if channel is None:
        kept_as = f"channel {fold(name)} {network.new_id()}"
        opened = Channel(name, call.now, kept_as, address=call.session.address)
        channel = network.channels[fold(name)] = opened
        arrivals.enter(call, user, channel, {"o"}, budget)
    elif refusal := entry_refusal(call, channel, key):
        call.numeric(refusal.code, channel.name, refusal.text)
    else:
        arrivals.enter(call, user, channel, {"o"} if channel.is_hosted and user.is_operator else set(), budget)


def _may_open(call: Call) -> bool:
    """Whether one more channel may be opened, among all and among those of the asker's address."""
    channels = call.network.channels.values()
    own = sum(channel.address == call.session.address for channel in channels)
    return len(channels) < MAX_CHANNELS and own < MAX_CHANNELS_OF_ADDRESS


def part(call: Call, message: Message) -> None:
    """Leave channels."""
    reason = message.params[1] if len(message.params) > 1 else ""
    for name in {fold(name): name for name in message.params[0].split(",")}.values():
        channel = _own_channel(call, name)
        if channel:
            _part(call, channel, reason)


def _part(call: Call, channel: Channel, reason: str) -> None:
    user = call.user
    reason = cut_to_bytes(reason, free_bytes(Message("PART", (channel.name,), user.source)))
    params = (channel.name, reason) if reason else (channel.name,)
    call.send(channel.audience(), call.happening(user, [channel], "PART", *params))
    call.happened("leave", user.nick, channel.name, reason)
    departures.leave(call, user, channel)


def _own_channel(call: Call, name: str) -> Channel | None:
    """A channel the asker is in; where it is none, they are told."""
    channel = find_channel(call, name)
    if channel and call.user not in channel.members:
        call.numeric(numerics.ERR_NOTONCHANNEL, channel.name, "You are not in that channel")
        return None
    return channel


def names(call: Call, message: Message) -> None:
    """Tell who is in channels, in all where none is named; one end for all of them."""
    asked = message.params[0] if message.params else "*"
    wanted = dict.fromkeys(fold(name) for name in asked.split(",")) if message.params else list(call.network.channels)
    found = (channel for name in wanted if (channel := call.network.channels.get(name)))
    lines = (line for channel in found if channel.is_visible_to(call.user) for line in _names(call, channel))
    for line in islice(lines, _MAX_NAMES_LINES):
        call.reply(line)
    call.numeric(numerics.RPL_ENDOFNAMES, asked, "End of names")


def _names(call: Call, channel: Channel) -> list[Message]:
    """The names of one channel, without their end.

    A room of the host's is shown with nobody in it, as it is listed: who asks is told that it is there.
    """
    is_inside = call.user in channel.members
    *lines, _end = replies.names(call.network, call.session, call.user.nick, channel, is_inside=is_inside)
    is_shown_empty = channel.is_hosted and not call.network.settings.hides_empty_rooms
    return lines or ([replies.no_names(call.network, call.user.nick, channel)] if is_shown_empty else [])


def kick(call: Call, message: Message) -> None:
    """Make members leave: one channel for all, or one for each. More than TARGMAX says are passed over."""
    channels = message.params[0].split(",")
    nicks = message.params[1].split(",")
    reason = cut_to_bytes(message.params[2], MAX_KICK_BYTES) if len(message.params) > 2 else ""
    if len(channels) == 1:
        channels *= len(nicks)
    if len(channels) != len(nicks):
        call.numeric(numerics.ERR_NEEDMOREPARAMS, "KICK", "Name one channel, or one for each person")
        return
    for name, nick in list(zip(channels, nicks, strict=True))[:MAX_TARGETS]:
        channel = _own_channel(call, name)
        if channel:
            _kick(call, channel, nick, reason or call.user.nick)


def _kick(call: Call, channel: Channel, nick: str, reason: str) -> None:
    user = call.network.user(nick)
    if not channel.is_operator(call.user):
        call.numeric(numerics.ERR_CHANOPRIVSNEEDED, channel.name, "You are not an operator here")
    elif user is None:
        call.numeric(numerics.ERR_NOSUCHNICK, nick, "No such name")
    elif user not in channel.members:
        call.numeric(numerics.ERR_USERNOTINCHANNEL, user.nick, channel.name, "They are not in that channel")
    else:
        event = call.happening(call.user, [channel], "KICK", channel.name, user.nick, reason)
        call.send(channel.audience(), event)
        call.happened("leave", user.nick, channel.name, f"removed by {call.user.nick}: {reason}")
        departures.leave(call, user, channel)


COMMANDS = {
    "JOIN": Command(join, "JOIN <channel>{,<channel>} [<key>{,<key>}]", "Enter channels.", 1, targets_at=0),
    "PART": Command(part, "PART <channel>{,<channel>} [:<reason>]", "Leave channels.", 1, targets_at=0),
    "NAMES": Command(names, "NAMES [<channel>{,<channel>}]", "Who is in channels.", cost=2.0, targets_at=0),
    "KICK": Command(
        kick, "KICK <channel> <name>{,<name>} [:<reason>]", "Make somebody leave a channel.", 2, targets_at=1
    ),
}
