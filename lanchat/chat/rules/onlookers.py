"""Who hears of what somebody does: those who share a channel with them, and those who watch their nick.

Source: ircv3.net/specs/extensions/monitor, extended-monitor.
"""

from __future__ import annotations

from collections.abc import Iterable

from lanchat.chat.call import Call
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Session, User
from lanchat.protocol import numerics
from lanchat.protocol.message import Message


def onlookers(network: Network, user: User, capability: str) -> list[Session]:
    """Return the sessions that negotiated a capability and share a channel with somebody, are theirs, or watch them."""
    watching = [session for session in network.monitors.watchers(user.folded) if session.has("extended-monitor")]
    everybody = dict.fromkeys([*network.neighbours(user), *watching])
    return [session for session in everybody if session.has(capability)]


def tell_came(call: Call, user: User) -> None:
    """Tell who watches a nick that somebody has it now."""
    _tell_watchers(call, call.network.monitors.watchers(user.folded), numerics.RPL_MONONLINE, user.source)


def tell_left(call: Call, user: User) -> None:
    """Tell who watches a nick that nobody has it any more."""
    _tell_watchers(call, call.network.monitors.watchers(user.folded), numerics.RPL_MONOFFLINE, user.nick)


def tell_renamed(call: Call, user: User, old: str, old_folded: str) -> None:
    """Tell who watches the old nick or the new one."""
    _tell_watchers(call, call.network.monitors.watchers(old_folded), numerics.RPL_MONOFFLINE, old)
    tell_came(call, user)


def _tell_watchers(call: Call, watchers: Iterable[Session], code: str, text: str) -> None:
    for session in watchers:
        if session.user:
            call.send((session,), Message(code, (session.user.nick, text), call.network.name))
