"""The rooms' announcement on the network, and what its person is told of it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial

from lanchat import __version__, config
from lanchat.chat.state.settings import Room, Settings
from lanchat.cli.host.console import Console
from lanchat.discovery import running
from lanchat.discovery.addresses import MAX_OWN_ADDRESSES, with_port
from lanchat.discovery.announce import AnnounceEvent, AnnounceFailed, Announcer, LeftOut, NetworkChanged, Renamed, Twin
from lanchat.discovery.rooms import Advertisement
from lanchat.discovery.seniority import GivesWay
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
        elif isinstance(event, NetworkChanged):
            server.addresses[:] = [with_port(address, port) for address in event.addresses]
        if isinstance(event, Twin) and event.gives_way is GivesWay.OURS:
            server.change_room_id(event.room_id, partial(has_new_id, event.room_id))
        _tell(event, console, port, is_verbose=args.verbose)

    def has_new_id(old: str, new: str) -> None:
        announcing.change_id(old, new)
        record_running(args, server.chat.network.settings, port)

    listen, has_page = args.listen or (), settings.has_page
    announcing = Announcer(rooms, listen=listen, has_page=has_page, advertise_all=args.advertise_all, on_event=on_event)
    return announcing


def _path(room: Room, number: int) -> str:
    """Return where browsers find a room: the first one at the very address."""
    return f"/{slug(room)}" if number else "/"


def record_running(args: argparse.Namespace, settings: Settings, port: int) -> None:
    """Let others on this machine find the rooms."""
    ids, data = [room.id for room in settings.rooms], running.folder_mark(config.data_dir(args.data_dir))
    running.record(config.running_dir(), port, ids, listen=args.listen or (), data=data)


_SHOWN_ADDRESSES = 4  # of those that are left out
_TWINS = {
    GivesWay.OURS: (
        "has this one's data (one folder is a copy of the other) and was here first. “{}” is a room of its own here "
        "from now on, with the same people and history; it has taken a new id."
    ),
    GivesWay.THEIRS: (
        "has a copy of this one's data and came later. “{}” stays as it is here; the other one takes a new id."
    ),
    GivesWay.NOBODY: (
        "answers as “{}” with the id that is new here: it pretends to be this room. Find out whose it is; until then "
        "let people join by this host's address."
    ),
}


def _left_out(addresses: Sequence[str]) -> str:
    more = f" and {count} more" if (count := len(addresses) - _SHOWN_ADDRESSES) > 0 else ""
    shown = ", ".join(addresses[:_SHOWN_ADDRESSES])
    return (
        f"This machine has more addresses than the {MAX_OWN_ADDRESSES} that are announced; left out: {shown}{more}. "
        "Who does not find the room there joins by the address; --listen ADDR, repeated, says which to announce."
    )


def _tell(event: AnnounceEvent, console: Console, port: int, *, is_verbose: bool) -> None:
    if isinstance(event, Renamed):
        console.say(f"Another room is called “{clean(event.old)}”; this one is found as “{clean(event.new)}”.")
    elif isinstance(event, AnnounceFailed):
        console.warn(clean(event.reason))
    elif isinstance(event, NetworkChanged):
        console.moved(event.addresses, port, event.reach)
    elif isinstance(event, Twin):
        console.warn(f"Another host, at {event.address}, {_TWINS[event.gives_way].format(clean(event.name))}")
    elif isinstance(event, LeftOut):
        console.warn(_left_out(event.addresses))
    elif is_verbose:
        console.say(f"“{clean(event.name)}” can be found on the network now.")
