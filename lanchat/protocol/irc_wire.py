"""IRC over TCP: one line, one message."""

from collections.abc import Hashable, Set
from typing import Protocol

from lanchat.errors import ProtocolError
from lanchat.protocol.capabilities import is_tag_for, shape_of
from lanchat.protocol.lines import LineReader
from lanchat.protocol.message import Message, format_line, format_tags, parse_message


class Wire(Protocol):
    """How one kind of peer writes messages. Sessions of equal `kind` are sent equal bytes for equal messages."""

    @property
    def kind(self) -> Hashable:
        """What shapes the bytes of `encode`."""

    @property
    def answers_pings(self) -> bool:
        """Whether silence can be told from absence by a PING."""

    @property
    def sleeps(self) -> bool:
        """Whether its peer is a browser's page, which phones put to sleep without a word."""

    @property
    def is_framed(self) -> bool:
        """Whether a peer is lost behind bytes that never came; one that reads lines goes on at the next."""

    def receive(self, data: bytes) -> list[Message | ProtocolError]:
        """Return the messages that are now whole; a line that is none stands as the error it is.

        Raises ProtocolError if the peer has to be closed.
        """

    def blanks(self, data: bytes, read: int) -> int:
        """Return how many lines said nothing of bytes that were just received, and that `read` messages came of."""

    def answer(self) -> bytes:
        """Return what the wire itself has to say to its peer, once; b"" if nothing."""

    def encode(self, message: Message) -> bytes:
        """Return a message as this peer reads it; b"" if it has no use for it."""

    def farewell(self) -> bytes:
        """Return what the wire says at the very end, behind everything else; b"" if nothing."""

    def adopt(self, capabilities: Set[str]) -> None:
        """Write in the way of these capabilities from now on."""


class IrcWire:
    """The wire of IRC clients. Tags go only to those who asked for them."""

    __slots__ = ("_reader", "_shape")

    answers_pings = True
    is_framed = False
    sleeps = False

    def __init__(self) -> None:
        self._reader = LineReader()
        self._shape = shape_of(frozenset())

    @property
    def kind(self) -> Hashable:
        """The capabilities that decide which tags are sent."""
        return self._shape

    def receive(self, data: bytes) -> list[Message | ProtocolError]:
        """Return the messages of all lines that are now whole. Raises LineTooLong if a line does not end."""
        return [_parsed(line) for line in self._reader.feed(data)]

    def blanks(self, data: bytes, read: int) -> int:
        """Return how many lines were empty."""
        return data.count(b"\n") - read

    def answer(self) -> bytes:
        """Nothing: all that an IRC client hears comes from the chat."""
        return b""

    def farewell(self) -> bytes:
        """Nothing: the ERROR was the end."""
        return b""

    def encode(self, message: Message) -> bytes:
        """Return the line, with the tags this kind of peer asked for."""
        if not self._shape or not message.tags:
            return format_line(message)
        tags = {tag: value for tag, value in message.tags.items() if is_tag_for(tag, self._shape)}
        return format_tags(tags).encode() + format_line(message)

    def adopt(self, capabilities: Set[str]) -> None:
        """Send the tags of these capabilities from now on."""
        self._shape = shape_of(capabilities)


def _parsed(line: bytes) -> Message | ProtocolError:
    try:
        return parse_message(line)
    except ProtocolError as error:
        return error
