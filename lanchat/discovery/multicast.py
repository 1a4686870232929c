"""Opening zeroconf on our own addresses: one for IPv4 and one for IPv6, as macOS lets no socket speak both.

An IPv6 zeroconf is opened on link-local addresses where there are any: who hears it knows by the source which adapter
an fe80 address in the message is to be tried on.
"""

import socket
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lanchat.discovery.ip import plain

if TYPE_CHECKING:
    from zeroconf import IPVersion
    from zeroconf.asyncio import AsyncZeroconf


def by_family(addresses: Iterable[str]) -> list[list[str]]:
    """Return the IPv4 addresses, then the IPv6 ones; a family without any is left out."""
    kept = list(addresses)
    v4, v6 = [one for one in kept if ":" not in one], [one for one in kept if ":" in one]
    return [family for family in (v4, v6) if family]


def open_zeroconf(addresses: Sequence[str], *, unicast: bool = False) -> "AsyncZeroconf":
    """Return a zeroconf on own addresses of one family. Raises OSError or RuntimeError."""
    from zeroconf.asyncio import AsyncZeroconf

    return AsyncZeroconf(interfaces=interfaces_of(addresses), unicast=unicast, ip_version=version_of(addresses))


def version_of(addresses: Sequence[str]) -> "IPVersion":
    """Return zeroconf's word for the family of these addresses."""
    from zeroconf import IPVersion

    return IPVersion.V6Only if ":" in addresses[0] else IPVersion.V4Only


def interfaces_of(addresses: Sequence[str]) -> list[str | int | tuple[tuple[str, int, int], int]]:
    """Return own addresses as zeroconf wants them.

    It looks addresses up without their scopes. A VLAN has the fe80 address of the adapter that it is on, so where one
    is there twice, zeroconf gets the adapters' numbers instead.
    """
    times = Counter(plain(one) for one in addresses)
    return [one if times[plain(one)] == 1 else _index(one) for one in addresses]


def _index(address: str) -> int:
    scope = address.partition("%")[2]
    return int(scope) if scope.isdecimal() else socket.if_nametoindex(scope)
