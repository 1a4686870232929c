"""What a session has to say before it is somebody: NICK, USER, the end of CAP, a password where there is one."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanchat.chat import arrivals
from lanchat.protocol import numerics
from lanchat.protocol.message import Message

if TYPE_CHECKING:
    from lanchat.chat.call import Call


@dataclass(slots=True)
class Registration:
    """What is known of a session so far."""

    nick: str = ""
    username: str = ""
    realname: str = ""
    password: str = ""
    account: str = ""
    is_negotiating: bool = False


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
    settings = call.network.settings
    if settings.password and not hmac.compare_digest(known.password.encode(), settings.password.encode()):
        call.numeric(numerics.ERR_PASSWDMISMATCH, "The room's password is missing or wrong")
        end(call, "The room's password is missing or wrong")
    elif call.network.is_full:
        end(call, f"The room is full: {settings.max_clients} are in")
    elif refusal := call.network.nick_refusal(known.nick, known.account):
        call.numeric(numerics.ERR_NICKNAMEINUSE, known.nick, refusal)
        known.nick = ""
    else:
        arrivals.arrive(call, known)


def end(call: Call, reason: str) -> None:
    """Say goodbye to a session and close it."""
    call.reply(Message("ERROR", (f"Closing link: ({call.session.address}) {reason}",)))
    call.network.close(call, call.session, reason)
