"""AUTHENTICATE and REGISTER: proving a name one's own. Source: IRCv3 sasl-3.1, account-registration."""

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import login
from lanchat.errors import ProtocolError
from lanchat.limits import SASL_CHUNK_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold
from lanchat.protocol.sasl import MECHANISMS, Exchange, read_plain

_TOO_MANY = "Too many wrong secrets; try again in a few minutes"


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
        call.numeric(numerics.ERR_SASLFAIL, _TOO_MANY)
    else:
        call.session.sasl = Exchange()
        call.reply(Message("AUTHENTICATE", ("+",), call.network.name))


def _is_blocked(call: Call) -> bool:
    return call.network.attempts.is_blocked(call.session.address, call.now)


def _go_on(call: Call, exchange: Exchange, chunk: str) -> None:
    try:
        response = exchange.feed(chunk)
        if response is None:
            return
        call.session.sasl = None
        name, secret = read_plain(response)
    except ProtocolError as error:
        call.session.sasl = None
        call.numeric(numerics.ERR_SASLFAIL, f"SASL authentication failed: {error}")
        return
    if _is_blocked(call):
        call.numeric(numerics.ERR_SASLFAIL, _TOO_MANY)
    else:
        login.begin(call, name, secret, login.SASL)


def register(call: Call, message: Message) -> None:
    """Make the name one uses an account."""
    wanted, _, secret = message.params[:3]
    nick, account = _nick_and_account(call)
    if account:
        call.fail(login.REGISTER, "ALREADY_AUTHENTICATED", account, "You are logged in already")
    elif not nick:
        call.fail(login.REGISTER, "NEED_NICK", "*", "First say by which name (NICK)")
    elif wanted != "*" and fold(wanted) != fold(nick):
        call.fail(login.REGISTER, "ACCOUNT_NAME_MUST_BE_NICK", wanted, "An account has to have the name that you use")
    elif call.network.accounts.find(nick):
        login.refuse(call, login.REGISTER, nick, login.TAKEN)
    elif not secret:
        call.fail(login.REGISTER, "WEAK_PASSWORD", nick, "A secret is needed")
    elif _is_blocked(call):
        call.fail(login.REGISTER, "TEMPORARILY_UNAVAILABLE", nick, _TOO_MANY)
    else:
        login.begin(call, nick, secret.encode(), login.REGISTER)


def _nick_and_account(call: Call) -> tuple[str, str]:
    user, known = call.session.user, call.session.registration
    if user:
        return user.nick, user.account
    return (known.nick, known.account) if known else ("", "")


_USAGE = "AUTHENTICATE PLAIN, then AUTHENTICATE <base64>"
COMMANDS = {
    "AUTHENTICATE": Command(authenticate, _USAGE, "Log in.", 1, is_before_registration=True, cost=2.0),
    "REGISTER": Command(
        register, "REGISTER * * <secret>", "Make your name your own.", 3, is_before_registration=True, cost=5.0
    ),
}
