"""Names on the network: taking free ones, keeping them, and giving way to rooms with a better right.

A name is taken as in RFC 6762, section 8: ask three times, 250 ms apart, who is there; then announce. When two networks
are joined later, both may have a room "Line 3", and no probing could see that. So a host that answers for one of our
names under another server name is a rival. The room with the higher id then takes the next free name:

    ours:   id 5e…, "Line 3"    announces itself again, which corrects what clients remember
    theirs: id 9a…, "Line 3"    becomes "Line 3 (2)", without a goodbye: that would remove our "Line 3", too
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are offered, but not listed in its __all__
    DNSOutgoing,
    DNSPointer,
    DNSQuestion,
    DNSService,
    RecordUpdate,
    RecordUpdateListener,
    Zeroconf,
    current_time_millis,
)
from zeroconf.asyncio import AsyncServiceInfo

from lanchat.discovery.ip import plain
from lanchat.discovery.names import (
    HTTP_TYPE,
    SERVICE_TYPE,
    fold_label,
    free_number,
    full_name,
    label_of,
    numbered,
    room_id_of_server,
    server_name,
    service_label,
    txt_of,
)
from lanchat.discovery.quiet import log
from lanchat.discovery.rooms import Advertisement
from lanchat.discovery.twins import TwinWatch
from lanchat.discovery.voices import Voices

TYPE_A = 1  # RFC 1035, section 3.2.2
TYPE_PTR = 12  # RFC 1035, section 3.2.2
TYPE_AAAA = 28  # RFC 3596
TYPE_SRV = 33  # RFC 2782
CLASS_IN = 1  # RFC 1035, section 3.2.4
UNICAST_WANTED = 0x8000  # the "QU" bit; RFC 6762, section 5.4

PROBES = 3  # RFC 6762, section 8.1
PROBE_INTERVAL_S = 0.25  # the same
MAX_RENAMES = 20  # of one room: a rival for every name is an attack
GIVE_WAY_INTERVAL_S = 2.0  # between two answers to rivals of one name


@dataclass(slots=True)
class Claim:
    """One service under one name. `number`: 1 for the name itself, 2 for "Line 3 (2)" and so on."""

    room: Advertisement
    service_type: str
    number: int = 1
    info: AsyncServiceInfo | None = None
    renames: int = 0
    settled_at: float = float("-inf")

    @property
    def shown_name(self) -> str:
        """The name as people read it."""
        return numbered(self.room.name, self.number)

    @property
    def label(self) -> str:
        """The name as the network has it."""
        return service_label(self.room.name, self.number)

    def new_info(self, addresses: Sequence[str]) -> AsyncServiceInfo:
        """Make and keep the records to announce under the present name."""
        self.info = AsyncServiceInfo(
            self.service_type,
            full_name(self.label, self.service_type),
            port=self.room.port,
            properties=self._properties(),
            server=server_name(self.room.room_id),
            parsed_addresses=[plain(one) for one in addresses],
        )
        return self.info

    def _properties(self) -> dict[str, str]:
        if self.service_type == HTTP_TYPE:
            return {"path": self.room.path}
        return txt_of(
            room_id=self.room.room_id,
            name=self.shown_name,
            label=self.label,
            version=self.room.version,
            channel=self.room.channel,
            is_password_needed=self.room.is_password_needed,
        )


class Claims(RecordUpdateListener):
    """All the names of one host, while it has the network. Everything here runs in one event loop.

    `further_types`: what the rooms are announced as, too. `on_named(claim, old_name)` is called when a name was taken;
    `old_name` is None if it is the wished one.
    """

    def __init__(
        self,
        rooms: Sequence[Advertisement],
        *,
        further_types: Sequence[str] = (),
        on_named: Callable[[Claim, str | None], None],
        twins: TwinWatch | None = None,
    ) -> None:
        types = (SERVICE_TYPE, *further_types)
        self._claims = [Claim(room, service_type) for service_type in types for room in rooms]
        self._on_named = on_named
        self._twins = twins
        self._voices = Voices([self] if twins is None else [self, twins])
        self._is_open = False
        self._addresses: tuple[str, ...] = ()
        self._tasks: set[asyncio.Task[None]] = set()
        self._naming = asyncio.Lock()

    async def open(self, addresses: Sequence[str], sources: Sequence[str]) -> None:
        """Take the names and announce these addresses, from these own ones.

        Raises OSError or RuntimeError where multicast cannot be opened.
        """
        self._addresses = tuple(addresses)
        voices = await self._voices.speak_on(sources)
        self._is_open = True
        async with self._naming:
            await self._ask_who_is_there(self._claims)
            for claim in self._claims:
                await self._take_free_name(claim)
        self._listen(voices)
        self.ask_for_rivals()

    async def move(self, addresses: Sequence[str], sources: Sequence[str]) -> None:
        """Announce the same names with other addresses."""
        self._addresses = tuple(addresses)
        infos = [claim.info for claim in self._claims if claim.info is not None]
        for info in infos:
            info.addresses = [plain(one) for one in addresses]
        self._listen(await self._voices.speak_on(sources))
        for info in infos:
            await self._announce_again(info)
        self.ask_for_rivals()

    def _listen(self, voices: Sequence[Zeroconf]) -> None:
        """Hear new voices; for twins, what they have heard before, too."""
        self._voices.listen(voices)
        if self._twins is not None:
            for zeroconf in voices:
                self._twins.look_at(zeroconf)

    async def change_id(self, old: str, new: str) -> None:
        """Announce a room under another id, under the same names. No goodbye: a twin may have those names, too."""
        for claim in (claim for claim in self._claims if claim.room.room_id == old):
            claim.room = replace(claim.room, room_id=new)
            if claim.info is not None and self._is_open:
                await self._announce_again(claim.new_info(self._addresses))
        self.ask_for_rivals()

    async def announce_again(self) -> None:
        """Announce all names once more, which corrects what others have heard."""
        for claim in self._claims:
            if claim.info is not None and self._is_open:
                await self._announce_again(claim.info)

    async def _announce_again(self, info: AsyncServiceInfo) -> None:
        for task in await self._voices.announce_again(info):
            self._keep(task)

    def ask_for_rivals(self) -> None:
        """Ask the network who answers for our names. Rivals are dealt with when their answers come."""
        for claim in self._claims:
            if claim.info is not None:
                out = DNSOutgoing(0)
                out.add_question(DNSQuestion(claim.info.name, TYPE_SRV, CLASS_IN))
                for record_type in (TYPE_A, TYPE_AAAA):
                    out.add_question(DNSQuestion(server_name(claim.room.room_id), record_type, CLASS_IN))
                self._voices.send(out)

    async def close(self) -> None:
        """Say goodbye for all names. It takes about 250 ms."""
        for task in list(self._tasks):
            task.cancel()
        if self._twins is not None:
            self._twins.close()
        self._is_open = False
        await self._voices.close()

    async def _ask_who_is_there(self, claims: Sequence[Claim]) -> None:
        """Fill the cache with the names in use; 0.75 to 1 s. The random part keeps hosts apart that start together."""
        await asyncio.sleep(random.uniform(0, PROBE_INTERVAL_S))  # noqa: S311 - a pause, not a secret
        for attempt in range(PROBES):
            # The first question asks for unicast answers, which are quicker. They all go to one socket of a machine,
            # and that may be another program's; the next ones ask for multicast.
            question_class = CLASS_IN | UNICAST_WANTED if attempt == 0 else CLASS_IN
            out = DNSOutgoing(0)
            for service_type in sorted({claim.service_type for claim in claims}):
                out.add_question(DNSQuestion(service_type, TYPE_PTR, question_class))
            self._voices.send(out)
            await asyncio.sleep(PROBE_INTERVAL_S)

    async def _take_free_name(self, claim: Claim) -> None:
        old_name = claim.shown_name
        claim.number = free_number(claim.room.name, self._taken(claim))
        for task in await self._voices.announce(claim.new_info(self._addresses)):
            self._keep(task)
        self._on_named(claim, None if old_name == claim.shown_name else old_name)

    def _taken(self, claim: Claim) -> set[str]:
        """Return the folded labels that others have, on the network or among our own rooms."""
        others = (other for other in self._claims if other is not claim and other.service_type == claim.service_type)
        own = {fold_label(other.label) for other in others if other.info is not None}
        now = current_time_millis()  # a clock of zeroconf's own
        pointers = self._voices.heard(claim.service_type)
        seen = {
            fold_label(label_of(record.alias, claim.service_type))
            for record in pointers
            if isinstance(record, DNSPointer) and not record.is_expired(now)
        }
        return own | seen

    def _keep(self, announcing: object) -> None:
        """Keep a task of zeroconf's from being collected until it is done; if it fails, log that."""
        if not isinstance(announcing, asyncio.Task):
            return
        self._tasks.add(announcing)
        announcing.add_done_callback(self._finished)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.debug("announcing failed: %s", error)

    def async_update_records(self, _: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        """Look for rivals: answers for one of our names under another server name."""
        for update in records:
            record = update.new
            if not isinstance(record, DNSService) or record.is_expired(now):
                continue
            for claim in self._claims:
                if claim.info is not None and _is_rival(claim, record.name, record.server):
                    self._keep(asyncio.ensure_future(self._settle(claim, record.server)))

    def async_update_records_complete(self) -> None:
        """Do nothing: `async_update_records` looked at each record."""

    async def _settle(self, claim: Claim, rival: str) -> None:
        now = time.monotonic()
        if now - claim.settled_at < GIVE_WAY_INTERVAL_S or not self._is_open or claim.info is None:
            return
        claim.settled_at = now
        rival_id = room_id_of_server(rival)
        if rival_id is not None and rival_id > claim.room.room_id:
            await self._announce_again(claim.info)
        elif claim.renames < MAX_RENAMES:
            claim.renames += 1
            await self._give_way(claim, claim.info)

    async def _give_way(self, claim: Claim, old_info: AsyncServiceInfo) -> None:
        self._voices.fall_silent(old_info)  # no goodbye: it would take the rival's records along
        async with self._naming:
            await self._ask_who_is_there([claim])
            await self._take_free_name(claim)


def _is_rival(claim: Claim, name: str, server: str) -> bool:
    is_our_name = fold_label(name) == fold_label(full_name(claim.label, claim.service_type))
    return is_our_name and server.lower() != server_name(claim.room.room_id)
