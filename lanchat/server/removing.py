"""What somebody at the host's machine wants removed for good: done a little at a time, while the room goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from lanchat.server.work.history_thread import HistoryThread
from lanchat.store.history import StoredHistory
from lanchat.store.removal import Wanted

_PAUSE_S = 0.05  # between two steps of 0.6 ms: two thousand messages a second


class Removing:
    """Looks on each tick whether something is wanted. `later` has the loop call something after some seconds.

    `forget_reader` has the chat forget how far an author has read.
    """

    def __init__(
        self,
        history: StoredHistory,
        thread: HistoryThread,
        later: Callable[[float, Callable[[], None]], object],
        forget_reader: Callable[[str], None],
    ) -> None:
        self._history = history
        self._thread = thread
        self._later = later
        self._forget_reader = forget_reader
        self._wanted = Wanted(history.path.parent)
        self._is_busy = False

    def tick(self) -> None:
        """Begin with what is new; else show that it is being done."""
        with suppress(OSError):  # the folder is gone, say: there is nothing to be removed then
            self._wanted.go_on()
        if not self._is_busy and not self._history.has_unwritten:
            self._step()

    def _step(self) -> None:
        self._is_busy = False
        with suppress(OSError):
            if batch := self._wanted.next_batch():
                if self._history.remove(batch):
                    return  # it is written with the next turn that can be, and gone on with after that
                self._is_busy = True
                self._thread.committed()
                self._later(_PAUSE_S, self._step)
            elif self._wanted.is_any:
                self._is_busy = True
                self._forget_readers()
                self._thread.purge(self._purged)

    def _forget_readers(self) -> None:
        for author in self._wanted.readers():
            self._forget_reader(author)
            self._history.forget_reader(author)
        self._history.commit()  # what is not written now is written with the next turn that can be

    def _purged(self) -> None:
        self._is_busy = False
        with suppress(OSError):
            self._wanted.done()
