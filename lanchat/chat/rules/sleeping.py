"""A phone that sleeps does not leave: phones put pages to sleep all day long, and wake them at a touch.

Whoever has an account, and whose last connection was a page's that broke without a QUIT, stays a member for some
minutes: away, "asleep", heard by nobody. Their account's next session, on whatever device, finds them where they were.
An example: Maria's phone is in her pocket at 6:00; at 6:04 she looks, and the room has heard neither that she left nor
that she came. At 6:10 it would have heard that she left.
"""

from __future__ import annotations

from lanchat.chat.call import Call
from lanchat.chat.rules.onlookers import onlookers
from lanchat.chat.state.people import Session, User
from lanchat.chat.state.sleepers import Nap

ASLEEP = "asleep"


def falls_asleep(session: Session, user: User) -> bool:
    """Tell whether somebody whose last session has just broken stays a while."""
    return session.wire.sleeps and bool(user.account) and bool(user.channels) and not user.is_bot


def fall_asleep(call: Call, session: Session, user: User) -> None:
    """Let somebody sleep, and tell those who follow absences. What they missed they are shown when they are back."""
    call.network.sleepers.add(user, Nap(call.now, session.last_heard, session.address))
    for channel in user.channels.values():
        call.network.absences.note(user, channel, session.last_heard)
    if not user.away:
        _be_away(call, user, ASLEEP)


def wake(call: Call, user: User) -> None:
    """Let somebody be there again who slept; nothing, where they did not."""
    if call.network.sleepers.wake(user) and user.away == ASLEEP:
        _be_away(call, user, "")


def _be_away(call: Call, user: User, reason: str) -> None:
    user.away = reason
    event = call.event(user, "AWAY", *([reason] if reason else []))
    watching = [session for session in onlookers(call.network, user, "away-notify") if session.user is not user]
    call.send(watching, event)
