"""Reading a room's history over the network, as who joins the room would."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import getpass
from collections.abc import Callable

from lanchat import config
from lanchat.cli.history.asked import MAX_AT, Span
from lanchat.cli.join import CommandLineJoining
from lanchat.client.archive.asking import Asking, Page, at_of
from lanchat.client.archive.visit import Visit
from lanchat.client.connection.link import Refused
from lanchat.client.connection.place import Person, Place
from lanchat.client.connection.registration import RefusalKind
from lanchat.client.plain.typing_in import is_terminal
from lanchat.client.rooms.namesakes import listed
from lanchat.client.rooms.search import relocator
from lanchat.client.rooms.silences import silences
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UserError
from lanchat.export.entries import Entry, entry_of, parent_of, with_reactions
from lanchat.export.sheet import Sheet
from lanchat.protocol.text import clean

_STDIN = 0


class RemoteSource:
    """A room on the network, found when this is made. Raises UserError."""

    def __init__(self, args: argparse.Namespace) -> None:
        args.target = args.room
        self._settings = config.load_settings()
        self._joining = CommandLineJoining(args, self._settings, is_person=is_terminal(_STDIN))
        self._room = asyncio.run(_found(self._joining))
        self.title = clean(self._room.name)
        self.where = f"its host at {Place.of_room(self._room).where}"

    def read(self, span: Span, sheet: Sheet, progress: Callable[[Entry], None]) -> None:
        """Write all of a period into a sheet."""

        def take(page: Page) -> None:
            for entry in entries(page):
                if span.since <= entry.at < span.until:
                    sheet.add(entry)
                    progress(entry)

        password = self._joining.password
        if self._room.is_password_needed and not password:
            password = self._asked_password()
        try:
            self._visit(span, password, take)
        except Refused as error:
            if error.kind is not RefusalKind.PASSWORD or not self._joining.is_person:
                raise
            raise UserError(f"{error} Type it with --ask-password, or give it with --password.") from None

    def _visit(self, span: Span, password: str, take: Callable[[Page], None]) -> None:
        place = Place.of_room(self._room)
        known = tuple(self._settings.names.get(place.host_id, ()))
        # Who is known there reads as who they are; who is not takes no name for this, and is a guest
        secret = self._settings.secrets.get(place.host_id, "") if known else ""
        person = Person(self._joining.nick, password, secret, known=known)
        asking = Asking(place.channel, span.since, min(span.until, MAX_AT))
        asyncio.run(Visit(place, person, asking, take, relocator(config.running_dir())).read())

    def _asked_password(self) -> str:
        if not self._joining.is_person:
            raise UserError(f"{self.title} needs a password; add --password PASSWORD.")
        with contextlib.suppress(EOFError):
            return getpass.getpass(f"Password of {self.title}: ")
        raise UserError(f"{self.title} needs a password.")

    def close(self) -> None:
        """Nothing is held."""


def entries(page: Page) -> list[Entry]:
    """Return what a page tells, with the reactions to it."""
    found = [(message, entry_of(message, at_of(message))) for message in page.messages]
    return [
        with_reactions(entry, [one for one in page.reactions if parent_of(one.tags) == entry.msgid != ""])
        for _, entry in found
        if entry
    ]


async def _found(joining: CommandLineJoining) -> FoundRoom:
    """Return the room asked for, or the only one there is."""
    if joining.wanted_text:
        return await joining.wanted()
    async with joining.finder() as finder, contextlib.aclosing(finder.collect()) as events:
        async for _ in events:
            pass
    if len(finder.rooms) == 1:
        return finder.rooms[0]
    if finder.rooms:
        raise UserError(f"There is more than one room: {listed(finder.rooms, 'and')}. Name one: lanchat export ROOM")
    told = silences(finder.silences)
    raise UserError(" ".join(["No room was found.", *told, "On the host's machine, name its folder with --data-dir."]))
