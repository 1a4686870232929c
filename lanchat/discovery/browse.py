"""Browsing for announced rooms, with three browsers, because each hears what the others may miss:

- The default browser asks for unicast answers first. They are the quickest, but reach a single socket of the machine,
  which may belong to another program that speaks mDNS.
- The second asks for multicast answers, which reach all programs, also where a firewall lets only 224.0.0.251:5353 in.
- The third asks from a port of its own and gets its answers there, also where a firewall closes port 5353.

What they hear is a hint, and so is a goodbye (*Removed*): a crashed host says none, and anybody may say it for a host
that is still there. The probe decides.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanchat.discovery.addresses import bindable, without_loopback
from lanchat.discovery.ip import normal
from lanchat.discovery.multicast import by_family, open_zeroconf
from lanchat.discovery.names import MAX_NAME_BYTES, SERVICE_TYPE, label_of, read_txt
from lanchat.discovery.quiet import log, quiet_zeroconf
from lanchat.protocol.text import clean, cut_to_bytes

if TYPE_CHECKING:
    from zeroconf import ServiceStateChange, Zeroconf
    from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

RESOLVED_AT_ONCE = 64  # announcements; further ones wait for their turn, as an announcement comes only once
MAX_WAITING = 2_048  # of them: four times the rooms that are listed, each seen by three browsers
MAX_TOLD_ADDRESSES = 64  # of one announcement; whoever connects picks the nearest eight of them
RESOLVE_TIMEOUT_MS = 3_000  # mostly the records come with the announcement, and nothing has to be asked for


@dataclass(frozen=True, slots=True)
class Sighting:
    """A room that was announced. `room_id` is None where the announcement carries none; `name` is cleaned."""

    name: str
    room_id: str | None
    addresses: tuple[str, ...]
    port: int
    announcer: str = ""  # the host name it gives itself


class Browsers:
    """The three browsers, for IPv4 and for IPv6.

    `on_seen` gets every sighting, `on_gone` the label of what said goodbye or expired."""

    def __init__(self, on_seen: Callable[[str, Sighting], None], on_gone: Callable[[str], None]) -> None:
        self._on_seen = on_seen
        self._on_gone = on_gone
        self.own: list[str] = []  # the addresses that are browsed on
        self._zeroconfs: list[AsyncZeroconf] = []
        self._browsers: list[AsyncServiceBrowser] = []
        self._resolving: dict[tuple[int, str], asyncio.Task[None]] = {}
        self.passed_over = 0  # announcements that came while too many were waiting
        self._turns = asyncio.Semaphore(RESOLVED_AT_ONCE)

    def start(self, addresses: Sequence[str]) -> int:
        """Start browsing on these own addresses; return how many browsers could be started, 0 to 3 for each family."""
        self.own = bindable(addresses)
        for family in by_family(self.own):
            self._start(family)
        return len(self._browsers)

    def _start(self, addresses: Sequence[str]) -> None:
        from zeroconf import DNSQuestionType

        quiet_zeroconf()
        shared = self._open(addresses, unicast=False)
        if shared is not None:
            self._browse(shared, None)
            self._browse(shared, DNSQuestionType.QM)
        own_port = self._open(addresses, unicast=True)
        if own_port is not None:
            self._browse(own_port, None)

    def _open(self, addresses: Sequence[str], *, unicast: bool) -> "AsyncZeroconf | None":
        try:
            opened = open_zeroconf(addresses, unicast=unicast)
        except (OSError, RuntimeError) as error:
            log.debug("no browser (unicast: %s): %s", unicast, error)
            return None
        self._zeroconfs.append(opened)
        return opened

    def _browse(self, zeroconf: "AsyncZeroconf", question_type: object) -> None:
        from zeroconf.asyncio import AsyncServiceBrowser

        self._browsers.append(
            AsyncServiceBrowser(
                zeroconf.zeroconf,
                SERVICE_TYPE,
                handlers=[self._on_state_change],
                question_type=question_type,  # type: ignore[arg-type]  # a DNSQuestionType or None, imported late
            )
        )

    def _on_state_change(
        self, zeroconf: "Zeroconf", service_type: str, name: str, state_change: "ServiceStateChange"
    ) -> None:
        from zeroconf import ServiceStateChange

        if state_change is ServiceStateChange.Removed:
            self._on_gone(label_of(name, service_type))
            return
        key = (id(zeroconf), name)
        if key in self._resolving:
            return
        if len(self._resolving) >= MAX_WAITING:
            self.passed_over += 1
            return
        task = asyncio.ensure_future(self._resolve(zeroconf, service_type, name))
        self._resolving[key] = task
        task.add_done_callback(lambda _: self._resolving.pop(key, None))

    async def _resolve(self, zeroconf: "Zeroconf", service_type: str, name: str) -> None:
        from zeroconf import Error
        from zeroconf.asyncio import AsyncServiceInfo

        with contextlib.suppress(OSError, Error, ValueError):
            info = AsyncServiceInfo(service_type, name)
            if info.load_from_cache(zeroconf) or await self._ask(info, zeroconf):
                sighting = sighting_of(label_of(name, service_type), info)
                if sighting is not None:
                    self._on_seen(label_of(name, service_type), sighting)

    async def _ask(self, info: "AsyncServiceInfo", zeroconf: "Zeroconf") -> bool:
        """Ask the network for what an announcement leaves out, when it is its turn."""
        async with self._turns:
            return info.load_from_cache(zeroconf) or await info.async_request(zeroconf, RESOLVE_TIMEOUT_MS)

    async def close(self) -> None:
        """Stop browsing."""
        for task in list(self._resolving.values()):
            task.cancel()
        for browser in self._browsers:
            await browser.async_cancel()
        for zeroconf in self._zeroconfs:
            await zeroconf.async_close()
        self._browsers.clear()
        self._zeroconfs.clear()


def sighting_of(label: str, info: "AsyncServiceInfo") -> Sighting | None:
    """Return what an announcement says, or None if it has no usable address or port."""
    text = read_txt(info.properties)
    told = without_loopback(info.parsed_scoped_addresses())  # with the scope of the adapter they were heard on
    addresses = tuple(dict.fromkeys(map(normal, told)))[:MAX_TOLD_ADDRESSES]
    if not addresses or not info.port:
        return None
    name = text.name or cut_to_bytes(clean(label), MAX_NAME_BYTES)
    return Sighting(name, text.room_id, addresses, info.port, (info.server or "").lower())
