"""Letting rooms be found: a thread that announces them, follows changes of the network and answers broadcasts.

The host's own loop never waits for any of this: it is serving already when the thread starts, and gets its events.
"""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lanchat.discovery.addresses import (
    MAX_OWN_ADDRESSES,
    Adapter,
    Reach,
    bindable,
    broadcast_routes,
    host_addresses,
    is_loopback_only,
    multicast_sources,
    reach_of,
    read_adapters,
    usable_interfaces,
    usable_ipv6,
)
from lanchat.discovery.ip import IPInterface, ip_of
from lanchat.discovery.names import HTTP_TYPE, IRC_TYPE
from lanchat.discovery.quiet import log, quiet_zeroconf
from lanchat.discovery.rooms import Advertisement
from lanchat.discovery.seniority import GivesWay

if TYPE_CHECKING:
    from lanchat.discovery.broadcast import Responder
    from lanchat.discovery.claims import Claim, Claims
    from lanchat.discovery.twins import TwinWatch

POLL_S = 2.0  # how often the adapters are read: under 0.1 % of a core
DAMP_S = 0.5  # a change has to last this long: adapters come up in several steps
GUARD_S = 60.0  # how often we ask who else answers for our names
ASK_FIRST_S = 5.0  # before the first broadcast that looks for twins: by then multicast DNS has found most
ANSWERS_WITHIN_S = 1.5
RETRY_S = 5.0  # after announcing failed
GIVE_WAY_AFTER_S = 3.0  # after a twin was noticed that was here first
AGAIN_S = 6.0  # after a twin was told to give way: its announcements may have overwritten ours


@dataclass(frozen=True, slots=True)
class Announced:
    """The room can be found by multicast now, under this name."""

    room_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """The room was renamed on the network, because another room has its name. Its id stays."""

    room_id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """The machine's addresses changed. `reach`: who can use them."""

    addresses: tuple[str, ...]
    reach: Reach = Reach.NETWORK


@dataclass(frozen=True, slots=True)
class LeftOut:
    """More addresses than can be announced on: these are left out. Broadcasts are answered there all the same."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twin:
    """Another host answers under this room's id, at this address.

    `gives_way`: who is to take another id. OURS: this host, by `Announcer.change_id`.
    """

    room_id: str
    name: str
    address: str
    gives_way: GivesWay


@dataclass(frozen=True, slots=True)
class AnnounceFailed:
    """Announcing by multicast failed, and will be tried again. `reason`: a sentence for the person at the host."""

    reason: str


AnnounceEvent = Announced | Renamed | NetworkChanged | LeftOut | Twin | AnnounceFailed


class Announcer:
    """Announces rooms from a thread of its own until it is closed.

    `listen` holds the addresses the host listens on, none for all. With `has_page`, they are announced as web pages,
    too; with `advertise_all`, as IRC servers. `on_event` is called from the announcer's thread.
    Without any network it waits for one. Hosts that listen on loopback only are not announced.
    """

    def __init__(
        self,
        rooms: Sequence[Advertisement],
        *,
        listen: Sequence[str] = (),
        has_page: bool = False,
        advertise_all: bool = False,
        on_event: Callable[[AnnounceEvent], None],
    ) -> None:
        self._rooms = tuple(rooms)
        self._listen = tuple(listen)
        self._further_types = [*([HTTP_TYPE] if has_page else []), *([IRC_TYPE] if advertise_all else [])]
        self._on_event = on_event
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False
        self._interfaces: list[IPInterface] | None = None  # None until the first look
        self._all: list[IPInterface] = []  # what is left out of them for multicast is asked by broadcast
        self._adapters: list[Adapter] = []
        self._told: tuple[str, ...] | None = None  # the addresses that people know
        self._claims: Claims | None = None
        self._twins: TwinWatch | None = None
        self._last_failure = ""
        self._responders: list[Responder] = []  # one for each family of addresses
        self._changing: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Start announcing; returns at once."""
        if self._thread is not None or not self._rooms or is_loopback_only(self._listen):
            return
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
        self._thread.start()

    def change_id(self, old: str, new: str) -> None:
        """Announce a room under another id from now on. May be called from any thread."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._change_id, old, new)

    def _change_id(self, old: str, new: str) -> None:
        self._rooms = tuple(replace(room, room_id=new) if room.room_id == old else room for room in self._rooms)
        for responder in self._responders:
            responder.change_id(old, new)
        if self._twins is not None:
            self._twins.change_id(old, new)
        if self._claims is not None:
            self._spawn(self._claims.change_id(old, new))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._changing.add(task)
        task.add_done_callback(self._has_spawned)

    def _has_spawned(self, task: "asyncio.Task[None]") -> None:
        self._changing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.debug("announcing again failed: %s", error)

    def close(self, timeout_s: float = 3.0) -> None:
        """Say goodbye and stop, which takes about 250 ms; waits for it `timeout_s` at most. May be called again."""
        with self._lock:
            self._is_closed = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        # A selector loop on every system: Windows' proactor loop stops receiving datagrams after one that was refused.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            loop = runner.get_loop()
            loop.set_exception_handler(lambda _, context: log.debug("announcer: %s", context.get("message")))
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    runner.run(self._main(loop))
            except Exception as error:  # noqa: BLE001 - nothing here may print a traceback over the host's screen
                log.debug("the announcer ended", exc_info=True)
                self._tell_failure(error)

    async def _main(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            if self._is_closed:
                return
            self._loop, self._task = loop, asyncio.current_task()
        try:
            async with asyncio.TaskGroup() as tasks:
                for family in (socket.AF_INET, socket.AF_INET6):
                    tasks.create_task(self._answer_broadcasts(family))
                tasks.create_task(self._announce())
                tasks.create_task(self._ask_for_twins())
        finally:
            with self._lock:
                self._loop = self._task = None

    async def _announce(self) -> None:
        guard_at = time.monotonic() + GUARD_S
        try:
            while True:
                pause_s = await self._follow_network()
                if time.monotonic() >= guard_at and self._claims is not None:
                    self._claims.ask_for_rivals()
                    guard_at = time.monotonic() + GUARD_S
                await asyncio.sleep(pause_s)
        finally:
            await self._close_claims()

    async def _follow_network(self) -> float:
        """Announce on the addresses the machine has now; return the seconds until the next look."""
        before, now = self._interfaces, await self._settled()
        if now == before and (self._claims is not None or not now):
            return POLL_S
        self._interfaces = now
        self._tell_moved()
        self._tell_left_out(now)
        try:
            await self._announce_on(now)
        except Exception as error:  # noqa: BLE001 - zeroconf raises many kinds; none may end the announcing
            await self._close_claims()
            self._tell_failure(error)
            return RETRY_S
        self._last_failure = ""
        return POLL_S

    async def _settled(self) -> list[IPInterface]:
        """Return the interfaces to announce on. A change counts once two looks in a row agree on it."""
        seen = self._look()
        while self._interfaces is not None and seen != self._interfaces:
            await asyncio.sleep(DAMP_S)
            again = self._look()
            if again == seen:
                break
            seen = again
        return seen

    def _look(self) -> list[IPInterface]:
        self._adapters = read_adapters()
        v4 = list(dict.fromkeys(usable_interfaces(self._adapters, self._listen)))
        v6 = list(dict.fromkeys(usable_ipv6(self._adapters, self._listen)))
        self._all = [*v4, *v6]
        ready = {*bindable(str(ip_of(one)) for one in v6)}
        return [*sorted(v4[:MAX_OWN_ADDRESSES]), *(one for one in v6[:MAX_OWN_ADDRESSES] if str(ip_of(one)) in ready)]

    def _tell_moved(self) -> None:
        """Tell the new addresses, if they are news to people: those of IPv6 change every day beside one of IPv4."""
        told = tuple(host_addresses(self._listen, self._adapters))
        known = tuple(one for one in told if ":" not in one) or told
        if self._told not in (None, known):
            self._tell(NetworkChanged(told, reach_of(self._adapters, self._listen)))
        self._told = known

    def _tell_left_out(self, announced_on: Sequence[IPInterface]) -> None:
        ready = [one for one in self._all if one.version == 4]  # of IPv6, one may be left out that is not ready yet
        if left := tuple(str(ip_of(one)) for one in ready if one not in announced_on):
            self._tell(LeftOut(left))

    async def _announce_on(self, interfaces: Sequence[IPInterface]) -> None:
        addresses = [str(ip_of(one)) for one in interfaces]
        v6 = multicast_sources(self._adapters, interfaces)
        sources = [*(str(ip_of(one)) for one in interfaces if one.version == 4), *v6]
        if not addresses:
            await self._close_claims()
        elif self._claims is not None:
            await self._claims.move(addresses, sources)
        else:
            quiet_zeroconf()
            from lanchat.discovery.claims import Claims  # zeroconf: 60 ms, spent here while the host already listens

            types, named, twins = self._further_types, self._named, self._watch_for_twins()
            self._claims = Claims(self._rooms, further_types=types, on_named=named, twins=twins)
            await self._claims.open(addresses, sources)

    def _watch_for_twins(self) -> "TwinWatch":
        from lanchat.discovery.twins import TwinWatch

        if self._twins is None:
            self._twins = TwinWatch(self._rooms, lambda: self._all, self._has_twin)
        return self._twins

    async def _ask_for_twins(self) -> None:
        """Ask by broadcast, too, who answers under our ids: multicast DNS does not get through everywhere."""
        from lanchat.discovery import broadcast

        await asyncio.sleep(ASK_FIRST_S)
        while True:
            heard = self._watch_for_twins().heard
            with contextlib.suppress(OSError):  # an adapter went away meanwhile
                await broadcast.ask(broadcast_routes(self._adapters), heard, listen_s=ANSWERS_WITHIN_S)
            await asyncio.sleep(GUARD_S)

    async def _close_claims(self) -> None:
        claims, self._claims = self._claims, None
        if claims is not None:
            await claims.close()

    async def _answer_broadcasts(self, family: socket.AddressFamily) -> None:
        from lanchat.discovery.broadcast import Responder, open_responder

        ports = {room.port: room.room_id for room in reversed(self._rooms)}
        responder = Responder([(room_id, port) for port, room_id in ports.items()], lambda: self._all)
        self._responders.append(responder)
        while True:
            try:
                transport = await open_responder(responder, family=family)
            except OSError as error:
                log.debug("broadcasts are not answered: %s", error)
                await asyncio.sleep(RETRY_S)
                continue
            try:
                await asyncio.Event().wait()
            finally:
                transport.close()

    def _named(self, claim: "Claim", old_name: str | None) -> None:
        from lanchat.discovery.names import SERVICE_TYPE

        if claim.service_type != SERVICE_TYPE:
            return
        if old_name is not None:
            self._tell(Renamed(claim.room.room_id, old_name, claim.shown_name))
        self._tell(Announced(claim.room.room_id, claim.shown_name))

    def _has_twin(self, room: Advertisement, address: str, gives_way: GivesWay) -> None:
        event = Twin(room.room_id, room.name, address, gives_way)
        if self._loop is None:
            return
        if gives_way is GivesWay.OURS:  # once the other one has heard us, too, so that its console says so
            self._announce_again()
            self._loop.call_later(GIVE_WAY_AFTER_S, self._tell, event)
            return
        self._tell(event)
        if gives_way is GivesWay.THEIRS:
            self._loop.call_later(AGAIN_S, self._announce_again)

    def _announce_again(self) -> None:
        if self._claims is not None:
            self._spawn(self._claims.announce_again())

    def _tell_failure(self, error: Exception) -> None:
        reason = f"The room cannot be announced on this network ({error}); others can still join by address."
        if reason != self._last_failure:
            self._last_failure = reason
            self._tell(AnnounceFailed(reason))

    def _tell(self, event: AnnounceEvent) -> None:
        try:
            self._on_event(event)
        except Exception:  # noqa: BLE001 - whatever the host does with it, announcing goes on
            log.debug("an event was not taken", exc_info=True)
