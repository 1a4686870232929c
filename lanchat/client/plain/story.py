"""`lanchat join` line by line: in pipes, with --plain, and where a terminal can do no more."""

import asyncio
import contextlib
import getpass
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from lanchat.client.connection.link import Refused
from lanchat.client.connection.registration import RefusalKind
from lanchat.client.joining import Joining
from lanchat.client.plain.plain import Plain
from lanchat.client.plain.printer import Printer, standard_printers
from lanchat.client.plain.typing_in import ask_line
from lanchat.client.rooms.called import is_called
from lanchat.client.rooms.catching_up import LINE_BY_LINE
from lanchat.client.rooms.choosing import beginning_with
from lanchat.client.rooms.left_out import left_out
from lanchat.client.rooms.namesakes import listed
from lanchat.client.rooms.silences import silences
from lanchat.client.rooms.twins import twin_warnings
from lanchat.client.words.counting import people
from lanchat.discovery.addresses import with_port
from lanchat.discovery.find import Appeared, Finder
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UserError
from lanchat.protocol.text import clean

Result = TypeVar("Result")

_STDIN = 0
_NO_INPUT = -1  # the caller closed standard input, and 0 may be one of our own sockets by now
_PASSWORD_TRIES = 3
_PIPE_PATIENCE_S = 10.0  # for a first room to appear, where no person can end the waiting
_TERMINATED = 128 + 15  # what shells say for SIGTERM


def join_plainly(joining: Joining) -> int:
    """Find a room and talk there, line by line; return the exit status. A person's Ctrl-C is no error."""
    out, notes = standard_printers()
    try:
        return _talk(joining, _room(joining, notes), out, notes)
    except KeyboardInterrupt:
        if not joining.is_person:
            raise
        return 0


def _room(joining: Joining, notes: Printer) -> FoundRoom:
    if joining.wanted_text:
        return _run(joining.wanted())
    while True:
        rooms = _run(_look(joining, notes))
        if len(rooms) == 1:
            return rooms[0]
        if not joining.is_person:
            raise UserError(f"There is more than one room: {listed(rooms, 'and')}. Name one: lanchat join ROOM")
        if (picked_room := _pick(rooms, notes)) is not None:
            return picked_room


async def _look(joining: Joining, notes: Printer) -> list[FoundRoom]:
    """Return the rooms there are. Where there is none yet, wait for the first; in a pipe, 10 s at most."""
    async with joining.finder() as finder:
        await _drain(finder)
        if finder.rooms:
            for line in left_out(finder.bounds):
                _note(notes, line)
            return finder.rooms
        if joining.is_person:
            for line in silences(finder.silences):
                _note(notes, line)
            _note(notes, "No room yet; still looking. Ctrl-C ends it.")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if joining.is_person else _PIPE_PATIENCE_S):
                async for event in finder:
                    if isinstance(event, Appeared):
                        await _drain(finder)
                        return finder.rooms
    network = "" if finder.is_on_network else " This machine is on no network."
    if told := silences(finder.silences):
        raise UserError(" ".join(["No room answers.", *told]))
    raise UserError(f"No room was found.{network} Open one with: lanchat host --name ROOM")


async def _drain(finder: Finder) -> None:
    async with contextlib.aclosing(finder.collect()) as events:
        async for _ in events:
            pass


def _pick(rooms: list[FoundRoom], notes: Printer) -> FoundRoom | None:
    """Ask the person to choose a room. None: look again."""
    for warning in twin_warnings(rooms):
        _note(notes, warning)
    rooms = sorted(rooms, key=lambda room: room.name.casefold())
    for number, room in enumerate(rooms, 1):
        lock = ", needs a password" if room.is_password_needed else ""
        has_namesake = sum(is_called(other.name, room.name) for other in rooms) > 1
        where = f"{with_port(room.addresses[0], room.port)}, " if has_namesake else ""
        _note(notes, f"{number}  {room.name} ({where}{people(room.members)}{lock})")
    _note(notes, "Which one? A number or the beginning of a name; an empty line looks again.")
    answer = ask_line(_STDIN)
    if answer is None:
        raise KeyboardInterrupt
    chosen = picked(rooms, answer)
    if chosen is None and answer.strip():
        _note(notes, f'"{clean(answer.strip())}" is none of them, or more than one.')
    return chosen


def picked(rooms: list[FoundRoom], answer: str) -> FoundRoom | None:
    """Return the room of an answer: its number (from 1), its name, or the beginning of its name. None: not clear."""
    text = answer.strip()
    if text.isdecimal() and 1 <= int(text[:6]) <= len(rooms):
        return rooms[int(text[:6]) - 1]
    likely = [room for room in rooms if is_called(room.name, text)] or beginning_with(rooms, text)
    return likely[0] if text and len(likely) == 1 else None


def _talk(joining: Joining, room: FoundRoom, out: Printer, notes: Printer) -> int:
    password = joining.password
    if room.is_password_needed and not password:
        password = _ask_password(joining, room)
    for tries_left in range(_PASSWORD_TRIES - 1, -1, -1):
        try:
            return _run(_converse(joining, room, password, out, notes))
        except Refused as error:
            if error.kind is not RefusalKind.PASSWORD or not joining.is_person or not tries_left:
                raise
            _note(notes, str(error))
            password = _ask_password(joining, room)
    raise AssertionError("the last try returns or raises")


def _ask_password(joining: Joining, room: FoundRoom) -> str:
    if not joining.is_person:
        raise UserError(f"{room.name} needs a password; add --password PASSWORD.")
    try:
        return getpass.getpass(f"Password of {room.name}: ")
    except EOFError:
        raise KeyboardInterrupt from None


async def _converse(joining: Joining, room: FoundRoom, password: str, out: Printer, notes: Printer) -> int:
    conversation = joining.converse(room, password)
    conversation.past.catching_up.at_most = LINE_BY_LINE
    conversation.past.looking.is_line_by_line = True
    conversation.marking.is_on = joining.is_person
    await conversation.connect()
    joining.joined(room, conversation)
    try:
        screen = Plain(
            conversation,
            out,
            notes,
            is_person=joining.is_person,
            obeys_commands=joining.obeys_commands,
            is_since=joining.since_s is not None,
            new_finder=joining.finder,
        )
        return await screen.run(_STDIN if sys.stdin else _NO_INPUT)
    finally:
        joining.left(conversation)


def _note(notes: Printer, text: str) -> None:
    notes.line([("-- ", "dim"), (text, "")])


# ---- the loop ----------------------------------------------------------------------------------------------------


def _run(work: Awaitable[Result]) -> Result:
    """Run on a loop of its own. SIGTERM and a closed terminal cancel it, as Ctrl-C does, so that it says goodbye."""
    try:
        return asyncio.run(_stoppable(work))
    except asyncio.CancelledError:
        sys.exit(_TERMINATED)


async def _stoppable(work: Awaitable[Result]) -> Result:
    task: asyncio.Task[Any] | None = asyncio.current_task()
    loop = asyncio.get_running_loop()
    stop: Callable[[], object] = task.cancel if task else lambda: None
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            with contextlib.suppress(NotImplementedError):  # Windows has no handlers on a loop
                loop.add_signal_handler(number, stop)
    return await work
