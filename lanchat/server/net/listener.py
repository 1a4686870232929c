"""Sockets that peers connect to."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Callable, Sequence

from lanchat.errors import UserError
from lanchat.limits import LISTEN_BACKLOG, PORTS_TRIED
from lanchat.protocol.text import clean
from lanchat.server.net.loop import Loop

ALL_ADDRESSES = ("0.0.0.0", "::")  # noqa: S104 - a room is there for the whole network; --listen narrows it
_ACCEPTED_A_TURN = 64  # then the others have their turn
_PAUSE_S = 1.0  # when the system has no sockets left, or no network
_FIRST_FREE_PORT = 1_024  # those below belong to the system on most machines
_NO_SUCH_FAMILY = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT}
_MAX_SHOWN = 60  # characters of what was asked for
_TAKEN = {errno.EADDRINUSE, errno.EACCES, errno.EPERM}  # Windows denies a port that another program keeps for itself


class Listener:
    """Accepts peers on one address and port. `accepted` gets each socket and IP address."""

    def __init__(self, loop: Loop, sock: socket.socket, accepted: Callable[[socket.socket, str], None]) -> None:
        self._loop = loop
        self._accepted = accepted
        self.sock = sock
        loop.watch(sock, self)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        port: int = self.sock.getsockname()[1]
        return port

    def on_readable(self) -> None:
        """Accept who is waiting."""
        for _ in range(_ACCEPTED_A_TURN):
            try:
                sock, address = self.sock.accept()
            except (BlockingIOError, ConnectionError, InterruptedError):
                return
            except OSError:  # no sockets left; on Linux, also whatever befell the network under a new connection
                self._pause()
                return
            self._accepted(sock, address[0].partition("%")[0].removeprefix("::ffff:"))

    def _pause(self) -> None:
        self._loop.watch(self.sock, self, reads=False)
        self._loop.call_later(_PAUSE_S, self._resume)

    def _resume(self) -> None:
        if self.sock.fileno() >= 0:
            self._loop.watch(self.sock, self)

    def on_writable(self) -> None:
        """Never asked for."""

    def close(self) -> None:
        """Accept nobody more."""
        self._loop.watch(self.sock, self, reads=False)
        self.sock.close()


def bind(addresses: Sequence[str], port: int, *, is_asked_for: bool) -> tuple[list[socket.socket], int]:
    """Return sockets that listen on all the addresses, and their port: the next free one unless it was asked for.

    Raises UserError if none can be had.
    """
    wanted = list(dict.fromkeys(addresses))
    tried = range(port, port + (1 if is_asked_for else PORTS_TRIED))
    for candidate in tried:
        try:
            return _bind_all(wanted, candidate), candidate
        except (OSError, UnicodeError) as error:  # the latter for a name with a part of no or of 64 letters
            if not isinstance(error, OSError) or error.errno not in _TAKEN:
                raise UserError(_no_address(wanted, error)) from None
            if error.errno != errno.EADDRINUSE and 0 < candidate < _FIRST_FREE_PORT:
                raise UserError(f"Port {candidate} may not be used by you; choose one from 1024 on.") from None
    if is_asked_for:
        raise UserError(f"Port {port} is taken by another program; choose another one.")
    raise UserError(f"Ports {tried[0]} to {tried[-1]} are all taken by other programs; choose another with --port.")


def _no_address(addresses: Sequence[str], error: OSError | UnicodeError) -> str:
    names = ", ".join(clean(address)[:_MAX_SHOWN] or "an empty address" for address in addresses)
    reason = (isinstance(error, OSError) and error.strerror) or "not an address"
    return f"Cannot listen on {names} ({reason}); --listen takes an address of this machine."


def _bind_all(addresses: Sequence[str], port: int) -> list[socket.socket]:
    """All or none. Where all addresses are meant, a machine without IPv6 is no error, nor one without IPv4."""
    sockets: list[socket.socket] = []
    may_lack = tuple(addresses) == ALL_ADDRESSES
    lacking: OSError | None = None
    for address in addresses:
        try:
            sockets.append(_listening(address, port or (sockets[0].getsockname()[1] if sockets else 0)))
        except (OSError, UnicodeError) as error:
            if may_lack and isinstance(error, OSError) and error.errno in _NO_SUCH_FAMILY:
                lacking = error
                continue
            for sock in sockets:
                sock.close()
            raise
    if not sockets:
        raise lacking or OSError(errno.EADDRNOTAVAIL, "no address to listen on")
    return sockets


def _listening(address: str, port: int) -> socket.socket:
    family, kind, _, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    sock = socket.socket(family, kind)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if sys.platform == "win32":  # there, SO_REUSEADDR would let two programs share the port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(where)
        sock.listen(LISTEN_BACKLOG)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock
