"""One message of the host, read once: who, when, and its parameters made safe to show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lanchat.limits import MULTILINE_MAX_LINES
from lanchat.protocol.message import Message
from lanchat.protocol.text import clean, cut_to_bytes

MAX_NAME_BYTES = 128  # twice what our own host allows; other servers may have longer ones
OWN_PART = "own part"  # our mark on echoes, among the tags: no tag that comes from a host has a space
MAX_TEXT_BYTES = 32_768  # of one entry; twice what our own host allows a multi-line message


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as handlers get it. `nick` is clean; so is what `name`, `line` and `text` return.

    `at_s` is the server's time where it gave one, else what its clock shows now. `now_s` is the local clock.
    """

    message: Message
    nick: str
    at_s: float
    now_s: float
    is_replayed: bool = False
    of_channel: str = ""  # of what is replayed: where; a QUIT does not say so itself

    @property
    def tags(self) -> Mapping[str, str]:
        """The message's tags, as they came."""
        return self.message.tags

    @property
    def msgid(self) -> str:
        """The message's id, or ""."""
        return self.message.tags.get("msgid", "")

    @property
    def own_part(self) -> int | None:
        """The number of the part of ours that this is the echo of, where that is known."""
        number = self.message.tags.get(OWN_PART)
        return None if number is None else int(number)

    @property
    def is_from_server(self) -> bool:
        """Whether a server, not a person, is the source."""
        return "!" not in self.message.source

    @property
    def is_from_bot(self) -> bool:
        """Whether the sender is marked as a bot; ircv3.net/specs/extensions/bot-mode."""
        return "bot" in self.message.tags or "draft/bot" in self.message.tags

    def raw(self, index: int) -> str:
        """Return a parameter as it came, or "" if it is not there."""
        params = self.message.params
        return params[index] if index < len(params) else ""

    def name(self, index: int) -> str:
        """Return a parameter that is a nick or a channel, or ""."""
        return clean_name(self.raw(index))

    def line(self, index: int) -> str:
        """Return a parameter as one line of text, or ""."""
        return clean(cut_to_bytes(self.raw(index), MAX_TEXT_BYTES))

    def text(self, index: int) -> str:
        """Return a parameter as text that may have several lines, or ""."""
        return clean_lines(self.raw(index))

    @property
    def last(self) -> str:
        """The last parameter as one line: the server's own words of a numeric."""
        return self.line(len(self.message.params) - 1) if self.message.params else ""


def hear(message: Message, now_s: float, host_s: float, *, is_replayed: bool = False, of_channel: str = "") -> Heard:
    """Return a message as handlers get it. `host_s`: the time by the host's clock, where the message carries none."""
    at_s = time_of(message.tags.get("time", ""), host_s)
    return Heard(message, clean_name(message.nick), at_s, now_s, is_replayed, of_channel)


def as_echo(message: Message, number: int) -> Message:
    """Return a message marked as the echo of a part of ours; the mark stays when a batch is put together."""
    return replace(message, tags={**message.tags, OWN_PART: str(number)})


def clean_name(name: str) -> str:
    """Return a foreign nick or channel name, safe to show."""
    return clean(cut_to_bytes(name, MAX_NAME_BYTES)).strip()


def clean_lines(text: str) -> str:
    """Return foreign text with each line safe to show, cut to what one message may hold."""
    lines = cut_to_bytes(text, MAX_TEXT_BYTES).split("\n", MULTILINE_MAX_LINES)
    return "\n".join(clean(line) for line in lines[:MULTILINE_MAX_LINES])


def time_of(tag: str, otherwise_s: float) -> float:
    """Return a server-time tag ("2026-03-01T12:00:00.000Z") as UNIX time, or `otherwise_s` if it is none.

    Source: ircv3.net/specs/extensions/server-time.
    """
    if not tag.endswith("Z"):
        return otherwise_s
    try:
        return datetime.fromisoformat(tag).timestamp()
    except (ValueError, OverflowError, OSError):
        return otherwise_s
