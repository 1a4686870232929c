"""CAP: what a client understands beyond the basics. Source: ircv3.net/specs/extensions/capability-negotiation."""

from collections.abc import Callable, Iterable

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import registration
from lanchat.protocol import numerics
from lanchat.protocol.capabilities import CAPABILITIES, SEARCH
from lanchat.protocol.message import Message, free_bytes
from lanchat.protocol.split import packed

_NOTIFY = "cap-notify"
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
    asked = message.params[1] if len(message.params) > 1 else ""
    version = int(asked[:6]) if asked.isdecimal() else 0
    session.cap_version = max(session.cap_version, version)
    if session.cap_version >= _VALUES_SINCE:
        session.adopt(session.capabilities | {_NOTIFY})  # "MUST be implicitly enabled"
    # The answer is in the way of this request, even where a higher version was asked for before.
    shows_values = version >= _VALUES_SINCE
    offered = ((name, CAPABILITIES[name]) for name in CAPABILITIES if _is_offered(call, name))
    words = [f"{name}={value}" if value and shows_values else name for name, value in offered]
    _answer_list(call, "LS", words, is_multi_line=shows_values)


def _is_offered(call: Call, name: str) -> bool:
    """Whether there is such a capability: the same for everybody, as long as the host runs."""
    return name in CAPABILITIES and (name != SEARCH or call.network.history.is_searchable)


def _list(call: Call, _message: Message) -> None:
    is_multi_line = call.session.cap_version >= _VALUES_SINCE
    _answer_list(call, "LIST", sorted(call.session.capabilities), is_multi_line=is_multi_line)


def _answer_list(call: Call, subcommand: str, words: Iterable[str], *, is_multi_line: bool) -> None:
    """Tell a list; to older clients only what one line holds, as they know no more."""
    *lines, last = _in_lines(call, subcommand, words)
    for line in lines if is_multi_line else ():
        _answer(call, subcommand, "*", line)
    _answer(call, subcommand, last if is_multi_line or not lines else lines[0])


def _in_lines(call: Call, subcommand: str, words: Iterable[str]) -> list[str]:
    head = Message("CAP", (call.nick, subcommand, "*"), call.network.name)
    return list(packed(words, free_bytes(head))) or [""]


def _answer(call: Call, *params: str) -> None:
    call.reply(Message("CAP", (call.nick, *params), call.network.name))


def _req(call: Call, message: Message) -> None:
    _hold_registration(call)
    asked = message.params[1] if len(message.params) > 1 else ""
    words = [word for word in asked.split(" ") if word]
    session = call.session
    is_accepted = all(_may_change(call, word) for word in words)
    lines = _in_lines(call, "ACK", words)
    for line in [asked] if len(lines) == 1 else lines:  # word for word, if it fits
        _answer(call, "ACK" if is_accepted else "NAK", line)
    if is_accepted:  # only once the last ACK is on its way
        session.adopt(_changed(session.capabilities, words))


def _may_change(call: Call, word: str) -> bool:
    """Whether there is such a capability; who knows version 302 may not switch off to hear of new ones."""
    is_needed = word == f"-{_NOTIFY}" and call.session.cap_version >= _VALUES_SINCE
    return _is_offered(call, word.removeprefix("-")) and not is_needed


def _changed(capabilities: frozenset[str], words: Iterable[str]) -> frozenset[str]:
    wanted = {*capabilities}
    for word in words:  # "MUST be parsed and processed from left to right"
        if word.startswith("-"):
            wanted.discard(word[1:])
        else:
            wanted.add(word)
    return frozenset(wanted)


def _end(call: Call, _message: Message) -> None:
    known = call.session.registration
    if known and known.is_negotiating:
        known.is_negotiating = False
        registration.advance(call)


def _hold_registration(call: Call) -> None:
    if call.session.registration:
        call.session.registration.is_negotiating = True


_SUBCOMMANDS: dict[str, Callable[[Call, Message], None]] = {"LS": _ls, "LIST": _list, "REQ": _req, "END": _end}

COMMANDS = {
    "CAP": Command(
        cap, "CAP LS|LIST|REQ|END [<capabilities>]", "Agree on capabilities.", 1, is_before_registration=True, cost=0.2
    ),
}
