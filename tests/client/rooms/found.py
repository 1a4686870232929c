"""Rooms, and a finder whose network is a list of them."""

from collections.abc import AsyncGenerator
from typing import Self

from lanchat.discovery.find import Appeared, Finder, FindEvent, Silent
from lanchat.discovery.rooms import FoundRoom


def room(name: str, number: int = 1, *, members: int = 2, is_locked: bool = False, topic: str = "") -> FoundRoom:
    """Return a room. `number` makes its id and its address."""
    channel, addresses = "#" + name.replace(" ", "-"), (f"10.0.0.{number}",)
    return FoundRoom(f"{number:016x}", name, channel, topic, members, is_locked, "1", addresses, 8100, "77" * 8)


class Found(Finder):
    """A finder whose network is a list."""

    def __init__(self, *rooms: FoundRoom, is_on_network: bool = True) -> None:
        super().__init__()
        self._listed = list(rooms)
        self._has_network = is_on_network
        self.is_left = False
        self._quiet: list[Silent] = []

    def hears(self, *silent: Silent) -> Self:
        """Have these announced, and silent."""
        self._quiet += silent
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.is_left = True

    async def collect(self, timeout_s: float | None = None) -> AsyncGenerator[FindEvent, None]:
        for one in self._listed:
            yield Appeared(one)

    @property
    def silences(self) -> list[Silent]:
        return self._quiet

    @property
    def rooms(self) -> list[FoundRoom]:
        return self._listed

    @property
    def is_on_network(self) -> bool:
        return self._has_network


LINE_3, LINE_4, BRIDGE = room("Line 3", 1), room("Line 4", 2), room("Bridge", 3)
