"""Rooms as plain values: to announce, found, and remembered."""

import re
from dataclasses import dataclass, field

_ROOM_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class FoundRoom:
    """A room that answered for itself.

    `id` is 16 lower-case hex digits. Two rooms of one id are a copy or an impostor: `run`, new at each start of a host,
    tells them apart, and `up_s`, the seconds since then (None: not told), which of them came later.
    All texts are cleaned.
    `addresses` holds numeric addresses, those that answered first; `members` counts people, not connections.
    `host_id` is what all rooms of one host share, wherever that is: the key under which a secret for it is kept.
    """

    id: str
    name: str
    channel: str
    topic: str
    members: int
    is_password_needed: bool
    version: str
    addresses: tuple[str, ...]
    port: int
    host_id: str = ""
    run: str = ""
    up_s: float | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """What tells this room from all others, also from one that answers elsewhere under the same id."""
        return f"{self.id} {self.run}"


@dataclass(frozen=True, slots=True)
class Advertisement:
    """A room to announce. `room_id`: 16 hex digits; `channel`: with its "#"; `version`: the program's.

    `path`: where browsers find it, at its port.
    """

    room_id: str
    name: str
    channel: str
    port: int
    is_password_needed: bool
    version: str
    path: str = "/"


@dataclass(frozen=True, slots=True)
class RememberedRoom:
    """A room joined before, and where it was: it can be found again where no announcement arrives.

    `last_joined` is in seconds since 1970, UTC.
    """

    id: str
    name: str
    addresses: tuple[str, ...]
    port: int
    last_joined: float = 0.0


def is_room_id(text: object) -> bool:
    """Tell whether something is a room's id: 16 lower-case hex digits."""
    return isinstance(text, str) and _ROOM_ID.fullmatch(text) is not None
