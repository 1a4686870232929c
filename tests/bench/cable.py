"""Two network namespaces joined by a cable: a LAN of our own that touches no other network."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_UP_WITHIN_S = 5.0


def why_not() -> str:
    """Say why there can be no such LAN here; empty if there can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "making network namespaces needs root"
    return "" if shutil.which("ip") else "there is no ip command (package iproute2)"


@dataclass(frozen=True)
class End:
    """One machine of the LAN."""

    namespace: str
    address: str

    def command(self, *words: str) -> list[str]:
        """Give the command line that runs the words on this machine."""
        return ["ip", "netns", "exec", self.namespace, *words]


@contextmanager
def cable() -> Iterator[tuple[End, End]]:
    """Make both machines, and take them away afterwards."""
    name = f"lanchat-bench-{os.getpid()}"
    ends = (End(f"{name}-a", "10.77.9.1"), End(f"{name}-b", "10.77.9.2"))
    try:
        for end in ends:
            _ip("netns", "add", end.namespace)
        left, right = (end.namespace for end in ends)
        veth = ("type", "veth", "peer", "name", "eth0", "netns", right)
        _ip("link", "add", "eth0", "netns", left, *veth)  # never seen outside of the two
        for end in ends:
            _ip("-n", end.namespace, "addr", "add", f"{end.address}/24", "brd", "+", "dev", "eth0")
            for device in ("lo", "eth0"):
                _ip("-n", end.namespace, "link", "set", device, "up")
        for end in ends:
            _wait_until_up(end)
        yield ends
    finally:
        for end in ends:
            subprocess.run(["ip", "netns", "del", end.namespace], capture_output=True, check=False)


def _wait_until_up(end: End) -> None:
    """Wait until the cable is in: the kernel says so a moment after both ends were set up."""
    deadline = time.monotonic() + _UP_WITHIN_S
    shown = ["ip", "-n", end.namespace, "-brief", "link", "show", "eth0"]
    while " UP " not in subprocess.run(shown, capture_output=True, text=True, check=True).stdout:
        assert time.monotonic() < deadline, "the cable does not come up"
        time.sleep(0.01)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
