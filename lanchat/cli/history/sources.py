"""Where an export reads: the file that the host keeps, or what is left of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from lanchat.chat.state.history import Event
from lanchat.cli.history.asked import Span
from lanchat.export.entries import Entry, entry_of, with_reactions
from lanchat.export.sheet import Sheet
from lanchat.protocol.text import clean
from lanchat.store.archive import KeptRoom, readable


class Kept(Protocol):
    """A file of what was said: whole, or damaged."""

    path: Path

    def rooms(self) -> list[KeptRoom]:
        """Return the rooms in it."""

    def pages(self, keys: Sequence[str], since: int, until: int) -> Iterator[Sequence[Event]]:
        """Yield what happened in a period."""

    def reactions(self, keys: Sequence[str], page: Sequence[Event]) -> Mapping[str, Sequence[Event]]:
        """Return the reactions to the messages of a page."""

    def find(self, keys: Sequence[str], msgid: str) -> Event | None:
        """Return a message."""

    def close(self) -> None:
        """Let go of the file."""


class FileSource:
    """A room in a file. `read` raises UserError."""

    def __init__(self, kept: Kept, room: KeptRoom) -> None:
        self._kept = kept
        self._room = room
        self.title = clean(room.title)
        self.where = str(kept.path)

    def read(self, span: Span, sheet: Sheet, progress: Callable[[Entry], None]) -> None:
        """Write all of a period into a sheet."""
        keys = self._room.keys
        with readable(self._kept.path):
            for page in self._kept.pages(keys, *span):
                reactions = self._kept.reactions(keys, page)
                for entry in entries(page, reactions):
                    sheet.add(entry, self._answered(sheet, entry))
                    progress(entry)

    def _answered(self, sheet: Sheet, entry: Entry) -> Entry | None:
        """The message that one answers, where it was said before the period."""
        if not entry.reply_to or sheet.is_quotable(entry.reply_to):
            return None
        event = self._kept.find(self._room.keys, entry.reply_to)
        return entry_of(event.message, event.at) if event else None


def entries(page: Sequence[Event], reactions: Mapping[str, Sequence[Event]]) -> Iterator[Entry]:
    """Return what a page tells, with the reactions to it."""
    for event in page:
        entry = entry_of(event.message, event.at)
        if entry:
            yield with_reactions(entry, [one.message for one in reactions.get(event.msgid, ())])
