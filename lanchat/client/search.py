"""Finding a room again by its id, wherever it is now."""

import contextlib
from pathlib import Path

from lanchat.client.link import Relocate
from lanchat.client.place import Place
from lanchat.discovery.find import Appeared, Changed, Finder
from lanchat.discovery.rooms import RememberedRoom

LOOK_S = 3.0  # what discovery.md allows a look round


def relocator(running: Path | None = None) -> Relocate:
    """Return what looks for a room by its id: at its last addresses, on this machine, and by all ways of discovery."""

    async def relocate(place: Place) -> Place | None:
        remembered = [RememberedRoom(place.room_id, place.title, place.addresses, place.port)]
        finder = Finder(remembered=remembered, running=running)
        async with finder, contextlib.aclosing(finder.collect(LOOK_S)) as events:
            async for event in events:
                if isinstance(event, Appeared | Changed) and event.room.id == place.room_id:
                    return place.moved_to(event.room)
        return None

    return relocate
