"""Peers that say nothing: asked, and let go of."""

from __future__ import annotations

from lanchat.chat.call import Call
from lanchat.chat.rules import departures
from lanchat.chat.state.effects import Deliver, Effect
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Session
from lanchat.limits import GONE_AFTER_S, PING_AFTER_S, PLAIN_NAME_WITHIN_S, REGISTER_WITHIN_S
from lanchat.protocol.message import Message


def check(network: Network, session: Session, now: float) -> list[Effect]:
    """Return what one session's silence calls for."""
    if session.user is None:
        return _check_newcomer(network, session, now)
    session.last_heard = min(session.last_heard, now)  # should the clock have been put back
    session.last_pinged = min(session.last_pinged, now)
    silent_s = now - session.last_heard
    if silent_s < PING_AFTER_S or not session.wire.answers_pings:
        return []
    if session.last_pinged <= session.last_heard:
        session.last_pinged = now
        return [Deliver((session,), Message("PING", (network.name,)))]
    # Nobody is let go of unasked, however long the host itself was asleep.
    if silent_s >= GONE_AFTER_S and now - session.last_pinged >= GONE_AFTER_S - PING_AFTER_S:
        return _end(network, session, now, f"Ping timeout: {int(silent_s)} seconds", is_broken=True)
    return []


def _check_newcomer(network: Network, session: Session, now: float) -> list[Effect]:
    within_s = REGISTER_WITHIN_S if session.wire.answers_pings else PLAIN_NAME_WITHIN_S
    session.connected_at = min(session.connected_at, now)
    return _end(network, session, now, "Nobody registered") if now - session.connected_at > within_s else []


def _end(network: Network, session: Session, now: float, reason: str, *, is_broken: bool = False) -> list[Effect]:
    call = Call(network, session, now)
    departures.say_goodbye(call, reason, is_broken=is_broken)
    return call.finish()
