"""Link-local IPv6 addresses that are announced beside others: asked only when none of the others answers.

Every machine has one on each adapter, whatever else it has, and each address that is tried is a connection.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence

from lanchat.discovery.ip import is_fe80, parse_address
from lanchat.discovery.probe import PROBE_TIMEOUT_S, ProbeError, probe_first
from lanchat.discovery.race import race
from lanchat.discovery.rooms import FoundRoom

LATER_S = 0.7  # a neighbour answers within milliseconds, on Wi-Fi that wakes up within half a second
MAX_KNOWN = 2_048  # rooms: as many as hints are followed at once
_WIDE, _NARROW = "others", "link-local"


class LastResort:
    """What was set aside, by room."""

    def __init__(self) -> None:
        self._aside: dict[str, tuple[str, ...]] = {}

    def set_aside(self, room_id: str | None, addresses: Iterable[str]) -> list[str]:
        """Return the addresses to ask first; the others are kept until they are needed."""
        kept = list(addresses)
        wide, narrow = _divided(kept)
        if not wide or room_id is None:
            return kept
        if room_id in self._aside or len(self._aside) < MAX_KNOWN:
            self._aside[room_id] = tuple(narrow)
        return wide

    async def ask(self, addresses: Sequence[str], port: int, room_id: str | None) -> list[FoundRoom]:
        """Return the rooms that answer at these addresses, or else at those set aside. Raises ProbeError.

        It takes no longer than asking the first ones only, and what is told of silence is of these.
        """
        wide, narrow = _divided([*addresses, *self._aside.get(room_id or "", ())])
        if not (wide and narrow):
            return await probe_first(wide or narrow, port, expect_id=room_id)
        first = asyncio.ensure_future(probe_first(wide, port, expect_id=room_id))

        async def attempt(which: str) -> list[FoundRoom]:
            if which == _NARROW:
                with contextlib.suppress(ProbeError):
                    return await probe_first(narrow, port, expect_id=room_id, timeout_s=PROBE_TIMEOUT_S - LATER_S)
            return await asyncio.shield(first)

        try:
            return await race((_WIDE, _NARROW), attempt, ProbeError(""), stagger_s=LATER_S)
        finally:
            first.cancel()


def _divided(addresses: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the addresses that need no scope, and those that do."""
    kept = list(dict.fromkeys(addresses))
    narrow = [one for one in kept if (address := parse_address(one)) is not None and is_fe80(address)]
    return [one for one in kept if one not in narrow], narrow
