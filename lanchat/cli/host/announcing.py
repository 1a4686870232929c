"""The rooms' announcement on the network, and what its person is told of it."""

from __future__ import annotations

import argparse

from lanchat import __version__
from lanchat.chat.state.settings import Room, Settings
from lanchat.cli.host.console import Console
from lanchat.discovery.announce import AnnounceEvent, AnnounceFailed, Announcer, LeftOut, NetworkChanged, Renamed, Twin
from lanchat.discovery.rooms import Advertisement
from lanchat.protocol.text import clean
from lanchat.server.server import Server
from lanchat.server.web.named_rooms import slug


def announcer(args: argparse.Namespace, settings: Settings, port: int, console: Console, server: Server) -> Announcer:
    """Return what announces the rooms at a port, not started yet."""
    rooms = [
        Advertisement(room.id, room.name, room.channel, port, bool(settings.password), __version__, _path(room, number))
        for number, room in enumerate(settings.rooms)
    ]

    def on_event(event: AnnounceEvent) -> None:  # called from the announcer's thread
        server.loop.call_from_thread(lambda: take(event))

    def take(event: AnnounceEvent) -> None:
        if isinstance(event, Renamed):
            server.announced_as[event.room_id] = event.new
        _tell(event, console, port, is_verbose=args.verbose)

    listen, has_page = args.listen or (), settings.has_page
    return Announcer(rooms, listen=listen, has_page=has_page, advertise_all=args.advertise_all, on_event=on_event)


def _path(room: Room, number: int) -> str:
    """Return where browsers find a room: the first one at the very address."""
    return f"/{slug(room)}" if number else "/"


def _tell(event: AnnounceEvent, console: Console, port: int, *, is_verbose: bool) -> None:
    if isinstance(event, Renamed):
        console.say(f"Another room is called “{clean(event.old)}”; this one is found as “{clean(event.new)}”.")
    elif isinstance(event, AnnounceFailed):
        console.warn(clean(event.reason))
    elif isinstance(event, NetworkChanged):
        console.moved(event.addresses, port, event.reach)
    elif isinstance(event, Twin):
        console.warn(
            f"Another host, at {event.address}, answers as “{clean(event.name)}” with the same id: its data folder is "
            "a copy of this one's, or it pretends to be this room. Start the copy with an empty --data-dir."
        )
    elif isinstance(event, LeftOut):
        console.warn(f"Not announced at {', '.join(event.addresses)}: this machine has too many addresses.")
    elif is_verbose:
        console.say(f"“{clean(event.name)}” can be found on the network now.")
