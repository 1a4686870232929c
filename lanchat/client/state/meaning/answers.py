"""Numerics and standard replies: answers to what this person asked, and what did not work."""

from collections.abc import Callable

from lanchat.client.state.changes import Change, ListedRoom, RoomsListed
from lanchat.client.state.entries import EntryKind
from lanchat.client.state.heard import Heard, clean_name, hear
from lanchat.client.state.meaning.refusals import REFUSALS
from lanchat.client.state.state import MAX_PENDING_LINES, ClientState
from lanchat.protocol import numerics
from lanchat.protocol.greeting import is_default
from lanchat.protocol.message import Message
from lanchat.protocol.names import shown
from lanchat.protocol.text import clean

_SECONDS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
# Refusals that no person needs to see: the client caused them, and deals with them.
_SILENT = frozenset(
    {numerics.ERR_NOMOTD, numerics.ERR_UNKNOWNCOMMAND, numerics.ERR_NOTREGISTERED, numerics.ERR_ALREADYREGISTERED}
)


def _welcome(state: ClientState, heard: Heard) -> list[Change]:
    if heard.name(0):
        state.nick = heard.name(0)
    return []


def _features(state: ClientState, heard: Heard) -> list[Change]:
    state.features.learn(heard.message.params[1:-1])
    return []


# ---- MOTD --------------------------------------------------------------------------------------------------------


def _motd_line(state: ClientState, heard: Heard) -> list[Change]:
    state.collect("motd", heard.last.removeprefix("- "))
    return []


def _end_of_motd(state: ClientState, heard: Heard) -> list[Change]:
    """Keep the greeting until there is a channel to show it in. Asked for later, it is shown at once."""
    lines = state.collected("motd")
    if is_default(lines):  # we are on our way in
        return []
    if not state.channels:
        state.motd = lines
        return []
    return state.tell("\n".join(lines), heard.now_s, EntryKind.REPLY) if lines else []


# ---- WHOIS -------------------------------------------------------------------------------------------------------


def _whois_user(state: ClientState, heard: Heard) -> list[Change]:
    who, real = shown(heard.name(1)), heard.line(5)
    known_as = f" ({real})" if real and real != who else ""
    state.collect("whois", f"{who}{known_as}, {heard.line(2)} on {heard.line(3)}")
    return []


def _whois_idle(state: ClientState, heard: Heard) -> list[Change]:
    state.collect("whois", f"  silent for {duration(heard.raw(2))}")
    return []


def _whois_channels(state: ClientState, heard: Heard) -> list[Change]:
    signs = "".join(state.features.prefix_of_mode.values())
    rooms = [state.title_of(clean_name(word).lstrip(signs)) for word in heard.raw(2).split()]
    state.collect("whois", f"  in {', '.join(rooms)}")
    return []


def _whois_away(state: ClientState, heard: Heard) -> list[Change]:
    """301: part of a WHOIS, or the answer to a whisper."""
    if "whois" in state.pending:
        state.collect("whois", f"  away: {heard.line(2)}")
        return []
    return state.tell(f"{shown(heard.name(1))} is away: {heard.line(2)}", heard.now_s, EntryKind.REPLY)


def _whois_account(state: ClientState, heard: Heard) -> list[Change]:
    state.collect("whois", f"  the name belongs to {shown(heard.name(2))}")
    return []


def _whois_words(state: ClientState, heard: Heard) -> list[Change]:
    """313, 335, 671: the server's own words ("is an IRC operator")."""
    state.collect("whois", f"  {heard.last}")
    return []


def _end_of_whois(state: ClientState, heard: Heard) -> list[Change]:
    lines = state.collected("whois")
    return state.tell("\n".join(lines), heard.now_s, EntryKind.REPLY) if lines else []


def duration(seconds: str) -> str:
    """Return the seconds of a numeric as people say them: "2 h 5 min". What is no number is "?"."""
    if not seconds.isdecimal() or len(seconds) > 12:
        return "?"
    left = int(seconds)
    parts = []
    for unit_s, unit in _SECONDS:
        count, left = divmod(left, unit_s)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


# ---- LIST --------------------------------------------------------------------------------------------------------


def _list_row(state: ClientState, heard: Heard) -> list[Change]:
    topic = heard.line(3)
    name = state.title_of(heard.name(1))
    about = f": {topic}" if topic and topic != name else ""
    state.collect("list", f"{name}, {heard.line(2)} in it{about}")
    members = heard.raw(2)
    count = int(members) if members.isascii() and members.isdecimal() and len(members) < 7 else 0
    if len(state.listed) < MAX_PENDING_LINES and state.features.is_channel(heard.name(1)):
        state.listed.append(ListedRoom(heard.name(1), name, topic, count))
    return []


def _end_of_list(state: ClientState, heard: Heard) -> list[Change]:
    lines = state.collected("list") or ["There is no room here."]
    listed, state.listed = state.listed, []
    if state.has_tabs:
        return [RoomsListed(tuple(listed))]
    return state.tell("\n".join(lines), heard.now_s, EntryKind.REPLY)


# ---- away, invitations, operators --------------------------------------------------------------------------------


def _now_away(state: ClientState, heard: Heard) -> list[Change]:
    return _set_away(state, heard, is_away=True, text="You are marked as away.")


def _now_back(state: ClientState, heard: Heard) -> list[Change]:
    return _set_away(state, heard, is_away=False, text="You are no longer away.")


def _set_away(state: ClientState, heard: Heard, *, is_away: bool, text: str) -> list[Change]:
    state.is_away = is_away
    for channel in state.channels_with(state.nick):
        channel.set_away(state.nick, is_away=is_away)
    return [state.status, *state.tell(text, heard.now_s, EntryKind.REPLY)]


def _invited(state: ClientState, heard: Heard) -> list[Change]:
    text = f"{shown(heard.name(1))} is invited to {state.title_of(heard.name(2))}."
    return state.tell(text, heard.now_s, EntryKind.REPLY)


def _now_operator(state: ClientState, heard: Heard) -> list[Change]:
    return state.tell("You may moderate now.", heard.now_s, EntryKind.REPLY)


# ---- what did not work -------------------------------------------------------------------------------------------


def handler_of_unknown(command: str) -> Callable[[ClientState, Heard], list[Change]] | None:
    """Return the handler for a command without one of its own: refusals are shown, everything else is ignored."""
    is_error = len(command) == 3 and command.isdecimal() and command[0] in "45" and command not in _SILENT
    return _refused if is_error else None


def _refused(state: ClientState, heard: Heard) -> list[Change]:
    text = _refusal_text(state, heard)
    return state.tell(text, heard.now_s, EntryKind.ERROR) if text else []


def refusal_text(state: ClientState, message: Message) -> str:
    """Return a refusal (4xx, 5xx) as a sentence."""
    return _refusal_text(state, hear(message, 0.0, 0.0))


def _refusal_text(state: ClientState, heard: Heard) -> str:
    about = [state.title_of(clean_name(param)) for param in heard.message.params[1:-1]]
    words = REFUSALS.get(heard.message.command)
    if words is None:
        return ": ".join([*about, heard.last])
    return words.format(*about, *("?" * 2), last=heard.last)


def _standard_reply(state: ClientState, heard: Heard) -> list[Change]:
    """FAIL, WARN, NOTE: ircv3.net/specs/extensions/standard-replies."""
    kind = EntryKind.ERROR if heard.message.command == "FAIL" else EntryKind.INFO
    return state.tell(heard.last, heard.now_s, kind) if heard.last else []


def _closing(state: ClientState, heard: Heard) -> list[Change]:
    text = heard.line(0)
    return state.tell(f"The host closed the connection: {text}", heard.now_s) if text else []


def _words(state: ClientState, heard: Heard) -> list[Change]:
    """An answer shown in the server's own words (VERSION, TIME, INFO, HELP, ADMIN)."""
    text = clean(" ".join(heard.message.params[1:]))
    return state.tell(text, heard.now_s, EntryKind.REPLY) if text else []


HANDLERS = {
    numerics.RPL_WELCOME: _welcome,
    numerics.RPL_ISUPPORT: _features,
    numerics.RPL_MOTD: _motd_line,
    numerics.RPL_ENDOFMOTD: _end_of_motd,
    numerics.RPL_WHOISUSER: _whois_user,
    numerics.RPL_WHOISIDLE: _whois_idle,
    numerics.RPL_WHOISCHANNELS: _whois_channels,
    numerics.RPL_AWAY: _whois_away,
    numerics.RPL_WHOISACCOUNT: _whois_account,
    numerics.RPL_WHOISOPERATOR: _whois_words,
    numerics.RPL_WHOISBOT: _whois_words,
    numerics.RPL_WHOISSECURE: _whois_words,
    numerics.RPL_ENDOFWHOIS: _end_of_whois,
    numerics.RPL_LIST: _list_row,
    numerics.RPL_LISTEND: _end_of_list,
    numerics.RPL_NOWAWAY: _now_away,
    numerics.RPL_UNAWAY: _now_back,
    numerics.RPL_INVITING: _invited,
    numerics.RPL_YOUREOPER: _now_operator,
    numerics.RPL_VERSION: _words,
    numerics.RPL_TIME: _words,
    numerics.RPL_INFO: _words,
    numerics.RPL_HELPSTART: _words,
    numerics.RPL_HELPTXT: _words,
    "FAIL": _standard_reply,
    "WARN": _standard_reply,
    "NOTE": _standard_reply,
    "ERROR": _closing,
}
