"""One TCP connection that carries IRC messages, with a bound on everything: line length, silence, unsent bytes."""

import asyncio
import contextlib
import errno
import socket
import struct
import sys
from collections.abc import AsyncIterator, Iterable, Sequence

from lanchat.discovery.addresses import with_port
from lanchat.discovery.ip import address_of
from lanchat.discovery.race import race
from lanchat.errors import LineTooLong, ProtocolError
from lanchat.limits import MAX_SENDQ_BYTES, MAX_TAG_BYTES, RECEIVE_BYTES
from lanchat.protocol.lines import LineReader
from lanchat.protocol.message import Message, format_message, parse_message

CONNECT_TIMEOUT_S = 5.0  # a cable pulled shows after 3 s; a busy host answers in milliseconds
QUIET_S = 10.0  # without a byte from the host before it gets a PING …
ANSWER_S = 10.0  # … and before it counts as gone
CLOSE_S = 1.0  # for the last messages to leave
_DROP = struct.pack("HH" if sys.platform == "win32" else "ii", 1, 0)  # SO_LINGER: on, 0 s


class Lost(Exception):
    """The connection is gone, or never came about. The text ends the sentence "Line 3 …" or "10.0.0.5 …"."""


class Stream:
    """A connection to a host. Reading and writing raise `Lost`, and nothing else, once it is gone."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._lines = LineReader()

    @property
    def peer(self) -> tuple[str, int]:
        """The address and port of the host."""
        known = self._writer.get_extra_info("peername") or ("", 0)
        return address_of(known), int(known[1])

    @property
    def where(self) -> str:
        """The same, as people write it."""
        return with_port(*self.peer)

    async def messages(self) -> AsyncIterator[list[Message]]:
        """Yield the messages that arrived together, again and again, until the connection is `Lost`.

        A silent host is sent a PING. Lines that are no messages are skipped.
        """
        while True:
            data = await self._receive()
            try:
                lines = self._lines.feed(data)
            except LineTooLong as error:
                raise Lost("sent a line without end") from error
            found = [message for line in lines if (message := _parsed(line)) is not None]
            if found:
                yield found

    async def _receive(self) -> bytes:
        for patience_s, is_last in ((QUIET_S, False), (ANSWER_S, True)):
            try:
                async with asyncio.timeout(patience_s):
                    data = await self._reader.read(RECEIVE_BYTES)
            except TimeoutError:
                if not is_last:
                    self.send([Message("PING", ("lanchat",))])
                continue
            except OSError as error:
                raise Lost("closed the connection") from error
            if not data:
                raise Lost("closed the connection")
            return data
        self.abort()  # what it has not taken would else still arrive, after it was said again
        raise Lost(f"did not answer for {QUIET_S + ANSWER_S:.0f} s")

    def send(self, messages: Iterable[Message]) -> None:
        """Send messages at once and in order. Raises `Lost` if the host no longer reads what we send."""
        if self._writer.is_closing():
            raise Lost("closed the connection")
        data = b"".join(format_message(message) for message in messages)
        if self._writer.transport.get_write_buffer_size() + len(data) > MAX_SENDQ_BYTES:
            self.abort()  # so that the reading side ends, too
            raise Lost("takes nothing any more")
        self._writer.write(data)

    def abort(self) -> None:
        """Cut the connection; what is still to be sent is dropped, by the system as well, which else goes on trying."""
        if (connected := self._writer.get_extra_info("socket")) is not None:
            with contextlib.suppress(OSError):
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DROP)
        self._writer.transport.abort()

    async def close(self) -> None:
        """Close, after up to a second for what is still to be sent."""
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await self._writer.wait_closed()
        self.abort()


def _parsed(line: bytes) -> Message | None:
    try:
        return parse_message(line, MAX_TAG_BYTES)
    except ProtocolError:
        return None


async def open_stream(addresses: Sequence[str], port: int, timeout_s: float = CONNECT_TIMEOUT_S) -> Stream:
    """Return a connection to the first address that accepts one; they are tried as `race` does. Raises `Lost`."""
    try:
        async with asyncio.timeout(timeout_s):
            return await race(addresses, lambda one: _open(one, port), Lost("has no address"), Stream.abort)
    except TimeoutError as error:
        raise Lost(f"did not answer within {timeout_s:g} s") from error


async def _open(address: str, port: int) -> Stream:
    try:
        reader, writer = await asyncio.open_connection(address, port)
    except OSError as error:
        raise Lost(_why(error)) from error
    return Stream(reader, writer)


def _why(error: OSError) -> str:
    if error.errno == errno.ECONNREFUSED or isinstance(error, ConnectionRefusedError):
        return "refuses connections: nothing listens there"
    return "cannot be reached"
