"""The rooms found so far: what each last said, and the addresses it answered on. No socket, no clock."""

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from lanchat.discovery.addresses import MAX_ADDRESSES, Adapter, best_first
from lanchat.discovery.events import Appeared, Changed, Vanished
from lanchat.discovery.rooms import FoundRoom

MAX_ROOMS = 512  # more fit no screen; announcing so many is an attack
FAILURES_TO_HIDE = 2

RosterEvent = Appeared | Changed | Vanished


@dataclass(slots=True)
class _Entry:
    room: FoundRoom
    proved: set[str] = field(default_factory=set)  # addresses that carried the room's id
    failures: int = 0


class Roster:
    """Rooms by id. Its methods return what changed, as events."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    @property
    def rooms(self) -> list[FoundRoom]:
        """The rooms, those found first in front."""
        return [entry.room for entry in self._entries.values()]

    def get(self, room_id: str) -> FoundRoom | None:
        """Return the room as it last answered, or None if it is not known."""
        entry = self._entries.get(room_id)
        return entry.room if entry else None

    def has_proved(self, address: str, port: int) -> bool:
        """Tell whether a room answered at this very place."""
        return any(entry.room.port == port and address in entry.proved for entry in self._entries.values())

    def answered(
        self, rooms: Iterable[FoundRoom], adapters: Sequence[Adapter], *, keep: Collection[str] = ()
    ) -> list[RosterEvent]:
        """Note the answer of one host. The first address of each room is the one that answered.

        `keep`: addresses that still count if a room answered there before; all others are taken for outdated.
        """
        events = (self._take_in(room, adapters, keep) for room in rooms)
        return [event for event in events if event is not None]

    def _take_in(self, said: FoundRoom, adapters: Sequence[Adapter], keep: Collection[str]) -> RosterEvent | None:
        answering = said.addresses[0]
        entry = self._entries.get(said.id)
        if entry is None or entry.room.port != said.port:
            proved, told = {answering}, said.addresses
        else:
            proved, told = (entry.proved & {*keep}) | {answering}, (*said.addresses, *entry.room.addresses)
        room = dataclasses.replace(said, addresses=_ordered(proved, told, adapters))
        if entry is None:
            if len(self._entries) >= MAX_ROOMS:
                return None
            self._entries[said.id] = _Entry(room, proved)
            return Appeared(room)
        before, entry.room, entry.proved, entry.failures = entry.room, room, proved, 0
        return None if before == room else Changed(room)

    def failed(self, room_id: str, *, is_certain: bool = False) -> list[RosterEvent]:
        """Note that a room did not answer. It vanishes the second time, or at once if it is certain that it left."""
        entry = self._entries.get(room_id)
        if entry is None:
            return []
        entry.failures += 1
        if entry.failures < FAILURES_TO_HIDE and not is_certain:
            return []
        del self._entries[room_id]
        return [Vanished(entry.room)]


def _ordered(proved: Collection[str], told: Iterable[str], adapters: Sequence[Adapter]) -> tuple[str, ...]:
    first = best_first(sorted(proved), adapters)
    rest = best_first((address for address in told if address not in proved), adapters)
    return (*first, *rest)[:MAX_ADDRESSES]
