"""Plain lines, for nc, telnet, PuTTY and SockChat: a name first, then every line is a message.

What such a peer types becomes the same messages that an IRC client would send, and what it is sent is written as a
person reads it.
"""

from collections.abc import Callable, Hashable, Set

from lanchat.errors import ProtocolError
from lanchat.protocol import numerics
from lanchat.protocol.lines import LineReader
from lanchat.protocol.message import Message
from lanchat.protocol.names import CHANNEL_PREFIX, nick_from, shown
from lanchat.protocol.text import clean, cut_to_bytes

_IAC, _SE, _SB, _WILL, _DONT = 0xFF, 0xF0, 0xFA, 0xFB, 0xFE  # RFC 854
_END_OF_SB = bytes((_IAC, _SE))
_MAX_TEXT_BYTES = 350  # leaves a line space for who it is from and whom it is to
_PRIVATE = "*** to you alone ***"  # no name has a "*", and what people do begins with one: neither can look like it
_TAB = "    "
_NOT_UTF8 = "* What you typed is not UTF-8; it was read as Windows-1252. If it looks wrong to others, set UTF-8 here."
_HELP = "Every line you type is a message. /me does something, /nick NAME, /names, /help, and \\q to leave."


class PlainWire:
    """The wire of peers that know no protocol. Its encoding follows where in the conversation the peer is."""

    __slots__ = (
        "_answer",
        "_ask",
        "_channel",
        "_is_charset_told",
        "_is_password_needed",
        "_names",
        "_reader",
        "_room",
        "_wanted",
    )

    kind: Hashable = "plain"
    answers_pings = False
    is_framed = False
    sleeps = False

    def __init__(self, room: str, channel: str, *, is_password_needed: bool = False) -> None:
        self._room = room
        self._channel = channel
        self._is_password_needed = is_password_needed
        self._is_charset_told = False
        self._reader = LineReader(keeps_empty=True, is_by_keyboard=True)
        self._names: list[str] = []
        self._wanted = ""
        self._ask: Callable[[str], list[Message]] | None = self._meet  # what the next line is for; None: it is talk
        self._answer = b""

    def greet(self) -> None:
        """Ask for the name without having heard anything; `answer` then has the question."""
        self._meet("")

    def receive(self, data: bytes) -> list[Message | ProtocolError]:
        """Return what the lines that are now whole say. Raises LineTooLong if a line does not end."""
        return [message for line in self._reader.feed(data) for message in self._read(line)]

    def receive_pause(self) -> list[Message | ProtocolError]:
        """Return what was typed without a line end, where a pause ends a message."""
        rest = self._reader.take_rest().rstrip(b"\r")
        return list(self._read(rest)) if rest else []

    def _read(self, line: bytes) -> list[Message]:
        typed = self._decode(_without_telnet(line))
        if self._ask:
            typed = typed.strip()
        text = clean(typed.replace("\t", _TAB)).rstrip()
        if not text.strip() and self._ask != self._meet:  # to knock, people press Enter
            return []
        if text.strip() in ("\\q", "/quit"):
            return [Message("QUIT")]
        return self._ask(text) if self._ask else self._talk(text)

    def _decode(self, line: bytes) -> str:
        """Return a line as text; one that is not UTF-8 is read as Windows writes it, and its sender told once."""
        try:
            return line.decode()
        except UnicodeDecodeError:
            if not self._is_charset_told:
                self._is_charset_told = True
                self._reply(_NOT_UTF8)
            return line.decode("cp1252", "replace")  # what old Windows terminals send

    def blanks(self, data: bytes, read: int) -> int:
        """Return how many lines made no message."""
        return data.count(b"\n") - read

    def farewell(self) -> bytes:
        """Nothing: a person has been told."""
        return b""

    def answer(self) -> bytes:
        """Return what this wire itself has to say to the peer, once."""
        answer, self._answer = self._answer, b""
        return answer

    def _reply(self, text: str) -> list[Message]:
        self._answer += _line(text)
        return []

    def _meet(self, _text: str) -> list[Message]:
        self._ask = self._take_name
        return self._reply(f"This is the room {self._room}. What is your name?")

    def _take_name(self, text: str) -> list[Message]:
        self._wanted = text
        if self._is_password_needed:
            self._ask = self._take_password
            return self._reply("This room has a password. What is it?")
        return self._register()

    def _take_password(self, text: str) -> list[Message]:
        self._is_password_needed = False
        return [Message("PASS", (text,)), *self._register()]

    def _register(self) -> list[Message]:
        self._ask = None
        nick = nick_from(self._wanted) or "?"  # refused with 432, which asks again
        user = Message("USER", (nick, "0", "*", cut_to_bytes(self._wanted, _MAX_TEXT_BYTES)))
        return [Message("NICK", (nick,)), user, Message("JOIN", (self._channel,))]

    def _talk(self, text: str) -> list[Message]:
        if not text.startswith("/") or text.startswith("//"):
            return [self._say(part) for part in _parts(text.removeprefix("/") if text[:2] == "//" else text)]
        word, _, rest = text[1:].partition(" ")
        if word == "me" and rest:
            return [self._say(f"\x01ACTION {part}\x01") for part in _parts(rest)]
        if word == "nick" and rest:
            return [Message("NICK", (nick_from(rest) or "?",))]
        if word == "names":
            return [Message("NAMES", (self._channel,))]
        return self._reply(_HELP)

    def _say(self, text: str) -> Message:
        return Message("PRIVMSG", (self._channel, text))

    def encode(self, message: Message) -> bytes:
        """Return a message as a line to read, b"" where a person needs none."""
        write = _WRITERS.get(message.command)
        text = write(self, message) if write else ""
        return _line(text) if text else b""

    def adopt(self, capabilities: Set[str]) -> None:
        """Plain peers have none."""

    # ---- How each message reads ----------------------------------------------------------------------------------

    def _write_text(self, message: Message) -> str:
        target, text = message.params[0], message.params[-1]
        who = shown(message.nick)
        if text.startswith("\x01"):
            word, _, rest = text.strip("\x01").partition(" ")
            return f"* {who} {rest}" if word == "ACTION" else ""
        return f"{who}: {text}" if CHANNEL_PREFIX in target else f"{_PRIVATE} {who}: {text}"

    def _write_notice(self, message: Message) -> str:
        return f"* {message.params[-1]}" if "!" not in message.source else self._write_text(message)

    def _write_left(self, message: Message) -> str:
        return f"* {shown(message.nick)} has left"

    def _write_names(self, message: Message) -> str:
        self._names += [shown(name.lstrip("@+")) for name in message.params[-1].split()]
        return ""

    def _write_end_of_names(self, _message: Message) -> str:
        names, self._names = self._names, []
        return f"* In the room: {', '.join(names)}"

    def _write_taken(self, message: Message) -> str:
        if self._ask is None and not self._wanted:
            return f"* The name {shown(message.params[1])} is taken."
        self._ask = self._take_name
        return f"The name {shown(message.params[1])} is taken. What else may we call you?"

    def _write_bad_name(self, _message: Message) -> str:
        if self._wanted:
            self._ask = self._take_name
        return "That cannot be a name here. What else may we call you?"

    def _write_welcome(self, _message: Message) -> str:
        self._wanted = ""
        return _HELP


def _without_telnet(line: bytes) -> bytes:
    """Return a line without telnet's negotiation, in one pass; RFC 854.

    A command is IAC and one byte, of WILL to DONT one more, and SB takes all up to the next IAC SE. Without that end SB
    is a command like others, and once one has had no end, no later one has: so nothing is searched twice.
    """
    if _IAC not in line:
        return line
    kept = bytearray()
    place, last_end = 0, line.rfind(_END_OF_SB)
    while (iac := line.find(_IAC, place)) >= 0:
        kept += line[place:iac]
        place = iac + _telnet_length(line, iac, last_end)
    return bytes(kept + line[place:])


def _telnet_length(line: bytes, iac: int, last_end: int) -> int:
    """Return how many bytes the command takes that begins at an IAC; one that the line cuts off ends with it."""
    command = line[iac + 1] if iac + 1 < len(line) else 0
    if _WILL <= command <= _DONT:
        return 3
    if command == _SB and last_end >= iac + 2:
        return line.index(_END_OF_SB, iac + 2) + len(_END_OF_SB) - iac
    return 2


def _parts(text: str) -> list[str]:
    """Cut a text to what fits a line, between words where there are any. Nothing of it is left out."""
    parts = []
    while len(text.encode()) > _MAX_TEXT_BYTES:
        part = _first_part(text)
        parts.append(part)
        text = text[len(part) :]
    return [*parts, text] if text else parts


def _first_part(text: str) -> str:
    part = cut_to_bytes(text, _MAX_TEXT_BYTES)
    words = part[: part.rfind(" ") + 1]
    return words if words.strip() else part


def _why_closed(text: str) -> str:
    """The reason an ERROR gives, without what only programs want to know."""
    reason = text.partition(") ")[2] if text.startswith("Closing link: (") else text
    return "You have left." if reason.startswith("Quit") else reason


def _line(text: str) -> bytes:
    return f"{clean(text)}\r\n".encode("utf-8", "replace")


_WRITERS: dict[str, Callable[[PlainWire, Message], str]] = {
    "PRIVMSG": PlainWire._write_text,
    "NOTICE": PlainWire._write_notice,
    "JOIN": lambda _, message: f"* {shown(message.nick)} has joined",
    "PART": PlainWire._write_left,
    "QUIT": PlainWire._write_left,
    "KICK": lambda _, message: f"* {shown(message.params[1])} was removed by {shown(message.nick)}",
    "NICK": lambda _, message: f"* {shown(message.nick)} is now {shown(message.params[0])}",
    "TOPIC": lambda _, message: f"* The topic is now: {message.params[-1]}",
    "ERROR": lambda _, message: f"* {_why_closed(message.params[-1])}",
    numerics.RPL_WELCOME: PlainWire._write_welcome,
    numerics.RPL_TOPIC: lambda _, message: f"* The topic is: {message.params[-1]}",
    numerics.RPL_NAMREPLY: PlainWire._write_names,
    numerics.RPL_ENDOFNAMES: PlainWire._write_end_of_names,
    numerics.ERR_NICKNAMEINUSE: PlainWire._write_taken,
    numerics.ERR_ERRONEUSNICKNAME: PlainWire._write_bad_name,
    numerics.ERR_CANNOTSENDTOCHAN: lambda _, message: f"* {message.params[-1]}",
    numerics.ERR_BANNEDFROMCHAN: lambda _, message: f"* {message.params[-1]}",
    numerics.ERR_CHANNELISFULL: lambda _, message: f"* {message.params[-1]}",
    numerics.ERR_INVITEONLYCHAN: lambda _, message: f"* {message.params[-1]}",
    numerics.ERR_BADCHANNELKEY: lambda _, message: f"* {message.params[-1]}",
}
