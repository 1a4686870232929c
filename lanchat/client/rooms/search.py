"""Finding a room again by its id, wherever it is now."""

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from lanchat.client.connection.link import Relocate
from lanchat.client.connection.place import Place
from lanchat.client.connection.stream import Lost
from lanchat.client.rooms.called import is_called_or_numbered
from lanchat.client.rooms.silences import silence_of
from lanchat.discovery.addresses import with_port
from lanchat.discovery.find import Appeared, Changed, Finder
from lanchat.discovery.probe import ProbeError, probe_first
from lanchat.discovery.rooms import FoundRoom, RememberedRoom

TWIN_S = 1.0  # for the old place to answer, where the room is found at another one
NOTICED_S = 90.0  # after a cable is pulled it takes a minute until that is noticed
OUTAGE_OVER_S = 120.0  # longer than the pauses between two tries
LOOK_S = 3.0  # for one look round, as long as `Finder` looks at most by itself


async def _heir(place: Place, found: Sequence[FoundRoom]) -> FoundRoom | None:
    """Return the room of the same name at the same address, under another id: its host has a new disk, say."""
    near = [room for room in found if room.port == place.port and not set(room.addresses).isdisjoint(place.addresses)]
    if not near:
        with contextlib.suppress(ProbeError):
            near = await probe_first(place.addresses, place.port)
    return next((room for room in near if is_called_or_numbered(room.name, place.title)), None)


async def _ours_of_twins(place: Place, found: FoundRoom, lost_s: float) -> Place:
    """Return where we were, if the room's id was found elsewhere: there may be two hosts of one data folder.

    Ours may have another id by now, and the other one has the old one; our people are at our host. One that was up
    already while we were at ours is not ours, either: for ours we wait. `lost_s`: how long we have been looking.
    """
    if place.holds(found) or found.run == place.run or not place.host_id:
        return place.moved_to(found)
    with contextlib.suppress(ProbeError):
        for room in await probe_first(place.addresses, place.port, timeout_s=TWIN_S):
            if room.host_id == place.host_id and is_called_or_numbered(room.name, place.title):
                return place.replaced_by(room)
    if place.run and found.up_s is not None and found.up_s > lost_s + NOTICED_S:
        where = with_port(found.addresses[0], found.port)
        raise Lost(f"is gone; {where} is another host, with a copy of its data")
    return place.moved_to(found)


class _Outage:
    """Since when a room is looked for."""

    def __init__(self) -> None:
        self._begun_at = self._last_at = -OUTAGE_OVER_S

    def lasts_s(self) -> float:
        """Return how long it lasts by now. Where nobody looked for a while, another one has begun."""
        now = time.monotonic()
        if now - self._last_at > OUTAGE_OVER_S:
            self._begun_at = now
        self._last_at = now
        return now - self._begun_at


def relocator(running: Path | None = None) -> Relocate:
    """Return a function that looks for a room by its id: at its last addresses, on this machine, and on the network.

    Where the id is gone, or at another host, the room of the same name at the same address takes its place.
    """

    outage = _Outage()

    async def relocate(place: Place) -> Place | None:
        lost_s = outage.lasts_s()
        remembered = [RememberedRoom(place.room_id, place.title, place.addresses, place.port)]
        finder = Finder(remembered=remembered, running=running)
        async with finder, contextlib.aclosing(finder.collect(LOOK_S)) as events:
            async for event in events:
                if isinstance(event, Appeared | Changed) and event.room.id == place.room_id:
                    return await _ours_of_twins(place, event.room, lost_s)
        if heir := await _heir(place, finder.rooms):
            return place.replaced_by(heir)
        if silent := silence_of(finder.silences, place.title):
            raise Lost(f"is announced, but {with_port(silent.address, silent.port)} {silent.reason}")
        return None

    return relocate
