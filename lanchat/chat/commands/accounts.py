"""AUTHENTICATE and REGISTER: proving a name one's own. Source: IRCv3 sasl-3.1, account-registration."""

from lanchat.chat import login, registration
from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.sasl import MECHANISMS, Exchange, read_plain
from lanchat.errors import ProtocolError
from lanchat.limits import MAX_SECRET_BYTES, SASL_CHUNK_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold, is_nick


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
    elif call.network.attempts.is_blocked(call.session.address, call.now):
        call.numeric(numerics.ERR_SASLFAIL, "Too many wrong secrets; try again in a few minutes")
    else:
        call.session.sasl = Exchange()
        call.reply(Message("AUTHENTICATE", ("+",), call.network.name))


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
    if not is_nick(name) or (call.network.accounts.is_full and not call.network.accounts.find(name)):
        call.numeric(numerics.ERR_SASLFAIL, "This cannot be the name of an account here")
    elif (
        (holder := call.network.user(name)) and not call.network.accounts.find(name) and holder is not call.session.user
    ):
        call.numeric(numerics.ERR_SASLFAIL, "Somebody else uses this name now")
    else:
        login.begin(call, name, secret, login.SASL)


def register(call: Call, message: Message) -> None:
    """Make the name one uses an account."""
    wanted, _, secret = message.params[:3]
    user, known = call.session.user, call.session.registration
    nick = user.nick if user else known.nick if known else ""
    name = nick if wanted == "*" else wanted
    account = (user.account if user else known.account if known else "") or ""
    if account:
        call.fail("REGISTER", "ALREADY_AUTHENTICATED", account, "You are logged in already")
    elif not nick or fold(name) != fold(nick) or not is_nick(name):
        call.fail("REGISTER", "ACCOUNT_NAME_MUST_BE_NICK", wanted, "An account has to have the name that you use")
    elif call.network.accounts.find(name):
        call.fail("REGISTER", "ACCOUNT_EXISTS", name, "This name belongs to somebody")
    elif (holder := call.network.user(name)) and holder is not user:
        call.fail("REGISTER", "USERNAME_EXISTS", name, "Somebody else uses this name now")
    elif not secret or len(secret.encode()) > MAX_SECRET_BYTES:
        call.fail("REGISTER", "WEAK_PASSWORD", name, f"A secret of 1 to {MAX_SECRET_BYTES} bytes is needed")
    elif call.network.accounts.is_full or call.network.attempts.is_blocked(call.session.address, call.now):
        call.fail("REGISTER", "TEMPORARILY_UNAVAILABLE", name, "No new accounts now; try again in a few minutes")
    else:
        login.begin(call, name, secret.encode(), login.REGISTER)
    registration.advance(call)


_USAGE = "AUTHENTICATE PLAIN, then AUTHENTICATE <base64>"
COMMANDS = {
    "AUTHENTICATE": Command(authenticate, _USAGE, "Log in.", 1, is_before_registration=True, cost=2.0),
    "REGISTER": Command(
        register, "REGISTER * * <secret>", "Make your name your own.", 3, is_before_registration=True, cost=5.0
    ),
}
