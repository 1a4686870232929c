"""Ids and times of what is kept: both grow, and each msgid says where it stands.

A message's id is a number that grows with every message of the host, over restarts too. Its msgid is the name of the
run of the host and a count, "run-1f": so no table from one to the other is needed, only where each run began.

An example: a run "ab" begins at id 1,000. Its messages are ab-0, ab-1 … with the ids 1,000, 1,001 … Each is said to be
at least a millisecond after the one before, so that a time finds one place. At ab-7 somebody sets the host's clock back
by an hour. From then on there are two eras of the run, the second from id 1,007 on; ids and msgids go on as before.
A time between is looked for in the second, as the newest that may hold it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

MAX_ID = 2**62  # beyond all that is ever given; SQLite takes twice that
_SET_BACK_MS = 2_000  # a clock that goes back by less is waited for
_AHEAD_MS = 1_000  # as far as times may run ahead of the clock; then several messages share one
_MAX_COUNT_DIGITS = 12


class Era(NamedTuple):
    """A time in which the clock only went on: its first id, the run of the host, when it began (UNIX milliseconds)."""

    base: int
    run: str
    at: int


class Stamp(NamedTuple):
    """What makes a message one of its own: its id, msgid and time (UNIX milliseconds)."""

    id: int
    msgid: str
    at: int


class Eras:
    """Gives stamps, and finds places by msgid and by time. `first_id` is above all that were ever given."""

    def __init__(self, kept: Iterable[Era], run: str, first_id: int) -> None:
        self._eras = list(kept)
        self._begun: dict[str, int] = {}  # run → its first id
        for era in self._eras:
            self._begun.setdefault(era.run, era.base)
        self._run = run
        self._begun[run] = first_id
        self._next = first_id
        self._last_at = 0
        self._is_begun = False
        self.fresh: list[Era] = []  # to be written down by whoever keeps them

    @property
    def last_id(self) -> int:
        """The last id that was given."""
        return self._next - 1

    def stamp(self, now: float) -> Stamp:
        """Return the stamp of the next message, said now (UNIX seconds)."""
        at = round(now * 1000)
        if not self._is_begun or at < self._last_at - _SET_BACK_MS:
            self._begin(at)
        elif self._last_at - at >= _AHEAD_MS:
            at = self._last_at
        else:
            at = max(at, self._last_at + 1)
        self._last_at = at
        number = self.further_id()
        return Stamp(number, f"{self._run}-{number - self._begun[self._run]:x}", at)

    def _begin(self, at: int) -> None:
        self._is_begun = True
        era = Era(self._next, self._run, at)
        self._eras.append(era)
        self.fresh.append(era)

    def begun_before(self, at: int) -> list[tuple[Era, int]]:
        """Return the eras that began before a time (UNIX milliseconds), each with the first id of the next one."""
        return [(era, end) for era, (_, _, end) in zip(self._eras, self.spans(), strict=True) if era.at < at]

    def forget(self, era: Era) -> bool:
        """Forget an era of which nothing is kept; tell whether it was one of an earlier run. This run's are needed."""
        is_past = era.run != self._run
        if is_past:
            self._eras.remove(era)
            if not any(other.run == era.run for other in self._eras):
                del self._begun[era.run]
        return is_past

    def begin_anew(self) -> None:
        """Have all that is known written down again: what it was written in is lost."""
        self.fresh[:] = self._eras

    def further_id(self) -> int:
        """Return an id for one more row of what was stamped last: people quit several channels at once."""
        self._next += 1
        return self._next - 1

    def id_of(self, msgid: str) -> int | None:
        """Return the id that a msgid of this host has, None for others."""
        run, _, count = msgid.rpartition("-")
        base = self._begun.get(run)
        if base is None or len(count) > _MAX_COUNT_DIGITS or not count.isalnum() or count != count.lower():
            return None
        try:
            number = base + int(count, 16)
        except ValueError:
            return None
        return number if self._run_of(number) == run else None

    def msgid_of(self, number: int) -> str:
        """Return the msgid of an id."""
        run = self._run_of(number)
        return f"{run}-{number - self._begun[run]:x}"

    def _run_of(self, number: int) -> str:
        return next((era.run for era in reversed(self._eras) if era.base <= number), self._run)

    def spans(self) -> list[tuple[int, int, int]]:
        """Return all eras in order: when each began (UNIX milliseconds), its first id, and that of the next."""
        eras = list(self._eras)
        ends = [*(era.base for era in eras[1:]), MAX_ID]
        return [(era.at, era.base, end) for era, end in zip(eras, ends, strict=False)]

    def span(self, at: int) -> tuple[int, int]:
        """Return the first id of the newest era that had begun at a time (UNIX milliseconds), and that of the next."""
        end = MAX_ID
        for era in reversed(self._eras):
            if era.at <= at:
                return era.base, end
            end = era.base
        return 0, end
