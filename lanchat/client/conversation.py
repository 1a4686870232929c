"""Being in a room: connection, state, typed lines and what is on its way, put together. Both screens drive this.

A screen calls `submit`, `complete` and the like, reads `state`, and shows what `changes` yields. Everything happens on
one asyncio loop.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from lanchat.client.actions import Action, Do, LocalAction, Open, Say, Send, Show
from lanchat.client.backlog import Backlog
from lanchat.client.barriers import Barriers
from lanchat.client.changes import Change, EntryAdded, LinkStatus, StatusChanged, TypingChanged
from lanchat.client.completion import Completion
from lanchat.client.entries import EntryKind
from lanchat.client.features import Features
from lanchat.client.heard import clean_lines
from lanchat.client.link import Link, Refused, Relocate
from lanchat.client.meaning.answers import refusal_text
from lanchat.client.memory import Memory, NoMemory
from lanchat.client.outbox import Outbox, Outcome
from lanchat.client.phrasing import Manner, Part, Saying, phrase
from lanchat.client.place import Person, Place
from lanchat.client.slash import command_names, interpret, names_shown
from lanchat.client.state import ClientState
from lanchat.client.stream import Lost
from lanchat.client.typed import TypedHistory
from lanchat.client.typing_out import TypingNotice
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UserError
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

JOIN_WITHIN_S = 15.0
MAX_ASKED_MEMBERS = 500  # of a channel whose away marks are asked for: one line for each comes back
_JOIN_REFUSED = frozenset({"403", "405", "407", "437", "471", "473", "474", "475", "476", "477", "489"})


class Conversation:
    """One person in one room's host, until `close`. Make it, `connect`, then run a screen on it."""

    def __init__(
        self,
        place: Place,
        person: Person,
        *,
        relocate: Relocate | None = None,
        memory: Memory | None = None,
        is_bell_on: bool = True,
    ) -> None:
        self.state = ClientState(nick=person.nick, titles={fold(place.channel): place.title})
        self.history = TypedHistory()
        self.is_bell_on = is_bell_on
        self.is_over = False
        self.next_room: FoundRoom | None = None
        self.undelivered: list[Part] = []
        self.last_words = ""
        self._link = Link(place, person, self, relocate)
        self._memory: Memory = memory or NoMemory()
        self._outbox = Outbox()
        self._completion = Completion()
        self._source = person.nick
        self._keys: dict[str, str] = {}
        self._replayed: dict[str, list[str]] = {}
        self._remarks: list[str] = []
        self._last_remark = ""
        self._asked_nick = ""
        self._barriers = Barriers()
        self._entering = 0  # the barrier behind our JOINs: then the rooms and their last messages are here
        self._entered: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._backlog = Backlog()
        self._settled = asyncio.Event()
        self._typing = TypingNotice()
        self._references = 0

    # ---- beginning and end ----------------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Where the room is, as far as is known now."""
        return self._link.place

    async def connect(self) -> None:
        """Connect, register and be in the room, with its last messages heard.

        Raises UserError with a sentence if that does not come about; `link.Refused` among them tells why.
        """
        place = self._link.place
        self._entered = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(JOIN_WITHIN_S):
                if secret := self._memory.secret_for(place):
                    self._link.person = replace(self._link.person, secret=secret)
                await self._link.open()
                self._task = asyncio.create_task(self._run())
                await self._entered
        except Lost as error:
            await self.close()
            raise UserError(f"{place.title} at {place.where} {error}.") from error
        except TimeoutError as error:
            await self.close()
            raise UserError(f"{place.title} at {place.where} does not let anybody in at the moment.") from error
        except UserError:
            await self.close()
            raise

    async def _run(self) -> None:
        try:
            await self._link.run()
        except Refused as error:
            if self._entered is not None and not self._entered.done():
                self._entered.set_exception(error)
            self._publish(self.state.tell(str(error), time.time(), EntryKind.ERROR))
            self._end(str(error))
        finally:
            self._end("left")

    async def close(self, reason: str = "") -> None:
        """Leave: say goodbye, and let nothing go on. What was not confirmed is in `undelivered`."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._link.close(reason)
        self._end("left")

    def _end(self, text: str) -> None:
        if self.is_over:
            return
        self.is_over = True
        self.undelivered += self._outbox.waiting
        self._publish(self.state.set_status(StatusChanged(LinkStatus.CLOSED, text)))
        self._settled.set()
        self._backlog.end()

    def changes(self) -> AsyncIterator[list[Change]]:
        """Iterate over what is different, all since the last time together, until the conversation is over."""
        return self._backlog.batches()

    async def said(self) -> None:
        """Wait until everything said is confirmed or given up, and all else is answered, or until it is over."""
        await self._until(lambda: not len(self._outbox))
        if self._link.send([self._barriers.raise_next()]):
            mine = self._barriers.raised
            await self._until(lambda: self._barriers.passed >= mine)

    async def has_room(self) -> None:
        """Wait until more can be said, or the conversation is over."""
        await self._until(lambda: self._outbox.has_room)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        while not is_so() and not self.is_over:
            self._settled.clear()
            await self._settled.wait()

    # ---- what a person does ---------------------------------------------------------------------------------------

    def submit(self, text: str) -> list[LocalAction]:
        """Take a typed line, or a text of several; return what the screen has to do itself.

        What there is to show comes with `changes`.
        """
        text = clean_lines(text.expandtabs(4).rstrip("\n"))
        self.forget_completion()
        if not text.startswith("/oper "):
            self.history.add(text)
        self._typing.sent()
        wanted = [self._carry_out(action) for action in interpret(self.state, text)]
        return [what for what in wanted if what is not None]

    def say(self, text: str) -> None:
        """Say a text in the open channel as it is, whatever it begins with."""
        if self.state.current.name:
            self._say(Saying(self.state.current.name, clean_lines(text.expandtabs(4))))

    def complete(self, text: str, cursor: int, *, is_back: bool = False) -> tuple[str, int] | None:
        """Return the line and the cursor after Tab (`is_back`: Shift+Tab), or None if there is nothing to complete."""
        names, commands = names_shown(self.state), command_names(self.state)
        return self._completion.next(text, cursor, names, commands, is_back=is_back)

    def forget_completion(self) -> None:
        """Let the next Tab begin anew."""
        self._completion.forget()

    def typing(self, text: str) -> None:
        """Let the others know that this person types; call it with the line at each edit."""
        channel = self.state.current
        if channel.is_joined and self.state.offers("message-tags"):
            how = self._typing.due(text, time.monotonic())
            if how:
                self._link.send([Message("TAGMSG", (channel.name,), tags={"+typing": how})])

    def open(self, channel: str) -> None:
        """Make a joined channel the open one."""
        self._publish(self.state.open(channel))

    def mark_read(self) -> None:
        """Count nothing in the open channel as unread."""
        self._publish(self.state.mark_read(self.state.current))

    def clear(self) -> None:
        """Empty the log of the open channel."""
        self._publish(self.state.clear())

    def tell(self, text: str, kind: EntryKind = EntryKind.INFO) -> None:
        """Show this person a clean text in the open channel."""
        self._publish(self.state.tell(text, time.time(), kind))

    def move_to(self, room: FoundRoom) -> None:
        """Go to another room: at once on this host; else `next_room` says where, and the screen ends."""
        self.state.titles[fold(room.channel)] = room.name
        is_here = room.port == self.place.port and not set(room.addresses).isdisjoint(self.place.addresses)
        if not is_here:
            self.next_room = room
        elif (channel := self.state.channel(room.channel)) is not None and channel.is_joined:
            self.open(room.channel)
        else:
            self._send(Message("JOIN", (room.channel,)))

    # ---- carrying out ---------------------------------------------------------------------------------------------

    def _carry_out(self, action: Action) -> LocalAction | None:
        match action:
            case Say(saying):
                self._say(saying)
            case Send(message):
                self._send(message)
            case Show(text, kind):
                self.tell(text, kind)
            case Open(channel):
                self.open(channel)
            case Do(what, text):
                self._do(what)
                self.last_words = text or self.last_words
                return what
        return None

    def _do(self, what: LocalAction) -> None:
        if what is LocalAction.CLEAR:
            self.clear()
        elif what is LocalAction.BELL:
            self.is_bell_on = not self.is_bell_on
            self._memory.belled(is_on=self.is_bell_on)
            self.tell(f"The bell is {'on' if self.is_bell_on else 'off'}.", EntryKind.REPLY)

    def _send(self, message: Message) -> None:
        if message.command == "JOIN" and len(message.params) > 1:
            self._keys[fold(message.params[0])] = message.params[1]
        if message.command == "NICK":
            self._asked_nick = message.params[0]
            is_sent = self._link.ask_for(self._asked_nick)
        else:
            is_sent = self._link.send([message])
        if not is_sent:
            self.tell("There is no connection at the moment; try again when it is back.", EntryKind.ERROR)

    def _say(self, saying: Saying) -> None:
        channel = self.state.channel(saying.target)
        is_out = channel is not None and not channel.is_joined and self._link.is_up and not self._is_entering
        if is_out and channel is not None:
            self.tell(f"You are not in {channel.title} any more. /join {channel.title} goes back.", EntryKind.ERROR)
            return
        self._references += 1
        parts = phrase(saying, Manner(self._source, self.state.capabilities), f"m{self._references}-")
        for part in parts:
            if not self._outbox.has_room:
                self.tell("Too much is waiting to be sent already; this was not kept.", EntryKind.ERROR)
                self.undelivered.append(part)
                continue
            self._outbox.put(part)
        if parts and not self._link.is_up:
            self.tell("There is no connection; what you said is sent as soon as it is back.")
        self._flush()

    def _flush(self) -> None:
        if not len(self._outbox) or not self._link.is_up or self._is_entering:
            return
        has_echo = self.state.offers("echo-message")
        has_labels = has_echo and self.state.offers("labeled-response")
        for part, messages in self._outbox.due(self._is_open, has_labels=has_labels, has_echo=has_echo):
            self._link.send(messages)
            if not has_echo:
                self._echo(part)

    def _is_open(self, target: str) -> bool:
        channel = self.state.channel(target)
        return channel.is_joined if channel is not None else not self.state.features.is_channel(target)

    def _echo(self, part: Part) -> None:
        """Show what was said where the host does not send it back."""
        for message in part.messages:
            own = Message(message.command, message.params, self._source, message.tags)
            self._publish(self.state.apply(own, time.time()))

    # ---- what the link tells --------------------------------------------------------------------------------------

    def welcomed(self, nick: str, remark: str) -> None:
        """Be registered: take up all rooms, behind a barrier that tells when they are here."""
        self.state.nick = self._source = nick
        self.state.capabilities = self._link.negotiation.enabled
        self.state.features = Features()
        self._replayed.clear()
        if remark and remark != self._last_remark:
            self._remarks.append(remark)
        self._last_remark = remark
        known = self.state.channels.values()
        names = [channel.name for channel in known if not channel.is_kicked] if known else [self.place.channel]
        joins = [Message("JOIN", (name, key) if (key := self._keys.get(fold(name))) else (name,)) for name in names]
        self._link.send([*joins, self._barriers.raise_next()])
        self._entering = self._barriers.raised

    def report(self, status: StatusChanged) -> None:
        """Take how the connection is."""
        if status.status is not LinkStatus.CONNECTED:
            self._outbox.lost()
        self._publish(self.state.set_status(status))

    def tick(self) -> None:
        """Let those who stopped typing without a word be seen to have stopped."""
        now_s = time.time()
        for channel in self.state.channels.values():
            gone = [nick for nick, until_s in channel.typing.values() if until_s <= now_s]
            for nick in gone:
                channel.stop_typing(nick)
            if gone:
                self._publish([TypingChanged(channel.name)])

    async def hear(self, message: Message) -> None:
        """Take one message of the host; wait while the screen has too much to show already."""
        is_own = self.state.is_own(message.nick)
        outcomes = self._outbox.hear(message, is_own=is_own)
        if is_own:
            self._notice_self(message)
        changes = self.state.apply(message, time.time())
        self._note_replayed(changes)
        self._publish(changes)
        was_entering = self._is_entering
        if self._barriers.hear(message):
            self._settled.set()
            outcomes += self._enter() if was_entering and not self._is_entering else []
        elif message.command in _JOIN_REFUSED and len(message.params) > 1:
            outcomes += self._kept_out(message)
        self._conclude(outcomes)
        self._flush()
        await self._backlog.room()

    def _notice_self(self, message: Message) -> None:
        if "!" in message.source:
            self._source = message.source
        if message.command == "NICK" and message.params:
            self._source = message.params[0] + self._source[len(self._source.partition("!")[0]) :]
            self._link.rename(message.params[0])  # also where this person chose it at another terminal
            if fold(message.params[0]) == fold(self._asked_nick):
                self._memory.named(message.params[0])

    def _note_replayed(self, changes: list[Change]) -> None:
        for change in changes:
            if isinstance(change, EntryAdded) and change.entry.is_replayed and change.entry.is_own:
                self._replayed.setdefault(fold(change.channel), []).append(change.entry.text)

    @property
    def _is_entering(self) -> bool:
        return self._barriers.passed < self._entering

    def _enter(self) -> list[Outcome]:
        """The rooms are here."""
        for remark in self._remarks:
            self.tell(remark)
        self._remarks.clear()
        joined = [channel for channel in self.state.channels.values() if channel.is_joined]
        for channel in joined:
            if len(channel.members) <= MAX_ASKED_MEMBERS:
                self._link.send([Message("WHO", (channel.name,))])
        if joined and self._entered is not None and not self._entered.done():
            self._entered.set_result(None)
        return self._outbox.settle(self._replayed)

    def _kept_out(self, message: Message) -> list[Outcome]:
        if self._entered is not None and not self._entered.done():
            self._entered.set_exception(UserError(refusal_text(self.state, message)))
        return self._outbox.fail(message.params[1])

    def _conclude(self, outcomes: list[Outcome]) -> None:
        self.undelivered += [outcome.part for outcome in outcomes if not outcome.is_delivered]
        if outcomes:
            self._settled.set()

    def _publish(self, changes: list[Change]) -> None:
        self._backlog.put(changes)
