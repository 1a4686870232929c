"""Which room a person means: by its name, the beginning of it, or an address."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager

from lanchat.discovery.addresses import parse_address, with_port
from lanchat.discovery.find import Appeared, Changed, Finder
from lanchat.discovery.probe import ProbeError, probe
from lanchat.discovery.rooms import FoundRoom
from lanchat.discovery.targets import parse_target
from lanchat.errors import UserError
from lanchat.protocol.names import fold
from lanchat.protocol.text import clean

NewFinder = Callable[[], AbstractAsyncContextManager[Finder]]


def is_called(room: FoundRoom, text: str) -> bool:
    """Tell whether a room has this name, however it is capitalised and spaced."""
    return _folded(room.name) == _folded(text)


def beginning_with(rooms: Iterable[FoundRoom], text: str) -> list[FoundRoom]:
    """Return the rooms whose names begin with a text."""
    return [room for room in rooms if _folded(room.name).startswith(_folded(text))]


def _folded(text: str) -> str:
    return " ".join(fold(clean(text)).split())


def is_address(text: str) -> bool:
    """Tell whether a text can only be an address: numeric, or with a port. A bare host name may be a room's, too."""
    try:
        parse_target(text)
    except ValueError:
        return False
    return ":" in text or text.startswith("[") or parse_address(text.strip()) is not None


async def find_wanted(text: str, new_finder: NewFinder) -> FoundRoom:
    """Return the room that a person asked for. Raises UserError with a sentence that says what there is instead.

    A room of exactly this name is returned as soon as it answers. Otherwise, at the end of the search, the only room
    whose name begins so. A text that fits no room is tried as the name of a host.
    """
    if is_address(text):
        return await _at(text)
    _check_port(text)
    async with new_finder() as finder, contextlib.aclosing(finder.collect()) as events:
        async for event in events:
            if isinstance(event, Appeared | Changed) and is_called(event.room, text):
                return event.room
        rooms, is_on_network = finder.rooms, finder.is_on_network
    likely = beginning_with(rooms, text)
    if len(likely) == 1:
        return likely[0]
    if likely:
        raise UserError(f'"{clean(text)}" may be {listed(likely, "or")}; type more of the name.')
    return await _host_called(text, rooms, is_on_network=is_on_network)


def _check_port(text: str) -> None:
    """Raise UserError for an address whose port cannot be one: "10.0.0.1:99999" is no room that is looked for."""
    host, colon, _ = text.strip().rpartition(":")
    if colon and parse_address(host.strip("[]")) is not None:
        try:
            parse_target(text)
        except ValueError as error:
            raise UserError(str(error)) from None


async def _at(text: str) -> FoundRoom:
    host, port = parse_target(text)
    try:
        return (await probe(host, port))[0]
    except ProbeError as error:
        raise UserError(f"{with_port(host, port)} {error}.") from error


async def _host_called(text: str, rooms: Sequence[FoundRoom], *, is_on_network: bool) -> FoundRoom:
    try:
        host, port = parse_target(text)
        return (await probe(host, port))[0]
    except (ValueError, ProbeError) as error:
        raise UserError(_unknown(text, rooms, is_on_network=is_on_network)) from error


def _unknown(text: str, rooms: Sequence[FoundRoom], *, is_on_network: bool) -> str:
    missing = f'There is no room "{clean(text)}" here'
    if rooms:
        return f"{missing}; there is {listed(rooms, 'and')}."
    if not is_on_network:
        return f"{missing}: this machine is on no network. Connect it, then try again."
    return f"{missing}, and no other. Is its host running? With its address, try: lanchat join HOST"


def listed(rooms: Sequence[FoundRoom], word: str) -> str:
    """Return the rooms' names in one phrase ("Line 3, Line 4 or Bridge"); those of one name with their addresses."""
    names = [fold(room.name) for room in rooms]
    texts = sorted(
        f"{room.name} ({with_port(room.addresses[0], room.port)})" if names.count(fold(room.name)) > 1 else room.name
        for room in rooms
    )
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}" if len(texts) > 1 else texts[0]
