"""Who is where: coming, leaving, names and ranks, being away."""

from dataclasses import replace

from lanchat.client.state.changes import Change, ChannelLeft, MembersChanged, NickChanged, TypingChanged
from lanchat.client.state.channels import MAX_MEMBERS, Channel, Member
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.heard import Heard, clean_name
from lanchat.client.state.meaning.private import came, meet, rename_talk
from lanchat.client.state.state import ClientState
from lanchat.protocol import numerics
from lanchat.protocol.names import fold, shown


def _join(state: ClientState, heard: Heard) -> list[Change]:
    name = heard.name(0)
    if not heard.nick or not state.features.is_channel(name):
        return []
    if state.is_own(heard.nick):
        return [] if heard.is_replayed else [*state.enter(name), *_greeting(state, heard)]
    channel = state.channel(name)
    if channel is None:
        return []
    entry = Entry(EntryKind.JOIN, heard.at_s, nick=heard.nick, msgid=heard.msgid, is_replayed=heard.is_replayed)
    if heard.is_replayed:
        return state.report(channel, entry)
    channel.add_member(Member(heard.nick, is_bot=heard.is_from_bot))
    return [MembersChanged(channel.name), *state.report(channel, entry), *came(state, heard)]


def _greeting(state: ClientState, heard: Heard) -> list[Change]:
    """Show the greeting of the host (its MOTD), once there is a channel to show it in."""
    if not state.motd:
        return []
    text = "\n".join(state.motd)
    state.motd = []
    return state.tell(text, heard.now_s)


def _part(state: ClientState, heard: Heard) -> list[Change]:
    channel = state.channel(heard.name(0)) if heard.name(0) else None
    if channel is None:
        return []
    if state.is_own(heard.nick):
        return [] if heard.is_replayed else state.leave(channel)
    return _gone(state, channel, heard, heard.line(1))


def _gone(state: ClientState, channel: Channel, heard: Heard, reason: str) -> list[Change]:
    entry = Entry(EntryKind.LEAVE, heard.at_s, heard.nick, reason, msgid=heard.msgid, is_replayed=heard.is_replayed)
    if heard.is_replayed:
        return state.report(channel, entry)
    was_there = channel.members.pop(fold(heard.nick), None) is not None
    typed: list[Change] = [TypingChanged(channel.name)] if channel.stop_typing(heard.nick) else []
    return [*typed, MembersChanged(channel.name), *state.report(channel, entry)] if was_there else typed


def _quit(state: ClientState, heard: Heard) -> list[Change]:
    if state.is_own(heard.nick):
        return []
    reason = heard.line(0).removeprefix("Quit:").strip()  # servers put it before a person's own words
    replayed = state.channel(heard.of_channel) if heard.of_channel else None
    changes: list[Change] = []
    for channel in [replayed] if replayed else state.channels_with(heard.nick):
        changes += _gone(state, channel, heard, reason)
    return changes


def _kick(state: ClientState, heard: Heard) -> list[Change]:
    channel, nick = state.channel(heard.name(0)) if heard.name(0) else None, heard.name(1)
    if channel is None or not nick:
        return []
    is_own = state.is_own(nick) and not heard.is_replayed
    entry = Entry(
        EntryKind.KICK,
        heard.at_s,
        nick=nick,
        text=heard.line(2),
        to=heard.nick,
        msgid=heard.msgid,
        is_mention=is_own,
        is_replayed=heard.is_replayed,
    )
    if heard.is_replayed:
        return state.report(channel, entry)
    channel.members.pop(fold(nick), None)
    channel.stop_typing(nick)
    left: list[Change] = []
    if is_own:
        channel.is_joined, channel.is_kicked = False, True
        left = [ChannelLeft(channel.name, is_kept=True)]
    return [MembersChanged(channel.name), *left, *state.report(channel, entry)]


def _nick(state: ClientState, heard: Heard) -> list[Change]:
    new = heard.name(0)
    if not new or not heard.nick:
        return []
    if heard.is_replayed:
        return _renamed_then(state, heard, new)
    is_own = state.is_own(heard.nick)
    changes: list[Change] = [NickChanged(heard.nick, new, is_own)]
    if is_own:
        state.nick = new
    for channel in state.channels_with(heard.nick):
        channel.add_member(replace(channel.members.pop(fold(heard.nick)), nick=new))
        channel.stop_typing(heard.nick)
        entry = Entry(EntryKind.NICK, heard.at_s, nick=heard.nick, to=new, msgid=heard.msgid, is_own=is_own)
        changes += [MembersChanged(channel.name), *state.report(channel, entry)]
    return [*changes, *rename_talk(state, heard.nick, new)]


def _renamed_then(state: ClientState, heard: Heard, new: str) -> list[Change]:
    channel = state.channel(heard.of_channel) if heard.of_channel else None
    entry = Entry(EntryKind.NICK, heard.at_s, nick=heard.nick, to=new, msgid=heard.msgid, is_replayed=True)
    return [] if channel is None or state.is_own(new) else state.report(channel, entry)


def _away(state: ClientState, heard: Heard) -> list[Change]:
    is_away = bool(heard.raw(0))
    return [
        MembersChanged(channel.name)
        for channel in state.channels_with(heard.nick)
        if channel.set_away(heard.nick, is_away=is_away)
    ]


def _names(state: ClientState, heard: Heard) -> list[Change]:
    """353: a part of the list of members, which replaces the old one at its end (366)."""
    channel = state.channel(heard.name(2)) if heard.name(2) else None
    if channel is None or not channel.is_joined:
        return []
    if channel.listed is None:
        channel.listed = {}
    for word in heard.raw(3).split():
        member = _listed_member(state, channel, word)
        if member.nick and len(channel.listed) < MAX_MEMBERS:
            channel.listed[fold(member.nick)] = member
    return []


def _listed_member(state: ClientState, channel: Channel, word: str) -> Member:
    """Read "@+Ana!ana@host" of a 353, keeping what else is known of her."""
    signs = set(state.features.prefix_of_mode.values())
    nick = word.lstrip("".join(signs))
    prefix = word[0] if word[0] in signs else ""
    nick = clean_name(nick.partition("!")[0])
    known = channel.member(nick)
    return replace(known, nick=nick, prefix=prefix) if known else Member(nick, prefix)


def _end_of_names(state: ClientState, heard: Heard) -> list[Change]:
    channel = state.channel(heard.name(1)) if heard.name(1) else None
    if channel is None or channel.listed is None:
        return []
    channel.members, channel.listed = channel.listed, None
    for talk in state.talks:
        meet(state, talk)
    return [MembersChanged(channel.name)]


def _who(state: ClientState, heard: Heard) -> list[Change]:
    """352: who is away (G) and who is a bot; ircv3.net/specs/extensions/bot-mode."""
    channel, nick, flags = state.channel(heard.name(1)) if heard.name(1) else None, heard.name(5), heard.raw(6)
    member = channel.member(nick) if channel else None
    if channel is None or member is None:
        return []
    letter = state.features.bot_letter
    is_bot = bool(letter) and letter in flags[1:]
    channel.members[fold(nick)] = replace(member, is_away=flags.startswith("G"), is_bot=is_bot)
    return []


def _end_of_who(state: ClientState, heard: Heard) -> list[Change]:
    channel = state.channel(heard.name(1)) if heard.name(1) else None
    return [] if channel is None else [MembersChanged(channel.name)]


def _invite(state: ClientState, heard: Heard) -> list[Change]:
    nick, channel = heard.name(0), heard.name(1)
    if not nick or not channel:
        return []
    room = state.title_of(channel)
    if not state.is_own(nick):
        return state.tell(f"{shown(heard.nick)} invited {shown(nick)} to {room}.", heard.now_s)
    text = f"{shown(heard.nick)} invites you to {room}. Type /join {room} to go there."
    return state.add(state.current, Entry(EntryKind.INFO, heard.at_s, nick=heard.nick, text=text, is_mention=True))


HANDLERS = {
    "JOIN": _join,
    "PART": _part,
    "QUIT": _quit,
    "KICK": _kick,
    "NICK": _nick,
    "AWAY": _away,
    "INVITE": _invite,
    numerics.RPL_NAMREPLY: _names,
    numerics.RPL_ENDOFNAMES: _end_of_names,
    numerics.RPL_WHOREPLY: _who,
    numerics.RPL_ENDOFWHO: _end_of_who,
}
