"""One login to one name, from our side. No socket, no thread: messages in, messages out.

    AUTHENTICATE SCRAM-SHA-256   →  AUTHENTICATE +
    AUTHENTICATE <name, nonce>   →  AUTHENTICATE <nonce, salt>     or 904: nobody has this name by SCRAM
    (the secret is hashed)
    AUTHENTICATE <proof>         →  AUTHENTICATE <signature>       or 904: the name is somebody else's
    AUTHENTICATE +               →  900, 903                       the host has proved itself, and we have

PLAIN, which shows the host the secret and proves nothing about it, is only for a name that no account is known of: it
makes one. Source: IRCv3 sasl-3.1; RFC 5802.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from lanchat.errors import ProtocolError
from lanchat.protocol import numerics, sasl
from lanchat.protocol.message import Message
from lanchat.protocol.scram import MECHANISM, Challenge, ClientSide
from lanchat.protocol.text import clean


class Outcome(Enum):
    """How a login ended."""

    PROVED = auto()  # both sides have proved themselves
    TOLD = auto()  # the host was shown the secret, and took it
    WRONG = auto()  # the name is somebody else's
    UNKNOWN = auto()  # the host knows nobody of this name, as far as SCRAM goes
    UNAVAILABLE = auto()  # no logins now, whatever the name
    FORGED = auto()  # the host did not sign, or not rightly


class _Stage(Enum):
    ASKED = auto()  # for a mechanism
    NAMED = auto()  # SCRAM: our first message is sent
    HASHING = auto()
    PROVED = auto()  # SCRAM: our proof is sent
    LAST = auto()  # only the result is missing


@dataclass(frozen=True, slots=True)
class Hashing:
    """What has to be hashed, in a thread, before a login goes on."""

    secret: str
    challenge: Challenge


@dataclass(slots=True)
class Login:
    """Send what `begin` and `hear` return, and `hashed` where there is `work`, until there is an `outcome`."""

    name: str
    secret: str
    nonce: str
    mechanisms: frozenset[str]
    may_tell: bool  # the secret, by PLAIN
    outcome: Outcome | None = None
    why: str = ""  # the host's words, where it refused
    account: str = ""
    work: Hashing | None = None
    _side: ClientSide | None = None
    _stage: _Stage = _Stage.ASKED
    _received: sasl.Exchange = field(default_factory=sasl.Exchange)

    def begin(self) -> list[Message]:
        """Return the first message; none, with an outcome, where no mechanism will do."""
        if MECHANISM in self.mechanisms:
            self._side = ClientSide(self.name, self.nonce)
            return [Message("AUTHENTICATE", (MECHANISM,))]
        return self._begin_plain()

    def _begin_plain(self) -> list[Message]:
        if not self.may_tell or sasl.PLAIN not in self.mechanisms:
            self.outcome = Outcome.UNKNOWN
            return []
        self._side, self._stage, self._received = None, _Stage.ASKED, sasl.Exchange()
        return [Message("AUTHENTICATE", (sasl.PLAIN,))]

    def hear(self, message: Message) -> list[Message]:
        """Handle a message of the host; return what to send."""
        handler = _HANDLERS.get(message.command)
        return handler(self, message) if handler and self.outcome is None else []

    def _authenticate(self, message: Message) -> list[Message]:
        try:
            response = self._received.feed(message.params[0]) if message.params else b""
            return [] if response is None else self._answer(response)
        except ProtocolError:
            return self._forged()

    def _answer(self, response: bytes) -> list[Message]:
        if self._stage is _Stage.ASKED:
            return self._name_ourselves()
        if self._side is None or self._stage in (_Stage.HASHING, _Stage.LAST):
            return []
        if self._stage is _Stage.NAMED:
            self.work = Hashing(self.secret, self._side.challenged(response))
            self._stage = _Stage.HASHING
            return []
        if not self._side.is_signed(response):
            return self._forged()
        self._stage = _Stage.LAST
        return sasl.pieces(b"")

    def _name_ourselves(self) -> list[Message]:
        if self._side is None:
            self._stage = _Stage.LAST
            return sasl.pieces(sasl.plain_response(self.name, self.secret))
        self._stage = _Stage.NAMED
        return sasl.pieces(self._side.first)

    def hashed(self, salted: bytes) -> list[Message]:
        """Go on, with the hash of the secret that `work` asked for."""
        assert self._side is not None, "only SCRAM hashes"  # noqa: S101
        self.work, self._stage = None, _Stage.PROVED
        return sasl.pieces(self._side.prove(salted))

    def _forged(self) -> list[Message]:
        self.outcome = Outcome.FORGED
        return [Message("AUTHENTICATE", ("*",))]

    def _logged_in(self, message: Message) -> list[Message]:
        self.account = logged_in_as(message)
        return []

    def _succeeded(self, _message: Message) -> list[Message]:
        if self._stage is not _Stage.LAST:
            return self._forged()
        self.outcome = Outcome.PROVED if self._side else Outcome.TOLD
        return []

    def _failed(self, message: Message) -> list[Message]:
        """904: what it is about is told by what was sent before."""
        self.why = clean(message.params[-1]) if message.params else ""
        if self._stage is _Stage.NAMED:
            return self._begin_plain()
        self.outcome = Outcome.UNAVAILABLE if self._stage is _Stage.ASKED else Outcome.WRONG
        return []

    def _ended(self, message: Message) -> list[Message]:
        self.why = clean(message.params[-1]) if message.params else ""
        self.outcome = Outcome.UNAVAILABLE
        return []


_HANDLERS: dict[str, Callable[[Login, Message], list[Message]]] = {
    "AUTHENTICATE": Login._authenticate,
    numerics.RPL_LOGGEDIN: Login._logged_in,
    numerics.RPL_SASLSUCCESS: Login._succeeded,
    numerics.ERR_SASLFAIL: Login._failed,
    numerics.ERR_NICKLOCKED: Login._ended,
    numerics.ERR_SASLTOOLONG: Login._ended,
    numerics.ERR_SASLABORTED: Login._ended,
    numerics.ERR_SASLALREADY: Login._ended,
}


def mechanisms(value: str) -> frozenset[str]:
    """Return the mechanisms that a host's `sasl` capability names; one that names none has PLAIN."""
    return frozenset((value or sasl.PLAIN).upper().split(","))


def logged_in_as(message: Message) -> str:
    """Return the account that RPL_LOGGEDIN (900) names, "" if it names none."""
    return message.params[2] if len(message.params) > 2 else ""
