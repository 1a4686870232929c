"""A visit to a host that reads what was said in a channel, and leaves."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable

from lanchat.client.archive.asking import Asking, Page
from lanchat.client.connection.link import Link, Relocate
from lanchat.client.connection.place import Person, Place
from lanchat.client.connection.stream import Lost
from lanchat.client.state.changes import StatusChanged
from lanchat.errors import UserError
from lanchat.protocol.message import Message

_PATIENCE_S = 60.0  # for a connection that was lost in the middle, or a host that does not answer


class Visit:
    """Reads a period of a channel; `take` gets page after page, each once."""

    def __init__(
        self, place: Place, person: Person, asking: Asking, take: Callable[[Page], None], relocate: Relocate | None
    ) -> None:
        self._asking = asking
        self._take = take
        self._link = Link(place, person, self, relocate)
        self._heard_at_s = time.monotonic()
        self._ended = asyncio.Event()

    async def read(self) -> None:
        """Read all of it. Raises UserError if that does not come about: `link.Refused` if the host says no."""
        place = self._link.place
        try:
            await self._link.open()
        except Lost as error:
            raise UserError(f"{place.title} at {place.where} {error}.") from error
        running, waiting = asyncio.create_task(self._link.run()), asyncio.create_task(self._wait())
        try:
            await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()  # raises why
            waiting.result()
        finally:
            await self._leave(running, waiting)

    async def _wait(self) -> None:
        """Wait for the end, as long as something comes."""
        while not self._ended.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), 1.0)
            if time.monotonic() - self._heard_at_s > _PATIENCE_S:
                raise UserError(f"{self._link.place.title} has not answered for a minute; try again later.")
        if self._asking.failure:
            raise UserError(f"{self._link.place.title} cannot be read: {self._asking.failure}")

    async def _leave(self, *tasks: asyncio.Task[None]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._link.close()

    # ---- as the link's listener ------------------------------------------------------------------------------------

    async def hear(self, message: Message) -> None:
        """Handle one message of the host."""
        self._link.send(self._asking.hear(message))
        for page in self._asking.pages:
            self._heard_at_s = time.monotonic()
            self._take(page)
        self._asking.pages.clear()
        self._look_for_end()

    def welcomed(self, nick: str, remark: str) -> None:  # noqa: ARG002 - under which name it is read does not matter
        """Enter the channel, also after a lost connection."""
        self._link.send(self._asking.begin(self._link.negotiation.enabled))
        self._look_for_end()

    def _look_for_end(self) -> None:
        if self._asking.is_done or self._asking.failure:
            self._ended.set()

    def known_as(self, name: str) -> None:
        """Nothing to keep: who has an account here has talked here before."""

    def report(self, status: StatusChanged) -> None:
        """Nothing to show."""

    def tick(self) -> None:
        """Nothing to do."""
