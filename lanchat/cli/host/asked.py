"""What was asked for on the command line, checked, as the settings of a host."""

from __future__ import annotations

import argparse
import asyncio
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from lanchat import config
from lanchat.chat.state.settings import Room, Settings
from lanchat.cli.host.keeping import retention_s
from lanchat.discovery import running
from lanchat.discovery.probe import ProbeError, probe_first
from lanchat.errors import UsageError, UserError
from lanchat.limits import DEFAULT_MAX_CLIENTS, MAX_ROOM_BYTES, MAX_TOPIC_BYTES
from lanchat.protocol.greeting import default_greeting
from lanchat.protocol.names import channel_for, fold, is_room_name, room_name_from
from lanchat.protocol.text import clean, cut_to_bytes
from lanchat.server.web.guard import host_name, is_origin
from lanchat.store.accounts import Store, new_id

_PROVE_WITHIN_S = 1.0  # on this machine, where a host answers within milliseconds
_MAX_MOTD_BYTES = 65_536
_MAX_MOTD_LINES = 100
_MAX_MOTD_LINE_BYTES = 400


def check_texts(args: argparse.Namespace) -> None:
    """What a terminal of another encoding passed on cannot be sent to anybody."""
    for text in [*args.room, *(args.name or ()), *(args.oper or ()), args.password or "", args.topic or ""]:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise UsageError(f"“{clean(text)}” is not UTF-8 text; check the encoding of your terminal.") from None


def room_names(asked: Sequence[str]) -> list[str]:
    """Return the rooms to open; without any asked for, one that is called as the machine."""
    names = [room_name_from(name) for name in asked or [cut_to_bytes(_machine_name(), MAX_ROOM_BYTES)]]
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


def settings_from(
    args: argparse.Namespace, names: Sequence[str], store: Store, password: str, operators: Mapping[str, str]
) -> Settings:
    """Return the settings of a host of these rooms. Raises UserError for what cannot be carried out."""
    channels = [channel_for(name) for name in names]
    motd = () if args.no_motd else _motd(args.motd) if args.motd is not None else default_greeting(channels)
    topic = _topic(args.topic)
    ids = _ids(names, store, running.folder_mark(config.data_dir(args.data_dir)))
    return Settings(
        rooms=[Room(name, channel_for(name), ids[name], topic, store.kept_as(name)) for name in names],
        server_name=_server_name(args.server_name),
        network=names[0],
        password=password,
        operators=operators,
        motd=motd,
        max_clients=args.max_clients or DEFAULT_MAX_CLIENTS,
        is_replaying=not args.no_join_replay,
        retention_s=retention_s(args.retention),
        is_flood_limited=not args.no_flood_limits,
        has_page=not args.no_web,
        host_names=[_host_name(name) for name in args.allow_host or ()],
        origins=[_origin(url) for url in args.allow_origin or ()],
        is_topic_locked=args.lock_topic,
        hides_empty_rooms=args.hide_empty_rooms,
    )


def _ids(names: Sequence[str], store: Store, data: str) -> dict[str, str]:
    """The rooms' ids; a room that this machine hosts already, in another program, is another room.

    From the same folder it is one for the time being. From a copy of it, which has its ids, it is one for good.
    """
    up = [host for host in running.running_hosts(config.running_dir()) if _is_up(host)]
    by_id = {room_id: host for host in up for room_id in host.ids}
    return {name: _id_beside(by_id.get(store.room_id(name)), name, store, data) for name in names}


def _id_beside(host: running.RunningHost | None, name: str, store: Store, data: str) -> str:
    own = store.room_id(name)
    if host is None:
        return own
    is_copy = bool(data and host.data) and host.data != data
    return store.new_room_id(name, own) if is_copy else new_id()


def _is_up(host: running.RunningHost) -> bool:
    """Tell whether these rooms are there: by what the port answers, as any program may have that port by now."""
    with suppress(ProbeError):
        rooms = asyncio.run(probe_first(host.addresses, host.port, timeout_s=_PROVE_WITHIN_S))
        return not {room.id for room in rooms}.isdisjoint(host.ids)
    return False


def _server_name(asked: str | None) -> str:
    """A name with a dot, as IRC clients tell servers from people by it."""
    if asked is not None:
        if not asked.isascii() or not asked.replace(".", "").replace("-", "").isalnum() or len(asked) > 63:
            raise UsageError(f"“{clean(asked)[:63]}” cannot be a server's name: letters, digits, “-” and “.” make one.")
        return asked
    machine = "".join(char for char in _machine_name() if char.isascii() and (char.isalnum() or char == "-"))
    return f"{machine[:50] or 'lanchat'}.local"


def _host_name(asked: str) -> str:
    """A name that a browser may know this host by: as it stands in an address, without the port."""
    name = asked.strip().lower()
    if host_name(name) != name:
        wanted = "letters, digits, “-” and “.” make one, without http:// and port"
        raise UsageError(f"“{clean(asked)[:63]}” cannot be a host's name for --allow-host: {wanted}.")
    return name


def _origin(asked: str) -> str:
    """Where a page of another site comes from, as browsers write it."""
    origin = asked.strip().lower().rstrip("/")
    if not is_origin(origin):
        raise UsageError(f"“{clean(asked)[:63]}” is no origin for --allow-origin; http://kiosk.lan:8000 would be one.")
    return origin


def _topic(asked: str | None) -> str:
    topic = clean(asked or "").strip()
    if (size := len(topic.encode())) > MAX_TOPIC_BYTES:
        raise UsageError(f"The topic takes {size} bytes; at most {MAX_TOPIC_BYTES} fit. Give a shorter --topic.")
    return topic


def _motd(path: str) -> list[str]:
    try:
        with Path(path).open("rb") as file:
            text = file.read(_MAX_MOTD_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise UserError(f"Cannot read the greeting {clean(path)}: {reason}. --motd takes a text file.") from None
    lines = [clean(line).encode()[:_MAX_MOTD_LINE_BYTES].decode("utf-8", "ignore") for line in text.splitlines()]
    return lines[:_MAX_MOTD_LINES]
