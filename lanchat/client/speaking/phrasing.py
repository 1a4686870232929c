"""From what a person wants to say to the messages that say it.

One line, several lines, or a multi-line batch where the server takes them (ircv3.net/specs/extensions/multiline).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lanchat.client.state.entries import EntryKind
from lanchat.limits import MAX_HOST_BYTES, MAX_LINE_BYTES, MAX_USERNAME_BYTES
from lanchat.protocol.message import Message
from lanchat.protocol.split import split_text
from lanchat.protocol.text import clean

_CRLF_BYTES = 2
_MIN_TEXT_BYTES = 100  # never cut shorter than this, whatever a host says about itself
_MAX_BATCH_BYTES = 16_384  # where a host names a larger number, or none
_MAX_BATCH_LINES = 100


@dataclass(frozen=True, slots=True)
class Saying:
    """What a person wants to say. `target`: a channel or a nick; `reply_to`: the msgid it answers."""

    target: str
    text: str
    kind: EntryKind = EntryKind.MESSAGE
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Messages that are sent together and answered by one echo. `text`: as the echo will have it."""

    target: str
    text: str
    messages: tuple[Message, ...]
    is_action: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """What a connection can do. `source`: this person's "nick!user@host" as others get it, which shortens each line."""

    source: str = ""
    capabilities: Mapping[str, str] = field(default_factory=dict)


def phrase(saying: Saying, manner: Manner, new_reference: str) -> list[Part]:
    """Return the parts that say it; none if there is no text. `new_reference`: begins the names of batches."""
    text = "\n".join(lines_of(saying.text))
    if not text:
        return []
    limit_bytes = _text_limit(saying, manner)
    is_short = "\n" not in text and len(text.encode("utf-8", "replace")) <= limit_bytes
    can_batch = "draft/multiline" in manner.capabilities and "batch" in manner.capabilities
    if is_short or saying.kind is EntryKind.ACTION or not can_batch:
        return [_single(saying, manner, piece) for piece in _pieces(text, limit_bytes)]
    return [
        _batched(saying, manner, lines, f"{new_reference}{number}")
        for number, lines in enumerate(_batches(saying.text, limit_bytes, manner))
        if any(line.text for line in lines)
    ]


def sayable(text: str) -> str:
    """Return a typed or pasted text as it can go out, line by line: all of it, but for what steers a terminal."""
    return "\n".join(map(clean, text.expandtabs(4).split("\n")))


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a typed or pasted text that hold something, without the blank ends."""
    for line in text.split("\n"):
        if stripped := line.rstrip():
            yield stripped


def _text_limit(saying: Saying, manner: Manner) -> int:
    """Return how many bytes of text fit when the host passes them on with our full name in front."""
    source_bytes = len(manner.source.encode("utf-8", "replace")) if "@" in manner.source else _longest_source(manner)
    around = len(f": PRIVMSG {saying.target} :".encode("utf-8", "replace")) + _CRLF_BYTES
    action_bytes = len("\x01ACTION \x01") if saying.kind is EntryKind.ACTION else 0
    return max(_MIN_TEXT_BYTES, MAX_LINE_BYTES - source_bytes - around - action_bytes)


def _longest_source(manner: Manner) -> int:
    nick_bytes = len(manner.source.partition("!")[0].encode("utf-8", "replace"))
    return nick_bytes + len("!~@") + MAX_USERNAME_BYTES + MAX_HOST_BYTES


def _pieces(text: str, limit_bytes: int) -> Iterator[str]:
    for line in text.split("\n"):
        for piece in split_text(line, limit_bytes):
            if piece.strip():
                yield piece.rstrip()


def _single(saying: Saying, manner: Manner, text: str) -> Part:
    wire_text = f"\x01ACTION {text}\x01" if saying.kind is EntryKind.ACTION else text
    message = Message("PRIVMSG", (saying.target, wire_text), tags=_tags(saying, manner))
    return Part(saying.target, text, (message,), saying.kind is EntryKind.ACTION)


def _tags(saying: Saying, manner: Manner) -> dict[str, str]:
    if not saying.reply_to or "message-tags" not in manner.capabilities:
        return {}
    return {"+reply": saying.reply_to, "+draft/reply": saying.reply_to}


# ---- batches -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    goes_on: bool = False  # continues the line before it: that was too long for one message


def _batches(text: str, limit_bytes: int, manner: Manner) -> Iterator[list[_Line]]:
    """Cut a text into groups of lines, each within what the host allows one message."""
    max_bytes, max_lines = _batch_limits(manner.capabilities.get("draft/multiline", ""))
    group: list[_Line] = []
    used_bytes = 0
    for line in _cut_lines(text, min(limit_bytes, max_bytes)):
        line_bytes = len(line.text.encode("utf-8", "replace")) + (0 if line.goes_on else 1)
        if group and (len(group) >= max_lines or used_bytes + line_bytes > max_bytes):
            yield group
            group, used_bytes = [], 0
            line = _Line(line.text)
        group.append(line)
        used_bytes += line_bytes
    if group:
        yield group


def _batch_limits(value: str) -> tuple[int, int]:
    """Read "max-bytes=16384,max-lines=100"."""
    named = dict(part.partition("=")[::2] for part in value.split(","))
    return _bound(named.get("max-bytes", ""), _MAX_BATCH_BYTES), _bound(named.get("max-lines", ""), _MAX_BATCH_LINES)


def _bound(text: str, most: int) -> int:
    number = int(text) if text.isdecimal() and len(text) < 10 else 0
    return min(number, most) if number else most


def _cut_lines(text: str, limit_bytes: int) -> Iterator[_Line]:
    """Yield every line, blank ones inside the text too, long ones in pieces."""
    for line in text.strip("\n").split("\n"):
        pieces = split_text(line.rstrip(), limit_bytes) or [""]
        for number, piece in enumerate(pieces):
            yield _Line(piece, goes_on=number > 0)


def _batched(saying: Saying, manner: Manner, lines: list[_Line], reference: str) -> Part:
    opening = Message("BATCH", (f"+{reference}", "draft/multiline", saying.target), tags=_tags(saying, manner))
    inside = [Message("PRIVMSG", (saying.target, line.text), tags=_line_tags(line, reference)) for line in lines]
    closing = Message("BATCH", (f"-{reference}",))
    text = "".join(("" if line.goes_on or number == 0 else "\n") + line.text for number, line in enumerate(lines))
    return Part(saying.target, text, (opening, *inside, closing))


def _line_tags(line: _Line, reference: str) -> dict[str, str]:
    tags = {"batch": reference}
    if line.goes_on:
        tags["draft/multiline-concat"] = ""
    return tags
