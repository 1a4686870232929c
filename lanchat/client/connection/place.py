"""Where a room is, and who goes there: all that a connection needs to know."""

import base64
import hmac
from dataclasses import dataclass, replace
from typing import Self

from lanchat.discovery.addresses import with_port
from lanchat.discovery.rooms import FoundRoom
from lanchat.protocol.names import fold


@dataclass(frozen=True, slots=True)
class Place:
    """A room and the way to it. `addresses`: numeric, the best one first.

    `room_id`: finds it again wherever it moves; `host_id`: shared by all rooms of its host, and by
    those of a copy of its data. `run`: new at each start of the host.
    """

    addresses: tuple[str, ...]
    port: int
    channel: str
    title: str
    room_id: str = ""
    host_id: str = ""
    run: str = ""

    @classmethod
    def of_room(cls, room: FoundRoom) -> Self:
        """Return the place of a room that was found."""
        return cls(room.addresses, room.port, room.channel, room.name, room.id, room.host_id, room.run)

    @property
    def where(self) -> str:
        """The first address and the port, as people write them."""
        return with_port(self.addresses[0] if self.addresses else "?", self.port)

    def holds(self, room: FoundRoom) -> bool:
        """Tell whether a room answered at this very place."""
        return room.port == self.port and room.addresses[:1] != () and room.addresses[0] in self.addresses

    def is_host_of(self, room: FoundRoom) -> bool:
        """Tell whether a room is one of this host, by whichever of its addresses."""
        return room.port == self.port and not set(room.addresses).isdisjoint(self.addresses)

    def moved_to(self, room: FoundRoom) -> Self:
        """Return the same room where it was found now. Its old addresses come last: they may work again."""
        addresses = tuple(dict.fromkeys([*room.addresses, *(self.addresses if room.port == self.port else ())]))
        return replace(self, addresses=addresses[:8], port=room.port, run=room.run)

    def replaced_by(self, room: FoundRoom) -> Self:
        """Return the place of another room that is here now, under the title that this person knows."""
        return replace(self.of_room(room), title=self.title)


@dataclass(frozen=True, slots=True)
class Person:
    """Who goes there. `nick`: valid on the wire; `secret`: proves on that host that the nick is this person's.

    `known`: the names that this host took from us before, the first one first: it has to prove that it knows them.
    """

    nick: str
    password: str = ""
    secret: str = ""
    real_name: str = ""
    known: tuple[str, ...] = ()

    def knows(self, name: str) -> bool:
        """Tell whether the host knows us by a name."""
        return fold(name) in map(fold, self.known)

    def secret_of(self, name: str) -> str:
        """Return what proves a name: the secret itself for the first one, one made from it for each other.

        So whoever was shown the secret of one name (PLAIN, at its first use) cannot prove another.
        """
        if not self.known or fold(name) == fold(self.known[0]):
            return self.secret
        made = hmac.digest(self.secret.encode(), fold(name).encode(), "sha256")
        return base64.urlsafe_b64encode(made).decode().rstrip("=")
