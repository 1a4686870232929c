"""A thread that looks up what was said, and brings it from the log into the file: both wait for the disk.

Its own code between SQLite's calls is short. A long loop of Python here would hold up the room: it takes the
interpreter, and a delivery then took up to 140 ms.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Protocol

from lanchat.chat.state.history import Answer, Query
from lanchat.limits import QUERY_WITHIN_S
from lanchat.server.net.loop import Loop

_CHECKPOINT_AFTER_S = 2.0  # of a commit: what a power cut may take
_FAILED = Answer(failure="MESSAGE_ERROR")
_Then = Callable[[Answer], None]


class LookUp(Protocol):
    """What the thread works with, made in it."""

    def answer(self, query: Query) -> Answer:
        """Return what is asked for; may raise anything."""

    def checkpoint(self) -> None:
        """Bring what was committed into the file."""

    def interrupt(self) -> None:
        """End the question that is being looked up; called from the loop's thread."""

    def close(self) -> None:
        """Let go of the file."""


class HistoryThread:
    """One thread, one queue. All methods are for the loop's thread, where answers come back, too."""

    def __init__(self, loop: Loop, open_look_up: Callable[[], LookUp]) -> None:
        self._loop = loop
        self._open = open_look_up
        self._jobs: SimpleQueue[tuple[Query, _Then] | None] = SimpleQueue()  # None: look what else there is to do
        self._look_up: LookUp | None = None
        self._asked = 0  # counts questions, so that only the one that took too long is interrupted
        self._current = 0
        self._is_due = False  # something was committed since the file was last brought up to date
        self._is_moved = False
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="lanchat-history", daemon=True)
        self._thread.start()

    # ---- For the loop ----------------------------------------------------------------------------------------------

    def ask(self, query: Query, then: _Then) -> None:
        """Have a question looked up, and call `then` with the answer; with a failure if it takes too long."""
        self._jobs.put((query, then))

    def committed(self) -> None:
        """Note that something was committed. The file is brought up to date soon."""
        if not self._is_due:
            self._is_due = True
            self._jobs.put(None)

    def reopen(self) -> None:
        """Let go of the file: the next question is looked up in the one that is there then."""
        self._is_moved = True
        self._jobs.put(None)

    def close(self) -> None:
        """End, once what is being looked up now is done or interrupted."""
        self._is_closing = True
        self._jobs.put(None)
        if look_up := self._look_up:
            look_up.interrupt()
        self._thread.join()

    # ---- The thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        due_at: float | None = None
        while not self._is_closing:
            if due_at and time.monotonic() >= due_at:
                self._checkpoint()
                due_at = None
            with suppress(Empty):
                job = self._jobs.get(timeout=max(0.0, due_at - time.monotonic()) if due_at else None)
                if self._is_moved:
                    self._let_go()
                if job:
                    self._answer(*job)
            if self._is_due and due_at is None:
                due_at = time.monotonic() + _CHECKPOINT_AFTER_S
        self._let_go()

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

        It is asked for again only by a commit after this has ended: SQLite before 3.51.3 could damage a file when two
        connections wrote and checkpointed at once, which takes a checkpoint that follows one with nothing new.
        """
        with suppress(Exception):  # it is tried again after the next commit; whoever commits tells what is wrong
            self._opened().checkpoint()
        self._is_due = False

    def _answer(self, query: Query, then: _Then) -> None:
        self._current = number = self._asked = self._asked + 1
        self._loop.call_from_thread(partial(self._watch, number))
        try:
            answer = self._opened().answer(query)
        except Exception:  # noqa: BLE001 - damaged, interrupted, gone: who asks is told that it cannot be told now
            answer = _FAILED
        self._current = 0
        self._loop.call_from_thread(partial(then, answer))

    def _watch(self, number: int) -> None:
        if self._current == number:
            self._loop.call_later(QUERY_WITHIN_S, partial(self._interrupt, number))

    def _interrupt(self, number: int) -> None:
        if self._current == number and (look_up := self._look_up):
            look_up.interrupt()
