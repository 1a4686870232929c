"""A host that says what a test tells it to, for what a real one does rarely or never."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self

from lanchat.client.connection.link import Relocate
from lanchat.client.connection.place import Person, Place
from lanchat.client.conversation import Conversation
from lanchat.client.state.changes import Change, DeliveryChanged, EntryAdded, LinkStatus, StatusChanged
from lanchat.client.state.entries import Delivery, Entry

DEADLINE_S = 20.0  # for what takes milliseconds on a quiet machine
WELCOME = ":host 001 {nick} :Welcome", ":host 005 {nick} PREFIX=(ov)@+ :are supported"
MODERN = ("message-tags", "server-time", "echo-message", "batch", "labeled-response", "draft/multiline")
ROOM_ID = "00112233445566ff"


class Visit:
    """One connection of a client, seen from the host."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.lines: list[str] = []  # all that was read

    async def line(self) -> str:
        """Return the next line the client sends."""
        async with asyncio.timeout(DEADLINE_S):
            data = await self._reader.readline()
        assert data, "the client closed the connection"
        self.lines.append(data.decode().rstrip("\r\n"))
        return self.lines[-1]

    async def expect(self, beginning: str) -> str:
        """Read until a line begins so (tags aside); return it."""
        while True:
            line = await self.line()
            if line.startswith(beginning) or (line.startswith("@") and line.partition(" ")[2].startswith(beginning)):
                return line

    async def ended(self) -> list[str]:
        """Wait until the client closes the connection; return what it still said."""
        async with asyncio.timeout(DEADLINE_S):
            rest = await self._reader.read()
        return rest.decode().splitlines()

    def say(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())

    def drop(self) -> None:
        """Cut the connection."""
        self._writer.transport.abort()

    async def welcome(self, *capabilities: str, nick: str = "Ana", replay: tuple[str, ...] = ()) -> None:
        """Let the client in with these capabilities, and into its rooms; `replay` is said there before the barrier."""
        await self.expect("CAP LS")
        await self.expect("USER")
        self.say(f":host CAP * LS :{' '.join(capabilities)}")
        if capabilities:
            names = (await self.expect("CAP REQ")).removeprefix("CAP REQ ").removeprefix(":")
            self.say(f":host CAP * ACK :{names}")
        await self.expect("CAP END")
        self.say(*(line.format(nick=nick) for line in WELCOME))
        await self.enter(nick, *replay)

    async def enter(self, nick: str, *replay: str) -> None:
        """Let the client into the rooms it joins, up to its barrier."""
        while True:
            line = await self.line()
            command, _, rest = line.partition(" ")
            if command == "JOIN":
                channel = rest.split()[0]
                self.say(f":{nick}!ana@10.0.0.7 JOIN {channel}", f":host 353 {nick} = {channel} :@Ben {nick}")
                self.say(f":host 366 {nick} {channel} :End", *replay)
            elif command == "PING":
                self.say(f":host PONG host {rest}")
                return


class FakeHost:
    """Listens on loopback; `visit` waits for the next client."""

    def __init__(self) -> None:
        self._visits: asyncio.Queue[Visit] = asyncio.Queue()
        self._server: asyncio.Server | None = None
        self._open: list[Visit] = []
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._arrived, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more, and cut all connections, as a crash would."""
        assert self._server is not None
        self._server.close()
        for visit in self._open:
            visit.drop()
        await self._server.wait_closed()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.stop()

    async def _arrived(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = Visit(reader, writer)
        self._open.append(visit)
        self._visits.put_nowait(visit)

    async def visit(self) -> Visit:
        async with asyncio.timeout(DEADLINE_S):
            return await self._visits.get()

    def place(self) -> Place:
        return Place(("127.0.0.1",), self.port, "#Line-3", "Line 3", ROOM_ID)


class Watcher:
    """Takes a conversation's changes as a screen would, and waits for them."""

    def __init__(self, conversation: Conversation) -> None:
        self.seen: list[Change] = []
        self._changed = asyncio.Condition()
        self._task = asyncio.create_task(self._watch(conversation))

    async def _watch(self, conversation: Conversation) -> None:
        async for changes in conversation.changes():
            async with self._changed:
                self.seen += changes
                self._changed.notify_all()

    async def until(self, is_there: Callable[[Change], bool]) -> Change:
        """Return the first change that is so, waiting for it."""
        async with asyncio.timeout(DEADLINE_S), self._changed:
            await self._changed.wait_for(lambda: any(is_there(change) for change in self.seen))
        return next(change for change in self.seen if is_there(change))

    async def entry(self, text: str) -> Entry:
        """Return the entry that has this text in it, waiting for it."""
        change = await self.until(lambda one: isinstance(one, EntryAdded) and text in one.entry.text)
        assert isinstance(change, EntryAdded)
        return change.entry

    async def delivered(self, text: str, delivery: Delivery = Delivery.DONE) -> Entry:
        """Return the entry of this text once that has become of it, waiting for it."""

        def is_there(change: Change) -> bool:
            return isinstance(change, DeliveryChanged) and (change.entry.text, change.entry.delivery) == (
                text,
                delivery,
            )

        change = await self.until(is_there)
        assert isinstance(change, DeliveryChanged)
        return change.entry

    @property
    def texts(self) -> list[str]:
        return [change.entry.text for change in self.seen if isinstance(change, EntryAdded)]

    @property
    def statuses(self) -> list[StatusChanged]:
        return [change for change in self.seen if isinstance(change, StatusChanged)]

    async def ended(self) -> None:
        """Wait until the conversation is over."""
        async with asyncio.timeout(DEADLINE_S):
            await self._task


@contextlib.asynccontextmanager
async def conversing(
    host: FakeHost, *capabilities: str, person: Person | None = None, relocate: Relocate | None = None
) -> AsyncIterator[tuple[Conversation, Visit, Watcher]]:
    """Yield a conversation that is in Line 3, the host's end of it, and who watches it."""
    conversation = Conversation(host.place(), person or Person("Ana"), relocate=relocate)
    watcher = Watcher(conversation)
    connecting = asyncio.create_task(conversation.connect())
    visit = await host.visit()
    await visit.welcome(*capabilities)
    async with asyncio.timeout(DEADLINE_S):
        await connecting
    try:
        yield conversation, visit, watcher
    finally:
        await conversation.close()
        await watcher.ended()


def tag(line: str, key: str) -> str:
    tags = dict(part.partition("=")[::2] for part in line.removeprefix("@").partition(" ")[0].split(";"))
    return tags[key]


async def lost(watcher: Watcher) -> StatusChanged:
    change = await watcher.until(lambda one: isinstance(one, StatusChanged) and one.status is LinkStatus.LOST)
    assert isinstance(change, StatusChanged)
    return change
