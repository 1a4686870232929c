"""The rooms that a host lists (LIST), as rooms to choose from: those that its members opened are announced nowhere."""

from collections.abc import Iterable

from lanchat.client.connection.place import Place
from lanchat.client.state.changes import ListedRoom
from lanchat.discovery.rooms import FoundRoom
from lanchat.protocol.names import fold


def as_found(place: Place, rooms: Iterable[ListedRoom]) -> list[FoundRoom]:
    """Return the rooms of the host at a place."""
    return [_found(place, room) for room in rooms]


def _found(place: Place, room: ListedRoom) -> FoundRoom:
    return FoundRoom(
        id=f"listed {fold(room.channel)}",
        name=room.title,
        channel=room.channel,
        topic=room.topic,
        members=room.members,
        is_password_needed=False,
        version="",
        addresses=place.addresses,
        port=place.port,
        host_id=place.host_id,
    )


def without_twice(found: Iterable[FoundRoom], listed: Iterable[FoundRoom]) -> list[FoundRoom]:
    """Return all of them, but for those listed that were found as well: what is announced tells more."""
    rooms = list(found)
    known = {(fold(room.channel), room.port, address) for room in rooms for address in room.addresses}
    return rooms + [one for one in listed if known.isdisjoint((fold(one.channel), one.port, a) for a in one.addresses)]
