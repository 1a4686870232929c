"""`lanchat host`: open rooms on this machine, tell how to join them, and serve until told to stop."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import FrameType

from lanchat import __version__, config
from lanchat.chat.network import Network
from lanchat.chat.settings import Room, Settings
from lanchat.cli.console import Console
from lanchat.discovery import running
from lanchat.discovery.addresses import host_addresses
from lanchat.discovery.announce import (
    Advertisement,
    AnnounceEvent,
    AnnounceFailed,
    Announcer,
    NetworkChanged,
    Renamed,
)
from lanchat.errors import UsageError, UserError
from lanchat.limits import DEFAULT_MAX_CLIENTS, DEFAULT_PORT, MAX_ROOM_BYTES, MAX_TOPIC_BYTES
from lanchat.protocol.names import channel_for, fold, is_room_name, room_name_from
from lanchat.protocol.text import clean
from lanchat.server.listener import ALL_ADDRESSES, bind
from lanchat.server.loop import Loop
from lanchat.server.server import Server
from lanchat.server.store import Store, new_id

_INTERRUPTED = 130  # what shells say for Ctrl-C
_LAST_PORT = 65_535
_MAX_MOTD_BYTES = 65_536
_MAX_MOTD_LINES = 100
_COLLECT_AFTER = 20_000  # objects more than before; 700 by default
_MAX_MOTD_LINE_BYTES = 400
_ENDING_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last one is Windows', SIGHUP is not


def run(args: argparse.Namespace) -> int:
    """Host until a signal ends it. Raises UserError for what cannot be carried out."""
    _check_texts(args)
    names = _room_names(args.name)
    data_dir = config.data_dir(args.data_dir)
    with closing(Loop()) as loop, _ending_signals(loop), closing(Store(data_dir)) as store:
        settings = _settings(args, names, store)
        listening = _listening(args)
        console = Console(settings, is_quiet=args.quiet)
        try:
            _host(args, settings, store, listening, console, loop)
            status = 0
        except KeyboardInterrupt:  # a second signal
            status = _INTERRUPTED
    if not console.closed():  # its thread hangs on a terminal that is held; Python would wait for that one's buffers
        os._exit(status)
    return status


def _host(
    args: argparse.Namespace, settings: Settings, store: Store, listening: Listening, console: Console, loop: Loop
) -> None:
    """Serve the rooms to their end."""
    network = Network(settings, time.time(), _message_ids(), kept_accounts=store.accounts())
    server = Server(network, store, loop=loop, notify=console.happened, warn=console.warn)
    server.listen(listening.sockets)
    server.listen(listening.plain_sockets, speaks_first=True)
    port = listening.ports[0]
    running.record(config.running_dir(), port, [room.id for room in settings.rooms], listen=args.listen or ())
    announcer = None if args.no_mdns else _announcer(args, settings, port, console, server)
    loop.interrupted = lambda: server.stop(f"The host has closed the room {settings.rooms[0].name}")
    try:
        _tell_where(console, listening, args)
        if announcer:
            announcer.start()
        _spare_the_collector()
        loop.run()
    finally:
        running.forget(config.running_dir(), port)
        server.close()
        if announcer:
            announcer.close()


def _tell_where(console: Console, listening: Listening, args: argparse.Namespace) -> None:
    for asked, got in listening.replaced.items():
        console.warn(f"Port {asked} is taken by another program; hosting on {got}.")
    console.opened(listening.ports, host_addresses(args.listen or ()), listening.plain_port)


def _message_ids() -> Callable[[], str]:
    """Return what gives ids that nothing had before, in this run or another: counted, as every message needs one."""
    run, numbers = new_id(), count()
    return lambda: f"{run}-{next(numbers):x}"


def _spare_the_collector() -> None:
    """Look for garbage less often, and not among what was there at the start.

    The chat makes next to none that reference counts miss, and looking took a tenth of the time of a busy room.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)


# ---- What was asked for ----------------------------------------------------------------------------------------------


def _check_texts(args: argparse.Namespace) -> None:
    """What a terminal of another encoding passed on cannot be sent to anybody."""
    for text in [*(args.name or ()), *(args.oper or ()), args.password or "", args.topic or ""]:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise UsageError(f"“{clean(text)}” is not UTF-8 text; check the encoding of your terminal.") from None


def _room_names(asked: Sequence[str] | None) -> list[str]:
    names = [room_name_from(name) for name in asked or [_machine_name()]]
    for name in names:
        if not is_room_name(name):
            size = len(name.encode())
            was = "is empty" if not name else f"takes {size} bytes; at most {MAX_ROOM_BYTES} fit"
            raise UsageError(f"The room's name “{name[:40]}” {was}. Give it another one with --name.")
    folded = [fold(channel_for(name)) for name in names]
    if len(set(folded)) < len(folded):
        raise UsageError("Two of the rooms have the same name; give each its own with --name.")
    return names


def _machine_name() -> str:
    return socket.gethostname().partition(".")[0] or "lanchat"


@dataclass(slots=True)
class Listening:
    """What peers can connect to. `replaced`: ports that were taken, and those that are used instead."""

    sockets: list[socket.socket] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    replaced: dict[int, int] = field(default_factory=dict)
    plain_sockets: list[socket.socket] = field(default_factory=list)
    plain_port: int | None = None


def _listening(args: argparse.Namespace) -> Listening:
    """All sockets to listen on. Raises UserError if one of the ports cannot be had; then none is kept."""
    _check_ports(args)
    listening = Listening()
    try:
        _listen(args, listening)
    except UserError:
        for sock in listening.sockets:
            sock.close()
        raise
    return listening


def _listen(args: argparse.Namespace, listening: Listening) -> None:
    addresses = tuple(args.listen) if args.listen else ALL_ADDRESSES
    for port in dict.fromkeys(args.port or [DEFAULT_PORT]):
        sockets, got = bind(addresses, port, is_asked_for=args.port is not None)
        listening.sockets += sockets
        listening.ports.append(_port(sockets))
        if got != port:
            listening.replaced[port] = got
    if args.plain_port is not None:
        listening.plain_sockets, _ = bind(addresses, args.plain_port, is_asked_for=True)
        listening.plain_port = _port(listening.plain_sockets)


def _check_ports(args: argparse.Namespace) -> None:
    asked = [*(args.port or ()), args.plain_port or 0]
    for port in asked:
        if not 0 <= port <= _LAST_PORT:
            raise UsageError(f"{port} is not a port; choose one from 1 to {_LAST_PORT}.")
    if args.plain_port and args.plain_port in (args.port or [DEFAULT_PORT]):
        raise UsageError(f"{args.plain_port} cannot be both --port and --plain-port; choose another for one of them.")


def _port(sockets: Sequence[socket.socket]) -> int:
    port: int = sockets[0].getsockname()[1]
    return port


def _settings(args: argparse.Namespace, names: Sequence[str], store: Store) -> Settings:
    if args.max_clients is not None and args.max_clients < 1:
        raise UsageError(f"--max-clients takes a number from 1 on, not {args.max_clients}.")
    operators = dict(_operator(text) for text in args.oper or ())
    motd = () if args.no_motd else _motd(args.motd)
    topic = _topic(args.topic)
    ids = _ids(names, store)
    return Settings(
        rooms=[Room(name, channel_for(name), ids[name], topic) for name in names],
        server_name=_server_name(args.server_name),
        network=names[0],
        password=args.password or "",
        operators=operators,
        motd=motd,
        max_clients=args.max_clients or DEFAULT_MAX_CLIENTS,
        is_replaying=not args.no_join_replay,
        is_flood_limited=not args.no_flood_limits,
    )


def _ids(names: Sequence[str], store: Store) -> dict[str, str]:
    """The rooms' ids; a room that this machine hosts already, in another program, is another room."""
    taken = {room_id for host in running.running_hosts(config.running_dir()) if _is_up(host) for room_id in host.ids}
    ids = {name: store.room_id(name) for name in names}
    return {name: new_id() if room_id in taken else room_id for name, room_id in ids.items()}


def _is_up(host: running.RunningHost) -> bool:
    for address in host.addresses:
        with suppress(OSError), socket.create_connection((address, host.port), timeout=0.2):
            return True
    return False


def _server_name(asked: str | None) -> str:
    """A name with a dot, as IRC clients tell servers from people by it."""
    if asked is not None:
        if not asked.isascii() or not asked.replace(".", "").replace("-", "").isalnum() or len(asked) > 63:
            raise UsageError(f"“{clean(asked)[:63]}” cannot be a server's name: letters, digits, “-” and “.” make one.")
        return asked
    machine = "".join(char for char in _machine_name() if char.isascii() and (char.isalnum() or char == "-"))
    return f"{machine[:50] or 'lanchat'}.local"


def _operator(text: str) -> tuple[str, str]:
    name, _, password = text.partition(":")
    if not name or not password:
        raise UsageError("--oper takes a name and a password with a colon between them: --oper chief:secret.")
    return name, password


def _topic(asked: str | None) -> str:
    topic = clean(asked or "").strip()
    if (size := len(topic.encode())) > MAX_TOPIC_BYTES:
        raise UsageError(f"The topic takes {size} bytes; at most {MAX_TOPIC_BYTES} fit. Give a shorter --topic.")
    return topic


def _motd(path: str | None) -> list[str]:
    if path is None:
        return []
    try:
        with Path(path).open("rb") as file:
            text = file.read(_MAX_MOTD_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise UserError(f"Cannot read the greeting {clean(path)}: {reason}. --motd takes a text file.") from None
    lines = [clean(line).encode()[:_MAX_MOTD_LINE_BYTES].decode("utf-8", "ignore") for line in text.splitlines()]
    return lines[:_MAX_MOTD_LINES]


# ---- The network around it -------------------------------------------------------------------------------------------


def _announcer(args: argparse.Namespace, settings: Settings, port: int, console: Console, server: Server) -> Announcer:
    rooms = [
        Advertisement(room.id, room.name, room.channel, port, bool(settings.password), __version__)
        for room in settings.rooms
    ]

    def on_event(event: AnnounceEvent) -> None:  # called from the announcer's thread
        server.loop.call_from_thread(lambda: take(event))

    def take(event: AnnounceEvent) -> None:
        if isinstance(event, Renamed):
            server.announced_as[event.room_id] = event.new
        _tell(event, console, port, is_verbose=args.verbose)

    return Announcer(rooms, listen=args.listen or (), advertise_all=args.advertise_all, on_event=on_event)


def _tell(event: AnnounceEvent, console: Console, port: int, *, is_verbose: bool) -> None:
    if isinstance(event, Renamed):
        console.say(f"Another room is called “{clean(event.old)}”; this one is found as “{clean(event.new)}”.")
    elif isinstance(event, AnnounceFailed):
        console.warn(clean(event.reason))
    elif isinstance(event, NetworkChanged):
        console.moved(event.addresses, port)
    elif is_verbose:
        console.say(f"“{clean(event.name)}” can be found on the network now.")


@contextmanager
def _ending_signals(loop: Loop) -> Iterator[None]:
    """Let the signals that end programs interrupt the loop, now or as soon as it runs; a second ends all at once."""
    known = [signal.Signals[name] for name in _ENDING_SIGNALS if hasattr(signal, name) and not _is_by_nohup(name)]
    is_ending = False

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_ending
        if is_ending:
            raise KeyboardInterrupt
        is_ending = True
        loop.call_from_thread(lambda: loop.interrupted())

    before = {number: signal.signal(number, on_signal) for number in known}
    signal.set_wakeup_fd(loop.wake_fd, warn_on_full_buffer=False)  # Windows' select sleeps through signals
    try:
        yield
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_by_nohup(name: str) -> bool:
    """Whether a signal is to be ignored because `nohup` says so."""
    return name == "SIGHUP" and signal.getsignal(signal.Signals[name]) is signal.SIG_IGN
