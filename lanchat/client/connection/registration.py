"""From "connected" to "welcome": capabilities, password, account and name. No socket: messages in, messages out.

Everything that needs no answer leaves at once; the rest follows the host's answers:

    CAP LS 302, PASS, NICK Ana, USER …   →  CAP * LS :sasl batch …
    CAP REQ :sasl batch                  →  CAP * ACK :sasl batch
    AUTHENTICATE PLAIN                   →  AUTHENTICATE +
    AUTHENTICATE <name and secret>       →  900, 903: the name is ours (or made ours, where nobody had it)
    CAP END                              →  001: registered

A name that is taken (433), or that belongs to somebody else's account (904), is varied: "Ana", "Ana2", "Ana3" …
Source: modern.ircdocs.horse, "Connection Setup"; ircv3.net/specs/extensions/sasl-3.1.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from lanchat.client.connection.negotiation import Negotiation
from lanchat.client.connection.place import Person
from lanchat.client.state.heard import clean_name
from lanchat.limits import MAX_REALNAME_BYTES, SASL_CHUNK_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold, nick_variant, shown, username_from
from lanchat.protocol.text import clean, cut_to_bytes

MAX_VARIANTS = 50  # "Ana2" to "Ana51": more people of one name are not in one room
MAX_ACCOUNT_VARIANTS = 3  # the host counts wrong secrets, and makes us wait after five (limits.LOGIN_ATTEMPTS)


def plain_response(name: str, secret: str) -> list[Message]:
    """Return the answer to "AUTHENTICATE +" of SASL PLAIN: name and secret, in pieces. Source: sasl-3.1, RFC 4616."""
    text = base64.b64encode(f"\0{name}\0{secret}".encode()).decode()
    chunks = [text[start : start + SASL_CHUNK_BYTES] for start in range(0, len(text), SASL_CHUNK_BYTES)]
    if len(chunks[-1]) == SASL_CHUNK_BYTES:
        chunks.append("+")  # a last chunk of full length needs an empty one behind it
    return [Message("AUTHENTICATE", (chunk,)) for chunk in chunks]


def logged_in_as(message: Message) -> str:
    """Return the account that RPL_LOGGEDIN (900) names, "" if it names none."""
    return message.params[2] if len(message.params) > 2 else ""


class RefusalKind(Enum):
    """Why a host does not let somebody in."""

    PASSWORD = auto()
    NAME = auto()
    BANNED = auto()
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
    _is_authenticating: bool = False
    _has_responded: bool = False  # name and secret are sent
    _has_ended: bool = False  # CAP END is sent

    def begin(self) -> list[Message]:
        """Return the first messages, all sent at once."""
        person = self.person
        self.nick = person.nick
        real_name = cut_to_bytes(person.real_name or shown(person.nick), MAX_REALNAME_BYTES)
        password = [Message("PASS", (person.password,))] if person.password else []
        username = username_from(person.nick)
        user = Message("USER", (username, "0", "*", real_name))
        return [self.negotiation.begin(), *password, Message("NICK", (self.nick,)), user]

    def remark(self) -> str:
        """Return a sentence where the name is not the one wanted, or ""."""
        wanted = self.person.nick
        if fold(wanted) == fold(self.nick):
            return ""
        why = f"is not yours on this host ({self._why_not})" if self._why_not else "is taken"
        return f"The name {shown(wanted)} {why}; you are {shown(self.nick)} here."

    def hear(self, message: Message) -> list[Message]:
        """Handle a message of the host; return what to send."""
        handler = _HANDLERS.get(message.command)
        return handler(self, message) if handler and not self.refusal else []

    # ---- capabilities and account ---------------------------------------------------------------------------------

    def _cap(self, message: Message) -> list[Message]:
        asked = self.negotiation.hear(message)
        if not self.negotiation.is_settled or self._has_ended or self._is_authenticating:
            return asked
        mechanisms = self.negotiation.enabled.get("sasl")
        if mechanisms is not None and self.person.secret and "PLAIN" in (mechanisms or "PLAIN").upper().split(","):
            self._is_authenticating = True
            return [*asked, Message("AUTHENTICATE", ("PLAIN",))]
        return [*asked, *self._end_negotiation()]

    def _authenticate(self, message: Message) -> list[Message]:
        if not self._is_authenticating or message.params[:1] != ("+",):
            return []
        self._has_responded = True
        return plain_response(self.nick, self.person.secret)

    def _logged_in(self, message: Message) -> list[Message]:
        self.account = logged_in_as(message)
        return []

    def _authenticated(self, _message: Message) -> list[Message]:
        return self._end_negotiation()

    def _not_authenticated(self, message: Message) -> list[Message]:
        """904: the name is somebody else's account. Try a variant, which may be ours from last time, or free.

        A 904 that comes before the secret was sent is about something else, such as too many attempts.
        """
        if not self._is_authenticating:
            return []
        if (
            message.command != numerics.ERR_SASLFAIL
            or not self._has_responded
            or self._account_tries >= MAX_ACCOUNT_VARIANTS
        ):
            return self._end_negotiation()
        self._account_tries += 1
        self._has_responded = False
        self._why_not = self._why_not or clean(message.params[-1])
        return [*self._vary(), Message("AUTHENTICATE", ("PLAIN",))]

    def _end_negotiation(self) -> list[Message]:
        self._is_authenticating = False
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
        self.is_done = True
        self.nick = clean_name(message.params[0]) if message.params else self.nick
        return []

    def _wrong_password(self, _message: Message) -> list[Message]:
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
    "AUTHENTICATE": Handshake._authenticate,
    numerics.RPL_LOGGEDIN: Handshake._logged_in,
    numerics.RPL_SASLSUCCESS: Handshake._authenticated,
    numerics.ERR_NICKLOCKED: Handshake._not_authenticated,
    numerics.ERR_SASLFAIL: Handshake._not_authenticated,
    numerics.ERR_SASLTOOLONG: Handshake._not_authenticated,
    numerics.ERR_SASLABORTED: Handshake._not_authenticated,
    numerics.ERR_SASLALREADY: Handshake._not_authenticated,
    numerics.RPL_SASLMECHS: Handshake._not_authenticated,
    numerics.ERR_NICKNAMEINUSE: Handshake._taken,
    numerics.ERR_NICKCOLLISION: Handshake._taken,
    numerics.ERR_UNAVAILRESOURCE: Handshake._taken,
    numerics.ERR_ERRONEUSNICKNAME: Handshake._bad_name,
    numerics.RPL_WELCOME: Handshake._welcome,
    numerics.ERR_PASSWDMISMATCH: Handshake._wrong_password,
    numerics.ERR_YOUREBANNEDCREEP: Handshake._not_let_in,
    "ERROR": Handshake._not_let_in,
}
