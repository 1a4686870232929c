"""What waits to be written: for the end of the turn, or, where the disk is full, for as long as that takes."""

from __future__ import annotations

from collections.abc import Iterable

from lanchat.chat.state.history import Event
from lanchat.chat.state.ledger import Ledger
from lanchat.limits import MAX_UNWRITTEN, MAX_UNWRITTEN_BYTES, MAX_UNWRITTEN_BYTES_OF_ADDRESS


class _Own:
    """What waits of one author at one address: its ids, oldest first, and its bytes."""

    def __init__(self) -> None:
        self.ids: dict[int, None] = {}
        self.size = 0

    def add(self, row: Event) -> None:
        """Count a row in."""
        self.ids[row.id] = None
        self.size += row.size

    def remove(self, row: Event) -> None:
        """Count a row out."""
        del self.ids[row.id]
        self.size -= row.size


class Unwritten:
    """Rows, in their order. They are counted only once they have to wait: in most turns they do not.

    What is over the bounds goes, the oldest first: where an address has more than one may, of whoever there has most
    (several people may share an address, and what one says a lot of pushes nothing of the others out), else of all.
    """

    def __init__(self) -> None:
        self._rows: dict[int, tuple[str, Event]] = {}  # id → key, event
        self._of_address: dict[str, dict[str, _Own]] = {}  # address → author → theirs
        self._ledger = Ledger(MAX_UNWRITTEN_BYTES_OF_ADDRESS, MAX_UNWRITTEN_BYTES)
        self.is_waiting = False  # since when they are counted, too

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self) -> Iterable[tuple[str, Event]]:
        """Return all rows, each with its key."""
        return self._rows.values()

    def copy(self) -> list[tuple[str, Event]]:
        """Return all rows, for any thread."""
        return list(self._rows.copy().values())  # the copy is made at once: nothing can be added meanwhile

    def add(self, key: str, row: Event) -> None:
        """Take a row."""
        self._rows[row.id] = (key, row)
        if self.is_waiting:
            self._count(row)

    def wait(self) -> None:
        """Note that they could not be written now."""
        if not self.is_waiting:
            self.is_waiting = True
            for _, row in list(self._rows.values()):
                self._count(row)

    def clear(self) -> None:
        """They are written."""
        self._rows.clear()
        if self.is_waiting:
            self.is_waiting = False
            self._of_address.clear()
            self._ledger = Ledger(MAX_UNWRITTEN_BYTES_OF_ADDRESS, MAX_UNWRITTEN_BYTES)

    def _count(self, row: Event) -> None:
        self._of_address.setdefault(row.address, {}).setdefault(row.by, _Own()).add(row)
        self._ledger.add(row.address, row.size)
        while self._ledger.is_over(row.address):
            most = max(self._of_address[row.address].values(), key=lambda own: own.size)
            self._drop(next(iter(most.ids)))
        while len(self._rows) > MAX_UNWRITTEN or self._ledger.is_all_over():
            self._drop(next(iter(self._rows)))

    def _drop(self, number: int) -> None:
        _, row = self._rows.pop(number)
        authors = self._of_address.get(row.address, {})
        own = authors.get(row.by)
        if own and number in own.ids:  # else it was not counted yet
            own.remove(row)
            self._ledger.remove(row.address, row.size)
            if not own.ids:
                del authors[row.by]
            if not authors:
                del self._of_address[row.address]
