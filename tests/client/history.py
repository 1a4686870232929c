"""What the tests of stored history share: a way to a host that can be cut, and a whole client behind it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from lanchat.client.connection.place import Person, Place
from lanchat.client.conversation import Conversation
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.log import EntryLog
from tests.client.fakehost import DEADLINE_S, Watcher
from tests.server.peer import Peer

CHANNEL = "#Line-3"


class Cable:
    """A way to a port of loopback. While it is pulled, nobody gets through."""

    def __init__(self, port: int) -> None:
        self.port = port  # where it leads to
        self.is_pulled = False
        self.is_deaf = False  # what the host says gets lost
        self._writers: list[asyncio.StreamWriter] = []
        self._carried: set[asyncio.Task[None]] = set()

    def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._carried.add(asyncio.ensure_future(self._carry(reader, writer)))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            if self.is_pulled:
                raise OSError
            back, onward = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.transport.abort()
            return
        self._writers.append(onward)
        await asyncio.gather(_copy(reader, onward, lambda: False), _copy(back, writer, lambda: self.is_deaf))

    def pull(self) -> None:
        self.is_pulled = True
        self.end()

    def end(self) -> None:
        while self._writers:
            self._writers.pop().transport.abort()

    async def ended(self) -> None:
        """Wait until nothing goes through any more."""
        self.pull()
        await asyncio.gather(*self._carried)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_lost: Callable[[], bool]) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            if not is_lost():
                writer.write(data)
    writer.transport.abort()


@asynccontextmanager
async def cable(port: int) -> AsyncIterator[tuple[Cable, int]]:
    """Yield a cable to a port, and the port at its near end."""
    way = Cable(port)
    async with await asyncio.start_server(way.carry, "127.0.0.1", 0) as server:
        yield way, server.sockets[0].getsockname()[1]
        server.close()
        await way.ended()


class Reader:
    """Somebody in the room, and what they see."""

    def __init__(self, port: int, nick: str = "Ana", *, has_tabs: bool = False) -> None:
        place = Place(("127.0.0.1",), port, CHANNEL, "Line 3", "00112233445566ff", host_id="host")
        self.conversation = Conversation(place, Person(nick, secret=f"secret of {nick}"))
        self.state = self.conversation.state
        self.state.has_tabs = has_tabs
        self.watcher = Watcher(self.conversation)

    @property
    def log(self) -> EntryLog:
        channel = self.state.channel(CHANNEL)
        assert channel is not None
        return channel.entries

    @property
    def texts(self) -> list[str]:
        """What people said, as the log has it; and where there is a gap."""
        return ["…" if entry.kind is EntryKind.GAP else entry.text for entry in self.log if _counts(entry)]

    def said_with(self, nick: str) -> list[str]:
        """What was said in the talk with somebody; nothing where there is none."""
        talk = self.state.talk(nick)
        return [] if talk is None else [entry.text for entry in talk.entries if entry.is_spoken]

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not is_so():
                await asyncio.sleep(0.01)

    async def sees(self, text: str) -> None:
        await self.until(lambda: text in self.texts)


def _counts(entry: Entry) -> bool:
    return entry.is_spoken or entry.kind is EntryKind.GAP


@asynccontextmanager
async def reading(port: int, nick: str = "Ana", *, has_tabs: bool = False) -> AsyncIterator[Reader]:
    one = Reader(port, nick, has_tabs=has_tabs)
    await one.conversation.connect()
    try:
        yield one
    finally:
        await one.conversation.close()
        await one.watcher.ended()


def talk(peer: Peer, count: int, *, first: int = 0, word: str = "line") -> list[str]:
    """Say so many lines, and wait until the host has stored them; return them."""
    texts = [f"{word} {number}" for number in range(first, first + count)]
    peer.send("".join(f"PRIVMSG {CHANNEL} :{text}\r\n" for text in texts).encode())
    peer.send("PING fence")
    peer.expect("PONG")
    return texts
