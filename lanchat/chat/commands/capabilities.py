"""CAP: what a client understands beyond the basics. Source: ircv3.net/specs/extensions/capability-negotiation."""

from collections.abc import Callable, Iterable

from lanchat.chat import registration
from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.replies import packed, room_bytes
from lanchat.protocol import numerics
from lanchat.protocol.capabilities import CAPABILITIES
from lanchat.protocol.message import Message

_VALUES_SINCE = 302  # the version of CAP LS that shows values and may take several lines


def cap(call: Call, message: Message) -> None:
    """Carry out one of CAP's subcommands."""
    word = message.params[0].upper()
    run = _SUBCOMMANDS.get(word)
    if run is None:
        call.numeric(numerics.ERR_INVALIDCAPCMD, message.params[0], "Invalid CAP subcommand")
    else:
        run(call, message)


def _ls(call: Call, message: Message) -> None:
    _hold_registration(call)
    session = call.session
    if len(message.params) > 1 and message.params[1].isdecimal():
        session.cap_version = max(session.cap_version, int(message.params[1][:6]))
    if session.cap_version >= _VALUES_SINCE:
        session.adopt(session.capabilities | {"cap-notify"})  # "implicitly enabled"; capability-negotiation, cap-notify
        words = [f"{name}={value}" if value else name for name, value in CAPABILITIES.items()]
    else:
        words = list(CAPABILITIES)
    _answer_list(call, "LS", words)


def _list(call: Call, _message: Message) -> None:
    _answer_list(call, "LIST", sorted(call.session.capabilities))


def _answer_list(call: Call, subcommand: str, words: Iterable[str]) -> None:
    head = Message("CAP", (call.nick, subcommand, "*"), call.network.name)
    lines = list(packed(words, room_bytes(head))) or [""]
    is_multi_line = call.session.cap_version >= _VALUES_SINCE
    for line in lines[:-1] if is_multi_line else ():
        call.reply(Message("CAP", (call.nick, subcommand, "*", line), call.network.name))
    call.reply(Message("CAP", (call.nick, subcommand, lines[-1]), call.network.name))


def _req(call: Call, message: Message) -> None:
    _hold_registration(call)
    asked = message.params[1] if len(message.params) > 1 else ""
    words = asked.split()
    session = call.session
    if not all(word.removeprefix("-") in CAPABILITIES for word in words):
        call.reply(Message("CAP", (call.nick, "NAK", asked), call.network.name))
        return
    wanted = {*session.capabilities}
    for word in words:
        (wanted.discard if word[0] == "-" else wanted.add)(word.removeprefix("-"))
    call.reply(Message("CAP", (call.nick, "ACK", asked), call.network.name))
    session.adopt(frozenset(wanted))


def _end(call: Call, _message: Message) -> None:
    known = call.session.registration
    if known and known.is_negotiating:
        known.is_negotiating = False
        if call.session.sasl:
            call.session.sasl = None
            call.numeric(numerics.ERR_SASLABORTED, "The login was not finished")
        registration.advance(call)


def _hold_registration(call: Call) -> None:
    if call.session.registration:
        call.session.registration.is_negotiating = True


_SUBCOMMANDS: dict[str, Callable[[Call, Message], None]] = {"LS": _ls, "LIST": _list, "REQ": _req, "END": _end}

COMMANDS = {
    "CAP": Command(
        cap, "CAP LS|LIST|REQ|END [<capabilities>]", "Agree on capabilities.", 1, is_before_registration=True
    ),
}
