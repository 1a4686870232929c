"""People whose phone sleeps: members without a session, for some minutes. Times are UNIX seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lanchat.chat.state.people import User


@dataclass(frozen=True, slots=True)
class Nap:
    """Since when somebody sleeps, from which address, and when they were last heard."""

    since: float
    heard_at: float
    address: str


class Sleepers:
    """Who sleeps, the longest first."""

    def __init__(self) -> None:
        self._naps: dict[User, Nap] = {}

    def __len__(self) -> int:
        return len(self._naps)

    def add(self, user: User, nap: Nap) -> None:
        """Take note that somebody sleeps now."""
        self._naps[user] = nap

    def wake(self, user: User) -> Nap | None:
        """Take note that somebody sleeps no more, for whatever reason; return how they slept, None if they did not."""
        return self._naps.pop(user, None)

    def nap_of(self, user: User) -> Nap | None:
        """Return how somebody sleeps, None if they do not."""
        return self._naps.get(user)

    def asleep(self) -> Iterator[tuple[User, Nap]]:
        """Return all who sleep, the longest first; they may wake meanwhile."""
        return iter(list(self._naps.items()))

    def longest(self) -> User | None:
        """Return who has slept longest."""
        return next(iter(self._naps), None)

    def of_address(self, address: str) -> list[User]:
        """Return who sleeps that came from an address, the longest first."""
        return [user for user, nap in self._naps.items() if nap.address == address]
