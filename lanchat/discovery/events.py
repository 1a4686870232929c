"""The events of a search for rooms."""

from dataclasses import dataclass

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
class Silent:
    """A room that was announced, or an address typed by hand, does not answer.

    `name`: of the room, or the host as typed. `reason` ends the sentence "10.0.0.5:8100 …".
    """

    name: str
    address: str
    port: int
    reason: str


FindEvent = Appeared | Changed | Vanished | Scanned | Silent
