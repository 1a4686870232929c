"""What was said goes into the store at the end of each turn; what to do, and whom to tell, where that fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from lanchat.chat.state.stamps import timestamp
from lanchat.server.peers import Warn
from lanchat.server.removing import Removing
from lanchat.server.work.history_thread import HistoryThread
from lanchat.store.history import StoredHistory
from lanchat.store.history_trouble import Trouble

_LONGEST_WAIT_S = 60.0  # between two attempts to write, each after twice the time of the one before
_KEPT_AGAIN = "What is said is kept again."


class Storing(Protocol):
    """What the server has done at the ends of turns, on each tick and at the end."""

    def finish_turn(self) -> None:
        """Write what was recorded in this turn, before anybody is told."""

    def tick(self) -> None:
        """Look after what cannot be written."""

    def close(self) -> None:
        """Write what is left, and let go of everything."""


class Nowhere:
    """Nothing is stored: a host that keeps what was said in memory."""

    def finish_turn(self) -> None:
        """Nothing to do."""

    def tick(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""


class InFile:
    """A file that a turn is written to.

    `tell` lets everybody in the rooms know something; `clock`: UNIX seconds; `later` has the loop call something.
    """

    def __init__(
        self,
        history: StoredHistory,
        thread: HistoryThread,
        warn: Warn,
        tell: Callable[[str], None],
        clock: Callable[[], float],
        later: Callable[[float, Callable[[], None]], object],
        forget_reader: Callable[[str], None],
        retention_s: float,
    ) -> None:
        self._removing = Removing(history, thread, later, forget_reader)
        self._retention_s = retention_s
        self._history = history
        self._thread = thread
        self._warn = warn
        self._tell = tell
        self._clock = clock
        self._wait_s = 0.0  # 0: all is well
        self._next_at = 0.0

    def finish_turn(self) -> None:
        """Write what was recorded in this turn."""
        if self._history.has_unwritten and not self._wait_s:
            self._write()

    def tick(self) -> None:
        """Try again what could not be written; look whether the file is still there."""
        if self._wait_s:
            if self._clock() >= self._next_at:
                self._write()
        elif not self._history.is_sound:
            self._replace()
        elif self._history.expire(max(0.0, self._clock() - self._retention_s)):
            self._thread.committed()
        self._history.beat(self._clock())
        self._removing.tick()

    def _write(self) -> None:
        trouble = self._history.commit()
        if trouble is Trouble.DAMAGED:
            self._replace()
        elif trouble:
            self._wait(trouble)
        else:
            self._written()

    def _replace(self) -> None:
        """Begin a new file beside one that is damaged, or in the place of one that is gone."""
        day, time = timestamp(self._clock())[:10], timestamp(self._clock())[11:19].replace(":", "")
        self._thread.reopen()
        try:
            aside: Path | None = self._history.begin_anew(f"{day}-{time}")
        except Exception as error:  # noqa: BLE001 - no file, a full disk, no rights: the room goes on in memory
            self._wait(Trouble.UNWRITABLE, f" ({error})")
            return
        self._thread.reopen()  # a question may have come between
        rest = f"The damaged file is now {aside}." if aside and aside.exists() else "It had been deleted."
        self._warn(f"The history of this host was lost or damaged; a new one was begun. {rest}")
        self._tell("What was said before is no longer kept: the host's file of it was damaged, and a new one is begun.")
        trouble = self._history.commit()
        if trouble:
            self._wait(trouble)
        else:
            self._written()

    def _written(self) -> None:
        self._thread.committed()
        self._be_well()

    def _wait(self, trouble: Trouble, more: str = "") -> None:
        """Let what was said wait in memory; it is told once."""
        if not self._wait_s:
            text = f"What is said now is kept only as long as the host runs: its disk {trouble.value}"
            self._tell(f"{text}.")
            self._warn(f"{text}{more}. Make room in {self._history.path.parent}, or host with another --data-dir.")
        self._wait_s = min(_LONGEST_WAIT_S, self._wait_s * 2 or 1.0)
        self._next_at = self._clock() + self._wait_s

    def _be_well(self) -> None:
        if self._wait_s:
            self._wait_s = 0.0
            self._tell(_KEPT_AGAIN)
            self._warn(_KEPT_AGAIN)

    def close(self) -> None:
        """Write what is left, and let go of the file."""
        self._thread.close()
        self._history.close()
