"""Where a room is, and who goes there: all that a connection needs to know."""

from dataclasses import dataclass, replace
from typing import Self

from lanchat.discovery.rooms import FoundRoom


@dataclass(frozen=True, slots=True)
class Place:
    """A room and the way to it. `addresses`: numeric, the best one first.

    `room_id` is what it is found again by; `host_id` is shared by all rooms of its host.
    """

    addresses: tuple[str, ...]
    port: int
    channel: str
    title: str
    room_id: str = ""
    host_id: str = ""

    @classmethod
    def of(cls, room: FoundRoom) -> Self:
        """Return the place of a room that was found."""
        return cls(room.addresses, room.port, room.channel, room.name, room.id, room.host_id)

    @property
    def where(self) -> str:
        """The first address and the port, as people write them."""
        address = self.addresses[0] if self.addresses else "?"
        return f"[{address}]:{self.port}" if ":" in address else f"{address}:{self.port}"

    def moved_to(self, room: FoundRoom) -> Self:
        """Return the same room at the address where it was found now; old addresses are still worth a try."""
        addresses = tuple(dict.fromkeys([*room.addresses, *(self.addresses if room.port == self.port else ())]))
        return replace(self, addresses=addresses[:8], port=room.port)


@dataclass(frozen=True, slots=True)
class Person:
    """Who goes there. `nick`: valid on the wire; `secret`: what makes the nick this person's on that host."""

    nick: str
    password: str = ""
    secret: str = ""
    real_name: str = ""
