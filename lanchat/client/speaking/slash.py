"""What a typed line means: something to say, or a command of the table below.

A handler gets the state and the text after the command, and returns actions. It sends nothing itself.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from lanchat.client.speaking.actions import Action, Close, Do, LocalAction, Look, Open, Say, Send, Show, Talk, wrong
from lanchat.client.speaking.people import is_known, last_said, split_name
from lanchat.client.speaking.phrasing import Saying
from lanchat.client.state.channels import Channel
from lanchat.client.state.entries import EntryKind
from lanchat.client.state.state import ClientState
from lanchat.errors import ProtocolError
from lanchat.limits import MAX_AWAY_BYTES, MAX_KICK_BYTES, MAX_LINE_BYTES, MAX_QUIT_BYTES, MAX_TOPIC_BYTES
from lanchat.protocol.message import Message, fits
from lanchat.protocol.names import channel_for, fold, nick_from, shown

_NO_ROOM = "You are in no room. /rooms shows which there are, /join goes into one."
_KEY = " key="
SEARCH_HELP = 'find what was said; also from:zoe in:"Line 3" after:06:00 before:monday "two words"'
_RANKS = {"@": " (operator)", "+": " (voiced)"}


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """One command. `needs`: the capability that the host must have for it, or ""."""

    name: str
    parameters: str
    help: str
    run: Callable[[ClientState, str], list[Action]]
    needs: str = ""
    aliases: tuple[str, ...] = ()
    needs_tabs: bool = False  # which are on the screen only

    def is_called(self, name: str) -> bool:
        """Tell whether this is one of its names."""
        return name == self.name or name in self.aliases

    def usage(self) -> str:
        """Return how it is typed: "/msg NAME TEXT"."""
        return f"/{self.name} {self.parameters}".rstrip()


def interpret(state: ClientState, text: str) -> list[Action]:
    """Return what a typed line asks for. A text of several lines is said as it is, whatever it begins with."""
    if text.strip() == r"\q":
        return [Do(LocalAction.QUIT)]
    if not text.startswith("/") or "\n" in text:
        return _say(state, text)
    if text.startswith("//"):
        return _say(state, text[1:])
    name, _, rest = text[1:].partition(" ")
    command = _BY_NAME.get(name.casefold())
    if command is None:
        return wrong(_unknown(state, name))
    if command.needs and not state.offers(command.needs):
        return wrong(f"This host does not do /{command.name}.")
    return _in_a_line(command, command.run(state, rest.strip()))


def _in_a_line(command: SlashCommand, actions: list[Action]) -> list[Action]:
    """Return the actions, or why not where what they send is more than one line of the protocol can carry."""
    try:
        is_fitting = all(fits(action.message) for action in actions if isinstance(action, Send))
    except ProtocolError:  # ":" before a word, or a character that ends a line
        return _usage(command.name)
    too_long = f"That is too long for /{command.name}: a command has {MAX_LINE_BYTES} bytes at most."
    return actions if is_fitting else wrong(too_long)


def command_names(state: ClientState) -> list[str]:
    """Return the names of the commands that work here, in the order of /help."""
    return [command.name for command in _available(state)]


def help_on(state: ClientState, typed: str = "/") -> list[tuple[str, str]]:
    """Return how the commands that fit what was typed are typed, and what they do; nothing where it is no command."""
    if not typed.startswith("/") or typed.startswith("//") or "\n" in typed:
        return []
    name, space, _ = typed[1:].partition(" ")
    name = name.casefold()
    fitting = [one for one in _available(state) if one.is_called(name) or (not space and one.name.startswith(name))]
    return [(one.usage(), one.help) for one in fitting]


def _available(state: ClientState) -> list[SlashCommand]:
    offered = [command for command in COMMANDS if not command.needs or state.offers(command.needs)]
    return [command for command in offered if state.has_tabs or not command.needs_tabs]


def _unknown(state: ClientState, name: str) -> str:
    close = difflib.get_close_matches(name.casefold(), command_names(state), n=1)
    hint = f" Did you mean /{close[0]}?" if close else " /help shows which there are."
    return f"There is no command /{name}.{hint} To say it all the same, type //{name}."


def _usage(name: str) -> list[Action]:
    command = _BY_NAME[name]
    return wrong(f"{command.usage()}: {command.help}.")


def _too_long(what: str, text: str, limit_bytes: int) -> list[Action]:
    """Return the refusal of a text that would be cut; nothing if it fits."""
    size = len(text.encode("utf-8", "replace"))
    return wrong(f"The {what} is too long: {size} bytes, where {limit_bytes} fit.") if size > limit_bytes else []


# ---- speaking ----------------------------------------------------------------------------------------------------


def _channel(state: ClientState) -> Channel | None:
    """Return the open channel if one can speak there, now or when the connection is back."""
    return state.current if state.current.name else None


def _room(state: ClientState) -> Channel | None:
    """Return the open channel if it is a room, rather than a talk with one person."""
    return None if state.current.is_private else _channel(state)


def _no_room(state: ClientState) -> str:
    talk = state.current
    return f"This is the talk with {talk.title}; that works in a room." if talk.is_private else _NO_ROOM


def _say(state: ClientState, text: str, kind: EntryKind = EntryKind.MESSAGE, reply_to: str = "") -> list[Action]:
    channel = _channel(state)
    if channel is None:
        return wrong(_NO_ROOM)
    return [Say(Saying(channel.name, text, kind, reply_to))] if text.strip() else []


def _me(state: ClientState, rest: str) -> list[Action]:
    return _say(state, rest, EntryKind.ACTION) if rest else _usage("me")


def _msg(state: ClientState, rest: str) -> list[Action]:
    nick, text = split_name(state, rest)
    return [Say(Saying(nick, text))] if nick and text else _usage("msg")


def _query(state: ClientState, rest: str) -> list[Action]:
    nick, text = split_name(state, rest)
    if not nick or (not text and not state.has_tabs):
        return _usage("query" if state.has_tabs else "msg")
    opened: list[Action] = [Talk(nick)] if state.has_tabs else []
    return [*opened, Say(Saying(nick, text))] if text else opened


def _close(state: ClientState, _rest: str) -> list[Action]:
    if state.current.is_private:
        return [Close()]
    return wrong("This is a room; /part leaves it." if _room(state) else _NO_ROOM)


def _reply(state: ClientState, rest: str) -> list[Action]:
    nick, text = split_name(state, rest)
    if not (nick and text and is_known(state, nick)):
        nick, text = "", rest
    entry = last_said(state, nick)
    if not text:
        return _usage("reply")
    if entry is None:
        return wrong("There is no message here to reply to.")
    return _say(state, text, reply_to=entry.msgid)


def _react(state: ClientState, rest: str) -> list[Action]:
    sign, _, name = rest.partition(" ")
    entry = last_said(state, split_name(state, name)[0])
    if not sign:
        return _usage("react")
    if entry is None:
        return wrong("There is no message here to react to.")
    tags = {"+draft/react": sign, "+reply": entry.msgid, "+draft/reply": entry.msgid}
    return [Send(Message("TAGMSG", (state.current.name,), tags=tags))]


def _delete(state: ClientState, rest: str) -> list[Action]:
    entry = last_said(state, split_name(state, rest)[0], is_own=True)
    if entry is None:
        return wrong("There is no message here to delete.")
    return [Send(Message("REDACT", (state.current.name, entry.msgid)))]


# ---- names, topic, away ------------------------------------------------------------------------------------------


def _nick(_state: ClientState, rest: str) -> list[Action]:
    if not rest:
        return _usage("nick")
    nick = nick_from(rest)
    return [Send(Message("NICK", (nick,)))] if nick else wrong(f"{rest} cannot be a name: nothing of it can be kept.")


def _topic(state: ClientState, rest: str) -> list[Action]:
    channel = _room(state)
    if channel is None:
        return wrong(_no_room(state))
    if not rest:
        return [Show(f"Topic of {channel.title}: {channel.subject}" if channel.subject else "There is no topic.")]
    text = "" if rest == "-" else rest
    return _too_long("topic", text, MAX_TOPIC_BYTES) or [Send(Message("TOPIC", (channel.name, text)))]


def _names(state: ClientState, _rest: str) -> list[Action]:
    channel = _room(state)
    if channel is None:
        return wrong(_no_room(state))
    people = [f"{member.name}{_RANKS.get(member.prefix, '')}" for member in channel.ranked_members()]
    return [Show(f"In {channel.title} ({len(people)}): {', '.join(people)}")]


def _whois(state: ClientState, rest: str) -> list[Action]:
    nick, _ = split_name(state, rest)
    return [Send(Message("WHOIS", (nick,)))] if nick else _usage("whois")


def _away(_state: ClientState, rest: str) -> list[Action]:
    return _too_long("reason", rest, MAX_AWAY_BYTES) or [Send(Message("AWAY", (rest or "away",)))]


def _back(_state: ClientState, _rest: str) -> list[Action]:
    return [Send(Message("AWAY"))]


# ---- what was said before ------------------------------------------------------------------------------------------


def _search(_state: ClientState, rest: str) -> list[Action]:
    return [Look("search", rest)] if rest else _usage("search")


def _open_result(_state: ClientState, rest: str) -> list[Action]:
    return [Look("open", rest)]


def _history(state: ClientState, rest: str) -> list[Action]:
    if _channel(state) is None:
        return wrong(_NO_ROOM)
    return [Look("history", rest)] if rest else _usage("history")


# ---- rooms -------------------------------------------------------------------------------------------------------


def _join(state: ClientState, rest: str) -> list[Action]:
    name, _, key = rest.partition(_KEY)
    if not name.strip():
        return _usage("join")
    known = _channel_called(state, name.strip())
    channel = state.channel(known)
    if channel is not None and channel.is_joined:
        return [Open(channel.name)]
    keys = (key.strip(),) if key.strip() and " " not in key.strip() else ()
    return [Send(Message("JOIN", (known, *keys)))]


def _channel_called(state: ClientState, name: str) -> str:
    """Return the channel of a room's name: one known by that title, else the one it spells."""
    if name.startswith("#"):
        return channel_for(name[1:])
    titled = [channel for channel, title in state.titles.items() if fold(title) == fold(name)]
    return titled[0] if titled else channel_for(name)


def _part(state: ClientState, rest: str) -> list[Action]:
    if state.current.is_private and not rest:
        return [Close()]
    channel = state.channel(_channel_called(state, rest)) if rest else _channel(state)
    if channel is None or not channel.name:
        return wrong(f"You are not in {rest}." if rest else _NO_ROOM)
    return [Send(Message("PART", (channel.name,)))]


def _rooms(_state: ClientState, _rest: str) -> list[Action]:
    return [Send(Message("LIST")), Do(LocalAction.ROOMS)]


def _invite(state: ClientState, rest: str) -> list[Action]:
    nick, _ = split_name(state, rest)
    if _room(state) is None:
        return wrong(_no_room(state))
    return [Send(Message("INVITE", (nick, state.current.name)))] if nick else _usage("invite")


def _kick(state: ClientState, rest: str) -> list[Action]:
    nick, reason = split_name(state, rest)
    if _room(state) is None:
        return wrong(_no_room(state))
    if not nick:
        return _usage("kick")
    reasons = (reason,) if reason else ()
    return _too_long("reason", reason, MAX_KICK_BYTES) or [Send(Message("KICK", (state.current.name, nick, *reasons)))]


def _oper(_state: ClientState, rest: str) -> list[Action]:
    name, _, password = rest.partition(" ")
    return [Send(Message("OPER", (name, password.strip())))] if password.strip() else _usage("oper")


# ---- the program -------------------------------------------------------------------------------------------------


def _help(state: ClientState, rest: str) -> list[Action]:
    asked = _BY_NAME.get(rest.removeprefix("/").casefold())
    if asked:
        return [Show(f"{asked.usage()}: {asked.help}.")]
    commands = _available(state)
    width = max(len(command.usage()) for command in commands)
    rows = [f"{command.usage():<{width}}  {command.help}" for command in commands]
    return [Show("\n".join([*rows, "A line that does not begin with / is said to everybody; //x says /x."]))]


def _clear(_state: ClientState, _rest: str) -> list[Action]:
    return [Do(LocalAction.CLEAR)]


def _qr(_state: ClientState, _rest: str) -> list[Action]:
    return [Do(LocalAction.QR)]


def _bell(_state: ClientState, _rest: str) -> list[Action]:
    return [Do(LocalAction.BELL)]


def _quit(_state: ClientState, rest: str) -> list[Action]:
    return _too_long("last word", rest, MAX_QUIT_BYTES) or [Do(LocalAction.QUIT, rest)]


COMMANDS = (
    SlashCommand("help", "[COMMAND]", "show what can be typed", _help),
    SlashCommand("me", "TEXT", 'say what you do: "Ana waves"', _me),
    SlashCommand("msg", "NAME TEXT", "say something to one person only", _msg, aliases=("w", "whisper")),
    SlashCommand("query", "NAME [TEXT]", "talk with one person in a tab of its own", _query, needs_tabs=True),
    SlashCommand("close", "", "close the tab of a talk with one person", _close, needs_tabs=True),
    SlashCommand("reply", "[NAME] TEXT", "answer the last message, or the last one of NAME", _reply, "message-tags"),
    SlashCommand(
        "react", "SIGN [NAME]", "put a sign on the last message, or the last one of NAME", _react, "message-tags"
    ),
    SlashCommand("delete", "[NAME]", "take back your last message", _delete, "draft/message-redaction"),
    SlashCommand("nick", "NAME", "be called something else", _nick, aliases=("name",)),
    SlashCommand("names", "", "show who is here", _names, aliases=("who",)),
    SlashCommand("whois", "NAME", "show more about somebody", _whois),
    SlashCommand("topic", "[TEXT]", "show the topic, or set it; - removes it", _topic),
    SlashCommand("away", "[REASON]", "be marked as away", _away),
    SlashCommand("back", "", "be no longer away", _back),
    SlashCommand("search", "WORDS", SEARCH_HELP, _search, "soju.im/search", aliases=("find",)),
    SlashCommand("open", "[NUMBER]", "show a result of /search where it was said", _open_result, "draft/chathistory"),
    SlashCommand(
        "history", "TIME[-TIME]", "show what was said then: 06:00-14:00, monday, 2h", _history, "draft/chathistory"
    ),
    SlashCommand("rooms", "", "show which rooms there are", _rooms, aliases=("list",)),
    SlashCommand("join", "ROOM [key=KEY]", "go into another room of this host, or make one", _join, aliases=("j",)),
    SlashCommand("part", "[ROOM]", "leave a room", _part, aliases=("leave",)),
    SlashCommand("invite", "NAME", "invite somebody into this room", _invite),
    SlashCommand("kick", "NAME [REASON]", "remove somebody from this room (operators)", _kick),
    SlashCommand("oper", "NAME PASSWORD", "become an operator of this host", _oper),
    SlashCommand("qr", "", "show the room's page for a phone's camera", _qr),
    SlashCommand("clear", "", "empty the screen", _clear),
    SlashCommand("bell", "", "turn the bell for your name on or off", _bell),
    SlashCommand("quit", "[LAST WORDS]", r"leave (\q does, too)", _quit, aliases=("q", "exit")),
)
_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}


def names_shown(state: ClientState) -> list[str]:
    """Return the names for Tab as people read them: who spoke last here comes first, then the others by name."""
    spoke: dict[str, None] = {}
    log = state.current.entries
    for index in range(len(log) - 1, max(-1, len(log) - 200), -1):
        if log[index].is_spoken and not log[index].is_own:
            spoke[fold(log[index].nick)] = None
    members = state.current.members
    recent = [shown(members[key].nick) for key in spoke if key in members]
    others = sorted((member.name for key, member in members.items() if key not in spoke), key=fold)
    own = shown(state.nick)
    return [name for name in [*recent, *others] if name != own]
