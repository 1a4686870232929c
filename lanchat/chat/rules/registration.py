"""What a session has to say before it is somebody: NICK, USER, the end of CAP, a password where there is one."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from lanchat.chat.call import Call
from lanchat.chat.rules import arrivals, departures
from lanchat.chat.state.pending import Registration
from lanchat.protocol import numerics

# All of these must hold, in any order of arrival.
_NEEDED: tuple[Callable[[Registration], bool], ...] = (
    lambda known: bool(known.nick),
    lambda known: bool(known.username),
    lambda known: not known.is_negotiating,
)


def advance(call: Call) -> None:
    """Let the session in if nothing is missing any more."""
    known = call.session.registration
    if known and not call.session.is_waiting and all(is_met(known) for is_met in _NEEDED):
        _admit(call, known)


def _admit(call: Call, known: Registration) -> None:
    network = call.network
    if call.session.sasl:
        call.session.sasl = None
        call.numeric(numerics.ERR_SASLABORTED, "The login was not finished")
    if refusal := _password_refusal(call, known):
        call.numeric(numerics.ERR_PASSWDMISMATCH, refusal)
        departures.say_goodbye(call, refusal)
    elif refusal := network.nick_refusal(known.nick, known.account):
        wanted, known.nick = known.nick, ""
        call.numeric(numerics.ERR_NICKNAMEINUSE, wanted, refusal)
    elif network.is_full and network.person(known.nick, known.account) is None:
        departures.say_goodbye(call, f"The room is full: {network.settings.max_clients} are in")
    else:
        arrivals.arrive(call, known)


def knows_password(call: Call, known: Registration) -> bool:
    """Tell whether the session has given the room's password, or needs none."""
    expected = call.network.settings.password
    return not expected or hmac.compare_digest(known.password.encode(), expected.encode())


def _password_refusal(call: Call, known: Registration) -> str:
    """Why the room's password is not enough, or "". Who guesses has to wait, like those who guess secrets."""
    attempts, address = call.network.password_attempts, call.session.address
    if call.network.settings.password and attempts.is_blocked(address, call.now):
        return "Too many wrong passwords; try again in a few minutes"
    if knows_password(call, known):
        return ""
    if known.password:
        attempts.failed(address, call.now)
    return "The room's password is missing or wrong"
