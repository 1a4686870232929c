"""Finding a room again by its id, wherever it is now."""

import contextlib
from pathlib import Path

from lanchat.client.connection.link import Relocate
from lanchat.client.connection.place import Place
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
        return None

    return relocate
