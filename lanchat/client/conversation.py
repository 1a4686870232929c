"""Being in a room: connection, state and what is said, put together. Both screens drive this.

A screen calls `submit`, `complete` and the like, reads `state`, and shows what `changes` yields. Everything happens on
one asyncio loop. What takes several steps has a file of its own: going into the rooms (`rooms/entering.py`), and what
was said until it is confirmed (`speaking/sender.py`).
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import datetime

from lanchat.client.connection.barriers import Barriers
from lanchat.client.connection.link import Ear, Link, Refused, Relocate
from lanchat.client.connection.place import Person, Place
from lanchat.client.rooms.entering import JOIN_REFUSALS, Entering, in_sentences
from lanchat.client.rooms.finding_again import find_again
from lanchat.client.rooms.marking import Marking
from lanchat.client.rooms.memory import Memory, NoMemory
from lanchat.client.rooms.past import Past
from lanchat.client.speaking.actions import Action, Close, Do, LocalAction, Look, Open, Say, Send, Show, Talk
from lanchat.client.speaking.completion import Completion
from lanchat.client.speaking.phrasing import Part, Saying, sayable
from lanchat.client.speaking.sender import Sender
from lanchat.client.speaking.slash import command_names, interpret, names_shown
from lanchat.client.speaking.typed import TypedHistory
from lanchat.client.speaking.typing_out import TypingNotice
from lanchat.client.state.apply import apply
from lanchat.client.state.backlog import Backlog
from lanchat.client.state.changes import Change, ChannelJoined, LinkStatus, StatusChanged
from lanchat.client.state.entries import EntryKind
from lanchat.client.state.features import Features
from lanchat.client.state.meaning.answers import refusal_text
from lanchat.client.state.meaning.private import begin_talk
from lanchat.client.state.state import ClientState
from lanchat.client.words.qr import page_words
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UserError
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

JOIN_WITHIN_S = 15.0


class Conversation:
    """One person in one room's host, until `close`. Make it, `connect`, then run a screen on it."""

    def __init__(
        self,
        place: Place,
        person: Person,
        *,
        relocate: Relocate | None = None,
        ear: Ear | None = None,
        memory: Memory | None = None,
        is_bell_on: bool = True,
        typed: TypedHistory | None = None,
    ) -> None:
        self.state = ClientState(nick=person.nick, titles={fold(place.channel): place.title})
        self.history = typed or TypedHistory()
        self.is_bell_on = is_bell_on
        self.is_over = False
        self.next_room: FoundRoom | None = None
        self.last_words = ""
        self.warn: Callable[[str], None] = lambda text: self.tell(text, EntryKind.ERROR)  # of what was typed
        self._backlog = Backlog()
        self._publish = self._backlog.put
        self._relocate = relocate
        self._link = Link(place, person, self, self._find_again if relocate else None, ear)
        self._task: asyncio.Task[None] | None = None
        self._memory: Memory = memory or NoMemory()
        self._barriers = Barriers()
        self._entering = Entering(self._barriers)
        self._sender = Sender(self.state, self._link, self._publish)
        self.marking = Marking()
        self.past = Past(self.state, self._link, self._barriers, self._publish, self._publish_replayed)
        self._settled = asyncio.Event()  # set by every message of the host: what is waited for may be so now
        self._completion = Completion()
        self._typing = TypingNotice()
        self._asked_nick = self._last_remark = ""
        self._remarks: list[str] = []  # on the name we got, to be told once there is a room to tell them in

    # ---- beginning and end ----------------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Where the room is, as far as is known now."""
        return self._link.place

    @property
    def unconfirmed(self) -> int:
        """How much of what this person said the host has neither confirmed nor refused yet."""
        return self._sender.unconfirmed

    @property
    def undelivered(self) -> list[Part]:
        """What this person said and nobody got: refused, not kept, or not confirmed at the end."""
        return self._sender.undelivered

    async def connect(self) -> None:
        """Connect, register and be in the room, with its last messages heard.

        Raises UserError with a sentence if that does not come about; `link.Refused` among them tells why.
        """
        place = self._link.place
        try:
            with in_sentences(place):
                async with asyncio.timeout(JOIN_WITHIN_S):
                    await self._enter_first(place)
        except UserError:
            await self.close()
            raise

    async def _enter_first(self, place: Place) -> None:
        entered = self._entering.first()
        if secret := self._memory.secret_for(place):
            self._link.person = replace(self._link.person, secret=secret, known=self._memory.names_at(place))
        await self._link.open()
        self._task = asyncio.create_task(self._run())
        await entered

    async def _run(self) -> None:
        try:
            await self._link.run()
        except Refused as error:
            self._entering.fail(error)
            self._publish(self.state.tell(str(error), time.time(), EntryKind.ERROR))
            self._finish(str(error))
        finally:
            self._finish("left")

    async def close(self, reason: str = "") -> None:
        """Leave: say goodbye, and let nothing go on. What was not confirmed is in `undelivered`."""
        self._link.send(self.marking.due(self.state, time.monotonic(), is_last=True))
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._link.close(reason)
        self._finish("left")

    def _finish(self, text: str) -> None:
        if self.is_over:
            return
        self.is_over = True
        self._sender.finish()
        self._publish(self.state.set_status(StatusChanged(LinkStatus.CLOSED, text)))
        self._settled.set()
        self._backlog.finish()

    def changes(self) -> AsyncIterator[list[Change]]:
        """Iterate over what changed, in batches of everything since the last one, until the conversation is over."""
        return self._backlog.batches()

    async def caught_up(self) -> None:
        """Wait until all that was said before is here, or it is over."""
        await self._until(lambda: not self.past.is_catching_up)

    async def said(self) -> None:
        """Wait until the host has confirmed or refused all that was said and answered all else, or it is over."""
        await self._until(lambda: self._sender.is_done)
        if self._link.send([self._barriers.raise_next()]):
            mine = self._barriers.raised
            await self._until(lambda: self._barriers.passed >= mine)

    async def wait_for_space(self) -> None:
        """Wait until more can be said, or the conversation is over."""
        await self._until(lambda: self._sender.has_space)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        while not is_so() and not self.is_over:
            self._settled.clear()
            await self._settled.wait()

    # ---- what a person does ---------------------------------------------------------------------------------------

    def hurry(self) -> None:
        """Try to connect again at once, where the connection is lost and the next try is waited for."""
        self._link.hurry()

    def submit(self, text: str) -> list[LocalAction]:
        """Carry out a typed line, or say a text of several; return what the screen has to do itself.

        What there is to show comes with `changes`.
        """
        text = sayable(text.rstrip("\n"))
        self._completion.forget()
        if not text.startswith("/oper "):
            self.history.add(text)
        self._typing.sent()
        return self.carry_out(interpret(self.state, text))

    def carry_out(self, actions: Iterable[Action]) -> list[LocalAction]:
        """Do what was asked for; return what the screen has to do itself."""
        wanted = [self._carry_out(action) for action in actions]
        return [what for what in wanted if what is not None]

    def say(self, text: str) -> None:
        """Say a text in the open channel as it is, whatever it begins with."""
        if self.state.current.name:
            self._sender.say(Saying(self.state.current.name, sayable(text)))

    def messages_for(self, text: str) -> int:
        """Return how many messages a text said here would be; 0: so many that they cannot wait to be sent."""
        return self._sender.messages_for(Saying(self.state.current.name, sayable(text)))

    def complete(self, text: str, cursor: int, *, is_back: bool = False) -> tuple[str, int] | None:
        """Return the line and the cursor after Tab (`is_back`: Shift+Tab), or None if there is nothing to complete."""
        names, commands = names_shown(self.state), command_names(self.state)
        return self._completion.next(text, cursor, names, commands, is_back=is_back)

    def typing(self, text: str) -> None:
        """Tell the others that this person is typing. Call it with the line as it is now, at each edit."""
        channel = self.state.current
        if channel.is_open and self.state.offers("message-tags"):
            self._link.send(self._typing.told(channel.name, text, time.monotonic()))

    def open(self, channel: str) -> None:
        """Make a joined channel the open one."""
        self._publish(self.state.open(channel))

    def talk_with(self, nick: str) -> None:
        """Open the talk with one person, with what was said there last."""
        if talk := begin_talk(self.state, nick):
            self.open(talk.name)
            self.past.private.enter(talk)

    def watch(self, *, is_present: bool, is_at_end: bool) -> None:
        """Note whether this person is at the terminal, and sees what is said in the open channel as it comes."""
        self.state.is_present, self.state.is_at_end = is_present, is_at_end
        self._publish(self.state.see())

    def clear(self) -> None:
        """Empty the log of the open channel."""
        self._publish(self.state.clear())

    def tell(self, text: str, kind: EntryKind = EntryKind.INFO) -> None:
        """Show this person a clean text in the open channel."""
        self._publish(self.state.tell(text, time.time(), kind))

    def move_to(self, room: FoundRoom) -> None:
        """Go to another room: at once on this host; else `next_room` says where, and the screen ends."""
        self.state.titles[fold(room.channel)] = room.name
        if not self.place.is_host_of(room):
            self.next_room = room
        elif (channel := self.state.channel(room.channel)) is not None and channel.is_joined:
            self.open(room.channel)
        else:
            self._send(Message("JOIN", (room.channel,)))

    # ---- carrying out ---------------------------------------------------------------------------------------------

    def _carry_out(self, action: Action) -> LocalAction | None:
        match action:
            case Say(saying):
                self._sender.say(saying)
            case Send(message):
                self._send(message)
            case Show(text, kind):
                self.warn(text) if kind is EntryKind.ERROR else self.tell(text, kind)
            case Open(channel):
                self.open(channel)
            case Talk(nick):
                self.talk_with(nick)
            case Close():
                self._publish(self.state.leave(self.state.current))
            case Look():
                self.past.looking.look(action, datetime.now().astimezone())
            case Do(what, text):
                self._do(what)
                self.last_words = text or self.last_words
                return what
        return None

    def _do(self, what: LocalAction) -> None:
        if what is LocalAction.CLEAR:
            self.clear()
        elif what is LocalAction.QR:
            self.tell(page_words(self.place.where), EntryKind.REPLY)
        elif what is LocalAction.BELL:
            self.is_bell_on = not self.is_bell_on
            self._memory.keep_bell(is_on=self.is_bell_on)
            self.tell(f"The bell is {'on' if self.is_bell_on else 'off'}.", EntryKind.REPLY)

    def _send(self, message: Message) -> None:
        if message.command == "JOIN":
            self._entering.keep_key(message)
        if message.command == "NICK":
            self._asked_nick = message.params[0]
            is_sent = self._link.ask_for(self._asked_nick)
        else:
            is_sent = self._link.send([message])
        if not is_sent:
            self.tell("There is no connection at the moment; try again when it is back.", EntryKind.ERROR)

    # ---- what the link tells --------------------------------------------------------------------------------------

    def known_as(self, name: str) -> None:
        """Keep that the host knows us by a name."""
        self._memory.keep_name(self._link.place, name)

    def welcomed(self, nick: str, remark: str) -> None:
        """Join all rooms, now that the host has registered us; a barrier behind the JOINs tells when they are here."""
        self.state.nick = nick
        self.state.capabilities = self._link.negotiation.enabled
        self.state.features = Features()
        if remark and remark != self._last_remark:
            self._remarks.append(remark)
        self._last_remark = remark
        self._sender.hold(nick)
        self._link.send(self._entering.begin(self.state, self.place.channel))
        self.past.came_back()

    async def _find_again(self, place: Place) -> Place | None:
        if self._relocate is None:
            return None
        found, self._link.person, remark = await find_again(place, self._relocate, self._memory, self._link.person)
        self._remarks += [remark] if remark else []
        return found

    def report(self, status: StatusChanged) -> None:
        """Pass on the state of the connection."""
        if status.status is not LinkStatus.CONNECTED:
            self._sender.disconnected()
            self.past.disconnected()
        self._publish(self.state.set_status(status))
        if status.text.startswith("connected again"):
            self.tell(f"{status.text.capitalize()}.")

    def tick(self) -> None:
        """Drop people who stopped typing, show what takes long to be confirmed, tell the host what was read."""
        self._sender.tick()
        self._link.send(self.marking.due(self.state, time.monotonic()))
        self._publish(self.state.drop_idle_typists(time.time()))

    async def hear(self, message: Message) -> None:
        """Handle one message of the host. Waits while the screen lags behind, and so does the reading."""
        is_own = self.state.is_own(message.nick)
        message = self._sender.hear(message, is_own=is_own)
        if is_own and message.command == "NICK" and message.params:
            self._notice_own_nick(message.params[0])
        for one in self.past.hear(message):
            self._apply(one)
        self._hear_of_rooms(message)
        self._sender.flush()
        self._settled.set()
        await self._backlog.wait_for_space()

    def _apply(self, message: Message) -> None:
        changes = apply(self.state, message, time.time())
        self._publish_replayed(changes)
        for change in changes:
            if isinstance(change, ChannelJoined):
                self.past.entered(change.channel)

    def _publish_replayed(self, changes: list[Change]) -> None:
        self._sender.note_replayed(changes)
        self._publish(changes)

    def _notice_own_nick(self, nick: str) -> None:
        """Keep a new name of this person's, also where it was chosen at another terminal."""
        self._link.rename(nick)
        if fold(nick) == fold(self._asked_nick):
            self._memory.keep_nick(nick)

    def _hear_of_rooms(self, message: Message) -> None:
        """Look for the end of entering (our barrier is answered), and for rooms that do not let us in."""
        was_entering = self._entering.is_under_way
        if self._barriers.hear(message):
            self._hear_of_past(was_entering=was_entering)
        elif message.command in JOIN_REFUSALS and len(message.params) > 1:
            self._entering.fail(UserError(refusal_text(self.state, message)))
            self._sender.give_up(message.params[1])

    def _hear_of_past(self, *, was_entering: bool) -> None:
        """Look whether all is caught up with that was asked for before a barrier."""
        self.past.passed_barrier()
        for held in self.past.released():
            self._apply(held)
        if was_entering and self.past.is_catching_up:
            self._entering.wait_for_the_last()
            if self.past.catching_up.since_s is not None:  # that may be much; it is shown as it comes
                self._entering.succeed()
        elif was_entering and not self._entering.is_under_way:
            self._be_in_rooms()

    def _be_in_rooms(self) -> None:
        """The rooms are here, with their last messages: tell what had to wait, and send it."""
        for remark in self._remarks:
            self.tell(remark)
        self._remarks.clear()
        joined = [channel for channel in self.state.channels.values() if channel.is_joined]
        self._link.send(self._entering.questions(joined))
        self._publish(self.state.see())
        if joined:
            self._entering.succeed()
        self._sender.resume()
