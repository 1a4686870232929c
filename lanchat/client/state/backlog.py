"""Changes on their way to the screen, which takes all there are at once.

While there are too many, `wait_for_space` keeps the link from reading, and so TCP slows down the host.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable

from lanchat.client.state.changes import Change

MAX_CHANGES = 5_000  # not taken by the screen yet; beyond, nothing more is read from the host


class Backlog:
    """What changed since the screen last took it."""

    def __init__(self) -> None:
        self._changes: list[Change] = []
        self._news = asyncio.Event()
        self._taken = asyncio.Event()
        self._is_over = False

    def put(self, changes: Iterable[Change]) -> None:
        """Add changes."""
        self._changes += changes
        if self._changes:
            self._news.set()

    def finish(self) -> None:
        """End the batches, after what is left."""
        self._is_over = True
        self._news.set()

    async def wait_for_space(self) -> None:
        """Wait while there is too much the screen has not taken."""
        while len(self._changes) > MAX_CHANGES and not self._is_over:
            self._taken.clear()
            await self._taken.wait()

    async def batches(self) -> AsyncIterator[list[Change]]:
        """Yield everything since the last batch, again and again, until the end."""
        while True:
            await self._news.wait()
            changes, self._changes = self._changes, []
            self._news.clear()
            self._taken.set()
            if changes:
                yield changes
            if self._is_over and not self._changes:
                return
