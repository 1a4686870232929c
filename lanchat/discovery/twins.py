"""Noticing another host that answers under a room's id: a copied data folder, or somebody who pretends to be us.

Addresses are announced under a host name made of the id, so a twin's come with ours, and so does the port of its
service. What is not ours is asked for /room.json: another "run" than our own answer has is another host. Where
multicast DNS does not get through, they answer our broadcasts.
"""

import asyncio
import contextlib
import ipaddress
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are offered, but not listed in its __all__
    DNSAddress,
    DNSRecord,
    DNSService,
    RecordUpdate,
    RecordUpdateListener,
    Zeroconf,
)

from lanchat.discovery.addresses import is_on_link
from lanchat.discovery.ip import IPInterface, ip_of, normal, plain
from lanchat.discovery.names import server_name
from lanchat.discovery.probe import ProbeError, probe, probe_first
from lanchat.discovery.rooms import Advertisement
from lanchat.discovery.seniority import GivesWay, gives_way

MAX_ASKED = 16  # places, in a host's life: a network full of twins is told after the first ones
MAX_HEARD = 16  # addresses and ports each, that are announced under our names
IPV6_LATER_S = 0.5  # so that people are told the IPv4 address of a host that has one
ASK_AGAIN_S = 30.0  # it may not have given way, or not have answered

Place = tuple[str, int]
Item = TypeVar("Item")


class TwinWatch(RecordUpdateListener):
    """Looks at the places that are announced under our names.

    `on_twin(room, address, who gives way)` is called once for each twin and outcome.
    """

    def __init__(
        self,
        rooms: Sequence[Advertisement],
        own: Callable[[], Sequence[IPInterface]],
        on_twin: Callable[[Advertisement, str, GivesWay], None],
    ) -> None:
        self._rooms = {server_name(room.room_id): room for room in rooms}
        self._own = own
        self._on_twin = on_twin
        self._addresses: tuple[str, ...] = ()
        self._ports: tuple[int, ...] = tuple({room.port for room in rooms})
        self._asked: dict[Place, float] = {}  # and when
        self._told: set[tuple[str, str, GivesWay]] = set()  # one twin may have several addresses
        self._new_ids: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def change_id(self, old: str, new: str) -> None:
        """A room of ours has another id now. It is new, so no copy has it: it is not changed again."""
        room = self._rooms.pop(server_name(old), None)
        if room is not None:
            self._rooms[server_name(new)] = replace(room, room_id=new)
            self._new_ids.add(new)
            self._asked.clear()

    def look_at(self, zeroconf: Zeroconf) -> None:
        """Look at what was heard before we listened."""
        for name in list(self._rooms):
            self._hear([*zeroconf.cache.entries_with_server(name), *zeroconf.cache.entries_with_name(name)])

    def async_update_records(self, _: Zeroconf, __: float, records: list[RecordUpdate]) -> None:
        """Ask each place that is announced as ours and is not."""
        self._hear(update.new for update in records)

    def async_update_records_complete(self) -> None:
        """Do nothing: `async_update_records` looked at each record."""

    def _hear(self, records: Iterable[DNSRecord]) -> None:
        for record in records:
            if isinstance(record, DNSAddress) and record.name.lower() in self._rooms:
                self._addresses = _with(self._addresses, _address_in(record))
                self._consider_all(self._rooms[record.name.lower()])
            elif isinstance(record, DNSService) and record.server.lower() in self._rooms and record.port:
                self._ports = _with(self._ports, record.port)
                self._consider_all(self._rooms[record.server.lower()])

    def heard(self, room_id: str, address: str, port: int) -> None:
        """Ask a place that has answered a broadcast with an id of ours, and is not ours."""
        room = self._rooms.get(server_name(room_id))
        if room is not None and self._is_a_neighbours(address):
            self._consider(room, (address, port))

    def _consider_all(self, room: Advertisement) -> None:
        for address in self._addresses:
            if self._is_a_neighbours(address):
                for port in self._ports:
                    self._consider(room, (address, port))

    def _is_a_neighbours(self, address: str) -> bool:
        own = self._own()
        return plain(address) not in {plain(str(one)) for one in own} and is_on_link(address, own)

    def _consider(self, room: Advertisement, place: Place) -> None:
        now = time.monotonic()
        is_due = now - self._asked[place] > ASK_AGAIN_S if place in self._asked else len(self._asked) < MAX_ASKED
        if is_due:
            self._asked[place] = now
            task = asyncio.ensure_future(self._ask(room, place))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask(self, room: Advertisement, place: Place) -> None:
        await asyncio.sleep(IPV6_LATER_S if ":" in place[0] else 0.0)
        with contextlib.suppress(ProbeError):
            theirs = await probe(*place, expect_id=room.room_id)
            ours = await probe_first([str(ip_of(one)) for one in self._own()], room.port, expect_id=room.room_id)
            if theirs[0].run != ours[0].run:
                who = GivesWay.NOBODY if room.room_id in self._new_ids else gives_way(ours[0], theirs[0])
                self._tell(room, place[0], theirs[0].run, who)

    def _tell(self, room: Advertisement, address: str, run: str, who: GivesWay) -> None:
        is_ours = server_name(room.room_id) in self._rooms  # it may have changed while we asked
        if is_ours and (room.room_id, run, who) not in self._told:
            self._told.add((room.room_id, run, who))
            self._on_twin(room, address, who)

    def close(self) -> None:
        """Ask nobody more."""
        for task in list(self._tasks):
            task.cancel()


def _with(heard: tuple[Item, ...], item: Item) -> tuple[Item, ...]:
    return heard if item in heard or len(heard) >= MAX_HEARD else (*heard, item)


def _address_in(record: DNSAddress) -> str:
    text = str(ipaddress.ip_address(record.address))
    return normal(f"{text}%{record.scope_id}" if record.scope_id else text)
