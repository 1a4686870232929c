"""Rooms of one name: which of them a person means, by what they joined before; where that does not tell, all are named.

Line 3 at 10.0.0.5, joined there yesterday     at once
Line 3 at 10.0.0.5, never joined               if no other answers within a moment
Line 3 at 10.0.0.5 and at 10.0.0.6             the one joined before, else the person is asked
"""

from collections.abc import Sequence

from lanchat.client.rooms.called import is_called, is_called_or_numbered
from lanchat.client.rooms.twins import twin_warnings
from lanchat.client.words.shell import join_command
from lanchat.discovery.addresses import with_port
from lanchat.discovery.rooms import FoundRoom, RememberedRoom
from lanchat.errors import UserError
from lanchat.protocol.names import fold
from lanchat.protocol.text import clean

MAX_LISTED = 10  # names in one sentence


class Namesakes:
    """The rooms that may be meant by a name."""

    def __init__(self, text: str, remembered: Sequence[RememberedRoom]) -> None:
        self._text = text
        self._remembered = [room for room in remembered if is_called_or_numbered(room.name, text)]
        self._rooms: dict[str, FoundRoom] = {}

    def answered(self, room: FoundRoom) -> bool:
        """Note a room; tell whether it may be meant. One that had to take a number is, where it was joined before."""
        is_meant = is_called(room.name, self._text)
        is_meant = is_meant or (self._was_here(room) and is_called_or_numbered(room.name, self._text))
        if is_meant:
            self._rooms[room.key] = room
        return is_meant

    def vanished(self, room: FoundRoom) -> None:
        """Forget a room."""
        self._rooms.pop(room.key, None)

    def _was_here(self, room: FoundRoom) -> bool:
        return any(room.port == one.port and room.addresses[0] in one.addresses for one in self._remembered)

    def _was_it(self, room: FoundRoom) -> bool:
        return any(room.id == one.id for one in self._remembered)

    @property
    def known(self) -> FoundRoom | None:
        """The room that was joined before, found where it was; None if it has not answered."""
        both = (room for room in self._rooms.values() if self._was_it(room) and self._was_here(room))
        return next(both, None)

    def meant(self) -> FoundRoom | None:
        """Return the room that is meant, or None if there is none. Raises UserError where several may be."""
        rooms = list(self._rooms.values())
        joined = [room for room in rooms if self._was_it(room) or self._was_here(room)]
        likely = joined if len(joined) == 1 else rooms
        if len(likely) > 1:
            raise UserError(self._several(rooms))
        return next(iter(likely), None)

    def _several(self, rooms: list[FoundRoom]) -> str:
        if warnings := twin_warnings(rooms):
            return " ".join(warnings)
        example = join_command(with_port(rooms[0].addresses[0], rooms[0].port))
        return f'"{clean(self._text)}" may be {listed(rooms, "or")}. Join one by its address, for example: {example}'


def listed(rooms: Sequence[FoundRoom], word: str) -> str:
    """Return the rooms' names in one phrase ("Line 3, Line 4 or Bridge"); those of one name with their addresses."""
    names = [fold(room.name) for room in rooms]
    texts = sorted(
        f"{room.name} ({with_port(room.addresses[0], room.port)})" if names.count(fold(room.name)) > 1 else room.name
        for room in rooms
    )
    if len(texts) > MAX_LISTED:
        texts = [*texts[:MAX_LISTED], f"{len(texts) - MAX_LISTED} more"]
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}" if len(texts) > 1 else texts[0]
