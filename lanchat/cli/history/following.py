"""What is being said, as it comes into the host's file: read by another program, that looks whether there is more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lanchat.chat.state.history import Event
from lanchat.cli.history.asked import Span, listed, room_called
from lanchat.errors import UserError
from lanchat.protocol.names import fold
from lanchat.protocol.text import clean
from lanchat.store.archive import KeptRoom, open_archive, readable
from lanchat.store.database import DatabaseError

POLL_S = 0.5  # that it takes at most until something is shown; to see that nothing was written takes 20 µs
_Page = Sequence[Event]


class Rooms:
    """The rooms of a folder, or the one that was asked for, open to be read. All of it raises UserError.

    `sleep` waits so many seconds before it is looked again.
    """

    def __init__(self, folder: Path, asked: str | None, sleep: Callable[[float], None] = time.sleep) -> None:
        self._folder = folder
        self._asked = asked
        self._sleep = sleep
        self._archive = open_archive(folder)
        self._look()
        if not self._keys:
            self.close()
            raise UserError(self._missing())
        if self._asked:  # from now on by its whole name: others that begin alike may be opened
            self._asked = self._rooms[0].channel

    def _look(self) -> None:
        """See what there is now. What is written from here on is new."""
        with readable(self._archive.path):
            self._version = self._archive.version
            self._archive.refresh()
            self._runs = self._archive.runs
            self._all = self._archive.rooms()
            self._rooms = self._wanted()
        self._seen = self._archive.last_id

    def _wanted(self) -> list[KeptRoom]:
        if not self._asked:
            return self._all
        room = room_called(self._all, self._asked)
        return [room] if room else []

    @property
    def _keys(self) -> tuple[str, ...]:
        return tuple(key for room in self._rooms for key in room.keys)

    def _missing(self) -> str:
        if not self._all:
            return f"Nothing has been said in any room of {self._archive.path} yet."
        titles = listed((room.title for room in self._all), "and")
        return f"There is no room “{clean(self._asked or '')}” in {self._archive.path}; there is {titles}."

    def title(self, event: Event) -> str:
        """Return which room something is of; "" where only one is shown."""
        if self._asked or len(self._rooms) < 2:
            return ""
        channel = fold(event.message.params[0]) if event.message.params else ""
        return next((room.title for room in self._rooms if fold(room.channel) == channel), "")

    def reactions(self, page: _Page) -> dict[str, Sequence[Event]]:
        """Return the reactions to the messages of a page."""
        with readable(self._archive.path):
            return dict(self._archive.reactions(self._keys, page))

    def latest(self, count: int) -> Iterator[_Page]:
        """Yield what was said last."""
        with readable(self._archive.path):
            page = self._archive.latest(self._keys, count)
        if page:
            yield page

    def pages(self, asked: Span) -> Iterator[_Page]:
        """Yield what happened in a period."""
        with readable(self._archive.path):
            yield from self._archive.pages(self._keys, *asked)

    def new(self) -> Iterator[_Page]:
        """Yield what happens from now on, for as long as that is wanted.

        The host may end and come back, and its file may be replaced by another one.
        """
        is_readable = True
        while True:
            self._sleep(POLL_S)
            try:
                if not self._archive.is_current or not is_readable:
                    self._reopen()
                elif not self._is_changed():
                    continue
                yield from self._unseen()
                is_readable = True
            except DatabaseError:  # it is gone, or damaged: the host begins another one
                is_readable = False

    def _is_changed(self) -> bool:
        with readable(self._archive.path):
            return self._archive.version != self._version

    def _reopen(self) -> None:
        archive, before, runs = open_archive(self._folder), self._archive, self._runs
        self._archive = archive
        before.close()
        with readable(archive.path):
            if not runs & archive.runs:
                self._seen = 0  # all that is in it is new

    def _unseen(self) -> Iterator[_Page]:
        above = self._seen
        self._look()
        if self._keys and self._seen > above:
            with readable(self._archive.path):
                yield from self._archive.after(self._keys, above, self._seen + 1)

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()
