"""What a host announces with: a zeroconf for each family of addresses it has, which all say the same."""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Sequence

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are offered, but not listed in its __all__
    DNSOutgoing,
    DNSRecord,
    RecordUpdateListener,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from lanchat.discovery.addresses import bindable
from lanchat.discovery.multicast import by_family, interfaces_of, open_zeroconf, version_of
from lanchat.discovery.quiet import log

Announcing = list[Awaitable[object]]


class Voices:
    """The zeroconfs of one host. Everything here runs in one event loop.

    `listeners` hear the answers of all of them.
    """

    def __init__(self, listeners: Sequence[RecordUpdateListener]) -> None:
        self._listeners = listeners
        self._voices: dict[str, AsyncZeroconf] = {}  # by family

    async def speak_on(self, addresses: Sequence[str]) -> list[Zeroconf]:
        """Speak on these own addresses from now on, and on no others; return the voices that are new.

        Where one family fails, the other one is still heard. Raises OSError or RuntimeError where both do.
        """
        wanted = {version_of(family).name: family for family in by_family(addresses)}
        await self._leave(set(self._voices) - set(wanted))
        new, failure = [], None
        for name, family in wanted.items():
            try:
                new += await self._speak(name, family)
            except (OSError, RuntimeError) as error:
                failure = error
                log.debug("not announced with %s: %s", name, error)
        if failure is not None and not self._voices:
            raise failure
        return new

    async def _speak(self, name: str, addresses: Sequence[str]) -> list[Zeroconf]:
        """Speak on the addresses of one family; return its voice if it is new."""
        if len(bindable(addresses)) < len(addresses):
            raise OSError(f"not all of {', '.join(addresses)} can be used yet")
        if name in self._voices:
            zeroconf = self._voices[name].zeroconf
            await zeroconf.async_update_interfaces(interfaces_of(addresses), ip_version=version_of(addresses))
            return []
        voice = open_zeroconf(addresses)
        await voice.zeroconf.async_wait_for_start()
        self._voices[name] = voice
        return [voice.zeroconf]

    async def _leave(self, names: Iterable[str]) -> None:
        for name in names:
            await self._voices.pop(name).async_close()

    def listen(self, voices: Sequence[Zeroconf]) -> None:
        """Have the listeners hear these voices."""
        for zeroconf in voices:
            for listener in self._listeners:
                zeroconf.async_add_listener(listener, None)

    def __iter__(self) -> Iterator[Zeroconf]:
        """Iterate over the voices."""
        return iter([voice.zeroconf for voice in self._voices.values()])

    def send(self, out: DNSOutgoing) -> None:
        """Send a message everywhere."""
        for zeroconf in self:
            zeroconf.async_send(out)

    def heard(self, name: str) -> list[DNSRecord]:
        """Return the records of this name that any voice has heard."""
        return [record for zeroconf in self for record in zeroconf.cache.entries_with_name(name)]

    async def announce(self, info: AsyncServiceInfo) -> Announcing:
        """Announce a new service everywhere; return what is still being done."""
        # Who announces asked already, and better: "cooperating" skips zeroconf's own check, which takes 1.2 s.
        return [
            await zeroconf.async_register_service(info, cooperating_responders=True, strict=False) for zeroconf in self
        ]

    async def announce_again(self, info: AsyncServiceInfo) -> Announcing:
        """Announce a service that is announced already, everywhere; return what is still being done."""
        return [await zeroconf.async_update_service(info) for zeroconf in self]

    def fall_silent(self, info: AsyncServiceInfo) -> None:
        """Answer for this service no more, without a goodbye."""
        for zeroconf in self:
            zeroconf.registry.async_remove(info)

    async def close(self) -> None:
        """Say goodbye for all services. It takes about 250 ms."""
        voices, self._voices = list(self._voices.values()), {}
        await asyncio.gather(*(voice.async_close() for voice in voices))
