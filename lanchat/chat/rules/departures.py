"""How people go: out of a channel, out of all of them, disconnected."""

from __future__ import annotations

from collections.abc import Sequence

from lanchat.chat.call import Call
from lanchat.chat.rules import moves, onlookers, sleeping
from lanchat.chat.state.effects import Close
from lanchat.chat.state.people import Channel, Session, User
from lanchat.limits import MAX_ASLEEP_OF_ADDRESS
from lanchat.protocol.message import Message, fitted


def say_goodbye(call: Call, reason: str, *, is_broken: bool = False) -> None:
    """Close the asking session, told why."""
    call.reply(_goodbye(call.session, reason))
    close(call, call.session, reason, is_broken=is_broken)


def close_all(call: Call, sessions: Sequence[Session], reason: str) -> None:
    """Close sessions, each told why."""
    for session in list(sessions):
        call.tell(session, (_goodbye(session, reason),))
        close(call, session, reason)


def _goodbye(session: Session, reason: str) -> Message:
    return fitted(Message("ERROR", (f"Closing link: ({session.address}) {reason}",)))


def close(call: Call, session: Session, reason: str, *, is_broken: bool = False) -> None:
    """Close a session; its person leaves with their last one, or sleeps where it broke (sleeping.py)."""
    network = call.network
    if session.is_closed:
        return
    session.is_closed = True
    call.effects.append(Close(session))
    del network.sessions[session]
    network.monitors.forget(session)
    user = session.user
    if user is None:
        network.unknown_count -= 1
        return
    user.sessions.remove(session)
    for channel in user.channels.values():
        channel.forget_audience()
    if user.sessions:
        moves.follow_sessions(call, user)
    elif is_broken and sleeping.falls_asleep(session, user):
        sleeping.fall_asleep(call, session, user)
        _keep_bound(call, session.address)
    else:
        _quit(call, user, reason, session.last_heard)


def _keep_bound(call: Call, address: str) -> None:
    """Let go of who has slept longest, where too many do that came from one address."""
    for user in call.network.sleepers.of_address(address)[:-MAX_ASLEEP_OF_ADDRESS]:
        end_sleep(call, user, "Asleep, and others of the same address, too")


def end_sleep(call: Call, user: User, reason: str) -> bool:
    """Let go of somebody who sleeps; return whether they did."""
    nap = call.network.sleepers.wake(user)
    if nap:
        _quit(call, user, reason, nap.heard_at)
    return nap is not None


def _quit(call: Call, user: User, reason: str, heard_at: float) -> None:
    """Take somebody out of everything, and tell all who share a channel. `heard_at`: when they were last heard."""
    network = call.network
    others = [session for session in network.neighbours(user) if session.user is not user]
    call.send(others, call.happening(user, user.channels.values(), "QUIT", reason))
    for channel in list(user.channels.values()):
        call.happened("leave", user.nick, channel.name, reason)
        leave(call, user, channel, heard_at)
    network.dismiss(user, call.now)
    onlookers.tell_left(call, user)


def leave(call: Call, user: User, channel: Channel, heard_at: float | None = None) -> None:
    """Take somebody out of a channel, after those who see it were told.

    What was said to a connection that was not heard any more may have gone nowhere: they have missed it, too.
    """
    call.network.absences.note(user, channel, call.now if heard_at is None else heard_at)
    channel.remove(user)
    call.network.drop_if_empty(channel)
