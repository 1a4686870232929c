"""How a path names a room: by the name of its channel, where that is plain enough, or by its id."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lanchat.chat.state.settings import Room
from lanchat.protocol.names import fold

WORD = "[-_A-Za-z0-9]{1,64}"  # as ntfy names its topics
RESERVED = frozenset({"files", "hooks", "rooms", "v1", "web"})  # first words that mean something else


def slug(room: Room) -> str:
    """Return the word that names a room in a path."""
    word = room.channel[1:]
    is_plain = re.fullmatch(WORD, word) is not None and word.lower() not in RESERVED
    return word if is_plain else room.id


def room_named(rooms: Sequence[Room], word: str) -> Room | None:
    """Return the room that a word names, however it is written; None if none is."""
    folded = fold(word)
    return next((room for room in rooms if folded in (fold(slug(room)), room.id)), None)
