"""Finding a room again by its id, wherever it is now."""

import contextlib
from pathlib import Path

from lanchat.client.connection.link import Relocate
from lanchat.client.connection.place import Place
from lanchat.client.connection.stream import Lost
from lanchat.client.rooms.silences import silence_of
from lanchat.discovery.addresses import with_port
from lanchat.discovery.find import Appeared, Changed, Finder
from lanchat.discovery.rooms import RememberedRoom

LOOK_S = 3.0  # for one look round, as long as `Finder` looks at most by itself


def relocator(running: Path | None = None) -> Relocate:
    """Return a function that looks for a room by its id: at its last addresses, on this machine, and on the network."""

    async def relocate(place: Place) -> Place | None:
        remembered = [RememberedRoom(place.room_id, place.title, place.addresses, place.port)]
        finder = Finder(remembered=remembered, running=running)
        async with finder, contextlib.aclosing(finder.collect(LOOK_S)) as events:
            async for event in events:
                if isinstance(event, Appeared | Changed) and event.room.id == place.room_id:
                    return place.moved_to(event.room)
        if silent := silence_of(finder.silences, place.title):
            raise Lost(f"is announced, but {with_port(silent.address, silent.port)} {silent.reason}")
        return None

    return relocate
