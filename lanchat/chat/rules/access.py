"""Who may come in, and who may speak."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from lanchat.chat.call import Call
from lanchat.chat.state.people import Channel, User
from lanchat.protocol import numerics
from lanchat.protocol.names import fold


@dataclass(frozen=True, slots=True)
class Refusal:
    """The numeric and the words for why something is not allowed."""

    code: str
    text: str


_BANNED = Refusal(numerics.ERR_BANNEDFROMCHAN, "Cannot join: you are banned")
_WRONG_KEY = Refusal(numerics.ERR_BADCHANNELKEY, "Cannot join: the key is missing or wrong (+k)")
_TOO_MANY_KEYS = Refusal(numerics.ERR_BADCHANNELKEY, "Cannot join: too many wrong keys; try again in a few minutes")
_FULL = Refusal(numerics.ERR_CHANNELISFULL, "Cannot join: the channel is full (+l)")
_INVITE_ONLY = Refusal(numerics.ERR_INVITEONLYCHAN, "Cannot join: you have to be invited (+i)")
_OUTSIDE = Refusal(numerics.ERR_CANNOTSENDTOCHAN, "Cannot send: you are not in that channel (+n)")
_MODERATED = Refusal(numerics.ERR_CANNOTSENDTOCHAN, "Cannot send: the channel is moderated (+m)")
_MUTED = Refusal(numerics.ERR_CANNOTSENDTOCHAN, "Cannot send: you are banned from speaking here (+b)")
_CTCP = Refusal(numerics.ERR_CANNOTSENDTOCHAN, "Cannot send: CTCPs are not allowed here (+C)")


def find_channel(call: Call, name: str) -> Channel | None:
    """Return a channel that the asker may know of. Of any other they are told that there is none: secret or not there.

    (Whoever may say something into a secret channel from outside may know of it as well: it is not +n.)
    """
    channel = call.network.channel(name)
    if channel and channel.is_visible_to(call.user):
        return channel
    call.numeric(numerics.ERR_NOSUCHCHANNEL, name, "No such channel")
    return None


def entry_refusal(call: Call, channel: Channel, key: str) -> Refusal | None:
    """Return why who asks may not come in. Wrong keys are counted by address, so that nobody can try them all."""
    attempts, address = call.network.key_attempts, call.session.address
    is_guess = bool(key and channel.key) and not _is_welcome(channel, call.user)
    if is_guess and attempts.is_blocked(address, call.now):
        return _TOO_MANY_KEYS
    refusal = join_refusal(channel, call.user, key)
    if is_guess and refusal is _WRONG_KEY:
        attempts.failed(address, call.now)
    return refusal


def join_refusal(channel: Channel, user: User, key: str) -> Refusal | None:
    """Return why somebody may not come in."""
    if _is_welcome(channel, user):
        return None
    if is_banned(channel, user):
        return _BANNED
    if channel.key and not hmac.compare_digest(key.encode(), channel.key.encode()):
        return _WRONG_KEY
    if channel.limit and len(channel.members) >= channel.limit:
        return _FULL
    if "i" in channel.modes and not is_on(channel, "I", user):
        return _INVITE_ONLY
    return None


def _is_welcome(channel: Channel, user: User) -> bool:
    """The host's operators may enter; an operator's invitation opens every door."""
    return user.is_operator or bool(channel.invited.get(user))


def speech_refusal(channel: Channel, user: User, text: str, *, is_guest: bool = False) -> Refusal | None:
    """Return why somebody may not say a text in a channel. A guest (guests.py) is not outside, though no member."""
    if "C" in channel.modes and any(map(_is_ctcp, text.split("\n"))):
        return _CTCP
    member = channel.members.get(user)
    if member and member.modes:
        return None
    if member is None and "n" in channel.modes and not is_guest:
        return _OUTSIDE
    if "m" in channel.modes:
        return _MODERATED
    return _MUTED if channel.lists["b"] and (is_banned(channel, user) or is_muted(channel, user)) else None


def _is_ctcp(line: str) -> bool:
    """Whether a line asks a program something; "/me waves" only looks like it."""
    return line.startswith("\x01") and line.strip("\x01").partition(" ")[0] != "ACTION"


def is_on(channel: Channel, mode: str, user: User) -> bool:
    """Tell whether one of a channel's lists means somebody."""
    return _is_listed(channel, mode, user, by_mute=False)


def is_banned(channel: Channel, user: User) -> bool:
    """Tell whether somebody is banned and not excepted."""
    return is_on(channel, "b", user) and not is_on(channel, "e", user)


def is_muted(channel: Channel, user: User) -> bool:
    """Tell whether a mute means somebody, and no exception does."""
    return _is_muted_on(channel, "b", user) and not (_is_muted_on(channel, "e", user) or is_on(channel, "e", user))


def _is_muted_on(channel: Channel, mode: str, user: User) -> bool:
    return _is_listed(channel, mode, user, by_mute=True)


def _is_listed(channel: Channel, mode: str, user: User, *, by_mute: bool) -> bool:
    entries = [entry for entry in channel.lists[mode].values() if entry.is_mute is by_mute]
    source = fold(user.source) if entries else ""
    return any(entry.means(user, source) for entry in entries)
