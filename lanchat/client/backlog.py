"""Changes on their way to the screen: taken all at once, and bounded by making the reader of the network wait."""

import asyncio
from collections.abc import AsyncIterator, Iterable

from lanchat.client.changes import Change

MAX_CHANGES = 5_000  # a screen has not taken yet; beyond, nothing more is read from the host


class Backlog:
    """What happened since the screen looked last."""

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

    def end(self) -> None:
        """Let the screen take what is left, and no more."""
        self._is_over = True
        self._news.set()

    async def room(self) -> None:
        """Wait while the screen has too much to take already."""
        while len(self._changes) > MAX_CHANGES and not self._is_over:
            self._taken.clear()
            await self._taken.wait()

    async def batches(self) -> AsyncIterator[list[Change]]:
        """Yield what happened since the last time, until the end."""
        while True:
            await self._news.wait()
            changes, self._changes = self._changes, []
            self._news.clear()
            self._taken.set()
            if changes:
                yield changes
            if self._is_over and not self._changes:
                return
