"""What outlives a conversation: name, bell, rooms, and the secrets that prove which names are ours."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from lanchat.client.connection.place import Place
from lanchat.client.rooms.called import is_called
from lanchat.config import SavedSettings, save_settings
from lanchat.discovery.rooms import FoundRoom, RememberedRoom
from lanchat.errors import UserError


class Memory(Protocol):
    """Where a conversation keeps what the next one needs."""

    def keep_nick(self, nick: str) -> None:
        """Keep the name this person chose."""

    def keep_bell(self, *, is_on: bool) -> None:
        """Keep whether the bell rings."""

    def secret_for(self, place: Place) -> str:
        """Return this person's secret on the host of a room, or "" for none."""

    def names_at(self, place: Place) -> tuple[str, ...]:
        """Return the names of this person that the host of a room knows, the first one first."""

    def keep_name(self, place: Place, name: str) -> None:
        """Keep that the host of a room knows this person by a name."""


class NoMemory:
    """Keeps nothing."""

    def keep_nick(self, nick: str) -> None:
        """Forget it."""

    def keep_bell(self, *, is_on: bool) -> None:
        """Forget it."""

    def secret_for(self, place: Place) -> str:  # noqa: ARG002 - it is the same for every place
        """Return none."""
        return ""

    def names_at(self, place: Place) -> tuple[str, ...]:  # noqa: ARG002 - as above
        """Return none."""
        return ()

    def keep_name(self, place: Place, name: str) -> None:
        """Forget it."""


def _is_at(room: RememberedRoom, place: Place) -> bool:
    """Tell whether a remembered room is the one of a place, or the one whose place a new room has taken."""
    has_same_place = room.port == place.port and not set(room.addresses).isdisjoint(place.addresses)
    return room.id == place.room_id or (has_same_place and is_called(room.name, place.title))


class SettingsMemory:
    """Keeps it in the settings file. Where that cannot be saved, `tell` gets one sentence about it, once.

    `is_new_to_host`: be somebody new to the host that is joined, which let go of the names it knew.
    """

    def __init__(self, settings: SavedSettings, tell: Callable[[str], None], *, is_new_to_host: bool = False) -> None:
        self.settings = settings
        self._is_new_to_host = is_new_to_host  # to the first one only: the one that was asked for
        self._tell = tell
        self._has_told = False

    def keep_nick(self, nick: str) -> None:
        """Keep the name this person chose."""
        self.settings.nick = nick
        self._save()

    def keep_bell(self, *, is_on: bool) -> None:
        """Keep whether the bell rings."""
        self.settings.is_bell_on = is_on
        self._save()

    def keep_room(self, room: FoundRoom, nick: str) -> None:
        """Keep a room that let this person in, and the name wanted there."""
        self.settings.nick = nick
        self.settings.remember(RememberedRoom(room.id, room.name, room.addresses, room.port, time.time()))
        self._save()

    def keep_place(self, place: Place) -> None:
        """Keep the new address of a remembered room."""
        old = next((room for room in self.settings.rooms if _is_at(room, place)), None)
        if old is not None and (old.id, old.addresses, old.port) != (place.room_id, place.addresses, place.port):
            self.settings.remember(replace(old, id=place.room_id, addresses=place.addresses, port=place.port))
            self._save()

    def secret_for(self, place: Place) -> str:
        """Return the secret for the host of a room, the same in all its rooms, or "" where none can be saved."""
        if not place.host_id:
            return ""
        try:
            if self._is_new_to_host:
                self._is_new_to_host = False
                self.settings.meet_anew(place.host_id, time.strftime("%Y-%m-%d %H:%M:%S"))
            return self.settings.secret_for(place.host_id)
        except UserError as error:
            self._tell_once(error)
            return ""

    def names_at(self, place: Place) -> tuple[str, ...]:
        """Return the names of this person that the host of a room knows, the first one first."""
        return tuple(self.settings.names.get(place.host_id, ()))

    def keep_name(self, place: Place, name: str) -> None:
        """Keep that the host of a room knows this person by a name."""
        try:
            self.settings.keep_name(place.host_id, name)
        except UserError as error:
            self._tell_once(error)

    def _save(self) -> None:
        try:
            save_settings(self.settings)
        except UserError as error:
            self._tell_once(error)

    def _tell_once(self, error: UserError) -> None:
        if not self._has_told:
            self._has_told = True
            self._tell(str(error))
