"""Logging in: a name and its secret, proved by a digest that is made off the loop."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanchat.chat import registration
from lanchat.chat.accounts import SALT_BYTES, Account
from lanchat.chat.effects import Derive, KeepAccounts
from lanchat.protocol import numerics
from lanchat.protocol.message import Message

if TYPE_CHECKING:
    from lanchat.chat.call import Call

SASL = "AUTHENTICATE"
REGISTER = "REGISTER"


@dataclass(frozen=True, slots=True)
class Login:
    """A login whose secret is being hashed: under which name, by which command, under which label."""

    name: str
    secret: bytes
    salt: bytes
    command: str
    label: str


def begin(call: Call, name: str, secret: bytes, command: str) -> None:
    """Have a secret proved; `finish` goes on. A name without account becomes one."""
    accounts, session = call.network.accounts, call.session
    account = accounts.find(name)
    if account and accounts.is_proved(name, secret):
        _log_in(call, account.name, command)
        return
    salt = account.salt if account else secrets.token_bytes(SALT_BYTES)
    session.login = Login(name, secret, salt, command, call.label)
    session.is_waiting = True
    call.postpone()
    call.effects.append(Derive(session, secret, salt))


def finish(call: Call, digest: bytes) -> None:
    """Compare the digest with the account's, or make it the account's."""
    login, call.session.login = call.session.login, None
    assert login is not None, "checked by the caller"  # noqa: S101
    accounts = call.network.accounts
    account = accounts.find(login.name)
    if account is None:
        account = Account(login.name, login.salt, digest, call.now)
        accounts.add(account)
        call.effects.append(KeepAccounts())
    elif login.command == REGISTER or not hmac.compare_digest(account.digest, digest):
        refuse(call, login.command, account.name)
        registration.advance(call)
        return
    accounts.prove(account.name, login.secret)
    _log_in(call, account.name, login.command)


def refuse(call: Call, command: str, name: str) -> None:
    """Tell that the secret is not the right one."""
    call.network.attempts.failed(call.session.address, call.now)
    if command == REGISTER:
        call.fail(REGISTER, "ACCOUNT_EXISTS", name, "This name belongs to somebody")
    else:
        call.numeric(numerics.ERR_SASLFAIL, "That is not the secret of this name")


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
    user, network = call.user, call.network
    user.account = name
    watching = [session for session in network.monitors.watchers(user.folded) if session.has("extended-monitor")]
    told = dict.fromkeys([*network.neighbours(user), *watching])
    event = call.event(user, "ACCOUNT", name)
    call.send([session for session in told if session.has("account-notify")], event)
