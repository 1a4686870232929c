"""A thread that looks up what was said, indexes it, and brings it from the log into the file: all wait for the disk.

Its own code between SQLite's calls is short. A long loop of Python here would hold up the room: it takes the
interpreter, and a delivery then took up to 140 ms.

What can wait does: questions come first; the index is brought up to date when nothing was said for two seconds, or
after a minute at the latest, in steps with a pause after each.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from queue import Empty, SimpleQueue
from typing import Protocol

from lanchat.chat.state.history import Answer, Query
from lanchat.limits import QUERY_WITHIN_S
from lanchat.server.net.loop import Loop

_CHECKPOINT_AFTER_S = 2.0  # of a commit: what a power cut may take
_INDEX_AFTER_S = 2.0  # of quiet
_INDEX_WITHIN_S = 60.0  # of a commit, however much is said; and how soon one that failed is tried again
_PAUSE_S = 0.005  # after each step: without it p99 of a delivery is 5.9 ms instead of 1.5
_FAILED = Answer(failure="MESSAGE_ERROR")
_NEVER = float("inf")
_Then = Callable[[Answer], None]


class LookUp(Protocol):
    """What the thread works with, made in it. All may raise anything."""

    def answer(self, query: Query) -> Answer:
        """Return what is asked for."""

    def index(self) -> bool:
        """Index a little; tell whether there was anything to index."""

    def settle(self) -> None:
        """Bring the index to the disk."""

    def finish(self) -> None:
        """Have nothing in the index any more that was taken back."""

    def purge(self) -> bool:
        """Do a little to have nothing left of what was taken out of the index; tell whether there is more to do."""

    def checkpoint(self) -> None:
        """Bring what was committed into the file."""

    def truncate(self) -> None:
        """The same, and leave nothing in the log."""

    def interrupt(self) -> None:
        """End the question that is being looked up; called from the loop's thread."""

    def close(self) -> None:
        """Let go of the file."""


class HistoryThread:
    """One thread, one queue. All methods are for the loop's thread, where answers come back, too.

    `touch` commits something, in the loop's thread, and tells whether it could.
    """

    def __init__(
        self, loop: Loop, open_look_up: Callable[[], LookUp], touch: Callable[[], bool], *, is_indexed: bool = True
    ) -> None:
        self._loop = loop
        self._open = open_look_up
        self._touch = touch
        self._jobs: SimpleQueue[tuple[Query, _Then] | None] = SimpleQueue()  # None: look what else there is to do
        self._look_up: LookUp | None = None
        self._asked = 0  # counts questions, so that only the one that took too long is interrupted
        self._current = 0
        self._commits = 0
        self._committed_at = time.monotonic()  # as if now: what an earlier run left is to be indexed
        self._is_told = False  # that there were commits
        self._is_moved = False
        self._is_closing = False
        self._checkpoint_at = _NEVER
        self._checkpointed = 0  # commits when the last checkpoint ended
        self._is_indexed = is_indexed
        self._indexed = -1  # commits when the index was last brought up to date
        self._index_by = _NEVER
        self._retry_at = 0.0  # not before then, as it has failed
        self._is_indexing = False
        self._purged: Callable[[], None] | None = None  # who is to be told
        self._is_purging = False
        self._thread = threading.Thread(target=self._run, name="lanchat-history", daemon=True)
        self._thread.start()

    # ---- For the loop ----------------------------------------------------------------------------------------------

    def ask(self, query: Query, then: _Then) -> None:
        """Have a question looked up, and call `then` with the answer; with a failure if it takes too long."""
        self._jobs.put((query, then))

    def committed(self) -> None:
        """Note that something was committed. The file is brought up to date soon."""
        self._commits += 1
        self._committed_at = time.monotonic()
        if not self._is_told:
            self._is_told = True
            self._jobs.put(None)

    def purge(self, then: Callable[[], None]) -> None:
        """Have nothing left in the files of what was deleted, then call `then`. One at a time."""
        self._purged = then
        self._is_purging = True
        self._jobs.put(None)

    def reopen(self) -> None:
        """Let go of the file: the next question is looked up in the one that is there then."""
        self._is_moved = True
        self._jobs.put(None)

    def close(self) -> None:
        """End, once what is being looked up now is done or interrupted."""
        self._is_closing = True
        if self._current and (look_up := self._look_up):
            look_up.interrupt()
        self._jobs.put(None)
        self._thread.join()

    def _touched(self) -> None:
        if self._touch():
            self.committed()

    # ---- The thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        self._look_for_commits()
        while not self._is_closing:
            with suppress(Empty):
                job = self._jobs.get(timeout=self._idle_s())
                if self._is_moved:
                    self._let_go()
                if job:
                    self._answer(*job)
            self._look_for_commits()
            if not self._is_closing:
                self._do_what_is_due()
        with suppress(Exception):
            self._opened().finish()
        self._let_go()

    def _idle_s(self) -> float | None:
        """How long nothing is to be done; None for as long as nothing happens."""
        due_at = min(self._checkpoint_at, self._index_at())
        return None if due_at == _NEVER else max(0.0, due_at - time.monotonic())

    def _index_at(self) -> float:
        if self._is_indexing or (self._is_purging and time.monotonic() >= self._retry_at):
            return time.monotonic() + _PAUSE_S
        if self._index_by == _NEVER:
            return _NEVER
        return max(self._retry_at, min(self._committed_at + _INDEX_AFTER_S, self._index_by))

    def _look_for_commits(self) -> None:
        self._is_told = False
        now = time.monotonic()
        if self._commits != self._checkpointed:
            self._checkpoint_at = min(self._checkpoint_at, now + _CHECKPOINT_AFTER_S)
        if self._commits != self._indexed and self._is_indexed:
            self._index_by = min(self._index_by, now + _INDEX_WITHIN_S)

    def _do_what_is_due(self) -> None:
        now = time.monotonic()
        if now >= self._checkpoint_at:
            self._checkpoint()
        elif self._is_indexing or now >= self._index_at():
            self._index()
        elif self._is_purging and now >= self._retry_at:
            self._purge()

    def _let_go(self) -> None:
        self._is_moved = False
        look_up, self._look_up = self._look_up, None
        if look_up:
            look_up.close()

    def _opened(self) -> LookUp:
        if self._look_up is None:
            self._look_up = self._open()
        return self._look_up

    def _checkpoint(self) -> None:
        """Bring the file up to date.

        It is done again only after a commit that came when this had ended: SQLite before 3.51.3 could damage a file
        when two connections wrote and checkpointed at once, which takes a checkpoint that follows one with nothing new.
        What was committed while this ran may not be in the file yet. So the loop commits something once more.
        """
        self._checkpoint_at = _NEVER
        before = self._commits
        is_whole = not self._purged or self._is_purging
        with suppress(Exception):  # it is tried again after the next commit; whoever commits tells what is wrong
            if is_whole:
                self._opened().checkpoint()
            else:
                self._opened().truncate()
                self._tell_purged()
                is_whole = True
        self._checkpointed = self._commits
        if self._checkpointed != before or not is_whole:
            self._loop.call_from_thread(self._touched)

    def _tell_purged(self) -> None:
        then, self._purged = self._purged, None
        if then:
            self._loop.call_from_thread(then)

    def _index(self) -> None:
        """Index a little, and go on after a pause; settle when all is done. What fails is tried again in a minute."""
        commits = self._commits
        try:
            self._is_indexing = self._opened().index()
            if not self._is_indexing:
                self._opened().settle()
                self._indexed, self._index_by = commits, _NEVER
        except Exception:  # noqa: BLE001 - damaged, full, gone: searching tells of it, and the room goes on
            self._is_indexing = False
            self._retry_at = time.monotonic() + _INDEX_WITHIN_S

    def _purge(self) -> None:
        """Purge a little; when all is done the next checkpoint leaves nothing in the log. It takes a commit."""
        try:
            self._is_purging = self._opened().purge()
            if not self._is_purging:
                self._opened().settle()
        except Exception:  # noqa: BLE001 - as above
            self._retry_at = time.monotonic() + _INDEX_WITHIN_S
            return
        if not self._is_purging:
            self._loop.call_from_thread(self._touched)

    def _answer(self, query: Query, then: _Then) -> None:
        self._current = number = self._asked = self._asked + 1
        self._loop.call_from_thread(partial(self._watch, number))
        begun_s = time.thread_time()
        try:
            answer = self._opened().answer(query)
        except Exception:  # noqa: BLE001 - damaged, interrupted, gone: who asks is told that it cannot be told now
            answer = _FAILED
        self._current = 0
        self._loop.call_from_thread(partial(then, replace(answer, took_s=time.thread_time() - begun_s)))

    def _watch(self, number: int) -> None:
        if self._current == number:
            self._loop.call_later(QUERY_WITHIN_S, partial(self._interrupt, number))

    def _interrupt(self, number: int) -> None:
        if self._current == number and (look_up := self._look_up):
            look_up.interrupt()
