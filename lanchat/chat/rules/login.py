"""Logging in: a name and its secret, proved by a digest that is made off the loop."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from lanchat.chat.call import Call
from lanchat.chat.rules import registration
from lanchat.chat.rules.onlookers import onlookers
from lanchat.chat.state.accounts import SALT_BYTES, Account
from lanchat.chat.state.effects import Derive, KeepAccounts
from lanchat.chat.state.pending import Login
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import is_nick

SASL = "AUTHENTICATE"
REGISTER = "REGISTER"


@dataclass(frozen=True, slots=True)
class AccountRefusal:
    """Why a name cannot become an account now: the code that REGISTER has for it, and the words."""

    code: str
    text: str


_NO_NAME = AccountRefusal("BAD_ACCOUNT_NAME", "This cannot be the name of an account here")
_IN_USE = AccountRefusal("ACCOUNT_EXISTS", "Somebody else uses this name now")
_OUTSIDE = AccountRefusal("TEMPORARILY_UNAVAILABLE", "The room's password comes first (PASS)")
TAKEN = AccountRefusal("ACCOUNT_EXISTS", "This name belongs to somebody")
_WRONG = AccountRefusal("", "That is not the secret of this name")
_FULL = AccountRefusal("TEMPORARILY_UNAVAILABLE", "No more accounts are taken here")


def claim_refusal(call: Call, name: str) -> AccountRefusal | None:
    """Return why a name without account cannot become one for this session."""
    known, holder = call.session.registration, call.network.person(name, name)
    if not is_nick(name):
        return _NO_NAME
    if holder and holder is not call.session.user:
        return _IN_USE
    if known and not registration.knows_password(call, known):
        return _OUTSIDE
    return _FULL if call.network.accounts.is_full else None


def begin(call: Call, name: str, secret: bytes, command: str) -> None:
    """Have a secret proved; `finish` goes on. A name without account becomes one, if nobody else uses it."""
    accounts, session = call.network.accounts, call.session
    account = accounts.find(name)
    if account is None and (refusal := claim_refusal(call, name)):
        refuse(call, command, name, refusal)
        return
    if account and accounts.is_proved(name, secret):
        _log_in(call, account.name, command)
        return
    salt = account.salt if account else secrets.token_bytes(SALT_BYTES)
    session.login = Login(name, secret, salt, command, call.label)
    session.is_waiting = True
    call.postpone()
    call.effects.append(Derive(session, secret, salt))


def finish(call: Call, digest: bytes) -> None:
    """Compare the digest with the account's, or make it the account's: much may have happened in the meantime."""
    login, call.session.login = call.session.login, None
    assert login is not None, "checked by the caller"  # noqa: S101
    account = call.network.accounts.find(login.name)
    if account is None:
        _claim(call, login, digest)
    elif login.command == REGISTER:
        refuse(call, REGISTER, account.name, TAKEN)
    elif account.salt != login.salt:  # another session has made it just now
        begin(call, login.name, login.secret, login.command)
    elif hmac.compare_digest(account.digest, digest):
        _proved(call, account, login)
    else:
        call.network.attempts.failed(call.session.address, call.now)
        refuse(call, login.command, account.name, _WRONG)


def _claim(call: Call, login: Login, digest: bytes) -> None:
    """Make a name an account, with this digest."""
    if refusal := claim_refusal(call, login.name):
        refuse(call, login.command, login.name, refusal)
        return
    account = Account(login.name, login.salt, digest, call.now)
    call.network.accounts.add(account)
    call.effects.append(KeepAccounts())
    _proved(call, account, login)


def _proved(call: Call, account: Account, login: Login) -> None:
    call.network.accounts.prove(account.name, login.secret)
    _log_in(call, account.name, login.command)


def refuse(call: Call, command: str, name: str, refusal: AccountRefusal) -> None:
    """Tell why a login or a registration failed, in the way of its command."""
    if command == REGISTER:
        call.fail(REGISTER, refusal.code, name, refusal.text)
    else:
        call.numeric(numerics.ERR_SASLFAIL, refusal.text)


def _log_in(call: Call, name: str, command: str) -> None:
    session = call.session
    if command == REGISTER:
        words = "The name is yours: log in with SASL PLAIN from now on"
        call.reply(Message(REGISTER, ("SUCCESS", name, words), call.network.name))
    source = session.user.source if session.user else f"{call.nick}!*@{session.address}"
    call.numeric(numerics.RPL_LOGGEDIN, source, name, f"You are now logged in as {name}")
    if command == SASL:
        call.numeric(numerics.RPL_SASLSUCCESS, "SASL authentication successful")
    if session.registration:
        session.registration.account = name
        registration.advance(call)
    elif session.user and session.user.account != name:
        _announce(call, name)


def _announce(call: Call, name: str) -> None:
    """Tell those who want to know (account-notify) that somebody has logged in."""
    user = call.user
    event = call.event(user, "ACCOUNT", name)  # still under the former account, as IRCv3 account-tag shows it
    user.account = name
    call.send(onlookers(call.network, user, "account-notify"), event)
