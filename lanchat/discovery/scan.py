"""Asking every address of our own subnets, only when a person wants that: some networks take it for an attack."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

from lanchat.discovery.addresses import Adapter, neighbours, usable_interfaces

MAX_SCANNED = 1_016  # four subnets of a /24 each
_NO_HOSTS = 2  # the subnet's own address and its broadcast
_POINT_TO_POINT = 31
AT_ONCE = 128  # macOS allows a program 256 open files; an address without a machine takes a second to fail
SCAN_TIMEOUT_S = 1.0  # a neighbour answers within milliseconds, ARP included


def scan_addresses(adapters: Iterable[Adapter]) -> list[str]:
    """Return the addresses to ask: all others in our subnets, or in the /24 around us where a subnet is larger."""
    found = [address for interface in usable_interfaces(adapters) for address in neighbours(interface)]
    return list(dict.fromkeys(found))[:MAX_SCANNED]


def addresses_in_all(adapters: Iterable[Adapter]) -> int:
    """Return how many addresses there are in our subnets, but for our own."""
    interfaces = usable_interfaces(adapters)
    subnets = {interface.network for interface in interfaces}
    outermost = [one for one in subnets if not any(one != other and one.subnet_of(other) for other in subnets)]
    hosts = sum(max(1, one.num_addresses - _NO_HOSTS) if one.prefixlen < _POINT_TO_POINT else 1 for one in outermost)
    return max(0, hosts - len({interface.ip for interface in interfaces}))


async def scan(
    addresses: Sequence[str],
    ask: Callable[[str], Awaitable[None]],
    on_progress: Callable[[int, int], None],
) -> None:
    """Ask all the addresses, at most 128 at once. `on_progress` gets how many are done, and of how many."""
    waiting = iter(addresses)
    done = 0

    async def worker() -> None:
        nonlocal done
        for address in waiting:
            await ask(address)
            done += 1
            on_progress(done, len(addresses))

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(AT_ONCE, len(addresses))):
            workers.create_task(worker())
