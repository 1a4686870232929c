"""AWAY SETNAME MONITOR MARKREAD: being there, and how far one has read.

Source: modern.ircdocs.horse, "AWAY message"; IRCv3 setname, monitor, read-marker, extended-monitor.
"""

import re
from collections.abc import Callable
from datetime import datetime

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import replies
from lanchat.chat.rules.onlookers import onlookers
from lanchat.chat.state.stamps import timestamp
from lanchat.limits import MAX_AWAY_BYTES, MAX_MONITORED, MAX_REALNAME_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import CHANNEL_PREFIX, fold, is_channel, is_nick
from lanchat.protocol.text import cut_to_bytes

_MARKER = re.compile(r"timestamp=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def away(call: Call, message: Message) -> None:
    """Be away for a reason, or back."""
    user = call.user
    reason = cut_to_bytes(message.params[0], MAX_AWAY_BYTES) if message.params else ""
    if reason:
        call.numeric(numerics.RPL_NOWAWAY, "You have been marked as being away")
    else:
        call.numeric(numerics.RPL_UNAWAY, "You are no longer marked as being away")
    if reason == user.away:
        return
    user.away = reason
    event = call.event(user, "AWAY", *([reason] if reason else []))
    watching = onlookers(call.network, user, "away-notify")
    call.send([session for session in watching if session is not call.session], event)


def setname(call: Call, message: Message) -> None:
    """Change one's real name."""
    name = message.params[0]
    if not name.strip() or len(name.encode()) > MAX_REALNAME_BYTES:
        call.fail("SETNAME", "INVALID_REALNAME", f"A name of 1 to {MAX_REALNAME_BYTES} bytes is needed")
        return
    call.user.realname = name
    call.send(onlookers(call.network, call.user, "setname"), call.event(call.user, "SETNAME", name))


def monitor(call: Call, message: Message) -> None:
    """Watch nicks: +, -, C(lear), L(ist), S(tatus)."""
    run = _MONITOR.get(message.params[0].upper())
    if run is None or (run in _MONITOR_WITH_NAMES and len(message.params) < 2):
        call.numeric(numerics.ERR_NEEDMOREPARAMS, "MONITOR", "One of + - C L S, and names after + and -")
    else:
        run(call, [nick for nick in (message.params[1] if len(message.params) > 1 else "").split(",") if nick])


def _watch(call: Call, nicks: list[str]) -> None:
    wanted: dict[str, str] = {}
    for nick in nicks:
        if is_nick(nick):
            wanted.setdefault(fold(nick), nick)
    watched = call.session.monitored or {}
    added = [folded for folded in wanted if folded not in watched]
    refused = [wanted.pop(folded) for folded in added[MAX_MONITORED - len(watched) :]]
    for nick in wanted.values():
        call.network.monitors.add(call.session, nick)
    if refused:
        words = "You cannot watch more names"
        call.numeric(numerics.ERR_MONLISTFULL, str(MAX_MONITORED), ",".join(refused), words)
    _show_status(call, list(wanted.values()))


def _unwatch(call: Call, nicks: list[str]) -> None:
    for nick in nicks:
        call.network.monitors.remove(call.session, nick)


def _clear(call: Call, _nicks: list[str]) -> None:
    call.network.monitors.forget(call.session)


def _show_list(call: Call, _nicks: list[str]) -> None:
    call.packed(numerics.RPL_MONLIST, (call.session.monitored or {}).values(), separator=",")
    call.numeric(numerics.RPL_ENDOFMONLIST, "End of MONITOR list")


def _show_watched(call: Call, _nicks: list[str]) -> None:
    _show_status(call, list((call.session.monitored or {}).values()))


def _show_status(call: Call, nicks: list[str]) -> None:
    users = {nick: call.network.user(nick) for nick in nicks}
    call.packed(numerics.RPL_MONONLINE, [user.source for user in users.values() if user], separator=",")
    call.packed(numerics.RPL_MONOFFLINE, [nick for nick, user in users.items() if user is None], separator=",")


_MONITOR: dict[str, Callable[[Call, list[str]], None]] = {
    "+": _watch,
    "-": _unwatch,
    "C": _clear,
    "L": _show_list,
    "S": _show_watched,
}
_MONITOR_WITH_NAMES = (_watch, _unwatch)


def markread(call: Call, message: Message) -> None:
    """See how far one has read, or tell it to all one's sessions."""
    if not message.params or not message.params[0]:
        call.fail("MARKREAD", "NEED_MORE_PARAMS", "Not enough parameters")
        return
    target, user = message.params[0], call.user
    if not (is_channel(target) if target.startswith(CHANNEL_PREFIX) else is_nick(target)):
        call.fail("MARKREAD", "INVALID_PARAMS", target, "Neither a channel nor a name")
    elif len(message.params) == 1:
        call.reply(replies.marker(call.network, user, target))
    elif not _is_marker(message.params[1]):
        call.fail("MARKREAD", "INVALID_PARAMS", target, message.params[1], "Not a timestamp")
    else:
        at = min(message.params[1], f"timestamp={timestamp(call.now)}")  # nobody has read what is not said yet
        marker = call.network.read_markers.advance(user, target, at)
        if user.account:  # what somebody has read on a visit ends with it
            call.network.history.read(user.author, target, marker)
        told = [session for session in user.sessions if session.has("draft/read-marker") or session is call.session]
        call.send(told, replies.marker(call.network, user, target))


def _is_marker(text: str) -> bool:
    if not _MARKER.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text.removeprefix("timestamp="))
    except ValueError:  # the 45th of a 13th month
        return False
    return True


COMMANDS = {
    "AWAY": Command(away, "AWAY [:<reason>]", "Be away, or back."),
    "SETNAME": Command(setname, "SETNAME :<real name>", "Change your real name.", 1),
    "MONITOR": Command(monitor, "MONITOR +|-|C|L|S [<name>{,<name>}]", "Watch who comes and goes.", 1),
    "MARKREAD": Command(markread, "MARKREAD <target> [timestamp=<time>]", "How far you have read."),
}
