"""The connection to a room's host, kept for as long as the conversation lasts.

There is one stream at a time. When it breaks, the link waits, looks for the room, and connects again:

    lost (closed the connection)
    wait 1 s          ± 25 %, so that a whole site does not come back in the same instant
    look              for the room's id, at its old addresses and by all ways of discovery: it may have moved
    connect           refused: the host is full
    wait 2 s          twice as long each time, up to 30 s
    look, connect     registered: the conversation goes on, and joins its rooms again

A connection that held for 30 s starts the waits at 1 s again. Only a refusal that will not change by itself (wrong
password, ban, no name left) ends the conversation.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Protocol

from lanchat.client.connection.naming import Naming
from lanchat.client.connection.negotiation import Negotiation
from lanchat.client.connection.place import Person, Place
from lanchat.client.connection.registration import Handshake, HostRefusal, RefusalKind, logged_in_as, plain_response
from lanchat.client.connection.stream import Lost, Stream, open_stream
from lanchat.client.state.changes import LinkStatus, StatusChanged
from lanchat.client.state.clock import duration
from lanchat.errors import UserError
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

REGISTER_WITHIN_S = 15.0  # scrypt of many people coming back at once included
FIRST_PAUSE_S = 1.0
MAX_PAUSE_S = 30.0
JITTER = 0.25  # of a pause, up or down
STEADY_S = 30.0  # a connection that held this long starts the pauses anew
TICK_S = 1.0

Relocate = Callable[[Place], Awaitable[Place | None]]


class Refused(UserError):
    """The host does not let this person in; `kind` says why."""

    def __init__(self, refusal: HostRefusal) -> None:
        super().__init__(refusal.text)
        self.kind: RefusalKind = refusal.kind


class LinkListener(Protocol):
    """Who is told what happens on the link."""

    async def hear(self, message: Message) -> None:
        """Handle one message. The next one is not read before this returns."""

    def welcomed(self, nick: str, remark: str) -> None:
        """The host has registered us under this nick; `remark` says so where it is not the wanted one. Join now."""

    def report(self, status: StatusChanged) -> None:
        """The state of the connection has changed."""

    def tick(self) -> None:
        """About a second has passed; called only while connected."""


class Link:
    """Keeps the connection. `open` makes the first one; `run` keeps it until `close`, or until the host refuses."""

    def __init__(self, place: Place, person: Person, listener: LinkListener, relocate: Relocate | None = None) -> None:
        self.place = place
        self.person = person
        self.naming = Naming(person.nick)
        self.negotiation = Negotiation()
        self._account = ""
        self._listener = listener
        self._relocate = relocate
        self._stream: Stream | None = None
        self._arrivals: AsyncIterator[list[Message]] | None = None
        self._pause_s = FIRST_PAUSE_S
        self._hurry = asyncio.Event()
        self._lost_at_s: float | None = None

    @property
    def is_up(self) -> bool:
        """Whether what is sent now reaches the host, as far as anybody knows."""
        return self._stream is not None

    def hurry(self) -> None:
        """End the pause before the next try, if there is one under way."""
        self._hurry.set()

    def rename(self, nick: str) -> None:
        """Want another name from now on, also at the next registration."""
        self.person = replace(self.person, nick=nick, real_name="")
        self.naming.choose(nick)

    def send(self, messages: Iterable[Message]) -> bool:
        """Send messages, or return False if there is no connection."""
        if self._stream is None:
            return False
        try:
            self._stream.send(messages)
        except Lost:
            return False  # the reading side finds out, too, and connects again
        return True

    def ask_for(self, nick: str) -> bool:
        """Ask the host for another name, or return False if there is no connection.

        Where the host keeps accounts, we log in to that name first: it may be ours from another day.
        """
        return self.send([*self._login(nick), Message("NICK", (nick,))])

    def _login(self, name: str) -> list[Message]:
        """Return what logs in to the account of a name, or makes it where nobody has it.

        Nothing waits for the outcome.
        """
        if not self.person.secret or "sasl" not in self.negotiation.enabled or fold(name) == fold(self._account):
            return []
        return [Message("AUTHENTICATE", ("PLAIN",)), *plain_response(name, self.person.secret)]

    # ---- one connection -------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Connect and register. Raises `Lost` if that does not come about, `Refused` if the host says no."""
        stream = await open_stream(self.place.addresses, self.place.port)
        try:
            async with asyncio.timeout(REGISTER_WITHIN_S):
                await self._register(stream)
        except TimeoutError as error:
            await stream.close()
            raise Lost("does not let anybody in at the moment") from error
        except BaseException:
            await stream.close()
            raise

    async def _register(self, stream: Stream) -> None:
        handshake = Handshake(self.person, Negotiation())
        stream.send(handshake.begin())
        self._arrivals = stream.messages()
        async for messages in self._arrivals:
            for index, message in enumerate(messages):
                stream.send(_pong(message) + handshake.hear(message))
                if handshake.refusal:
                    raise Refused(handshake.refusal)
                if handshake.is_done:
                    self._welcome(stream, handshake)
                    await self._hear_all(messages[index:])
                    return

    def _welcome(self, stream: Stream, handshake: Handshake) -> None:
        self._stream = stream
        self.negotiation = handshake.negotiation
        self._account = handshake.account
        remark = handshake.remark()
        self.naming.welcome(handshake.nick, time.monotonic())
        self._listener.report(StatusChanged(LinkStatus.CONNECTED, self._connected_words()))
        self._listener.welcomed(handshake.nick, remark)

    def _connected_words(self) -> str:
        lost_at_s, self._lost_at_s = self._lost_at_s, None
        return "connected" if lost_at_s is None else f"connected again after {duration(time.monotonic() - lost_at_s)}"

    async def _pump(self) -> None:
        assert self._arrivals is not None, "run comes after open"  # noqa: S101
        async for messages in self._arrivals:
            await self._hear_all(messages)

    async def _hear_all(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.send(_pong(message))
            if message.command == "CAP":
                self.send(self.negotiation.hear(message))
            if message.command == numerics.RPL_LOGGEDIN:
                self._account = logged_in_as(message)
            if self.naming.swallow(message):
                continue
            before = self.naming.nick
            self.send(self.naming.hear(message))
            if self.naming.nick != before:
                self.send(self._login(self.naming.nick))
            await self._listener.hear(message)

    # ---- one connection after another --------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep the connection that `open` made, and make new ones. Returns never; raises `Refused`."""
        while True:
            reason = await self._hold()
            await self._drop()
            self._lost_at_s = time.monotonic()
            await self._come_back(reason)

    async def _hold(self) -> str:
        """Handle what the host sends until the connection is lost; return the reason."""
        since_s = time.monotonic()
        ticking = asyncio.create_task(self._tick())
        try:
            await self._pump()
        except Lost as error:
            return str(error)
        finally:
            ticking.cancel()
            if time.monotonic() - since_s >= STEADY_S:
                self._pause_s = FIRST_PAUSE_S
        return "ended"

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.send(self.naming.tick(time.monotonic()))
            self._listener.tick()

    async def _drop(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.close()

    async def _come_back(self, reason: str) -> None:
        while True:
            await self._pause(reason)
            try:
                await self._try_again()
                return
            except Lost as error:
                reason = str(error)
            except Refused as error:
                if error.kind is not RefusalKind.OTHER:
                    raise
                reason = "the host lets nobody in at the moment"

    async def _pause(self, reason: str) -> None:
        """Wait, counting down; the next pause is twice as long."""
        until_s = time.monotonic() + self._pause_s * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
        self._pause_s = min(self._pause_s * 2, MAX_PAUSE_S)
        self._hurry.clear()
        while (left_s := until_s - time.monotonic()) > 0 and not self._hurry.is_set():
            text = f"connection lost ({reason}), again in {max(1, round(left_s))} s"
            self._listener.report(StatusChanged(LinkStatus.LOST, text, left_s))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), min(1.0, left_s))

    async def _try_again(self) -> None:
        if self._relocate is not None:
            self._listener.report(StatusChanged(LinkStatus.LOOKING, "looking for the room"))
            place = await self._relocate(self.place)
            if place is None:
                raise Lost("was not found")
            self.place = place
        self._listener.report(StatusChanged(LinkStatus.CONNECTING, "connecting again"))
        await self.open()

    async def close(self, reason: str = "") -> None:
        """Say goodbye, if there is anybody to say it to, and close."""
        self.send([Message("QUIT", (reason,) if reason else ())])
        await self._drop()


def _pong(message: Message) -> list[Message]:
    return [Message("PONG", message.params[-1:])] if message.command == "PING" else []
