"""Noticing another host that answers under a room's id: a copied data folder, or somebody who pretends to be us.

Addresses are announced under a host name made of the id, so a twin's come with ours. One that is not ours is asked for
/room.json: another "run" than our own answer has is another host.
"""

import asyncio
import contextlib
import ipaddress
from collections.abc import Callable, Sequence

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are offered, but not listed in its __all__
    DNSAddress,
    RecordUpdate,
    RecordUpdateListener,
    Zeroconf,
)

from lanchat.discovery.addresses import is_on_link
from lanchat.discovery.ip import IPInterface, ip_of, normal, plain
from lanchat.discovery.names import server_name
from lanchat.discovery.probe import ProbeError, probe, probe_first
from lanchat.discovery.rooms import Advertisement

MAX_ASKED = 16  # addresses, in a host's life: a network full of twins is told after the first ones


class TwinWatch(RecordUpdateListener):
    """Looks at the addresses that are announced under our names. `on_twin(room, address)` is called once for each."""

    def __init__(
        self,
        rooms: Sequence[Advertisement],
        own: Callable[[], Sequence[IPInterface]],
        on_twin: Callable[[Advertisement, str], None],
    ) -> None:
        self._rooms = {server_name(room.room_id): room for room in rooms}
        self._own = own
        self._on_twin = on_twin
        self._asked: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def async_update_records(self, _: Zeroconf, __: float, records: list[RecordUpdate]) -> None:
        """Ask each address that is announced as ours and is not."""
        for update in records:
            record = update.new
            room = self._rooms.get(record.name.lower())
            if room is not None and isinstance(record, DNSAddress):
                self._consider(room, _address_in(record))

    def async_update_records_complete(self) -> None:
        """Do nothing: `async_update_records` looked at each record."""

    def _consider(self, room: Advertisement, address: str) -> None:
        own = self._own()
        is_foreign = plain(address) not in {plain(str(one)) for one in own}
        if is_foreign and is_on_link(address, own) and address not in self._asked and len(self._asked) < MAX_ASKED:
            self._asked.add(address)
            task = asyncio.ensure_future(self._ask(room, address))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask(self, room: Advertisement, address: str) -> None:
        with contextlib.suppress(ProbeError):
            theirs = await probe(address, room.port, expect_id=room.room_id)
            ours = await probe_first([str(ip_of(one)) for one in self._own()], room.port, expect_id=room.room_id)
            if theirs[0].run != ours[0].run:
                self._on_twin(room, address)

    def close(self) -> None:
        """Ask nobody more."""
        for task in list(self._tasks):
            task.cancel()


def _address_in(record: DNSAddress) -> str:
    text = str(ipaddress.ip_address(record.address))
    return normal(f"{text}%{record.scope_id}" if record.scope_id else text)
