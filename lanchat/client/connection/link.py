"""The connection to a room's host, kept for as long as the conversation lasts.

There is one stream at a time. When it breaks, the link waits, looks for the room, and connects again:

    lost (closed the connection)
    wait 1 s          ± 25 %, so that a whole site does not come back in the same instant
                      ends at once when the room's announcement is heard, or this person presses Enter
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
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Protocol

from lanchat.client.connection.login import Hashing, Login, Outcome, logged_in_as, mechanisms
from lanchat.client.connection.naming import Naming
from lanchat.client.connection.negotiation import Negotiation
from lanchat.client.connection.place import Person, Place
from lanchat.client.connection.registration import Handshake, HostRefusal, RefusalKind
from lanchat.client.connection.stream import Lost, Stream, open_stream
from lanchat.client.state.changes import LinkStatus, StatusChanged
from lanchat.client.state.clock import duration
from lanchat.errors import UserError
from lanchat.protocol import numerics, scram
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

REGISTER_WITHIN_S = 15.0  # scrypt of many people coming back at once included
FIRST_PAUSE_S = 1.0
MAX_PAUSE_S = 30.0
JITTER = 0.25  # of a pause, up or down
STEADY_S = 30.0  # a connection that held this long starts the pauses anew
TICK_S = 1.0

Relocate = Callable[[Place], Awaitable[Place | None]]
Ear = Callable[[Place, Callable[[], None]], Awaitable[None]]  # listens until cancelled; calls when the room is heard


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

    def known_as(self, name: str) -> None:
        """The host has this name down as ours: from now on it has to prove that it knows it."""

    def report(self, status: StatusChanged) -> None:
        """The state of the connection has changed."""

    def tick(self) -> None:
        """About a second has passed; called only while connected."""


class Link:
    """Keeps the connection. `open` makes the first one; `run` keeps it until `close`, or until the host refuses."""

    def __init__(
        self,
        place: Place,
        person: Person,
        listener: LinkListener,
        relocate: Relocate | None = None,
        ear: Ear | None = None,
    ) -> None:
        self.place = place
        self.person = person
        self.naming = Naming(person.nick)
        self.negotiation = Negotiation()
        self._account = ""
        self._login: Login | None = None  # the one that goes on, after registering
        self._nick_then = ""  # to take after its outcome
        self._next_nick = ""  # asked for meanwhile
        self._salted: dict[Hashing, bytes] = {}  # hashes that were made: a host asks for the same one each time
        self._been: set[tuple[str, int]] = set()  # addresses and ports that let us in
        self._listener = listener
        self._relocate = relocate
        self._ear = ear
        self._listening: asyncio.Future[None] | None = None  # for the room, while there is no connection
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

        Where the host keeps accounts, we log in to that name first: it may be ours from another day. Where nobody has
        it, it becomes ours once it is our nick.
        """
        if self._login:
            self._next_nick = nick
            return self.is_up
        return self.send(self._begin_to_take(nick))

    def _begin_to_take(self, nick: str) -> list[Message]:
        begun = self._log_in(nick, may_tell=False)
        if not self._login:
            return [*begun, Message("NICK", (nick,))]
        self._nick_then = nick
        return begun

    def _log_in(self, name: str, *, may_tell: bool) -> list[Message]:
        """Return what logs in to the account of a name; where nobody has it and it may be told, what makes one."""
        is_done = fold(name) == fold(self._account)
        if self._login or is_done or not self.person.secret or "sasl" not in self.negotiation.enabled:
            return []
        offered = mechanisms(self.negotiation.enabled["sasl"])
        told = may_tell and not self.person.knows(name)
        self._login = Login(name, self.person.secret_of(name), secrets.token_urlsafe(18), offered, told)
        return [*self._login.begin(), *self._login_ended()]

    async def _go_on_logging_in(self, message: Message) -> None:
        login = self._login
        if login is None:
            return
        self.send(login.hear(message))
        if login.work:
            self.send(login.hashed(await self._hash(login.work)))
        self.send(self._login_ended())

    def _login_ended(self) -> list[Message]:
        """Return what waited for the outcome of a login, once there is one."""
        login = self._login
        if login is None or login.outcome is None:
            return []
        self._login = None
        if login.outcome in (Outcome.PROVED, Outcome.TOLD):
            self._learn(login.account)
        after = [Message("NICK", (self._nick_then,))] if self._nick_then else []
        nick, self._nick_then, self._next_nick = self._next_nick, "", ""
        return [*after, *(self._begin_to_take(nick) if nick else [])]

    def _learn(self, account: str) -> None:
        """Note that the host knows us by a name, if it is one that can prove it another time."""
        offered = mechanisms(self.negotiation.enabled.get("sasl", ""))
        if account and scram.MECHANISM in offered and self.person.secret and not self.person.knows(account):
            self.person = replace(self.person, known=(*self.person.known, account))
            self._listener.known_as(account)

    async def _hash(self, work: Hashing) -> bytes:
        """Hash a secret as the host wants it: in a thread, as it takes a while."""
        if work not in self._salted:
            asked = work.challenge
            made = await asyncio.to_thread(scram.salted, work.secret.encode(), asked.salt, asked.iterations)
            self._salted[work] = made
        return self._salted[work]

    # ---- one connection -------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Connect and register. Raises `Lost` if that does not come about, `Refused` if the host says no."""
        await self._open(self.place)

    async def _open(self, place: Place) -> None:
        stream = await open_stream(place.addresses, place.port)
        try:
            async with asyncio.timeout(REGISTER_WITHIN_S):
                await self._register(stream, place)
        except TimeoutError as error:
            await stream.close()
            raise Lost("does not let anybody in at the moment") from error
        except BaseException:
            await stream.close()
            raise

    async def _register(self, stream: Stream, place: Place) -> None:
        handshake = Handshake(self.person, Negotiation())
        if self._is_elsewhere(stream) and self.person.password and not handshake.needs_proof:
            text = f"was found at {stream.where}, where it has proved nothing and so was not given the password"
            raise Refused(HostRefusal(RefusalKind.HOST, text))
        stream.send(handshake.begin())
        self._arrivals = stream.messages()
        async for messages in self._arrivals:
            for index, message in enumerate(messages):
                stream.send(_pong(message) + handshake.hear(message))
                if handshake.login and handshake.login.work:
                    stream.send(handshake.hashed(await self._hash(handshake.login.work)))
                if handshake.refusal:
                    raise Refused(handshake.refusal)
                if handshake.is_done:
                    self.place = place
                    self._welcome(stream, handshake)
                    await self._hear_all(messages[index:])
                    return

    def _welcome(self, stream: Stream, handshake: Handshake) -> None:
        self._stream = stream
        self.negotiation = handshake.negotiation
        self._account = handshake.account
        remark = " ".join(filter(None, (handshake.remark(), self._moved(stream, handshake))))
        self._been.add(stream.peer)
        self._login, self._nick_then, self._next_nick = None, "", ""
        self._learn(handshake.account)
        self.naming.welcome(handshake.nick, time.monotonic())
        self._listener.report(StatusChanged(LinkStatus.CONNECTED, self._connected_words()))
        self._listener.welcomed(handshake.nick, remark)

    def _is_elsewhere(self, stream: Stream) -> bool:
        """Tell whether this is not where the room was before."""
        return bool(self._been) and stream.peer not in self._been

    def _moved(self, stream: Stream, handshake: Handshake) -> str:
        if handshake.is_proved or not self._is_elsewhere(stream):
            return ""
        return f"{self.place.title} is at {stream.where} now; nothing proves that it is the same host."

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
            await self._go_on_logging_in(message)
            if self.naming.swallow(message):
                continue
            before = self.naming.nick
            self.send(self.naming.hear(message))
            if self.naming.nick != before:
                self.send(self._log_in(self.naming.nick, may_tell=True))
            await self._listener.hear(message)

    # ---- one connection after another --------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep the connection that `open` made, and make new ones. Returns never; raises `Refused`."""
        while True:
            reason = await self._hold()
            await self._drop()
            self._lost_at_s = time.monotonic()
            self._hurry.clear()
            self._listen()
            await self._come_back(reason)
            self._listen_no_more()

    def _listen(self) -> None:
        if self._ear is not None:
            self._listening = asyncio.ensure_future(self._ear(self.place, self.hurry))

    def _listen_no_more(self) -> None:
        if self._listening is not None:
            self._listening.cancel()

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
                if error.kind not in _PASSING:
                    raise
                reason = _PASSING[error.kind]

    async def _pause(self, reason: str) -> None:
        """Wait, counting down; the next pause is twice as long."""
        until_s = time.monotonic() + self._pause_s * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
        self._pause_s = min(self._pause_s * 2, MAX_PAUSE_S)
        while (left_s := until_s - time.monotonic()) > 0 and not self._hurry.is_set():
            text = f"connection lost ({reason}), again in {max(1, round(left_s))} s"
            self._listener.report(StatusChanged(LinkStatus.LOST, text, left_s))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), min(1.0, left_s))
        self._hurry.clear()  # here: what is heard during the next try counts for the pause behind it

    async def _try_again(self) -> None:
        place: Place | None = self.place
        if self._relocate is not None:
            self._listener.report(StatusChanged(LinkStatus.LOOKING, "looking for the room"))
            place = await self._relocate(self.place)
            if place is None:
                raise Lost("was not found")
        self._listener.report(StatusChanged(LinkStatus.CONNECTING, "connecting again"))
        await self._open(place or self.place)

    async def close(self, reason: str = "") -> None:
        """Say goodbye, if there is anybody to say it to, and close."""
        self.send([Message("QUIT", (reason,) if reason else ())])
        await self._drop()
        self._listen_no_more()
        if self._listening is not None:
            await asyncio.gather(self._listening, return_exceptions=True)


# Refusals that may be different at the next try: another host may answer by then. With the reason to show.
_PASSING = {
    RefusalKind.OTHER: "the host lets nobody in at the moment",
    RefusalKind.HOST: "who answers does not prove to be the host",
}


def _pong(message: Message) -> list[Message]:
    return [Message("PONG", message.params[-1:])] if message.command == "PING" else []
