"""Topic and modes of a channel."""

from dataclasses import replace

from lanchat.client.state.changes import Change, MembersChanged, TopicChanged
from lanchat.client.state.channels import Channel, rank
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.heard import Heard
from lanchat.client.state.state import ClientState
from lanchat.protocol import numerics
from lanchat.protocol.names import fold, shown

_RANK_WORDS = {
    "+o": "{by} made {who} an operator.",
    "-o": "{who} is no longer an operator ({by}).",
    "+v": "{by} gave {who} a voice.",
    "-v": "{by} took the voice from {who}.",
}
_MODE_WORDS = {
    "+m": "{by} let only operators and people with a voice speak here.",
    "-m": "{by} let everybody speak here.",
    "+i": "{by} closed the room: an invitation is needed now.",
    "-i": "{by} opened the room to everybody.",
    "+t": "{by} let only operators set the topic.",
    "-t": "{by} let everybody set the topic.",
    "+k": "{by} set a key for the room.",
    "-k": "{by} removed the key of the room.",
    "+b": "{by} banned {who}.",
    "-b": "{by} lifted the ban on {who}.",
}
MAX_MODE_LETTERS = 50  # of one MODE; more are ignored


def _topic(state: ClientState, heard: Heard) -> list[Change]:
    channel = state.channel(heard.name(0)) if heard.name(0) else None
    if channel is None:
        return []
    entry = Entry(
        EntryKind.TOPIC, heard.at_s, heard.nick, heard.line(1), msgid=heard.msgid, is_replayed=heard.is_replayed
    )
    if heard.is_replayed:
        return state.report(channel, entry)
    channel.set_topic(heard.line(1))
    return [TopicChanged(channel.name), *state.report(channel, entry)]


def _topic_is(state: ClientState, heard: Heard) -> list[Change]:
    return _set_topic(state, heard, heard.line(2))


def _no_topic(state: ClientState, heard: Heard) -> list[Change]:
    return _set_topic(state, heard, "")


def _set_topic(state: ClientState, heard: Heard, topic: str) -> list[Change]:
    channel = state.channel(heard.name(1)) if heard.name(1) else None
    if channel is None:
        return []
    channel.set_topic(topic)
    return [TopicChanged(channel.name)]


def _mode(state: ClientState, heard: Heard) -> list[Change]:
    channel = state.channel(heard.name(0)) if state.features.is_channel(heard.name(0)) else None
    if channel is None or heard.is_replayed:
        return []
    changes: list[Change] = []
    index = 2
    sign = "+"
    for letter in heard.raw(1)[:MAX_MODE_LETTERS]:
        if letter in "+-":
            sign = letter
            continue
        argument = ""
        if state.features.takes_parameter(letter, is_set=sign == "+"):
            argument = heard.name(index)
            index += 1
        changes += _mode_change(state, channel, heard, sign + letter, argument)
    return changes


def _mode_change(state: ClientState, channel: Channel, heard: Heard, mode: str, argument: str) -> list[Change]:
    changes: list[Change] = []
    sign = state.features.prefix_of_mode.get(mode[1])
    if sign and _set_rank(channel, argument, sign, is_set=mode[0] == "+"):
        changes.append(MembersChanged(channel.name))
    words = (_RANK_WORDS if sign else _MODE_WORDS).get(mode)
    if words:
        text = words.format(by=shown(heard.nick) or "The host", who=shown(argument))
        changes += state.add(channel, Entry(EntryKind.MODE, heard.at_s, heard.nick, text))
    return changes


def _set_rank(channel: Channel, nick: str, sign: str, *, is_set: bool) -> bool:
    """Set or remove a member's rank; tell whether that shows. A voice given to an operator does not."""
    member = channel.member(nick)
    if member is None or (is_set and rank(sign) >= rank(member.prefix)) or (not is_set and member.prefix != sign):
        return False
    channel.members[fold(nick)] = replace(member, prefix=sign if is_set else "")
    return True


HANDLERS = {"TOPIC": _topic, numerics.RPL_NOTOPIC: _no_topic, numerics.RPL_TOPIC: _topic_is, "MODE": _mode}
