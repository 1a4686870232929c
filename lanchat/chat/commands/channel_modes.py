"""MODE, of channels and of oneself. Source: modern.ircdocs.horse, "MODE message"."""

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import modes, ranks
from lanchat.chat.rules.access import find_channel
from lanchat.chat.state.people import Channel
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import CHANNEL_PREFIX

_LISTS = {
    "b": (numerics.RPL_BANLIST, numerics.RPL_ENDOFBANLIST, "End of bans"),
    "e": (numerics.RPL_EXCEPTLIST, numerics.RPL_ENDOFEXCEPTLIST, "End of ban exceptions"),
    "I": (numerics.RPL_INVEXLIST, numerics.RPL_ENDOFINVEXLIST, "End of invite exceptions"),
}
_OWN_MODES = frozenset("iwB")  # what everybody may set on themselves; "o" only goes away


def mode(call: Call, message: Message) -> None:
    """See or change modes."""
    target = message.params[0]
    if target.startswith(CHANNEL_PREFIX):
        channel = find_channel(call, target)
        if channel and len(message.params) == 1:
            _show(call, channel)
        elif channel:
            _change(call, channel, modes.parse(message.params[1], message.params[2:]))
        return
    user = call.network.user(target)
    if user is None:
        call.numeric(numerics.ERR_NOSUCHNICK, target, "No such name")
    elif user is not call.user:
        call.numeric(numerics.ERR_USERSDONTMATCH, "You can only see and change your own modes")
    elif len(message.params) == 1:
        call.numeric(numerics.RPL_UMODEIS, "+" + "".join(sorted(user.modes)))
    else:
        _change_own(call, message.params[1])


def _show(call: Call, channel: Channel) -> None:
    is_inside = call.user in channel.members
    call.numeric(numerics.RPL_CHANNELMODEIS, channel.name, *modes.in_force(channel, is_inside=is_inside))
    call.numeric(numerics.RPL_CREATIONTIME, channel.name, str(int(channel.created_at)))


def _change(call: Call, channel: Channel, changes: list[modes.Change]) -> None:
    for letter in dict.fromkeys(change.letter for change in changes if modes.is_query(change)):
        _show_list(call, channel, letter)
    changes = [change for change in changes if not modes.is_query(change)]
    if not changes:
        return
    if not channel.is_operator(call.user):
        call.numeric(numerics.ERR_CHANOPRIVSNEEDED, channel.name, "You are not an operator here")
        return
    for line in modes.in_lines(modes.apply(call, channel, changes)):
        event = call.happening(call.user, [channel], "MODE", channel.name, *modes.written(line))
        call.send(channel.audience(), event)


def _show_list(call: Call, channel: Channel, letter: str) -> None:
    code, end_code, words = _LISTS[letter]
    for entry in channel.lists[letter].values():
        call.numeric(code, channel.name, entry.mask, entry.by, str(int(entry.at)))
    call.numeric(end_code, channel.name, words)


def _change_own(call: Call, letters: str) -> None:
    own = call.user.modes
    changed: list[modes.Change] = []
    is_unknown = False
    for change in modes.parse(letters, ()):
        is_known = change.letter in _OWN_MODES or change.letter == "o"
        is_unknown = is_unknown or not is_known
        may = change.letter in _OWN_MODES or (change.letter == "o" and change.sign == "-")
        if may and (change.letter in own) != (change.sign == "+"):
            own ^= {change.letter}
            changed.append(change)
    if changed:
        call.send(call.user.sessions, call.event(call.user, "MODE", call.user.nick, *modes.written(changed)))
    if any(change.letter == "o" for change in changed):
        ranks.follow_host(call, call.user)
    if is_unknown:
        call.numeric(numerics.ERR_UMODEUNKNOWNFLAG, "Unknown mode")


COMMANDS = {
    "MODE": Command(mode, "MODE <channel or name> [<modes> {<parameter>}]", "See or change modes.", 1),
}
