"""IP addresses as text, each written in one way only, so that two of them can be compared.

A link-local IPv6 address (fe80::1) is a machine on some cable or Wi-Fi; its scope says on which: fe80::1%eth0, or
fe80::1%12 on Windows. The scope is the name of an adapter of the machine that uses the address. On another machine, or
after an adapter was renamed, it means nothing: `lanchat.discovery.addresses.ways_to` finds the adapters to try then.
"""

import ipaddress
import socket
import sys
from typing import Any

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
IPInterface = ipaddress.IPv4Interface | ipaddress.IPv6Interface

_MAX_SCOPE_CHARS = 32  # Linux and macOS allow 15 (IFNAMSIZ; net/if.h), Windows has numbers


def parse_address(text: str) -> IPAddress | None:
    """Return a numeric address, or None for anything else. A scope is kept where it means something, as a name."""
    plain, percent, scope = text.partition("%")
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        return None
    if not percent:
        return address
    if address.version == 4 or not _is_scope(scope):
        return None
    return ipaddress.IPv6Address(f"{address}%{scope_name(scope)}") if address.is_link_local else address


def _is_scope(text: str) -> bool:
    return 0 < len(text) <= _MAX_SCOPE_CHARS and text.isprintable() and text.isascii() and not {*" %/[]"} & {*text}


def scope_name(scope: str) -> str:
    """Return the name of the adapter with this number, as people type it; on Windows they type the number."""
    if not scope.isdecimal() or sys.platform == "win32":
        return scope
    try:
        return socket.if_indextoname(int(scope))
    except (OSError, OverflowError, AttributeError):  # the last one where Python has no such function
        return scope


def normal(text: str) -> str:
    """Return an address in the way it is compared and shown; anything else as it is."""
    address = parse_address(text)
    return text if address is None else str(address)


def address_of(socket_address: Any) -> str:
    """Return the address of what `getpeername` and `recvfrom` tell, with the scope that they keep in another place."""
    text, scope = str(socket_address[0]), socket_address[3] if len(socket_address) > 3 else 0
    return normal(f"{text.partition('%')[0]}%{scope}" if scope else text)


def scope_of(address: IPAddress) -> str | None:
    """Return the scope of a link-local IPv6 address, or None if it has none or needs none."""
    return address.scope_id if isinstance(address, ipaddress.IPv6Address) else None


def is_fe80(address: IPAddress) -> bool:
    """Tell whether an address is a link-local one of IPv6, which needs a scope."""
    return address.version == 6 and address.is_link_local


def ip_of(interface: IPInterface) -> IPAddress:
    """Return an interface's address with its scope, which its own `ip` leaves out."""
    return ipaddress.ip_address(str(interface).partition("/")[0])


def plain(text: str) -> str:
    """Return an address, or an interface, as other machines know it: without the scope, and without the prefix."""
    return text.partition("/")[0].partition("%")[0]
