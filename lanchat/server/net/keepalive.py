"""How the system is to notice that a peer's machine or cable is gone, for peers that answer no PING."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from lanchat.limits import GONE_AFTER_S, PING_AFTER_S

_IDLE_S = int(PING_AFTER_S)  # of silence before the first probe
_PROBES = 4
_INTERVAL_S = int(GONE_AFTER_S - PING_AFTER_S) // _PROBES
_WINDOWS_PROBES = 10  # fixed before Windows 10, version 1703; Microsoft, "SIO_KEEPALIVE_VALS control code"
_TCP_RXT_CONNDROPTIME = 0x80  # macOS, <netinet/tcp.h>: seconds; Python has no name for it


def keep_alive(sock: socket.socket, platform: str = sys.platform) -> None:
    """Let a connection end about 70 s after its peer was last heard, whether or not anything was sent to it.

    Left to itself Linux waits two hours before it asks a silent peer, and a quarter of an hour for what it sent to be
    acknowledged: as long, somebody who lost the Wi-Fi would sit in the room and hold their name.
    """
    with suppress(OSError):  # macOS: the peer has gone already
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _options(platform):
        with suppress(OSError):  # an older system does not know the option; the others still help
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
    if platform == "win32" and not hasattr(socket, "TCP_KEEPIDLE"):
        _keep_alive_on_old_windows(sock)


def _keep_alive_on_old_windows(sock: Any) -> None:  # a socket, with what only Windows' have
    spacing_ms = int(GONE_AFTER_S - PING_AFTER_S) * 1_000 // _WINDOWS_PROBES
    with suppress(OSError):
        sock.ioctl(vars(socket)["SIO_KEEPALIVE_VALS"], (1, _IDLE_S * 1_000, spacing_ms))


def _options(platform: str) -> Iterator[tuple[int, int]]:
    """Return the options that this system has, each with its value."""
    named = {
        "TCP_KEEPALIVE" if platform == "darwin" else "TCP_KEEPIDLE": _IDLE_S,
        "TCP_KEEPINTVL": _INTERVAL_S,
        "TCP_KEEPCNT": _PROBES,
        "TCP_USER_TIMEOUT": int(GONE_AFTER_S) * 1_000,  # ms for what was sent; also for a peer that never reads
    }
    for name, value in named.items():
        if (option := getattr(socket, name, None)) is not None:
            yield option, value
    if platform == "darwin":
        yield _TCP_RXT_CONNDROPTIME, int(GONE_AFTER_S)
