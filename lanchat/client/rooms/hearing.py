"""Listening for a room's announcement while it is lost, so that nobody sits out a pause after its host is back."""

import asyncio
import random
from collections.abc import Callable

from lanchat.client.connection.place import Place
from lanchat.client.rooms.called import is_called
from lanchat.discovery.addresses import Adapter, asking_addresses, read_adapters
from lanchat.discovery.browse import Browsers, Sighting

HERD_S = 0.5  # all who lost the room hear it in the same instant; so they come back spread over this time
REST_S = 5.0  # between two calls: an announcement that changes all the time must not keep us connecting
LOOK_AGAIN_S = 2.0  # for other adapters: our own network may have been what was lost


class _Calls:
    """Calls `hurry` when the room is heard. What is heard too soon after that counts once, after a rest."""

    def __init__(self, place: Place, hurry: Callable[[], None]) -> None:
        self._place = place
        self._hurry = hurry
        self._loop = asyncio.get_running_loop()
        self._next: asyncio.TimerHandle | None = None
        self._rested_at = self._loop.time()

    def seen(self, _label: str, sighting: Sighting) -> None:
        """Note an announcement."""
        if self._is_it(sighting) and self._next is None:
            at = max(self._loop.time(), self._rested_at) + random.uniform(0, HERD_S)  # noqa: S311 - no secret
            self._next = self._loop.call_at(at, self._call)

    def _is_it(self, sighting: Sighting) -> bool:
        """Tell whether it is the room, or one of its name that has taken its place."""
        is_there = not set(sighting.addresses).isdisjoint(self._place.addresses)
        return sighting.room_id == self._place.room_id or (is_there and is_called(sighting.name, self._place.title))

    def _call(self) -> None:
        self._next, self._rested_at = None, self._loop.time() + REST_S
        self._hurry()

    def end(self) -> None:
        """Call no more."""
        if self._next is not None:
            self._next.cancel()


async def hear_room(place: Place, hurry: Callable[[], None]) -> None:
    """Listen on all networks of this machine until cancelled; call `hurry` each time the room is announced."""
    calls = _Calls(place, hurry)
    browsers = Browsers(calls.seen, lambda _: None)
    adapters: list[Adapter] = []
    try:
        while True:
            if (now := read_adapters()) != adapters:
                await browsers.close()
                adapters = now if browsers.start(asking_addresses(now)) else []
            await asyncio.sleep(LOOK_AGAIN_S)
    finally:
        calls.end()
        await browsers.close()
