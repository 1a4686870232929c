"""What waits to be written: for the end of the turn, or, where the disk is full, for as long as that takes."""

from __future__ import annotations

from collections.abc import Iterable

from lanchat.chat.state.history import Event
from lanchat.chat.state.ledger import Ledger
from lanchat.limits import MAX_UNWRITTEN, MAX_UNWRITTEN_BYTES, MAX_UNWRITTEN_BYTES_OF_ADDRESS


class Unwritten:
    """Rows, in their order. They are counted only once they have to wait: in most turns they do not.

    What is over the bounds goes, the oldest first: of an address where it has more than one may, else of all.
    """

    def __init__(self) -> None:
        self._rows: dict[int, tuple[str, Event]] = {}  # id → key, event
        self._of_address: dict[str, dict[int, None]] = {}
        self._ledger = Ledger(MAX_UNWRITTEN_BYTES_OF_ADDRESS, MAX_UNWRITTEN_BYTES)
        self._is_counted = False

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self) -> Iterable[tuple[str, Event]]:
        """Return all rows, each with its key."""
        return self._rows.values()

    def add(self, key: str, row: Event) -> None:
        """Take a row."""
        self._rows[row.id] = (key, row)
        if self._is_counted:
            self._count(row)

    def wait(self) -> None:
        """Note that they could not be written now."""
        if not self._is_counted:
            self._is_counted = True
            for _, row in list(self._rows.values()):
                self._count(row)

    def clear(self) -> None:
        """They are written."""
        self._rows.clear()
        if self._is_counted:
            self._is_counted = False
            self._of_address.clear()
            self._ledger = Ledger(MAX_UNWRITTEN_BYTES_OF_ADDRESS, MAX_UNWRITTEN_BYTES)

    def _count(self, row: Event) -> None:
        self._of_address.setdefault(row.address, {})[row.id] = None
        self._ledger.add(row.address, row.size)
        while self._ledger.is_over(row.address):
            self._drop(next(iter(self._of_address[row.address])))
        while len(self._rows) > MAX_UNWRITTEN or self._ledger.is_all_over():
            self._drop(next(iter(self._rows)))

    def _drop(self, number: int) -> None:
        _, row = self._rows.pop(number)
        own = self._of_address.get(row.address, {})
        if number in own:  # else it was not counted yet
            del own[number]
            self._ledger.remove(row.address, row.size)
        if not own:
            self._of_address.pop(row.address, None)
