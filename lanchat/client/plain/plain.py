"""The plain screen: line by line, for pipes, screen readers and simple terminals.

At a terminal it runs until /quit, `\\q`, Ctrl-D or Ctrl-C. In a pipe it says the lines it is given, waits until the
host has confirmed each, and leaves; there, what the program itself has to say goes to stderr.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

from lanchat.client.conversation import Conversation
from lanchat.client.plain.fates import Fates
from lanchat.client.plain.printer import Closed, Printer
from lanchat.client.plain.typing_in import typed_lines
from lanchat.client.plain.wording import arrival, change_of, day_of, line_of
from lanchat.client.rooms.choosing import NewFinder
from lanchat.client.rooms.left_out import left_out
from lanchat.client.rooms.silences import silences
from lanchat.client.speaking.actions import LocalAction
from lanchat.client.state.changes import (
    Change,
    DeliveryChanged,
    EntryAdded,
    EntryChanged,
    Found,
    LinkStatus,
    Mentioned,
    NewSince,
    Recalled,
    StatusChanged,
)
from lanchat.client.state.clock import stamped
from lanchat.client.state.entries import Delivery, Entry, EntryKind
from lanchat.client.words.counting import people
from lanchat.client.words.found import found_words, hit_line
from lanchat.client.words.shell import join_command
from lanchat.discovery.find import Appeared, Finder
from lanchat.protocol.names import fold, shown

DELIVER_WITHIN_S = 30.0  # after the end of the input, for the next line to be confirmed: who was cut off may come back
_OF_PROGRAM = frozenset({EntryKind.INFO, EntryKind.ERROR, EntryKind.GAP})  # what the program says


class Plain:
    """Shows one conversation on a pair of printers. `is_person`: a person types, not a program.

    `obeys_commands`: a line that begins with "/" is a command. Else every line is said as it is: who can write into a
    log must not steer who passes it on. `is_since`: a pipe, too, is to print what was said before.
    """

    def __init__(
        self,
        conversation: Conversation,
        out: Printer,
        notes: Printer,
        *,
        is_person: bool,
        obeys_commands: bool,
        is_since: bool = False,
        new_finder: NewFinder = Finder,
    ) -> None:
        self._new_finder = new_finder
        self._conversation = conversation
        self._out = out
        self._notes = notes
        self._is_person = is_person
        self._obeys_commands = obeys_commands
        self._shows_old = is_person or is_since
        self._is_lost = False
        self._fates = Fates()
        self._has_told_wait = False  # a pipe, in this outage
        self._day = ""
        self._had_errors = False
        self._searches: set[asyncio.Task[None]] = set()

    async def run(self, descriptor: int) -> int:
        """Talk until the input or the conversation ends, and close the conversation. Returns the exit status."""
        try:
            return await self._run(descriptor)
        except Closed:
            return 0  # nobody reads any more: a quiet end
        finally:
            await self._conversation.close()

    async def _run(self, descriptor: int) -> int:
        self._greet()
        showing = asyncio.create_task(self._show())
        typing = asyncio.create_task(self._submit_all(typed_lines(descriptor)))
        try:
            await asyncio.wait({showing, typing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            typing.cancel()
            await self._conversation.close(self._conversation.last_words)
            await asyncio.gather(typing, showing, *self._searches, return_exceptions=True)
        for task in (showing, typing):
            _raise_unless_expected(task)
        return self._status()

    def _status(self) -> int:
        if self._is_person:
            return 0
        for part in self._conversation.undelivered:
            self._note(f'Not sent: "{part.text}"')
        return 1 if self._conversation.undelivered or self._had_errors else 0

    # ---- what is typed --------------------------------------------------------------------------------------------

    async def _submit_all(self, lines: AsyncIterator[str]) -> None:
        async for line in lines:
            await self._conversation.wait_for_space()
            done = self._take(line)
            if LocalAction.ROOMS in done:
                self._search()
            if LocalAction.QUIT in done:
                break
        if not self._is_person:
            await self._conversation.caught_up()
            await self._deliver()

    async def _deliver(self) -> None:
        """Wait until all is said and answered: 500 lines take their time where 5 are taken a second."""
        done, left = asyncio.gather(self._conversation.said(), *self._searches), -1
        while not done.done() and left != self._conversation.unconfirmed:
            left = self._conversation.unconfirmed
            await asyncio.wait([done], timeout=DELIVER_WITHIN_S)
        done.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await done

    def _take(self, line: str) -> list[LocalAction]:
        if not line:
            self._conversation.hurry()
        if self._obeys_commands:
            return self._conversation.submit(line)
        self._conversation.say(line)
        return []

    def _search(self) -> None:
        task = asyncio.create_task(self._tell_rooms())
        self._searches.add(task)
        task.add_done_callback(self._searches.discard)

    async def _tell_rooms(self) -> None:
        """Show the rooms of other hosts as they are found. (The host itself lists its own rooms.)"""
        place = self._conversation.place
        async with self._new_finder() as finder, contextlib.aclosing(finder.collect()) as events:
            async for event in events:
                if isinstance(event, Appeared) and not place.holds(event.room):
                    room = event.room
                    what = f"{room.name}, on another host, {people(room.members)} in it."
                    how = f"To go there: {join_command(room.name)}"
                    self._conversation.tell(f"{what} {how}", EntryKind.REPLY)
            for line in (*silences(finder.silences), *left_out(finder.bounds)):
                self._conversation.tell(line, EntryKind.REPLY)

    # ---- what is shown --------------------------------------------------------------------------------------------

    def _greet(self) -> None:
        if self._conversation.past.is_not_kept:
            self._note("This host does not tell what was said before, so --since shows nothing.")
        if not self._is_person:
            return
        state = self._conversation.state
        others = [one.name for one in state.current.ranked_members() if fold(one.nick) != fold(state.nick)]
        self._note(arrival(shown(state.nick), state.current.title, others))
        if state.current.subject:
            self._note(f"Topic: {state.current.subject}")
        self._note(r"Type a line to say it; /help shows what else can be typed, /quit or \q leaves.")

    def _note(self, text: str) -> None:
        self._notes.line([("-- ", "dim"), (text, "")])

    async def _show(self) -> None:
        async for changes in self._conversation.changes():
            for change in changes:
                self._show_one(change)

    def _show_one(self, change: Change) -> None:
        match change:
            case EntryAdded(channel, entry) if entry.delivery is Delivery.DONE:
                self._show_entry(channel, entry)
            case NewSince(channel, _, text) if text and channel == self._conversation.state.current.name:
                self._show_rule(text)
            case EntryAdded(channel, entry):
                self._fates.shown_unsent(channel, entry)
                self._show_delivery(channel, entry)
            case DeliveryChanged(channel, entry):
                self._show_delivery(channel, entry)
            case EntryChanged(_, entry):
                self._out.line(change_of(entry))
            case StatusChanged():
                self._show_status(change)
            case Found(words):
                self._show_hits(words)
            case Recalled(title, entries):
                self._note(title)
                for entry in entries:
                    self._print(entry, "")
            case Mentioned() if self._conversation.is_bell_on:
                self._out.bell()

    def _show_rule(self, since: str) -> None:
        """Show since when all is new; where that is more than is shown, how to see it."""
        log = self._conversation.state.current.entries
        first = next((entry.serial for entry in log if entry.is_spoken), None)
        is_all = log.is_whole or first != log.rule_at
        rest = "" if is_all else f" (/history {stamped(log.new_after_s)} shows all of it)"
        if self._is_person:
            self._note(f"{since.capitalize()}{rest}:")

    def _show_entry(self, channel: str, entry: Entry) -> None:
        self._had_errors = self._had_errors or entry.kind is EntryKind.ERROR
        if entry.is_old and not self._shows_old:
            return
        if self._is_seen_as_typed(entry):
            return
        self._print(entry, self._room(channel))

    def _print(self, entry: Entry, room: str) -> None:
        pieces = line_of(entry, room)
        if entry.kind in _OF_PROGRAM:
            self._notes.line(pieces)
            return
        self._show_day(entry)
        self._out.line(pieces)

    def _show_hits(self, words: str) -> None:
        hits = self._conversation.state.hits
        self._note(f"{found_words(words, len(hits))} /open {len(hits)} shows the last of them where it was said.")
        for number, hit in enumerate(hits, 1):
            self._out.line([(f"{number:>3} ", "dim"), (hit_line(hit), "")])

    def _show_delivery(self, channel: str, entry: Entry) -> None:
        """Tell a person that something typed is not sent, and that it is after all. A pipe gets the line once sent."""
        sentence = self._fates.sentence(channel, entry)
        if sentence and self._is_person:
            self._note(sentence)
        elif sentence and self._is_lost and not self._has_told_wait:
            self._has_told_wait = True
            self._note("There is no connection; what is said is sent as soon as it is back.")
        if self._fates.is_to_show(channel, entry):
            self._show_entry(channel, replace(entry, is_replayed=False))

    def _is_seen_as_typed(self, entry: Entry) -> bool:
        """Tell whether a message is on the terminal already, because this person typed it there."""
        is_typed = entry.is_own and entry.kind is EntryKind.MESSAGE and not entry.is_replayed
        return is_typed and self._is_person and self._out.is_terminal

    def _room(self, name: str) -> str:
        """Return the title of a channel, or "" for the open one."""
        state = self._conversation.state
        channel = state.channel(name)
        return "" if channel is None or channel is state.current or not name else channel.title

    def _show_day(self, entry: Entry) -> None:
        day = day_of(entry)
        if self._shows_old and day != self._day:
            self._out.line([(f"-- {day}", "dim")])
        self._day = day

    def _show_status(self, change: StatusChanged) -> None:
        """Say once that the connection is lost, and once that it is back, rather than each second in between."""
        if change.status is LinkStatus.LOST and not self._is_lost:
            self._is_lost, self._has_told_wait = True, False
            self._note(f"{change.text[:1].upper()}{change.text[1:]}.")
        elif change.status is LinkStatus.CONNECTED and self._is_lost:
            self._is_lost = False


def _raise_unless_expected(task: "asyncio.Task[None]") -> None:
    """Raise what broke a task, unless it is that nobody reads our output any more."""
    if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, Closed):
        raise error
