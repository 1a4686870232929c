"""Where a room may be: what somebody says, and the probe has to prove."""

from collections.abc import Iterable
from dataclasses import dataclass

from lanchat.discovery.rooms import FoundRoom


@dataclass(frozen=True, slots=True)
class Hint:
    """Where a room may be. `is_told`: somebody says so just now, so that its silence is reported."""

    addresses: tuple[str, ...]
    port: int
    room_id: str | None = None
    name: str = ""
    is_told: bool = False

    @property
    def place(self) -> tuple[str | None, tuple[str, ...], int]:
        """What two hints for the same room in the same place have in common."""
        return self.room_id, self.addresses, self.port

    @property
    def subject(self) -> str:
        """What the hint is about, wherever that may be."""
        return self.room_id or f"{self.addresses[0]} {self.port}"

    def is_where(self, rooms: Iterable[FoundRoom]) -> bool:
        """Tell whether it leads only to where rooms are known to be."""
        return {*self.addresses} <= {one for room in rooms if room.port == self.port for one in room.addresses}
