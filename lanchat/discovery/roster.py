"""The rooms found so far: what each last said, and the addresses it answered on. No socket, no clock."""

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from lanchat.discovery.addresses import MAX_ADDRESSES, Adapter, best_first
from lanchat.discovery.events import Appeared, Changed, Crowded, Vanished
from lanchat.discovery.rooms import FoundRoom

MAX_ROOMS = 512  # more fit no screen; announcing so many is an attack
MAX_LEFT_OUT = 2_048  # that are counted
FAILURES_TO_HIDE = 2

RosterEvent = Appeared | Changed | Vanished | Crowded


@dataclass(slots=True)
class _Entry:
    room: FoundRoom
    proved: set[str] = field(default_factory=set)  # addresses that carried the room's id
    failures: int = 0


class Roster:
    """Rooms by their keys. Its methods return what changed, as events."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._left_out: set[str] = set()

    @property
    def rooms(self) -> list[FoundRoom]:
        """The rooms, those found first in front."""
        return [entry.room for entry in self._entries.values()]

    @property
    def left_out(self) -> int:
        """How many rooms answered that are not kept, as there are too many."""
        return len(self._left_out - self._entries.keys())

    def get(self, room_id: str) -> FoundRoom | None:
        """Return a room of this id as it last answered, or None if there is none."""
        return next(iter(self.all_of(room_id)), None)

    def all_of(self, room_id: str) -> list[FoundRoom]:
        """Return the rooms of this id: one, or several where an id was copied."""
        return [entry.room for entry in self._entries.values() if entry.room.id == room_id]

    def has_proved(self, address: str, port: int) -> bool:
        """Tell whether a room answered at this very place."""
        return any(entry.room.port == port and address in entry.proved for entry in self._entries.values())

    def answered(
        self, rooms: Iterable[FoundRoom], adapters: Sequence[Adapter], *, keep: Collection[str] = ()
    ) -> list[RosterEvent]:
        """Note the answer of one host. The first address of each room is the one that answered.

        `keep`: addresses that still count if a room answered there before; all others are taken for outdated.
        """
        return [event for room in rooms for event in (*self._replace(room), *self._take_in(room, adapters, keep))]

    def _replace(self, said: FoundRoom) -> list[RosterEvent]:
        """Let the room go that answered at this very place before: its host was started anew."""
        others = [entry for entry in self._others(said) if said.addresses[0] in entry.proved]
        for entry in others:
            del self._entries[entry.room.key]
        return [Vanished(entry.room) for entry in others]

    def _others(self, said: FoundRoom) -> list[_Entry]:
        """Return what else has this room's id, at the same port."""
        entries = [entry for entry in self._entries.values() if entry.room.id == said.id]
        return [entry for entry in entries if entry.room.port == said.port and entry.room.key != said.key]

    def _take_in(self, said: FoundRoom, adapters: Sequence[Adapter], keep: Collection[str]) -> list[RosterEvent]:
        answering = said.addresses[0]
        entry = self._entries.get(said.key)
        if entry is None or entry.room.port != said.port:
            proved, told = {answering}, said.addresses
        else:
            proved, told = (entry.proved & {*keep}) | {answering}, (*said.addresses, *entry.room.addresses)
        theirs = {address for other in self._others(said) for address in other.proved}
        told = tuple(address for address in told if address not in theirs)
        room = dataclasses.replace(said, addresses=_ordered(proved, told, adapters))
        if entry is None:
            return self._add(room, proved)
        before, entry.room, entry.proved, entry.failures = entry.room, room, proved, 0
        return [] if before == room else [Changed(room)]

    def _add(self, room: FoundRoom, proved: set[str]) -> list[RosterEvent]:
        if len(self._entries) >= MAX_ROOMS:
            return self._leave_out(room)
        corrected = [event for other in self._others(room) for event in _without(other, proved)]
        self._entries[room.key] = _Entry(room, proved)
        return [*corrected, Appeared(room)]

    def _leave_out(self, room: FoundRoom) -> list[RosterEvent]:
        if room.key in self._left_out or len(self._left_out) >= MAX_LEFT_OUT:
            return []
        self._left_out.add(room.key)
        return [Crowded(self.left_out)]

    def failed(self, key: str, *, is_certain: bool = False) -> list[RosterEvent]:
        """Note that a room did not answer. It vanishes the second time, or at once if it is certain that it left."""
        entry = self._entries.get(key)
        if entry is None:
            return []
        entry.failures += 1
        if entry.failures < FAILURES_TO_HIDE and not is_certain:
            return []
        del self._entries[key]
        return [Vanished(entry.room)]


def _without(entry: _Entry, addresses: Collection[str]) -> list[RosterEvent]:
    """Take addresses from a room that another one answers at."""
    left = tuple(address for address in entry.room.addresses if address not in addresses)
    if left == entry.room.addresses:
        return []
    entry.room = dataclasses.replace(entry.room, addresses=left)
    return [Changed(entry.room)]


def _ordered(proved: Collection[str], told: Iterable[str], adapters: Sequence[Adapter]) -> tuple[str, ...]:
    first = best_first(sorted(proved), adapters)
    rest = best_first((address for address in told if address not in proved), adapters)
    return (*first, *rest)[:MAX_ADDRESSES]
