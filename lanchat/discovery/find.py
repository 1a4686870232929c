"""All the ways to rooms at once: what is announced, on this machine, remembered, broadcast, typed by hand, scanned.

Each way yields only hints. A hint becomes a room when its port answers with the room's id, and a room found in two ways
is one room. `Finder.collect` looks once, for a second or two; a screen that stays open iterates over the `Finder`.
"""

import asyncio
import contextlib
import dataclasses
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from lanchat.discovery import broadcast, scan
from lanchat.discovery.addresses import (
    Adapter,
    asking_addresses,
    best_first,
    bindable,
    broadcast_routes,
    is_on_link,
    read_adapters,
    usable_interfaces,
    usable_ipv6,
    ways_to,
)
from lanchat.discovery.belief import Belief
from lanchat.discovery.bounds import Bounds
from lanchat.discovery.browse import Browsers, Sighting
from lanchat.discovery.events import Appeared, Changed, Crowded, FindEvent, Scanned, Silent, Vanished, Why
from lanchat.discovery.hints import Hint
from lanchat.discovery.ip import IPInterface, parse_address, plain
from lanchat.discovery.last_resort import LastResort
from lanchat.discovery.names import is_numbered
from lanchat.discovery.probe import PROBE_TIMEOUT_S, ProbeError, probe
from lanchat.discovery.rooms import FoundRoom, RememberedRoom
from lanchat.discovery.roster import Roster
from lanchat.discovery.running import running_hosts
from lanchat.discovery.scan import addresses_in_all
from lanchat.discovery.targets import parse_target
from lanchat.limits import DEFAULT_PORT, PORTS_TRIED

__all__ = ["Appeared", "Changed", "Crowded", "FindEvent", "Finder", "Scanned", "Silent", "Vanished", "parse_target"]

LOOK_AT_LEAST_S = 1.3  # where another program here gets the quick answers, the slow ones come within 1.23 s
QUIET_S = 0.5  # after this long without news, nothing more is expected
LOOK_AT_MOST_S = 3.0
BROADCAST_AFTER_S = 0.3  # by then multicast has brought the first room, where it works
BROADCAST_LISTEN_S = 1.5
BROADCAST_AGAIN_S = 10.0  # while nothing was announced
RECHECK_S = (10.0, 15.0)  # between two looks at the rooms found
LOOK_AGAIN_S = 3.0  # for hosts on this machine, and for other adapters
MAX_HINTS = 2_048  # waiting to be followed, four times the rooms that are listed; a flood fills this and no more
MAX_SILENT = 512  # hints that led nowhere and are tried again
PROBES_AT_ONCE = 64


class Finder:
    """Looks for rooms inside its `async with`; iterate over it for the events.

    `targets` are (host, port) pairs typed by hand; without `browse`, only these are asked, and scanned if wanted.
    `running` is the folder of `lanchat.discovery.running`. `scan` asks every address of the own subnets, once.
    """

    def __init__(
        self,
        *,
        remembered: Iterable[RememberedRoom] = (),
        targets: Sequence[tuple[str, int]] = (),
        scan: bool = False,
        browse: bool = True,
        running: Path | None = None,
    ) -> None:
        self._remembered = tuple(remembered)
        self._targets = tuple(targets)
        self._wants_scan = scan
        self._wants_browse = browse
        self._running = running
        self._adapters: list[Adapter] = []
        self._roster = Roster()
        self._belief = Belief()
        self._last_resort = LastResort()
        self._browsers = Browsers(self._on_seen, self._on_gone)
        self._is_listening = False
        self._is_multicast_heard = False  # from another machine: our own rooms are heard through any firewall
        self._tasks: set[asyncio.Task[None]] = set()
        self._probing: dict[tuple[str | None, tuple[str, ...], int], Hint] = {}
        self._silent: dict[str, Hint] = {}
        self._told_silent: dict[str, Silent] = {}
        self._ids_by_label: dict[str, str] = {}
        self._announced_names: dict[str, str] = {}
        self._is_scanning = False
        self._scanned = 0  # addresses
        self._passed_over = 0  # hints
        self._slots = asyncio.Semaphore(PROBES_AT_ONCE)
        self._events: asyncio.Queue[FindEvent | None] = asyncio.Queue()
        self._last_news_at = time.monotonic()

    @property
    def rooms(self) -> list[FoundRoom]:
        """The rooms that answer at present."""
        return self._roster.rooms

    @property
    def silences(self) -> list[Silent]:
        """What was announced or typed and has not answered, each once; nothing of where a room did answer."""
        return [one for one in self._told_silent.values() if not self._roster.has_proved(one.address, one.port)]

    @property
    def bounds(self) -> Bounds:
        """What was left out, as there was too much of it."""
        in_all, asked = (addresses_in_all(self._adapters), self._scanned) if self._wants_scan else (0, 0)
        return Bounds(self._roster.left_out, self._passed_over + self._browsers.passed_over, asked, in_all)

    @property
    def _own(self) -> list[IPInterface]:
        return [one for adapter in self._adapters for one in adapter.addresses]

    @property
    def is_on_network(self) -> bool:
        """Tell whether this machine has any address that others could reach."""
        return bool(usable_interfaces(self._adapters) or usable_ipv6(self._adapters))

    async def __aenter__(self) -> Self:
        """Start looking."""
        self._adapters = read_adapters()
        for host, port in self._targets:
            self._consider(Hint((host,), port, name=host, is_told=True))
        if self._wants_scan:
            self._is_scanning = True
            self._spawn(self._scan())
        if self._wants_browse:
            self._consider_near()
            self._consider_remembered()
            await asyncio.sleep(0)  # those questions leave before zeroconf is loaded
            self._is_listening = self._browsers.start(asking_addresses(self._adapters)) > 0
            self._spawn(self._keep_looking())
            self._spawn(self._broadcast())
        self._spawn(self._keep_checking())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop looking."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._browsers.close()
        self._events.put_nowait(None)

    def __aiter__(self) -> AsyncIterator[FindEvent]:
        """Iterate over the events, without end."""
        return self

    async def __anext__(self) -> FindEvent:
        """Return the next event."""
        while True:
            event = await self._events.get()
            if event is not None:
                return event

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _tell(self, events: Iterable[FindEvent]) -> None:
        for event in events:
            self._last_news_at = time.monotonic()
            self._events.put_nowait(event)

    # ---- Hints ---------------------------------------------------------------------------------------------

    def _consider(self, hint: Hint) -> None:
        """Follow a hint, unless it leads where a room has answered already."""
        known = self._roster.all_of(hint.room_id) if hint.room_id else []
        if hint.is_where(known) and all(self._as_announced(room) == room for room in known):
            return
        if hint.room_id is None and self._roster.has_proved(hint.addresses[0], hint.port):
            return
        if hint.place in self._probing and hint.is_told:
            self._probing[hint.place] = hint  # asked already, as a remembered one: its silence is news from now on
        if hint.place not in self._probing and len(self._probing) >= MAX_HINTS:
            self._passed_over += 1
        elif hint.place not in self._probing:
            self._probing[hint.place] = hint
            if hint.is_told:
                self._last_news_at = time.monotonic()
            self._spawn(self._follow(hint))

    async def _follow(self, hint: Hint) -> None:
        try:
            async with self._slots:
                rooms = await self._ask(hint)
            self._silent.pop(hint.subject, None)
            self._told_silent.pop(hint.subject, None)
            self._take_in(rooms, keep=hint.addresses)
            self._look_for_twins(hint)
        except ProbeError as error:
            self._note_silence(self._probing[hint.place], error)
        finally:
            del self._probing[hint.place]
            self._events.put_nowait(None)

    def _look_for_twins(self, hint: Hint) -> None:
        """Ask the other addresses of a room, too: an announcement joins all that have its id."""
        for address in best_first(hint.addresses, self._adapters):
            if hint.room_id is not None and not self._roster.has_proved(address, hint.port):
                self._spawn(self._ask_one(address, hint))

    async def _ask_one(self, address: str, hint: Hint) -> None:
        with contextlib.suppress(ProbeError):
            async with self._slots:
                rooms = await probe(address, hint.port, expect_id=hint.room_id)
            self._take_in(rooms, keep=hint.addresses)

    def _take_in(self, rooms: Iterable[FoundRoom], *, keep: Collection[str] = ()) -> None:
        named = [self._as_announced(room) for room in rooms]
        self._tell(self._roster.answered(named, self._adapters, keep=keep))

    def _as_announced(self, room: FoundRoom) -> FoundRoom:
        """Return the room as "Line 3 (2)" if it is announced so, because another room has its name."""
        announced = self._announced_names.get(room.id, "")
        return dataclasses.replace(room, name=announced) if is_numbered(announced, room.name) else room

    async def _ask(self, hint: Hint) -> list[FoundRoom]:
        if all(parse_address(address) is None for address in hint.addresses):
            return await probe(hint.addresses[0], hint.port, expect_id=hint.room_id)
        return await self._last_resort.ask(best_first(hint.addresses, self._adapters), hint.port, hint.room_id)

    def _note_silence(self, hint: Hint, error: ProbeError) -> None:
        if not hint.is_told or self._roster.get(hint.subject) is not None:
            return
        if hint.subject not in self._told_silent and len(self._told_silent) < MAX_HINTS:
            self._told_silent[hint.subject] = silent = self._silence(hint, error)
            self._tell([silent])
        if len(self._silent) < MAX_SILENT and error.why is not Why.NOT_TRIED:
            self._silent[hint.subject] = hint

    def _silence(self, hint: Hint, error: ProbeError) -> Silent:
        tried = (best_first(hint.addresses, self._adapters) or hint.addresses)[0]
        is_near = is_on_link(tried, self._own)
        return Silent(hint.name, tried, hint.port, str(error), error.why, is_near)

    # ---- Where hints come from -----------------------------------------------------------------------------

    def _on_seen(self, label: str, sighting: Sighting) -> None:
        if sighting.room_id is not None and len(self._ids_by_label) < MAX_HINTS:
            self._ids_by_label[label] = sighting.room_id
            self._announced_names[sighting.room_id] = sighting.name
        own = {plain(str(one)) for one in self._own}
        self._is_multicast_heard = self._is_multicast_heard or not own.issuperset(map(plain, sighting.addresses))
        hint = Hint(sighting.addresses, sighting.port, sighting.room_id, sighting.name, is_told=True)
        told = [way for one in sighting.addresses for way in ways_to(one, self._adapters)]
        if believed := self._belief.believed(sighting.announcer, told, sighting.port, self._own):
            first = best_first(self._last_resort.set_aside(sighting.room_id, believed), self._adapters)
            self._consider(dataclasses.replace(hint, addresses=first))
        elif hint.subject not in self._told_silent:
            self._note_silence(hint, ProbeError("is not tried", Why.NOT_TRIED))

    def _on_gone(self, label: str) -> None:
        room_id = self._ids_by_label.pop(label, None)
        if room_id is None:
            return
        self._silent.pop(room_id, None)
        self._told_silent.pop(room_id, None)
        for room in self._roster.all_of(room_id):
            self._spawn(self._check(room, is_certain=True))

    def _consider_near(self) -> None:
        """Consider the hosts of this machine, which needs no network."""
        ports = range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
        for hint in (Hint((own,), port) for port in ports for own in ("127.0.0.1", "::1")):
            self._consider(hint)
        for host in running_hosts(self._running) if self._running else ():
            self._consider(Hint(host.addresses, host.port, host.ids[0] if host.ids else None))

    def _consider_remembered(self) -> None:
        for room in self._remembered:
            if room.addresses:
                self._consider(Hint(room.addresses, room.port, room.id, room.name))

    async def _broadcast(self) -> None:
        """Ask by broadcast every 10 s, as long as nothing is heard by multicast."""
        await asyncio.sleep(BROADCAST_AFTER_S)
        while True:
            if not self._is_multicast_heard:
                routes = broadcast_routes(self._adapters)
                await broadcast.ask(routes, self._on_broadcast_answer, listen_s=BROADCAST_LISTEN_S)
            await asyncio.sleep(BROADCAST_AGAIN_S)

    def _on_broadcast_answer(self, room_id: str, address: str, port: int) -> None:
        self._consider(Hint((address,), port, room_id, is_told=True))

    async def _scan(self) -> None:
        async def ask(address: str) -> None:
            with contextlib.suppress(ProbeError):
                rooms = await probe(address, DEFAULT_PORT, timeout_s=scan.SCAN_TIMEOUT_S)
                self._take_in(rooms, keep=(address,))

        def report(done: int, total: int) -> None:
            self._events.put_nowait(Scanned(done, total))

        try:
            addresses = scan.scan_addresses(self._adapters)
            self._scanned = len(addresses)
            await scan.scan(addresses, ask, report)
        finally:
            self._is_scanning = False
            self._events.put_nowait(None)

    async def _keep_looking(self) -> None:
        """Look again on this machine, and follow the adapters: a laptop may join the network after we started."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            adapters = read_adapters()
            if adapters != self._adapters or bindable(asking_addresses(adapters)) != self._browsers.own:
                self._adapters = adapters
                self._is_multicast_heard = False
                await self._browsers.close()
                self._is_listening = self._browsers.start(asking_addresses(adapters)) > 0
            self._consider_near()

    # ---- Rooms found already -------------------------------------------------------------------------------

    async def _keep_checking(self) -> None:
        while True:
            await asyncio.sleep(random.uniform(*RECHECK_S))  # noqa: S311 - a pause, not a secret
            for hint in list(self._silent.values()):
                self._consider(hint)
            self._consider_remembered()
            await asyncio.gather(*(self._check(room) for room in self._roster.rooms))

    async def _check(self, room: FoundRoom, *, is_certain: bool = False) -> None:
        try:
            async with self._slots:
                rooms = await self._last_resort.ask(room.addresses, room.port, room.id)
        except ProbeError:
            events = self._roster.failed(room.key, is_certain=is_certain)
            if events and not is_certain and len(self._silent) < MAX_SILENT:
                # A host whose cable was pulled said no goodbye, so the browsers will not report it when it returns.
                self._silent[room.id] = Hint(room.addresses, room.port, room.id, room.name)
            self._tell(events)
        else:
            self._take_in(rooms)

    # ---- Looking only once ----------------------------------------------------------------------------------

    async def collect(self, timeout_s: float | None = None) -> AsyncGenerator[FindEvent, None]:
        """Iterate over the events until it is quiet, or for `timeout_s` where that is given."""
        started = time.monotonic()
        while True:
            pause_s = self._enough_in_s(started, timeout_s)
            if pause_s <= 0 and self._events.empty():
                return
            try:
                async with asyncio.timeout(max(pause_s, 0.0) if self._events.empty() else None):
                    event = await self._events.get()
            except TimeoutError:
                continue
            if event is not None:
                yield event

    def _enough_in_s(self, started: float, timeout_s: float | None) -> float:
        """Return the seconds until it may end, as things are now; 0 or less: now.

        It never ends before 1.3 s (slow mDNS answers) nor after 3 s, and in between once there was no news for 0.5 s:

            0.2 s  Line 3 answers       at most 1.1 s more: until 1.3 s
            1.2 s  Bridge answers       0.5 s more: until 1.7 s
            1.6 s  Engine is announced, but does not answer: until 3 s, as long as its probe runs

        Each event, and each probe that ends, may change the outcome, so `collect` asks again after each. Three cases
        end otherwise: `timeout_s` is the time to look where it is given; a scan takes as long as it takes; and without
        browsers, all is known as soon as the probes and the broadcast have ended.
        """
        now = time.monotonic()
        told = (hint for hint in self._probing.values() if hint.is_told)
        is_pending = any(self._roster.get(hint.subject) is None for hint in told)
        if not self._is_listening and not self._probing and not self._is_scanning and self._is_asked_out(now - started):
            return 0.0
        if timeout_s is not None:
            return started + timeout_s - now
        if self._is_scanning:
            return PROBE_TIMEOUT_S
        quiet_at = max(started + LOOK_AT_LEAST_S, self._last_news_at + QUIET_S)
        at_most = started + LOOK_AT_MOST_S
        return (at_most if is_pending else min(quiet_at, at_most)) - now

    def _is_asked_out(self, passed_s: float) -> bool:
        """Tell whether no answer to a broadcast can come any more."""
        has_routes = self._wants_browse and bool(broadcast_routes(self._adapters))
        return not has_routes or passed_s > BROADCAST_AFTER_S + BROADCAST_LISTEN_S
