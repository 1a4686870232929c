"""What people say: messages, whispers, actions, typing, reactions, and what they take back."""

from lanchat.client.state.changes import Change, TypingChanged
from lanchat.client.state.channels import TYPING_ACTIVE_S, TYPING_PAUSED_S, Channel
from lanchat.client.state.clock import moment
from lanchat.client.state.continuity import Novelty
from lanchat.client.state.entries import MAX_REACTION_BYTES, MAX_REACTIONS, MAX_REACTORS, Entry, EntryKind, Reaction
from lanchat.client.state.heard import Heard, clean_lines
from lanchat.client.state.meaning.own import confirm
from lanchat.client.state.meaning.private import place_of, talk_of
from lanchat.client.state.mentions import is_mentioned
from lanchat.client.state.state import ClientState
from lanchat.protocol.names import fold
from lanchat.protocol.text import clean, cut_to_bytes

_CTCP = "\x01"  # modern.ircdocs.horse/ctcp
_STATUS_SIGNS = "~&@%+"  # before a channel: only for members of that rank (STATUSMSG)
_TYPING_S = {"active": TYPING_ACTIVE_S, "paused": TYPING_PAUSED_S}


def _privmsg(state: ClientState, heard: Heard) -> list[Change]:
    kind, text = EntryKind.MESSAGE, heard.raw(1)
    if text.startswith(_CTCP):
        command, _, rest = text.strip(_CTCP).partition(" ")
        if command != "ACTION":
            return []  # a question to the program (VERSION, PING …), nothing said by anybody
        kind, text = EntryKind.ACTION, rest
    return _said(state, heard, kind, clean_lines(text))


def _notice(state: ClientState, heard: Heard) -> list[Change]:
    if heard.raw(1).startswith(_CTCP):
        return []
    return _said(state, heard, EntryKind.NOTICE, heard.text(1))


def _said(state: ClientState, heard: Heard, kind: EntryKind, text: str) -> list[Change]:
    target = heard.name(0).lstrip(_STATUS_SIGNS)
    if state.features.is_channel(target):
        channel = state.channel(target)
        return [] if channel is None else _said_in(state, channel, heard, kind, text, to="")
    if kind is EntryKind.NOTICE and heard.is_from_server:
        return _said_in(state, state.current, heard, kind, text, to="")
    talk, changes = talk_of(state, heard, target)
    if talk is not None:
        return [*changes, *_said_in(state, talk, heard, kind, text, to="")]
    kind = EntryKind.ACTION if kind is EntryKind.ACTION else EntryKind.WHISPER
    return _said_in(state, state.current, heard, kind, text, to=target)


def _said_in(
    state: ClientState, channel: Channel, heard: Heard, kind: EntryKind, text: str, *, to: str
) -> list[Change]:
    novelty, hole_s = channel.continuity.hear(heard.msgid, heard.at_s, is_replayed=heard.is_replayed)
    if novelty is Novelty.KNOWN:
        return []  # replayed after a lost connection
    hole = _tell_hole(state, channel, hole_s, heard.at_s) if hole_s else []
    is_own = state.is_own(heard.nick)
    is_to_me = bool(to) or is_mentioned(state.nick, text)
    entry = Entry(
        kind,
        heard.at_s,
        nick=heard.nick,
        text=text,
        to=to,
        msgid=heard.msgid,
        reply_to=_reply_tag(heard),
        is_own=is_own,
        is_mention=is_to_me and not is_own and not heard.is_from_server,
        is_replayed=heard.is_replayed,
        is_missed=novelty is Novelty.MISSED,
        is_bot=heard.is_from_bot,
    )
    stopped: list[Change] = [TypingChanged(channel.name)] if channel.stop_typing(heard.nick) else []
    confirmed = confirm(state, channel, entry, heard.own_part) if is_own else []
    return [*hole, *stopped, *(confirmed or state.add(channel, entry))]


def _tell_hole(state: ClientState, channel: Channel, after_s: float, before_s: float) -> list[Change]:
    """Tell that the host did not replay all that was said while the connection was lost."""
    text = f"Some messages between {moment(after_s).hour} and {moment(before_s).hour} are missing."
    return state.add(channel, Entry(EntryKind.INFO, before_s, text=text))


def _reply_tag(heard: Heard) -> str:
    return heard.tags.get("+reply", "") or heard.tags.get("+draft/reply", "")


def _tagmsg(state: ClientState, heard: Heard) -> list[Change]:
    channel = place_of(state, heard, heard.name(0).lstrip(_STATUS_SIGNS))
    if channel is None:
        return []
    return [*_typing(state, channel, heard), *_react(state, channel, heard)]


def _typing(state: ClientState, channel: Channel, heard: Heard) -> list[Change]:
    how = heard.tags.get("+typing", "")
    if not how or heard.is_replayed or not heard.nick or state.is_own(heard.nick):
        return []
    if how in _TYPING_S:
        channel.start_typing(heard.nick, heard.now_s + _TYPING_S[how])
        return [TypingChanged(channel.name)]
    return [TypingChanged(channel.name)] if channel.stop_typing(heard.nick) else []


def _react(state: ClientState, channel: Channel, heard: Heard) -> list[Change]:
    added = _reaction_tag(heard, "+draft/react")
    removed = _reaction_tag(heard, "+draft/unreact")
    entry = channel.entries.by_msgid(_reply_tag(heard))
    if entry is None or not (added or removed) or not heard.nick:
        return []
    reactions = _with_reaction(entry.reactions, added, heard.nick) if added else entry.reactions
    reactions = _without_reaction(reactions, removed, heard.nick) if removed else reactions
    return [] if reactions == entry.reactions else state.change(channel, entry, reactions=reactions)


def _reaction_tag(heard: Heard, key: str) -> str:
    return clean(cut_to_bytes(heard.tags.get(key, ""), MAX_REACTION_BYTES)).strip()


def _with_reaction(reactions: tuple[Reaction, ...], text: str, nick: str) -> tuple[Reaction, ...]:
    for index, reaction in enumerate(reactions):
        if reaction.text == text:
            if len(reaction.nicks) >= MAX_REACTORS or _is_among(nick, reaction.nicks):
                return reactions
            return (*reactions[:index], Reaction(text, (*reaction.nicks, nick)), *reactions[index + 1 :])
    return reactions if len(reactions) >= MAX_REACTIONS else (*reactions, Reaction(text, (nick,)))


def _without_reaction(reactions: tuple[Reaction, ...], text: str, nick: str) -> tuple[Reaction, ...]:
    kept: list[Reaction] = []
    for reaction in reactions:
        nicks = tuple(other for other in reaction.nicks if reaction.text != text or fold(other) != fold(nick))
        if nicks:
            kept.append(Reaction(reaction.text, nicks))
    return tuple(kept)


def _is_among(nick: str, nicks: tuple[str, ...]) -> bool:
    return fold(nick) in {fold(other) for other in nicks}


def _redact(state: ClientState, heard: Heard) -> list[Change]:
    channel = place_of(state, heard, heard.name(0))
    entry = channel.entries.by_msgid(heard.raw(1)) if channel else None
    if channel is None or entry is None or entry.is_deleted:
        return []
    return state.change(channel, entry, text="", is_deleted=True, is_mention=False, reactions=())


HANDLERS = {"PRIVMSG": _privmsg, "NOTICE": _notice, "TAGMSG": _tagmsg, "REDACT": _redact}
