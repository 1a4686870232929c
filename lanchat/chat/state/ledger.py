"""How many bytes are held for whom: of each address, and of all together."""

from __future__ import annotations

_STRING_BYTES = 60  # of a string without its characters; CPython, "Flexible String Representation", PEP 393


def text_bytes(text: str) -> int:
    """Return at most how many bytes a text takes: where one character is no ASCII, each may take four."""
    return _STRING_BYTES + len(text) * (1 if text.isascii() else 4)


class Ledger:
    """Counts bytes by address against two bounds, both included."""

    def __init__(self, of_one: int, of_all: int) -> None:
        self._of_one = of_one
        self._of_all = of_all
        self._held: dict[str, int] = {}
        self.total = 0

    def held(self, address: str) -> int:
        """Return what is held for an address."""
        return self._held.get(address, 0)

    def add(self, address: str, size: int) -> None:
        """Count bytes in."""
        self._held[address] = self.held(address) + size
        self.total += size

    def remove(self, address: str, size: int) -> None:
        """Count bytes out that were counted in."""
        self.total -= size
        self._held[address] -= size
        if not self._held[address]:
            del self._held[address]

    def is_over(self, address: str, more: int = 0) -> bool:
        """Tell whether an address holds more than it may, or would with some more."""
        return self.held(address) + more > self._of_one

    def is_all_over(self, more: int = 0) -> bool:
        """Tell whether all hold more than they may, or would with some more."""
        return self.total + more > self._of_all
