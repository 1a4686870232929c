"""The sockets that a host listens on."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

from lanchat.errors import UsageError, UserError
from lanchat.limits import DEFAULT_PORT
from lanchat.server.net.listener import ALL_ADDRESSES, bind


@dataclass(slots=True)
class Listening:
    """What peers can connect to. `replaced`: ports that were taken, and those that are used instead."""

    sockets: list[socket.socket] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    replaced: dict[int, int] = field(default_factory=dict)
    plain_sockets: list[socket.socket] = field(default_factory=list)
    plain_port: int | None = None

    def close(self) -> None:
        """Close all sockets; those that are closed stay so."""
        for sock in (*self.sockets, *self.plain_sockets):
            sock.close()


def listen(args: argparse.Namespace) -> Listening:
    """Return all sockets to listen on. Raises UserError if one of the ports cannot be had; then none is kept."""
    _check_ports(args)
    listening = Listening()
    try:
        _bind_all(args, listening)
    except UserError:
        listening.close()
        raise
    return listening


def _bind_all(args: argparse.Namespace, listening: Listening) -> None:
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
    if args.plain_port and args.plain_port in (args.port or [DEFAULT_PORT]):
        raise UsageError(f"{args.plain_port} cannot be both --port and --plain-port; choose another for one of them.")


def _port(sockets: Sequence[socket.socket]) -> int:
    port: int = sockets[0].getsockname()[1]
    return port
