"""What a session has to say before it is somebody: NICK, USER, the end of CAP, a password where there is one."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from lanchat.chat.call import Call
from lanchat.chat.rules import arrivals, departures, moves
from lanchat.chat.state.accounts import Account
from lanchat.chat.state.effects import KeepAccount
from lanchat.chat.state.pending import Registration
from lanchat.protocol import numerics
from lanchat.protocol.names import fold

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
    if known.claim and (refusal := _claim_refusal(call, known)):
        _drop_claim(call, known, refusal)
    if refusal := password_refusal(call, known):
        call.numeric(numerics.ERR_PASSWDMISMATCH, refusal)
        departures.say_goodbye(call, refusal)
    elif refusal := network.nick_refusal(known.nick, known.account):
        wanted, known.nick = known.nick, ""
        call.numeric(numerics.ERR_NICKNAMEINUSE, wanted, refusal)
    elif network.person(known.nick, known.account) is None and not _is_room(call):
        departures.say_goodbye(call, f"The room is full: {network.settings.max_clients} are in")
    elif known.claim:
        _make_account(call, known)
    else:
        arrivals.arrive(call, known)
        moves.follow_sessions(call, call.user)  # of who slept the old address may be nobody's any more


def _is_room(call: Call) -> bool:
    """Tell whether somebody more may be in; who sleeps (sleeping.py) keeps nobody out."""
    network = call.network
    if network.is_full and (user := network.sleepers.longest()):
        departures.end_sleep(call, user, "Asleep, and the room is full")
    return not network.is_full


def _claim_refusal(call: Call, known: Registration) -> str:
    """Why what was claimed cannot be had any more, or "": much may have happened since."""
    claim, network = known.claim, call.network
    assert claim is not None, "checked by the caller"  # noqa: S101
    name = claim.account.name
    if network.accounts.find(name):  # another session has made it meanwhile: the same person's, if the secret is
        if not network.accounts.is_proved(name, claim.secret):
            return "This name belongs to somebody now"
        known.claim = None
        return ""
    if fold(known.nick) != fold(name):
        return "An account has to have the name that you use"
    if network.person(name, name):
        return "Somebody else uses this name now"
    return "" if is_room_for_account(call) else "No more accounts are taken here at the moment"


def is_room_for_account(call: Call) -> bool:
    """Tell whether this host takes one more account from this address."""
    network = call.network
    return not network.accounts.is_full and not network.new_accounts.is_blocked(call.session.address, call.now)


def _drop_claim(call: Call, known: Registration, why: str) -> None:
    known.claim, known.account = None, ""
    source = f"{call.nick}!*@{call.session.address}"
    call.numeric(numerics.RPL_LOGGEDOUT, source, f"You are now logged out: {why}")


def _make_account(call: Call, known: Registration) -> None:
    """Make what was claimed an account, now that nothing else is missing; `advance` goes on when it is written."""
    claim, known.claim = known.claim, None
    assert claim is not None, "checked by the caller"  # noqa: S101
    keep_account(call, claim.account, claim.secret)


def keep_account(call: Call, account: Account, secret: bytes) -> None:
    """Add an account, and have the session wait until it is written down."""
    network, session = call.network, call.session
    network.accounts.add(account)
    network.accounts.prove(account.name, secret)
    network.new_accounts.made(session.address, call.now)
    session.is_waiting = True
    call.effects.append(KeepAccount(account, session))


def password_refusal(call: Call, known: Registration) -> str:
    """Why the room's password is not enough, or "". The one place where it is compared.

    Who guesses has to wait, whichever command they guess with; one guess is counted once.
    """
    attempts, address, expected = call.network.password_attempts, call.session.address, call.network.settings.password
    if not expected:
        return ""
    if attempts.is_blocked(address, call.now):
        return "Too many wrong passwords; try again in a few minutes"
    if hmac.compare_digest(known.password.encode(), expected.encode()):
        return ""
    if known.password:
        attempts.failed(address, call.now)
        known.password = ""
    return "The room's password is missing or wrong"
