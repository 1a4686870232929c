"""Questions about what was said: handed over at the end of a turn, answered where waiting is allowed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from lanchat.chat.state.effects import Recall
from lanchat.chat.state.history import Answer, History, Query
from lanchat.chat.state.people import Session
from lanchat.server.net.loop import Loop

Look = Callable[[Query, Callable[[Answer], None]], None]


class Recalling:
    """Collects the questions of a turn. An answer is handed to `recalled` in a later turn, in the loop's thread.

    `look` looks up what the history does not know at once.
    """

    def __init__(
        self, loop: Loop, history: History, recalled: Callable[[Session, Answer], None], look: Look | None
    ) -> None:
        self._loop = loop
        self._history = history
        self._recalled = recalled
        self._look = look
        self._asked: list[Recall] = []

    def ask(self, effect: Recall) -> None:
        """Take a question, to be looked up once this turn is stored."""
        self._asked.append(effect)

    def hand_over(self) -> None:
        """Have the questions of this turn looked up."""
        asked, self._asked = self._asked, []
        for effect in asked:
            then = partial(self._recalled, effect.session)
            begun_s = time.thread_time()
            answer = self._history.answer(effect.query)
            if answer is None and self._look:
                self._look(effect.query, then)
            else:
                told = replace(answer or Answer(failure="MESSAGE_ERROR"), took_s=time.thread_time() - begun_s)
                self._loop.call_from_thread(partial(then, told))
