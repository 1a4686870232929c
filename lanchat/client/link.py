"""The connection to a room's host, kept for as long as the conversation lasts.

Strategy: one stream at a time. When it is lost: a pause, with some chance in it so that a whole site does not come back
in the same instant; then a look round for the room's id, at its old addresses and everywhere else, as it may have a new
one by now; then a longer pause. Only a refusal that stays one (password, ban) ends it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Protocol

from lanchat.client.changes import LinkStatus, StatusChanged
from lanchat.client.naming import Naming
from lanchat.client.negotiation import Negotiation
from lanchat.client.place import Person, Place
from lanchat.client.registration import Refusal, RefusalKind, Registration, logged_in_as, plain_response
from lanchat.client.stream import Lost, Stream, open_stream
from lanchat.errors import UserError
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

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.kind: RefusalKind = refusal.kind


class Listener(Protocol):
    """Who hears what the link has to tell. `welcomed`: registered, join now."""

    async def hear(self, message: Message) -> None:
        """Take one message; waiting in here keeps the next from being read."""

    def welcomed(self, nick: str, remark: str) -> None:
        """Registered under this nick; `remark` says so where it is not the one wanted."""

    def report(self, status: StatusChanged) -> None:
        """The connection is different now."""

    def tick(self) -> None:
        """About a second has passed while connected."""


class Link:
    """Keeps the connection. `open` makes the first one; `run` keeps it until `close`, or until the host refuses."""

    def __init__(self, place: Place, person: Person, listener: Listener, relocate: Relocate | None = None) -> None:
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

    @property
    def is_up(self) -> bool:
        """Whether what is sent now reaches the host, as far as anybody knows."""
        return self._stream is not None

    def rename(self, nick: str) -> None:
        """Take another name as the wanted one, for coming back, too."""
        self.person = replace(self.person, nick=nick, real_name="")
        self.naming.choose(nick)

    def send(self, messages: Iterable[Message]) -> bool:
        """Send messages, or return False if there is no connection."""
        if self._stream is None:
            return False
        try:
            self._stream.send(messages)
        except Lost:
            return False  # the reading side finds out, too, and starts anew
        return True

    def ask_for(self, nick: str) -> bool:
        """Ask the host for another name, or return False if there is no connection. A name of another day is proved."""
        return self.send([*self._login(nick), Message("NICK", (nick,))])

    def _login(self, name: str) -> list[Message]:
        """Return what proves a name ours, or makes it ours where nobody has it. What comes of it, nobody waits for."""
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
        registration = Registration(self.person, Negotiation())
        stream.send(registration.begin())
        self._arrivals = stream.messages()
        async for messages in self._arrivals:
            for index, message in enumerate(messages):
                stream.send(_pong(message) + registration.hear(message))
                if registration.refusal:
                    raise Refused(registration.refusal)
                if registration.is_done:
                    self._welcome(stream, registration)
                    await self._hear_all(messages[index:])
                    return

    def _welcome(self, stream: Stream, registration: Registration) -> None:
        self._stream = stream
        self.negotiation = registration.negotiation
        self._account = registration.account
        remark = registration.remark()
        self.naming.welcome(registration.nick, time.monotonic())
        self._listener.report(StatusChanged(LinkStatus.CONNECTED, "connected"))
        self._listener.welcomed(registration.nick, remark)

    async def _pump(self) -> None:
        assert self._arrivals is not None, "run comes after open"  # noqa: S101
        async for messages in self._arrivals:
            await self._hear_all(messages)

    async def _hear_all(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.send(_pong(message))
            if message.command == "CAP":
                self.send(self.negotiation.hear(message))
            if message.command == "900":
                self._account = logged_in_as(message)
            if self.naming.swallows(message):
                continue
            before = self.naming.nick
            self.send(self.naming.hear(message))
            if self.naming.nick != before:
                self.send(self._login(self.naming.nick))
            await self._listener.hear(message)

    # ---- as long as it lasts --------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep the connection that `open` made, and make new ones. Returns never; raises `Refused`."""
        while True:
            reason = await self._hold()
            await self._drop()
            await self._come_back(reason)

    async def _hold(self) -> str:
        """Hear the host until the connection is lost; return why it was."""
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
        while (left_s := until_s - time.monotonic()) > 0:
            text = f"connection lost ({reason}), again in {max(1, round(left_s))} s"
            self._listener.report(StatusChanged(LinkStatus.LOST, text, left_s))
            await asyncio.sleep(min(1.0, left_s))

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
