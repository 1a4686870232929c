"""Names that stand in tables of their own, and the numbers that stand for them elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_MAX_NAMES = 5_000  # of senders and conversations whose numbers are in memory
_Name = TypeVar("_Name")


class Names(dict[_Name, int]):
    """Numbers of what stands in a table of its own. New ones wait for the commit, and are dropped should it fail."""

    def __init__(self, find: Callable[[_Name], int | None], next_number: int) -> None:
        super().__init__()
        self._find = find
        self._next = next_number
        self.fresh: list[_Name] = []

    def __missing__(self, name: _Name) -> int:
        number = self._find(name)
        if number is None:
            number, self._next = self._next, self._next + 1
            self.fresh.append(name)
        self[name] = number
        return number

    def written(self) -> None:
        """The new ones are in the file now."""
        self.fresh.clear()
        if len(self) > _MAX_NAMES:
            self.clear()

    def unwritten(self) -> None:
        """They are not."""
        for name in self.fresh:
            del self[name]
        self.fresh.clear()
