"""Machines whose network has IPv6 and nothing else."""

import re
import time

from tests.lan.lab import DEADLINE_S, Lan, Machine

ULA = "fd77::"  # the network of those that have more than link-local addresses


def machine6(lan: Lan, name: str, number: int, *, has_ula: bool = True, switch: str = "br1") -> Machine:
    """Add a machine without any IPv4 address but loopback's."""
    made = lan.machine(name)
    plug6(made, number, has_ula=has_ula, switch=switch)
    return made


def plug6(machine: Machine, number: int, *, has_ula: bool = True, switch: str = "br1", device: str = "eth0") -> None:
    """Connect an adapter, and wait until its addresses are known to be nobody else's."""
    machine.plug(switch, None, device=device)
    if has_ula:
        machine.ip("address", "add", f"{ULA}{number}/64", "dev", device)
    until = time.monotonic() + DEADLINE_S
    while not _is_ready(machine.ip("-6", "address", "show", "dev", device)):
        assert time.monotonic() < until
        time.sleep(0.05)


def _is_ready(shown: str) -> bool:
    return "fe80" in shown and "tentative" not in shown


def link_local(machine: Machine, device: str = "eth0") -> str:
    """Return a machine's link-local address, without a scope: another machine has to put its own."""
    found = re.search(r"inet6 (fe80:[0-9a-f:]+)/", machine.ip("-6", "address", "show", "dev", device))
    assert found is not None
    return found[1]
