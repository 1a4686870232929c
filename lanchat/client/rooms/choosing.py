"""Which room a person means: by its name, the beginning of it, or an address."""

import asyncio
import contextlib
from collections.abc import AsyncIterable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from lanchat.client.rooms.called import folded
from lanchat.client.rooms.namesakes import Namesakes, listed
from lanchat.client.rooms.silences import silence, silence_of, silences
from lanchat.discovery.addresses import with_port
from lanchat.discovery.find import Appeared, Changed, Finder, FindEvent, Vanished
from lanchat.discovery.ip import parse_address
from lanchat.discovery.probe import ProbeError, probe
from lanchat.discovery.rooms import FoundRoom, RememberedRoom
from lanchat.discovery.targets import parse_target
from lanchat.errors import UserError
from lanchat.protocol.text import clean

NewFinder = Callable[[], AbstractAsyncContextManager[Finder]]
Answer = FoundRoom | str  # what is at an address, or why nothing is

ANOTHER_S = 0.5  # after the first room of a name, for another one of that name; not for the room joined before

NAME_AHEAD_S = 0.5  # a room of that name goes before the address; the first answers come within 0.2 s


def beginning_with(rooms: Iterable[FoundRoom], text: str) -> list[FoundRoom]:
    """Return the rooms whose names begin with a text."""
    return [room for room in rooms if folded(room.name).startswith(folded(text))]


def is_address(text: str) -> bool:
    """Tell whether a text can only be an address: numeric, or with a port. A bare host name may be a room's, too."""
    try:
        parse_target(text)
    except ValueError:
        return False
    return ":" in text or text.startswith("[") or parse_address(text.strip()) is not None


async def find_wanted(text: str, new_finder: NewFinder, remembered: Sequence[RememberedRoom] = ()) -> FoundRoom:
    """Return the room that a person asked for. Raises UserError with a sentence that says what there is instead.

    A room of exactly this name is returned as soon as it is clear which one that is (`Namesakes`), also where the name
    looks like an address. Otherwise what is at that address, or at the end of the search the only room whose name
    begins so. A text that fits no room is tried as the name of a host.
    """
    asked = asyncio.ensure_future(_asked(text)) if is_address(text) else None
    try:
        async with new_finder() as finder, contextlib.aclosing(finder.collect()) as events:
            named = asyncio.ensure_future(_named(Namesakes(text, remembered), events))
            try:
                return await _either(named, asked) or await _other(text, finder, asked)
            finally:
                await _end(named)
    finally:
        if asked is not None:
            await _end(asked)


async def _named(namesakes: Namesakes, events: AsyncIterable[FindEvent]) -> FoundRoom | None:
    """Return the room of exactly this name; None at the end of the search, where there is none.

    Raises UserError where several may be meant.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(None) as waiting:
            async for event in events:
                if isinstance(event, Vanished):
                    namesakes.vanished(event.room)
                elif isinstance(event, Appeared | Changed) and namesakes.answered(event.room):
                    if namesakes.known is not None:
                        return namesakes.known
                    if waiting.when() is None:
                        waiting.reschedule(asyncio.get_running_loop().time() + ANOTHER_S)
    return namesakes.meant()  # who kept silent is told by the finder at the end


async def _either(
    named: "asyncio.Future[FoundRoom | None]", asked: "asyncio.Future[Answer] | None"
) -> FoundRoom | None:
    """Return the room of this name, or the one at this address, if the name has not answered a moment later."""
    if asked is not None:
        await asyncio.wait((named,), timeout=NAME_AHEAD_S)
        await asyncio.wait((named, asked), return_when=asyncio.FIRST_COMPLETED)
        if not named.done() and isinstance(answer := asked.result(), FoundRoom):
            return answer
    return await named


async def _other(text: str, finder: Finder, asked: "asyncio.Future[Answer] | None") -> FoundRoom:
    """Return what else may be meant, now that no room has this name."""
    if asked is not None:
        answer = await asked
        if isinstance(answer, FoundRoom):
            return answer
        raise UserError(answer)
    likely = beginning_with(finder.rooms, text)
    if len(likely) == 1:
        return likely[0]
    if likely:
        raise UserError(f'"{clean(text)}" may be {listed(likely, "or")}; type more of the name.')
    _check_port(text)
    return await _host_called(text, finder)


def _check_port(text: str) -> None:
    """Raise UserError for an address whose port cannot be one: "10.0.0.1:99999" is no room that is looked for."""
    host, colon, _ = text.strip().rpartition(":")
    if colon and parse_address(host.strip("[]")) is not None:
        try:
            parse_target(text)
        except ValueError as error:
            raise UserError(str(error)) from None


async def _end(task: "asyncio.Future[Any]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _asked(text: str) -> Answer:
    """Return the room at an address, or the sentence that tells why there is none."""
    host, port = parse_target(text)
    try:
        return (await probe(host, port))[0]
    except ProbeError as error:
        return f"{with_port(host, port)} {error}."


async def _host_called(text: str, finder: Finder) -> FoundRoom:
    try:
        host, port = parse_target(text)
        return (await probe(host, port))[0]
    except (ValueError, ProbeError) as error:
        raise UserError(_unknown(text, finder)) from error


def _unknown(text: str, finder: Finder) -> str:
    """Return why there is no such room: it is silent, others are here, all others are silent, there is no network."""
    own = silence_of(finder.silences, text)
    if own is not None:
        return silence(own)
    missing = f'There is no room "{clean(text)}" here'
    if finder.rooms:
        return f"{missing}; there is {listed(finder.rooms, 'and')}."
    if not finder.is_on_network:
        return f"{missing}: this machine is on no network. Connect it, then try again."
    if finder.silences:
        return " ".join([f"{missing}, and no other answers.", *silences(finder.silences)])
    return f"{missing}, and no other. Is its host running? With its address, try: lanchat join HOST"
