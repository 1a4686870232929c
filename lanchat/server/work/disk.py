"""Work on the disk, off the loop: a database that another program holds keeps one thread waiting, and not the room."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from lanchat.server.net.loop import Loop
from lanchat.store.accounts import StoreError

Found = TypeVar("Found")


class Disk:
    """One thread, so that all is done in the order it was asked for. Results come back to the loop's own thread."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._pool = ThreadPoolExecutor(1, "lanchat-disk")

    def ask(self, work: Callable[[], Found], then: Callable[[Found | StoreError], None]) -> None:
        """Do some work; `then` gets what came of it, or why it could not be done."""
        future = self._pool.submit(work)
        future.add_done_callback(lambda done: self._loop.call_from_thread(partial(_tell, done, then)))

    def close(self) -> None:
        """Finish what was asked for."""
        self._pool.shutdown(wait=True)


def _tell(done: Future[Found], then: Callable[[Found | StoreError], None]) -> None:
    error = done.exception()
    then(error if isinstance(error, StoreError) else done.result())
