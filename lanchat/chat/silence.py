"""Peers that say nothing: asked, and let go of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.chat import registration
from lanchat.chat.call import Call
from lanchat.chat.effects import Deliver, Effect
from lanchat.limits import GONE_AFTER_S, PING_AFTER_S, PLAIN_NAME_WITHIN_S, REGISTER_WITHIN_S
from lanchat.protocol.message import Message

if TYPE_CHECKING:
    from lanchat.chat.network import Network
    from lanchat.chat.session import Session


def check(network: Network, session: Session, now: float) -> list[Effect]:
    """Return what one session's silence calls for."""
    if session.user is None:
        within_s = REGISTER_WITHIN_S if session.wire.answers_pings else PLAIN_NAME_WITHIN_S
        return _end(network, session, now, "Nobody registered") if now - session.connected_at > within_s else []
    silent_s = now - session.last_heard
    if silent_s < PING_AFTER_S or not session.wire.answers_pings:
        return []
    if silent_s >= GONE_AFTER_S:
        return _end(network, session, now, f"Ping timeout: {int(silent_s)} seconds")
    if now - session.last_pinged < PING_AFTER_S:
        return []
    session.last_pinged = now
    return [Deliver((session,), Message("PING", (network.name,)))]


def _end(network: Network, session: Session, now: float, reason: str) -> list[Effect]:
    call = Call(network, session, now)
    registration.end(call, reason)
    return call.finish()
