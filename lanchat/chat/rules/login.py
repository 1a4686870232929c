"""Logging in: a name and its secret, proved by SCRAM at once, or by a hash that is made off the loop."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from lanchat.chat.call import Call
from lanchat.chat.rules import registration
from lanchat.chat.rules.onlookers import onlookers
from lanchat.chat.state.accounts import SALT_BYTES, Account, new_account
from lanchat.chat.state.effects import Derive, KeepAccount
from lanchat.chat.state.pending import Claim, Login
from lanchat.limits import SCRAM_ITERATIONS
from lanchat.protocol import numerics, scram
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold, is_nick

SASL = "AUTHENTICATE"
REGISTER = "REGISTER"


@dataclass(frozen=True, slots=True)
class AccountRefusal:
    """Why a name cannot be logged in to, or become an account, now: the code that REGISTER has for it, and the words.

    `numeric`: 904 says something about this name and secret; 906 only that there is no login now, whatever the name.
    """

    code: str
    text: str
    numeric: str = numerics.ERR_SASLFAIL


NO_NAME = AccountRefusal("BAD_ACCOUNT_NAME", "This cannot be the name of an account here")
_NO_NICK = AccountRefusal("NEED_NICK", "First say by which name (NICK)")
_NOT_NICK = AccountRefusal("ACCOUNT_NAME_MUST_BE_NICK", "An account has to have the name that you use")
_IN_USE = AccountRefusal("ACCOUNT_EXISTS", "Somebody else uses this name now")
_FULL = AccountRefusal("TEMPORARILY_UNAVAILABLE", "No more accounts are taken here", numerics.ERR_SASLABORTED)
_TOO_MANY_NEW = AccountRefusal(
    "TEMPORARILY_UNAVAILABLE", "Too many new accounts from your address; try again later", numerics.ERR_SASLABORTED
)
TOO_MANY = AccountRefusal(
    "TEMPORARILY_UNAVAILABLE", "Too many wrong secrets; try again in a few minutes", numerics.ERR_SASLABORTED
)
BUSY = AccountRefusal(
    "TEMPORARILY_UNAVAILABLE", "Too many logins at once; try again in a minute", numerics.ERR_SASLABORTED
)
TAKEN = AccountRefusal("ACCOUNT_EXISTS", "This name belongs to somebody")
_WRONG = AccountRefusal("", "That is not the secret of this name")
_NO_VERIFIER = AccountRefusal("", "Nobody has proved this name by SCRAM yet; PLAIN makes that possible")


def claim_refusal(call: Call, name: str) -> AccountRefusal | None:
    """Return why a name without account cannot become one for this session."""
    known, network = call.session.registration, call.network
    nick = known.nick if known else call.user.nick
    holder = network.person(name, name)
    if not is_nick(name):
        return NO_NAME
    if holder and holder is not call.session.user:
        return _IN_USE
    if fold(nick) != fold(name):
        return _NOT_NICK if nick else _NO_NICK
    if known and (refusal := registration.password_refusal(call, known)):
        return AccountRefusal("TEMPORARILY_UNAVAILABLE", f"{refusal} (PASS)", numerics.ERR_SASLABORTED)
    if network.accounts.is_full:
        return _FULL
    return None if registration.is_room_for_account(call) else _TOO_MANY_NEW


# ---- A secret that came along: PLAIN, REGISTER -----------------------------------------------------------------------


def begin(call: Call, name: str, secret: bytes, command: str) -> None:
    """Have a secret proved; `finish` goes on. A name without account becomes one, if nobody else uses it."""
    accounts = call.network.accounts
    account = accounts.find(name)
    if account is None and (refusal := claim_refusal(call, name)):
        refuse(call, command, name, refusal)
    elif account and accounts.is_proved(name, secret):
        _log_in(call, account.name, command)
    elif account:
        _hash(call, Login(name, secret, account.salt, account.iterations, command, call.label))
    else:
        _hash(call, Login(name, secret, secrets.token_bytes(SALT_BYTES), SCRAM_ITERATIONS, command, call.label))


def _hash(call: Call, login: Login) -> None:
    call.session.login = login
    call.session.is_waiting = True
    call.postpone()
    call.effects.append(Derive(call.session, login.secret, login.salt, login.iterations))


def finish(call: Call, digest: bytes) -> None:
    """Compare the digest with the account's, or make it the account's: much may have happened in the meantime."""
    login, call.session.login = call.session.login, None
    assert login is not None, "checked by the caller"  # noqa: S101
    account = call.network.accounts.find(login.name)
    if login.upgraded:
        _upgrade(call, login, digest)
    elif account is None and login.iterations:
        _claim(call, login, digest)
    elif account and login.command == REGISTER:
        refuse(call, REGISTER, account.name, TAKEN)
    elif account is None or (account.salt, account.iterations) != (login.salt, login.iterations):
        begin(call, login.name, login.secret, login.command)  # it was made, upgraded or forgotten just now
    elif _is_blocked(call):  # by other connections of this address, while this one waited
        refuse(call, login.command, account.name, TOO_MANY)
    elif _is_right(account, login, digest):
        _proved(call, account, login)
    else:
        _failed(call, account.name, login.command)


def give_up(call: Call) -> None:
    """Answer that nobody has the time to hash a secret now."""
    login, call.session.login = call.session.login, None
    assert login is not None, "checked by the caller"  # noqa: S101
    refuse(call, login.command, login.name, BUSY)


def _is_right(account: Account, login: Login, digest: bytes) -> bool:
    """Tell whether a hash is that of the account: as SCRAM's StoredKey, or as scrypt left it."""
    if login.iterations:
        digest = scram.verifier(digest, login.salt, login.iterations).stored_key
    return hmac.compare_digest(account.digest, digest)


def _is_blocked(call: Call) -> bool:
    return call.network.attempts.is_blocked(call.session.address, call.now)


def _failed(call: Call, name: str, command: str) -> None:
    call.network.attempts.failed(call.session.address, call.now)
    refuse(call, command, name, _WRONG)


def _claim(call: Call, login: Login, digest: bytes) -> None:
    """Make a name an account, with this hash: at once for somebody who is in, for others when they are let in."""
    if refusal := claim_refusal(call, login.name):
        refuse(call, login.command, login.name, refusal)
        return
    known = call.session.registration
    account = new_account(login.name, scram.verifier(digest, login.salt, login.iterations), call.now)
    if known:
        known.claim = Claim(account, login.secret)
        _log_in(call, account.name, login.command)
    else:
        call.session.login = login
        call.postpone()
        registration.keep_account(call, account, login.secret)


def kept(call: Call) -> None:
    """Go on, now that an account is written down."""
    login, call.session.login = call.session.login, None
    if login:
        _log_in(call, login.name, login.command)
    else:
        registration.advance(call)


def _proved(call: Call, account: Account, login: Login) -> None:
    """Log somebody in whose secret is right; first hash it once more where that is to make an old account new."""
    if not account.iterations:
        salt = secrets.token_bytes(SALT_BYTES)
        _hash(call, Login(login.name, login.secret, salt, SCRAM_ITERATIONS, login.command, login.label, account))
        return
    call.network.accounts.prove(account.name, login.secret)
    _log_in(call, account.name, login.command)


def _upgrade(call: Call, login: Login, digest: bytes) -> None:
    accounts = call.network.accounts
    account = accounts.find(login.name)
    if account is None or account != login.upgraded:
        begin(call, login.name, login.secret, login.command)
        return
    upgraded = account.verified_by(scram.verifier(digest, login.salt, login.iterations))
    accounts.add(upgraded)
    call.effects.append(KeepAccount(upgraded))
    _proved(call, upgraded, login)


# ---- A secret that does not come along: SCRAM ------------------------------------------------------------------------


def challenge(call: Call, response: bytes) -> scram.ServerSide | None:
    """Answer SCRAM's first message with our challenge, or refuse it. Raises ProtocolError for what is none."""
    first = scram.read_first(response)
    account = call.network.accounts.find(first.name)
    if account is None or account.verifier is None:
        refuse(call, SASL, first.name, _NO_VERIFIER)
        return None
    return scram.ServerSide(first, account.verifier, secrets.token_urlsafe(18))


def check_proof(call: Call, side: scram.ServerSide, response: bytes) -> tuple[str, bytes] | None:
    """Return the account that SCRAM's last message proves, and our signature; None where it was refused.

    Raises ProtocolError for what is no such message.
    """
    account = call.network.accounts.find(side.name)
    signature = side.finish(response) if account and account.verifier == side.known else None
    if _is_blocked(call):
        refuse(call, SASL, side.name, TOO_MANY)
    elif account is None or signature is None:
        _failed(call, side.name, SASL)
    else:
        return account.name, signature
    return None


# ---- Answers ---------------------------------------------------------------------------------------------------------


def refuse(call: Call, command: str, name: str, refusal: AccountRefusal) -> None:
    """Tell why a login or a registration failed, in the way of its command."""
    if command == REGISTER:
        call.fail(REGISTER, refusal.code, name, refusal.text)
    else:
        call.numeric(refusal.numeric, refusal.text)


def proved(call: Call, name: str) -> None:
    """Log in who has proved an account by SCRAM."""
    if call.network.accounts.find(name):
        _log_in(call, name, SASL)
    else:
        refuse(call, SASL, name, _WRONG)  # forgotten in this very moment


def _log_in(call: Call, name: str, command: str) -> None:
    session = call.session
    if command == REGISTER:
        words = "The name is yours: log in with SASL from now on"
        call.reply(Message(REGISTER, ("SUCCESS", name, words), call.network.name))
    source = session.user.source if session.user else f"{call.nick}!*@{session.address}"
    call.numeric(numerics.RPL_LOGGEDIN, source, name, f"You are now logged in as {name}")
    if command == SASL:
        call.numeric(numerics.RPL_SASLSUCCESS, "SASL authentication successful")
    if used := call.network.accounts.used(name, call.now):
        call.effects.append(KeepAccount(used))
    if session.registration:
        _of_newcomer(call, name)
    elif session.user and session.user.account != name:
        _announce(call, name)


def _of_newcomer(call: Call, name: str) -> None:
    known = call.session.registration
    assert known is not None, "checked by the caller"  # noqa: S101
    known.account = name
    if known.claim and known.claim.account.name != name:  # logged in to another one meanwhile
        known.claim = None
    registration.advance(call)


def _announce(call: Call, name: str) -> None:
    """Tell those who want to know (account-notify) that somebody has logged in."""
    user = call.user
    event = call.event(user, "ACCOUNT", name)  # still under the former account, as IRCv3 account-tag shows it
    user.account = name
    call.send(onlookers(call.network, user, "account-notify"), event)
