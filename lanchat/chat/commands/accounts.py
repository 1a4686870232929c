"""AUTHENTICATE and REGISTER: proving a name one's own.

Source: IRCv3 sasl-3.1, sasl-3.2, account-registration.
"""

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import login
from lanchat.errors import ProtocolError
from lanchat.limits import SASL_CHUNK_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold, is_nick
from lanchat.protocol.sasl import MECHANISMS, PLAIN, Exchange, pieces, read_plain


def authenticate(call: Call, message: Message) -> None:
    """Name a mechanism, then send its response in pieces; "*" gives up."""
    chunk = message.params[0]
    exchange = call.session.sasl
    if chunk == "*":
        call.session.sasl = None
        call.numeric(numerics.ERR_SASLABORTED, "SASL authentication aborted")
    elif len(chunk) > SASL_CHUNK_BYTES:
        call.session.sasl = None
        call.numeric(numerics.ERR_SASLTOOLONG, "SASL message too long")
    elif exchange is None:
        _begin(call, chunk.upper())
    else:
        _go_on(call, exchange, chunk)


def _begin(call: Call, mechanism: str) -> None:
    if mechanism not in MECHANISMS:
        call.numeric(numerics.RPL_SASLMECHS, ",".join(MECHANISMS), "are available SASL mechanisms")
        call.numeric(numerics.ERR_SASLFAIL, "No such SASL mechanism")
    elif _is_blocked(call):
        login.refuse(call, login.SASL, "", login.TOO_MANY)
    else:
        call.session.sasl = Exchange(mechanism)
        call.reply(Message("AUTHENTICATE", ("+",), call.network.name))


def _is_blocked(call: Call) -> bool:
    return call.network.attempts.is_blocked(call.session.address, call.now)


def _go_on(call: Call, exchange: Exchange, chunk: str) -> None:
    try:
        response = exchange.feed(chunk)
        if response is None:
            return
        call.session.sasl = None  # unless SCRAM goes on
        if exchange.mechanism == PLAIN:
            _plain(call, response)
        else:
            _scram(call, exchange, response)
    except ProtocolError as error:
        call.session.sasl = None
        call.numeric(numerics.ERR_SASLFAIL, f"SASL authentication failed: {error}")


def _plain(call: Call, response: bytes) -> None:
    name, secret = read_plain(response)
    if _is_blocked(call):
        login.refuse(call, login.SASL, name, login.TOO_MANY)
    else:
        login.begin(call, name, secret, login.SASL)


def _scram(call: Call, exchange: Exchange, response: bytes) -> None:
    """Take the next message of SCRAM: the name, the proof, and that our signature was right."""
    if exchange.side is None:
        exchange.side = login.challenge(call, response)
        _answer(call, exchange, exchange.side.challenge if exchange.side else b"")
    elif not exchange.proved_as:
        found = login.check_proof(call, exchange.side, response)
        exchange.proved_as, signature = found or ("", b"")
        _answer(call, exchange, signature)
    elif response:
        raise ProtocolError("nothing was to follow")
    else:
        login.proved(call, exchange.proved_as)


def _answer(call: Call, exchange: Exchange, words: bytes) -> None:
    if words:
        call.session.sasl = exchange
        for piece in pieces(words, call.network.name):
            call.reply(piece)


def register(call: Call, message: Message) -> None:
    """Make the name one uses an account."""
    wanted, _, secret = message.params[:3]
    nick, account = _nick_and_account(call)
    if account:
        call.fail(login.REGISTER, "ALREADY_AUTHENTICATED", account, "You are logged in already")
    elif not nick:
        call.fail(login.REGISTER, "NEED_NICK", "*", "First say by which name (NICK)")
    elif wanted != "*" and not is_nick(wanted):
        login.refuse(call, login.REGISTER, wanted, login.NO_NAME)
    elif wanted != "*" and fold(wanted) != fold(nick):
        call.fail(login.REGISTER, "ACCOUNT_NAME_MUST_BE_NICK", wanted, "An account has to have the name that you use")
    elif call.network.accounts.find(nick):
        login.refuse(call, login.REGISTER, nick, login.TAKEN)
    elif not secret:
        call.fail(login.REGISTER, "WEAK_PASSWORD", nick, "A secret is needed")
    elif _is_blocked(call):
        login.refuse(call, login.REGISTER, nick, login.TOO_MANY)
    else:
        login.begin(call, nick, secret.encode(), login.REGISTER)


def _nick_and_account(call: Call) -> tuple[str, str]:
    user, known = call.session.user, call.session.registration
    if user:
        return user.nick, user.account
    return (known.nick, known.account) if known else ("", "")


_USAGE = "AUTHENTICATE PLAIN or SCRAM-SHA-256, then AUTHENTICATE <base64>"
COMMANDS = {
    "AUTHENTICATE": Command(authenticate, _USAGE, "Log in.", 1, is_before_registration=True),
    "REGISTER": Command(
        register, "REGISTER * * <secret>", "Make your name your own.", 3, is_before_registration=True, cost=5.0
    ),
}
