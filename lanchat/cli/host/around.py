"""Which rooms of other hosts this one sees, for its page's list: looked for when somebody asks, and not sooner.

A browser cannot look for rooms itself. Looking takes up to three seconds, in a thread of its own; whoever asks
meanwhile gets what was found before, and is told that more may come.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

from lanchat.discovery.find import Finder
from lanchat.discovery.rooms import FoundRoom
from lanchat.discovery.urls import page_urls
from lanchat.server.net.loop import Loop

LOOK_AGAIN_S = 20.0  # after a look; pages that stay open ask more often than that
MAX_ROOMS = 64

Look = Callable[[], "list[FoundRoom]"]


class Around:
    """Rooms of other hosts. All but `_look` is called in the loop's thread; `clock` is monotonic."""

    def __init__(
        self,
        loop: Loop,
        own_ids: Callable[[], Collection[str]],
        look: Look,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loop = loop
        self._own_ids = own_ids  # of rooms of this host, which may take others
        self._look = look
        self._clock = clock
        self._rooms: list[dict[str, object]] = []
        self._looked_at: float | None = None
        self._thread: threading.Thread | None = None

    def __call__(self) -> Mapping[str, object]:
        """Return what is known, and look again where that was long ago."""
        is_old = self._looked_at is None or self._clock() - self._looked_at > LOOK_AGAIN_S
        if is_old and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="lanchat-around", daemon=True)
            self._thread.start()
        return {"rooms": self._rooms, "looking": self._thread is not None}

    def _run(self) -> None:
        found: list[FoundRoom] = []
        with suppress(Exception):  # no network, no zeroconf: then nothing is seen, and the next look may see more
            found = self._look()
        self._loop.call_from_thread(lambda: self._found(found))

    def _found(self, found: Collection[FoundRoom]) -> None:
        self._looked_at = self._clock()
        self._thread = None
        own_ids = self._own_ids()
        others = [room for room in found if room.id not in own_ids and _urls(room)]
        self._rooms = [_told(room) for room in sorted(others, key=lambda room: room.name.casefold())[:MAX_ROOMS]]


def look_with(running: Path) -> Look:
    """Return a look at this network and this machine."""

    async def find() -> list[FoundRoom]:
        async with Finder(running=running) as finder:
            async for _ in finder.collect():
                pass
        return finder.rooms

    return lambda: asyncio.run(find())


def _told(room: FoundRoom) -> dict[str, object]:
    return {
        "id": room.id,
        "name": room.name,
        "topic": room.topic,
        "members": room.members,
        "auth": "pw" if room.is_password_needed else "none",
        "urls": _urls(room),
    }


def _urls(room: FoundRoom) -> list[str]:
    return page_urls(room.addresses, room.port, room.id)
