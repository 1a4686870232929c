"""Open rooms on this machine, tell how to join them, and serve until told to stop."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count

from lanchat import config
from lanchat.chat.state.network import Network
from lanchat.chat.state.settings import Settings
from lanchat.cli.host.announcing import announcer, record_running
from lanchat.cli.host.around import Around, Look, look_with
from lanchat.cli.host.asked import check_texts, room_names, settings_from
from lanchat.cli.host.console import Console
from lanchat.cli.host.keeping import history_place
from lanchat.cli.host.listening import Listening, listen
from lanchat.cli.host.signals import ending_signals
from lanchat.cli.passwords import operators, room_password
from lanchat.discovery import running
from lanchat.discovery.addresses import host_addresses, other_networks, own_address, reach_of, read_adapters, with_port
from lanchat.server.net.loop import Loop
from lanchat.server.server import Server
from lanchat.store.accounts import Store, new_id
from lanchat.store.history import StoredHistory

_INTERRUPTED = 130  # what shells say for Ctrl-C
_COLLECT_AFTER = 20_000  # objects more than before; 700 by default


def run(args: argparse.Namespace) -> int:
    """Host until a signal ends it. Raises UserError for what cannot be carried out."""
    check_texts(args)
    names = room_names([*([" ".join(args.room)] if args.room else []), *(args.name or ())])
    args.listen = [own_address(text, read_adapters()) for text in args.listen or ()]
    data_dir = config.data_dir(args.data_dir)
    password, chiefs = room_password(args), operators(args)  # asked for while Ctrl-C still ends at once
    with (
        closing(Loop()) as loop,
        ending_signals(loop),
        closing(Store(data_dir, tell=_tell)) as store,
        closing(history_place(args, data_dir)) as place,
    ):
        settings = settings_from(args, names, store, password, chiefs)
        with closing(listen(args)) as listening:  # also where a second signal breaks into the server's own end
            console = Console(settings, is_quiet=args.quiet)
            if place.warning:
                console.warn(place.warning)
            try:
                _host(args, settings, store, place.history, listening, console, loop)
                status = 0
            except KeyboardInterrupt:  # a second signal
                status = _INTERRUPTED
    if not console.closed():  # its thread hangs on a terminal that is held; Python would wait for that one's buffers
        os._exit(status)
    return status


def _tell(text: str) -> None:
    """Tell a person what happened before the console is up."""
    print(f"lanchat: {text}", file=sys.stderr)  # noqa: T201 - one line, as `config` does


def _host(
    args: argparse.Namespace,
    settings: Settings,
    store: Store,
    history: StoredHistory | None,
    listening: Listening,
    console: Console,
    loop: Loop,
) -> None:
    """Serve the rooms to their end."""
    network = Network(settings, time.time(), _ids(), history, store.accounts())
    if history:
        history.remember(channel.kept_as for channel in network.channels.values())
        network.read_markers.restore(history.markers())
        for channel in network.channels.values():
            network.absences.restore(channel, history.happened_last(channel.kept_as), history.ended_at)
    around = Around(loop, lambda: [room.id for room in network.settings.rooms], _look(args))
    server = Server(network, store, loop=loop, notify=console.happened, warn=console.warn, around=around)
    server.listen(listening.sockets)
    server.listen(listening.plain_sockets, speaks_first=True)
    port = listening.ports[0]
    record_running(args, settings, port)
    announcing = None if args.no_mdns else announcer(args, settings, port, console, server)
    loop.interrupted = lambda: server.stop(f"The host has closed the room {settings.rooms[0].name}")
    try:
        server.addresses[:] = _tell_where(console, listening, args)
        if announcing:
            announcing.start()
        _spare_the_collector()
        loop.run()
    finally:
        running.forget(config.running_dir(), port)
        server.close()
        if announcing:
            announcing.close()


def _look(args: argparse.Namespace) -> Look:
    """Return how other rooms are looked for; a host that does not announce itself asks nobody either."""
    return list if args.no_mdns else look_with(config.running_dir())


def _tell_where(console: Console, listening: Listening, args: argparse.Namespace) -> list[str]:
    """Tell how to join; return where others reach this host, each address with its port."""
    for asked, got in listening.replaced.items():
        console.warn(f"Port {asked} is taken by another program; hosting on {got}.")
    adapters, listens_at = read_adapters(), args.listen or ()
    reach = reach_of(adapters, listens_at)
    addresses, is_announced = host_addresses(listens_at, adapters), not args.no_mdns
    console.opened(listening.ports, addresses, listening.plain_port, reach, is_announced=is_announced)
    if others := other_networks(adapters, listens_at):
        flags = " ".join(f"--listen {address}" for address in (*addresses, *others))
        kind = "which looks like a VPN" if len(others) == 1 else "which look like VPNs"
        console.say(f"Not announced at {', '.join(others)}, {kind}; to be found there, too: {flags}")
    return [with_port(address, listening.ports[0]) for address in addresses]


def _ids() -> Callable[[], str]:
    """Return what gives ids that nothing had before, in this run or another."""
    run, numbers = new_id(), count()
    return lambda: f"{run}-{next(numbers):x}"


def _spare_the_collector() -> None:
    """Look for garbage less often, and not among what was there at the start.

    The chat makes next to none that reference counts miss, and looking took a tenth of the time of a busy room.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
