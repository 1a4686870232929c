"""Link-local IPv6 addresses that are announced beside others: asked only when none of the others answers.

Every machine has one on each adapter, whatever else it has, and each address that is tried is a connection.
"""

from collections.abc import Iterable, Sequence

from lanchat.discovery.ip import is_fe80, parse_address
from lanchat.discovery.probe import ProbeError, probe_first
from lanchat.discovery.rooms import FoundRoom

MAX_KNOWN = 2_048  # rooms: as many as hints are followed at once


class LastResort:
    """What was set aside, by room."""

    def __init__(self) -> None:
        self._aside: dict[str, tuple[str, ...]] = {}

    def set_aside(self, room_id: str | None, addresses: Iterable[str]) -> list[str]:
        """Return the addresses to ask first; the others are kept until they are needed."""
        kept = list(addresses)
        narrow = [one for one in kept if (address := parse_address(one)) is not None and is_fe80(address)]
        wide = [one for one in kept if one not in narrow]
        if not wide or room_id is None:
            return kept
        if room_id in self._aside or len(self._aside) < MAX_KNOWN:
            self._aside[room_id] = tuple(narrow)
        return wide

    async def ask(self, addresses: Sequence[str], port: int, room_id: str | None) -> list[FoundRoom]:
        """Return the rooms that answer at these addresses, or else at those set aside. Raises ProbeError."""
        try:
            return await probe_first(addresses, port, expect_id=room_id)
        except ProbeError:
            aside = self._aside.get(room_id or "")
            if not aside:
                raise
            return await probe_first(aside, port, expect_id=room_id)
