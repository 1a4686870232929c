"""From "connected" to "welcome": capabilities, password, account and name. No socket: messages in, messages out.

Everything that needs no answer leaves at once; the rest follows the host's answers:

    CAP LS 302, NICK Ana, USER …         →  CAP * LS :sasl batch …
    CAP REQ :sasl batch                  →  CAP * ACK :sasl batch
    AUTHENTICATE … (login.py)            →  900, 903: the name is ours, and the host has proved that it knows it
    PASS, CAP END                        →  001: registered

A host that knows a name of ours is given nothing before it has proved that: not the room's password, and no secret at
all. At a host where we are new, PASS leaves first, and the secret is shown to make the name ours.
A name that is taken (433), or that belongs to somebody else's account (904), is varied: "Ana", "Ana2", "Ana3" …
Source: modern.ircdocs.horse, "Connection Setup"; ircv3.net/specs/extensions/sasl-3.1.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from lanchat.client.connection.login import Login, Outcome, mechanisms
from lanchat.client.connection.negotiation import Negotiation
from lanchat.client.connection.place import Person
from lanchat.client.state.heard import clean_name
from lanchat.limits import MAX_REALNAME_BYTES
from lanchat.protocol import numerics, sasl, scram
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold, nick_variant, shown, username_from
from lanchat.protocol.text import clean, cut_to_bytes

MAX_VARIANTS = 50  # "Ana2" to "Ana51": more people of one name are not in one room
MAX_ACCOUNT_VARIANTS = 3  # the host counts wrong secrets, and makes us wait after five (limits.LOGIN_ATTEMPTS)


class RefusalKind(Enum):
    """Why a host does not let somebody in."""

    PASSWORD = auto()
    NAME = auto()
    BANNED = auto()
    HOST = auto()  # it has not proved to be the one that knows us
    OTHER = auto()  # may be different in a moment: the host is full, or just ending


@dataclass(frozen=True, slots=True)
class HostRefusal:
    """Why a host does not let this person in. `text`: one sentence."""

    kind: RefusalKind
    text: str


@dataclass(slots=True)
class Handshake:
    """One registration, from our side. Send what `begin` and `hear` return, until `is_done` or there is a `refusal`."""

    person: Person
    negotiation: Negotiation = field(default_factory=Negotiation)
    nick: str = ""
    account: str = ""
    is_done: bool = False
    refusal: HostRefusal | None = None
    _why_not: str = ""  # the host's words, where the wanted name is somebody else's account
    _variants: int = 0
    _account_tries: int = 0
    is_proved: bool = False  # the host knows a name of ours
    login: Login | None = None  # the one that goes on
    _has_ended: bool = False  # CAP END is sent

    def begin(self) -> list[Message]:
        """Return the first messages, all sent at once."""
        person = self.person
        self.nick = person.nick
        real_name = cut_to_bytes(person.real_name or shown(person.nick), MAX_REALNAME_BYTES)
        password = [] if self.needs_proof else self._password()
        username = username_from(person.nick)
        user = Message("USER", (username, "0", "*", real_name))
        return [self.negotiation.begin(), *password, Message("NICK", (self.nick,)), user]

    @property
    def needs_proof(self) -> bool:
        """Whether the host knows us, and has not proved it yet."""
        return bool(self.person.known and self.person.secret) and not self.is_proved

    def _password(self) -> list[Message]:
        return [Message("PASS", (self.person.password,))] if self.person.password else []

    def remark(self) -> str:
        """Return a sentence where the name is not the one wanted, or ""."""
        if fold(self.person.nick) == fold(self.nick):
            return ""
        wanted = shown(self.person.nick)
        theirs = f"the name {wanted} is somebody else's here ({self._why_not})"
        why = theirs if self._why_not else f"somebody else here is called {wanted}"
        return f"You are {shown(self.nick)}, since {why}; /nick NAME changes it."

    def hear(self, message: Message) -> list[Message]:
        """Handle a message of the host; return what to send."""
        if self.refusal:
            return []
        handler = _HANDLERS.get(message.command)
        if handler:
            return handler(self, message)
        return self._go_on(self.login.hear(message)) if self.login else []

    # ---- capabilities and account ---------------------------------------------------------------------------------

    def _cap(self, message: Message) -> list[Message]:
        asked = self.negotiation.hear(message)
        if not self.negotiation.is_settled or self._has_ended or self.login:
            return asked
        offered = mechanisms(self.negotiation.enabled["sasl"]) if "sasl" in self.negotiation.enabled else frozenset()
        if self.needs_proof:
            known = self.nick if self.person.knows(self.nick) else self.person.known[0]
            return [*asked, *self._log_in(known)] if scram.MECHANISM in offered else self._not_proved()
        if self.person.secret and offered & set(sasl.MECHANISMS):
            return [*asked, *self._log_in(self.nick)]
        return [*asked, *self._end_negotiation()]

    def _log_in(self, name: str) -> list[Message]:
        """Log in to a name; only one that the host does not know from us may be told its secret."""
        offered = mechanisms(self.negotiation.enabled.get("sasl", ""))
        may_tell = not self.needs_proof and not self.person.knows(name)
        self.login = Login(name, self.person.secret_of(name), secrets.token_urlsafe(18), offered, may_tell)
        return self._go_on(self.login.begin())

    def hashed(self, salted: bytes) -> list[Message]:
        """Go on, with the hash that the login's `work` asked for."""
        assert self.login is not None, "the caller has its work"  # noqa: S101
        return self.login.hashed(salted)

    def _go_on(self, messages: list[Message]) -> list[Message]:
        login = self.login
        if login is None or login.outcome is None:
            return messages
        self.login = None
        self.account = login.account if login.outcome in (Outcome.PROVED, Outcome.TOLD) else self.account
        after = self._proved_or_not(login) if self.needs_proof else self._logged_in_or_not(login)
        return [*messages, *after]

    def _proved_or_not(self, login: Login) -> list[Message]:
        """Trust the host now that it has proved that it knows us, or leave."""
        if login.outcome is Outcome.UNAVAILABLE:
            self.refusal = HostRefusal(RefusalKind.OTHER, f"The host lets nobody log in at the moment: {login.why}")
            return []
        if login.outcome is not Outcome.PROVED:
            return self._not_proved()
        self.is_proved = True
        is_wanted = fold(login.name) == fold(self.nick)
        return [*self._password(), *(self._end_negotiation() if is_wanted else self._log_in(self.nick))]

    def _not_proved(self) -> list[Message]:
        known = shown(self.nick if self.person.knows(self.nick) else self.person.known[0])
        text = (
            f"This host does not prove that it knows {known}, so it was told nothing: it may be another one that looks "
            "like yours, or has let go of the name. Ask the person at the host; if it is the right one, join with "
            "--as-new."
        )
        self.refusal = HostRefusal(RefusalKind.HOST, text)
        return []

    def _logged_in_or_not(self, login: Login) -> list[Message]:
        """Go on with the name, or with a variant, which may be ours from last time, or free."""
        if login.outcome is Outcome.WRONG:
            self._why_not = self._why_not or login.why
        if login.outcome is not Outcome.WRONG or self._account_tries >= MAX_ACCOUNT_VARIANTS or self.is_proved:
            return self._end_negotiation()  # proved: we are somebody here, whose nick it may be; else 433 follows
        self._account_tries += 1
        varied = self._vary()
        return [*varied, *([] if self.refusal else self._log_in(self.nick))]

    def _logged_out(self, _message: Message) -> list[Message]:
        self.account = ""
        return []

    def _end_negotiation(self) -> list[Message]:
        if self._has_ended:
            return []
        self._has_ended = True
        return [Message("CAP", ("END",))]

    # ---- the name -------------------------------------------------------------------------------------------------

    def _taken(self, message: Message) -> list[Message]:
        refused = message.params[1] if len(message.params) > 2 else self.nick
        if self.is_done or fold(refused) != fold(self.nick):
            return []  # an answer to a name we have moved on from
        return self._vary()

    def _vary(self) -> list[Message]:
        self._variants += 1
        if self._variants > MAX_VARIANTS:
            text = f"The name {shown(self.person.nick)} and all like it are taken; choose another one with --nick."
            self.refusal = HostRefusal(RefusalKind.NAME, text)
            return []
        self.nick = nick_variant(self.person.nick, self._variants + 1)
        return [Message("NICK", (self.nick,))]

    def _bad_name(self, message: Message) -> list[Message]:
        reason = clean(message.params[-1]) if message.params else ""
        text = f"{shown(self.nick)} cannot be a name on this host ({reason}); choose another one with --nick."
        self.refusal = HostRefusal(RefusalKind.NAME, text)
        return []

    # ---- in or out ------------------------------------------------------------------------------------------------

    def _welcome(self, message: Message) -> list[Message]:
        if self.needs_proof:
            return self._not_proved()
        self.is_done = True
        self.nick = clean_name(message.params[0]) if message.params else self.nick
        return []

    def _wrong_password(self, _message: Message) -> list[Message]:
        if self.needs_proof:  # it was not told any
            return self._not_proved()
        text = "The password is wrong." if self.person.password else "This room needs a password."
        self.refusal = HostRefusal(RefusalKind.PASSWORD, text)
        return []

    def _not_let_in(self, message: Message) -> list[Message]:
        reason = clean(message.params[-1]) if message.params else "no reason given"
        kind = RefusalKind.BANNED if message.command == numerics.ERR_YOUREBANNEDCREEP else RefusalKind.OTHER
        self.refusal = HostRefusal(kind, f"The host does not let you in: {reason}")
        return []


_HANDLERS: dict[str, Callable[[Handshake, Message], list[Message]]] = {
    "CAP": Handshake._cap,
    numerics.RPL_LOGGEDOUT: Handshake._logged_out,
    numerics.ERR_NICKNAMEINUSE: Handshake._taken,
    numerics.ERR_NICKCOLLISION: Handshake._taken,
    numerics.ERR_UNAVAILRESOURCE: Handshake._taken,
    numerics.ERR_ERRONEUSNICKNAME: Handshake._bad_name,
    numerics.RPL_WELCOME: Handshake._welcome,
    numerics.ERR_PASSWDMISMATCH: Handshake._wrong_password,
    numerics.ERR_YOUREBANNEDCREEP: Handshake._not_let_in,
    "ERROR": Handshake._not_let_in,
}
