"""Rooms of one id at several places: a copied data folder, or somebody who pretends to be the room."""

from collections.abc import Iterable

from lanchat.discovery.addresses import with_port
from lanchat.discovery.rooms import FoundRoom


def twin_warnings(rooms: Iterable[FoundRoom]) -> list[str]:
    """Return a sentence for each id that several rooms have."""
    by_id: dict[str, list[FoundRoom]] = {}
    for room in rooms:
        by_id.setdefault(room.id, []).append(room)
    return [_warning(twins) for twins in by_id.values() if len(twins) > 1]


def _warning(twins: list[FoundRoom]) -> str:
    places = " and ".join(with_port(room.addresses[0], room.port) for room in twins)
    return (
        f"{twins[0].name} answers at {places} under one id: a host whose data was copied, or somebody who pretends "
        "to be it. Ask the person at the host for its address, and join by that."
    )
