"""Whether an adapter is up: an address stays on an adapter whose cable is out, and leads nowhere then."""

import socket
import struct
import sys

_GET_FLAGS = {"linux": 0x8913, "darwin": 0xC0206911}  # SIOCGIFFLAGS; linux/sockios.h, sys/sockio.h
_NAME_BYTES = 16  # IFNAMSIZ; net/if.h
_UP = 0x1  # IFF_UP: somebody wants it up
_RUNNING = 0x40  # IFF_RUNNING: and it has what it needs, such as a cable


def is_up(name: str) -> bool:
    """Tell whether the adapter of this name can carry anything now; True where the system does not tell."""
    request = _GET_FLAGS.get(sys.platform)
    if request is None:
        return True
    import fcntl

    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            asked = struct.pack(f"{_NAME_BYTES}s24x", name.encode()[: _NAME_BYTES - 1])
            (flags,) = struct.unpack_from("H", fcntl.ioctl(sock, request, asked), _NAME_BYTES)
    except OSError:
        return True
    return bool(flags & _UP) and bool(flags & _RUNNING)
