"""One IRC message, from and to one line of bytes.

Source: modern.ircdocs.horse, "Message Format"; ircv3.net/specs/extensions/message-tags.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from lanchat.errors import InvalidUtf8, LineTooLong, ProtocolError, StrayEnd
from lanchat.limits import MAX_CLIENT_TAG_BYTES, MAX_LINE_BYTES, MAX_PARAMS, MAX_TAG_BYTES
from lanchat.protocol.text import cut_to_bytes

_ESCAPES = {";": r"\:", " ": r"\s", "\\": r"\\", "\r": r"\r", "\n": r"\n"}
_ESCAPE_TABLE = str.maketrans(_ESCAPES)
_UNESCAPES = {escaped[1]: char for char, escaped in _ESCAPES.items()}
# At which parameter a text or a list stands, as the last one: always with its colon, as home-made clients look for it
# ("PING :", " :" before the names of 353) instead of reading parameters.
_TEXT_AT = {
    **dict.fromkeys(("AWAY", "ERROR", "PING", "QUIT", "WALLOPS"), 0),
    **dict.fromkeys(("NOTICE", "PART", "PONG", "PRIVMSG", "TOPIC"), 1),
    **dict.fromkeys(("302", "303", "371", "372"), 1),
    **dict.fromkeys(("KICK", "301", "319", "332", "CAP"), 2),
    **dict.fromkeys(("322", "353"), 3),
    **dict.fromkeys(("311", "314"), 5),
}
_MAX_BODY_BYTES = MAX_LINE_BYTES - 2  # without the CRLF


@dataclass(slots=True)
class Message:
    """A command with its parameters, who it is from ("" if unsaid), and its tags.

    `source` is "nick!user@host" or a server's name, without the colon. Tag values are unescaped; a tag without
    a value has "".
    """

    command: str
    params: tuple[str, ...] = ()
    source: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def nick(self) -> str:
        """The nick of the source, or the server's name."""
        return self.source.partition("!")[0]


def parse_message(line: bytes, tag_limit_bytes: int = MAX_CLIENT_TAG_BYTES) -> Message:
    """Read one line, without its CRLF. The command comes back in capitals.

    `tag_limit_bytes` bounds the tags with their "@" and space: what a client may send by default, MAX_TAG_BYTES for
    what a server sends. An unknown command is no error.
    Raises InvalidUtf8, LineTooLong (either limit), or ProtocolError if there is no command or a stray NUL, CR or LF.
    Source: modern.ircdocs.horse, "Message Format"; message-tags, "Rules for naming message tags".
    """
    tag_bytes = line.find(b" ") + 1 or len(line) if line.startswith(b"@") else 0
    body = line[tag_bytes:]
    if tag_bytes > tag_limit_bytes:
        raise LineTooLong("tags too long")
    if len(body) > _MAX_BODY_BYTES:
        raise _aimed(LineTooLong("line too long"), body)
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise _aimed(InvalidUtf8(_command_of(body), _label_of(line[1:tag_bytes])), body) from None
    if "\0" in text or "\r" in text or "\n" in text:
        raise _aimed(StrayEnd("NUL, CR or LF inside a line"), body)
    return _parse(text)


def _parse(text: str) -> Message:
    tags: Mapping[str, str] = {}
    source = ""
    if text.startswith("@"):
        tag_text, _, text = text.partition(" ")
        tags = parse_tags(tag_text[1:])
        text = text.lstrip(" ")
    if text.startswith(":"):
        source, _, text = text[1:].partition(" ")
        text = text.lstrip(" ")
    head, colon, trailing = text.partition(" :")
    words = head.split(" ")
    if "" in words:
        words = [word for word in words if word]
    if not words:
        raise ProtocolError("a line without a command")
    params = words[1:]
    if len(params) >= MAX_PARAMS:
        return Message(words[0].upper(), _fifteen(text, words[0]), source, tags)
    if colon:
        params.append(trailing)
    return Message(words[0].upper(), tuple(params), source, tags)


def _fifteen(text: str, command: str) -> tuple[str, ...]:
    """The parameters of a line with more than fifteen: the last takes all that is left."""
    rest = text.lstrip(" ")[len(command) :].lstrip(" ")
    params: list[str] = []
    while rest and len(params) < MAX_PARAMS - 1 and not rest.startswith(":"):
        param, _, rest = rest.partition(" ")
        params.append(param)
        rest = rest.lstrip(" ")
    return (*params, rest.removeprefix(":"))


def _aimed(error: ProtocolError, body: bytes) -> ProtocolError:
    """Note whom a line was for that could not be read: the first word behind its command."""
    words = [word for word in body[:MAX_LINE_BYTES].split(b" ") if word and not word.startswith(b":")]
    error.target = words[1].decode("utf-8", "ignore") if len(words) > 1 else ""
    return error


def _command_of(body: bytes) -> str:
    words = [word for word in body.split(b" ") if word and not word.startswith(b":")]
    return words[0].decode("ascii").upper() if words and words[0].isalnum() and words[0].isascii() else "*"


def _label_of(tags: bytes) -> str:
    """The label among tags of which some are not UTF-8, "" if it is one of them."""
    for tag in tags.rstrip(b" ").split(b";"):
        key, _, value = tag.partition(b"=")
        if key == b"label":
            with suppress(UnicodeDecodeError):
                return _unescape(value.decode())
    return ""


def parse_tags(text: str) -> dict[str, str]:
    """Read tags, without the "@". Of a key that comes twice the last one counts; an empty key is passed over."""
    tags: dict[str, str] = {}
    for tag in text.split(";"):
        key, _, value = tag.partition("=")
        if key:
            tags[key] = _unescape(value) if "\\" in value else value
    return tags


def _unescape(value: str) -> str:
    """A backslash before any other character is dropped, and so is one at the end."""
    chars = iter(value)
    return "".join(_unescaped(next(chars, "")) if char == "\\" else char for char in chars)


def _unescaped(char: str) -> str:
    return _UNESCAPES.get(char, char)


def format_tags(tags: Mapping[str, str]) -> str:
    """Return "@key=value;key " for a line, with the space, or "" if there are none."""
    if not tags:
        return ""
    parts = [f"{key}={value.translate(_ESCAPE_TABLE)}" if value else key for key, value in tags.items()]
    return f"@{';'.join(parts)} "


def format_body(message: Message) -> str:
    """Return the line without its tags and CRLF, the last parameter with a colon wherever it needs or bears one.

    Raises ProtocolError if a parameter cannot be told in a line: NUL, CR or LF, or a space inside one that is not
    the last.
    """
    text = message.command
    if message.source:
        text = f":{message.source} {text}"
    if not message.params:
        return _checked(text)
    *middle, last = message.params
    for param in middle:
        if not param or " " in param or param[0] == ":":
            raise ProtocolError(f"not a middle parameter: {param!r}")
        text += f" {param}"
    if not last or " " in last or last[0] == ":" or _TEXT_AT.get(message.command) == len(middle):
        return _checked(f"{text} :{last}")
    return _checked(f"{text} {last}")


def _checked(text: str) -> str:
    if "\n" in text or "\r" in text or "\0" in text:
        raise ProtocolError("NUL, CR or LF in a message")
    return text


def format_line(message: Message) -> bytes:
    """Return the line with its CRLF, without its tags. What is over the limit of a line is cut off behind a character.

    Where nothing may be cut, that is the sender's to mind: see `fits`. Raises ProtocolError as `format_body` does.
    """
    body = format_body(message).encode()
    if len(body) > _MAX_BODY_BYTES:
        body = body[:_MAX_BODY_BYTES].decode("utf-8", "ignore").encode()
    return body + b"\r\n"


def format_message(message: Message) -> bytes:
    """Return the line as bytes, with its CRLF. The length is the sender's to mind: see `fits`.

    Raises ProtocolError as `format_body` does.
    """
    return f"{format_tags(message.tags)}{format_body(message)}\r\n".encode()


def fits(message: Message) -> bool:
    """Tell whether a message keeps to both limits of a line from a server."""
    tags = format_tags(message.tags).encode()
    return len(tags) <= MAX_TAG_BYTES and len(format_body(message).encode()) <= _MAX_BODY_BYTES


def fitted(message: Message) -> Message:
    """Return the message with its longest parameter cut, between characters, to what a line has space for.

    For answers that repeat what was asked; what people say is never cut.
    """
    if sum(map(len, message.params)) * 4 < _MAX_BODY_BYTES // 2:  # sure to fit, and nearly all do
        return message
    surplus = len(format_body(message).encode()) - _MAX_BODY_BYTES
    if surplus <= 0:
        return message
    longest = max(message.params, key=lambda param: len(param.encode()))
    at = message.params.index(longest)
    cut = cut_to_bytes(longest, len(longest.encode()) - surplus)
    return Message(
        message.command, (*message.params[:at], cut, *message.params[at + 1 :]), message.source, message.tags
    )


def free_bytes(head: Message) -> int:
    """Return how many bytes of a last parameter fit behind the parameters that a message has so far."""
    taken = sum(len(param.encode()) + 1 for param in (head.source, head.command, *head.params))
    return MAX_LINE_BYTES - taken - len("::\r\n")
