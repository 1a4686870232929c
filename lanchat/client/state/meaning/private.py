"""Talk with one person, where it has a place of its own (`ClientState.has_tabs`): a channel that bears their nick.

It begins with the first message, either way, and goes on under their new name, where they take one: by NICK, or because
they come back under another one and the host tells that they are logged in to the same account.
"""

from lanchat.client.state.changes import Change, ChannelLeft, EntriesInserted, TalkRenamed
from lanchat.client.state.channels import Channel, Member
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.heard import Heard
from lanchat.client.state.state import ClientState
from lanchat.protocol.names import fold, shown

MAX_TALKS = 50  # at one time: who writes under ever new names takes no memory


def begin_talk(state: ClientState, nick: str) -> Channel | None:
    """Return the talk with somebody, begun if there is none; None where it has no place of its own."""
    talk = state.talk(nick)
    if talk is not None or not state.has_tabs or state.features.is_channel(nick) or not nick:
        return talk
    if len(state.talks) >= MAX_TALKS and not _make_room(state):
        return None
    talk = state.channels[fold(nick)] = Channel(nick, shown(nick), is_private=True)
    meet(state, talk)
    return talk


def _make_room(state: ClientState) -> bool:
    """Close the oldest talk that is read and not open; tell whether there was one."""
    read = [talk for talk in state.talks if not talk.unread and talk is not state.current]
    if read:
        del state.channels[fold(read[0].name)]
    return bool(read)


def meet(state: ClientState, talk: Channel) -> None:
    """Note who of the two is here, as far as rooms tell."""
    for nick in (talk.name, state.nick):
        found = next((room.member(nick) for room in state.rooms if room.member(nick)), None)
        if found is not None:
            talk.add_member(Member(found.nick, is_away=found.is_away, is_bot=found.is_bot))


def place_of(state: ClientState, heard: Heard, target: str) -> Channel | None:
    """Return where a message belongs that changes another one, or tells of typing; None: nowhere that is known."""
    if state.features.is_channel(target):
        return state.channel(target)
    return state.talk(_other(state, heard, target)) if state.has_tabs else state.current


def _other(state: ClientState, heard: Heard, target: str) -> str:
    if heard.of_channel and not state.features.is_channel(heard.of_channel):
        return heard.of_channel
    return target if state.is_own(heard.nick) else heard.nick


def talk_of(state: ClientState, heard: Heard, target: str) -> tuple[Channel | None, list[Change]]:
    """Return the talk that a message to a nick is a part of, and what changed by that; None: it has no such place."""
    if not state.has_tabs or (heard.is_from_server and not state.is_own(heard.nick)):
        return None, []
    other = _other(state, heard, target)
    changes: list[Change] = []
    if not heard.is_replayed and not state.is_own(heard.nick):
        changes += recognise(state, heard, heard.tags.get("account", ""))
    talk = begin_talk(state, other)
    if talk is not None and not heard.is_replayed and not state.is_own(heard.nick):
        if talk.member(heard.nick) is None:
            talk.add_member(Member(heard.nick, is_bot=heard.is_from_bot))
        changes += _note_account(state, talk, heard)
    return talk, changes


def _note_account(state: ClientState, talk: Channel, heard: Heard) -> list[Change]:
    """Note who somebody is logged in as; tell where that is no longer who it was."""
    if not state.offers("account-tag"):
        return []
    before, talk.account = talk.account, heard.tags.get("account", "")
    if not before or fold(before) == fold(talk.account):
        return []
    text = f"{talk.title} is not logged in as {shown(before)} any more, and may be somebody else."
    return state.add(talk, Entry(EntryKind.INFO, heard.at_s, text=text))


def recognise(state: ClientState, heard: Heard, account: str) -> list[Change]:
    """Take the talk with somebody along who is here under another name, and known by their account."""
    if not account or not state.has_tabs or state.talk(heard.nick) is not None:
        return []
    gone = (talk for talk in state.talks if talk.account and fold(talk.account) == fold(account))
    talk = next((talk for talk in gone if talk.member(talk.name) is None), None)
    if talk is None:
        return []
    entry = Entry(EntryKind.NICK, heard.at_s, nick=talk.name, to=heard.nick)
    return [*state.add(talk, entry), *rename_talk(state, talk.name, heard.nick)]


def came(state: ClientState, heard: Heard) -> list[Change]:
    """Tell in the talk with somebody that they are here again. `heard`: their JOIN, with an account where it tells."""
    account = heard.raw(1) if len(heard.message.params) > 2 and heard.raw(1) != "*" else ""
    changes = recognise(state, heard, account)
    talk = state.talk(heard.nick)
    if talk is None or talk.member(heard.nick) is not None:
        return changes
    talk.add_member(Member(heard.nick, is_bot=heard.is_from_bot))
    return [*changes, *state.report(talk, Entry(EntryKind.JOIN, heard.at_s, nick=heard.nick, msgid=heard.msgid))]


def rename_talk(state: ClientState, old: str, new: str) -> list[Change]:
    """Go on with a talk under the other's new name. One of that name was with the same person before, or is closed."""
    talk, earlier = state.talk(old), state.talk(new)
    if talk is None:
        return []
    changes = _put_before(talk, earlier) if earlier is not None and earlier is not talk else []
    is_current = state.current is talk or (earlier is not None and state.current is earlier)
    others = (item for item in state.channels.items() if item[1] is talk or item[1] is not earlier)
    state.channels = {fold(new) if one is talk else key: one for key, one in others}
    state.current_key = fold(new) if is_current else state.current_key
    talk.name, talk.title = new, shown(new)
    return [*changes, TalkRenamed(old, new)]


def _put_before(talk: Channel, earlier: Channel) -> list[Change]:
    """Put what was said in an earlier talk above a talk, unless it was with somebody else: that one is closed."""
    gone: list[Change] = [ChannelLeft(earlier.name)]
    if earlier.account and talk.account is not None and fold(earlier.account) != fold(talk.account):
        return gone
    talk.unread += earlier.unread
    talk.unread_mentions += earlier.unread_mentions
    before = talk.entries.first_serial
    placed = talk.entries.insert_before(before, list(earlier.entries))
    return [EntriesInserted(talk.name, before, tuple(placed)), *gone]
