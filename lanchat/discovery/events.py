"""The events of a search for rooms."""

from dataclasses import dataclass
from enum import Enum, auto

from lanchat.discovery.rooms import FoundRoom


@dataclass(frozen=True, slots=True)
class Appeared:
    """A room answered for the first time, or again after it had vanished."""

    room: FoundRoom


@dataclass(frozen=True, slots=True)
class Changed:
    """A room answered, and people, topic, name or addresses differ from before."""

    room: FoundRoom


@dataclass(frozen=True, slots=True)
class Vanished:
    """A room no longer answers. `room` is what it last said."""

    room: FoundRoom


@dataclass(frozen=True, slots=True)
class Scanned:
    """The progress of a scan: addresses asked, and all there are."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Crowded:
    """More rooms answer than are listed: so many are left out by now."""

    left_out: int


class Why(Enum):
    """Why no room answered. What a person can do about it depends on this."""

    REFUSED = auto()  # nothing listens there
    TIMEOUT = auto()  # packets are dropped, or the machine sleeps
    UNREACHABLE = auto()  # no way there, or a firewall that says so
    NO_ROOM = auto()  # something else answers there
    ANOTHER_ROOM = auto()  # a room answers, and it is not this one
    NO_ADDRESS = auto()  # none that anybody can connect to
    NOT_TRIED = auto()  # an announcement that is not believed: `lanchat.discovery.belief`
    UNKNOWN_NAME = auto()  # no such host name


@dataclass(frozen=True, slots=True)
class Silent:
    """A room that was announced, or an address typed by hand, does not answer.

    `name`: of the room, or the host as typed. `reason` ends the sentence "10.0.0.5:8100 …". `is_near`: the address is
    in a subnet of this machine.
    """

    name: str
    address: str
    port: int
    reason: str
    why: Why
    is_near: bool = False


FindEvent = Appeared | Changed | Vanished | Crowded | Scanned | Silent
