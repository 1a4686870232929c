"""What a host has kept of a room, of a person, or of a time: how much of it, and under which ids, for its removal.

An example: "Maria López" has had the account of that name since Tuesday. Hers is what was said with the account, under
whatever name, and what was said before by guests who were called so; not what somebody else's account said as "Maria".
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lanchat.chat.state.history import REACTIONS, SAID, parties
from lanchat.protocol.names import fold
from lanchat.store.archive import Archive, KeptRoom, unreadable
from lanchat.store.history import FILE_NAME

_PAGE = 5_000  # rows of a statement
_SOME_REACTIONS = 500  # messages whose reactions are looked for at once


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked for: of a room, of a name, before a time (UNIX milliseconds); what is None does not matter."""

    room: KeptRoom | None = None
    name: str | None = None
    before: int | None = None


@dataclass(slots=True)
class Found:
    """What there is. `others`: what was done and not said, comings and goings for most of it."""

    ids: array[int] = field(default_factory=lambda: array("q"))
    messages: int = 0
    private: int = 0  # of the messages
    others: int = 0
    markers: int = 0  # of how far an account has read


class Inventory(Archive):
    """A file of what was said, looked through from its beginning to its end. Its methods raise sqlite3.Error."""

    def knows(self, name: str) -> bool:
        """Tell whether somebody of this name has said or read something."""
        return bool(self._senders(name)) or self._markers(name) > 0

    def look(self, choice: Choice) -> Found:
        """Return what there is of a choice, with the reactions to it."""
        found = Found(markers=self._markers(choice.name) if choice.name and choice.before is None else 0)
        senders = None if choice.name is None else self._senders(choice.name)
        keys = dict(self._db.execute("SELECT id, key FROM target"))
        targets = {number for number, key in keys.items() if choice.room is None or key in choice.room.keys}
        private = {number for number in targets if parties(keys[number])}
        reactions: set[int] = set()
        for number, target, sender, at, layer in self._rows():
            is_wanted = target in targets and (senders is None or sender in senders)
            if is_wanted and (choice.before is None or at < choice.before):
                found.ids.append(number)
                found.messages += layer == SAID
                found.private += layer == SAID and target in private
                found.others += layer != SAID
                if layer == REACTIONS:
                    reactions.add(number)
        self._add_reactions(found, reactions)
        return found

    def _rows(self) -> Iterator[tuple[int, int, int, int, int]]:
        above = 0
        statement = "SELECT id, target, sender, at, class FROM event WHERE id > ? ORDER BY id LIMIT ?"
        while rows := self._db.execute(statement, (above, _PAGE)).fetchall():
            yield from rows
            above = rows[-1][0]

    def _senders(self, name: str) -> set[int]:
        """The rows that stand for a person: their account's, and those of guests of this name."""
        author, folded = author_of(name), fold(name)
        rows = self._db.execute("SELECT id, source, account, author FROM sender")
        return {
            number
            for number, source, account, by in rows
            if by == author or (not account and by.startswith("visit") and fold(source.partition("!")[0]) == folded)
        }

    def _markers(self, name: str) -> int:
        statement = "SELECT count(*) FROM marker JOIN owner ON owner.id = marker.owner WHERE author = ?"
        return int(self._db.execute(statement, (author_of(name),)).fetchone()[0])

    def _add_reactions(self, found: Found, known: set[int]) -> None:
        """Add other people's reactions to what was found: of what they are about nothing will be left."""
        for start in range(0, len(found.ids), _SOME_REACTIONS):
            parents = found.ids[start : start + _SOME_REACTIONS].tolist()
            marks = ",".join("?" * len(parents))
            for (number,) in self._db.execute(f"SELECT id FROM attached WHERE parent IN ({marks})", parents):  # noqa: S608
                if number not in known:
                    known.add(number)
                    found.ids.append(number)
                    found.others += 1


def open_inventory(folder: Path) -> Inventory:
    """Return what a host has kept in a folder. Raises DatabaseError, in a sentence."""
    path = folder / FILE_NAME
    try:
        return Inventory(path)
    except (sqlite3.Error, OSError) as error:
        raise unreadable(path, error) from None


def author_of(name: str) -> str:
    """Return the author that the account of a name is."""
    return f"account {fold(name)}"
