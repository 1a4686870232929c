"""How fast one may send: buckets that fill with time and empty with what is done for one.

What is spent is counted in commands. A connection draws on three buckets at once: its own, that of its address, which
all connections of the address share and which outlives them, and for IPv6 that of its /64, within which one machine
may take any address it likes. The last one is wider, since on most networks everybody is in the same /64: one of them
must not be able to silence the others.

An example: somebody says 36 lines, hangs up, connects again, says 36 more, and so on. Each connection has its own burst
of 40, but after the ninth the 350 of the address are spent, and the next is read at five lines a second.
"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv6Address

from lanchat.limits import (
    FLOOD_BURST,
    FLOOD_BURST_OF_ADDRESS,
    FLOOD_BURST_OF_PREFIX,
    FLOOD_MAX_DEBT,
    FLOOD_MAX_DEBT_OF_ADDRESS,
    FLOOD_PER_S,
    FLOOD_PER_S_OF_PREFIX,
)

_PREFIX_BITS = 64  # what one machine may choose for itself; RFC 4291, section 2.5.1


class Bucket:
    """Filled by time, on a clock that is never set, and emptied by what is spent. It may be overdrawn, to a bound."""

    __slots__ = ("_at", "_burst", "_left", "_lowest", "_per_s")

    def __init__(
        self, now: float, burst: float = FLOOD_BURST, per_s: float = FLOOD_PER_S, max_debt: float = FLOOD_MAX_DEBT
    ) -> None:
        self._lowest = -max_debt
        self._at = now
        self._burst = burst
        self._per_s = per_s
        self._left = burst

    def spend(self, cost: float) -> None:
        """Take out what something costs. Time fills the bucket when it is next looked into."""
        self._left = max(self._left - cost, self._lowest)

    def wait_s(self, now: float) -> float:
        """Return the seconds until it is no longer overdrawn; 0.0 if it is not."""
        self._left = min(self._burst, self._left + max(0.0, now - self._at) * self._per_s)
        self._at = now
        return max(0.0, -self._left / self._per_s)

    def is_full(self, now: float) -> bool:
        """Tell whether nothing is owed to it."""
        self.wait_s(now)
        return self._left >= self._burst


class Allowance:
    """What one connection may still spend: as much as the emptiest of its buckets holds."""

    __slots__ = ("_buckets",)

    def __init__(self, *buckets: Bucket) -> None:
        self._buckets = buckets

    def spend(self, cost: float) -> None:
        """Take what something costs, in commands."""
        for bucket in self._buckets:
            bucket.spend(cost)

    def wait_s(self, now: float) -> float:
        """Return the seconds until the next command may be carried out; 0.0 if at once. `now` is monotonic."""
        return max([bucket.wait_s(now) for bucket in self._buckets])


class Allowances:
    """The buckets that addresses share. `now` is monotonic everywhere."""

    def __init__(self) -> None:
        self._shared: dict[str, Bucket] = {}

    def of(self, address: str, now: float) -> Allowance:
        """Return the allowance of a new connection from an address."""
        buckets = [Bucket(now), self._bucket(address, now, FLOOD_BURST_OF_ADDRESS, FLOOD_PER_S)]
        if prefix := prefix_of(address):
            buckets.append(self._bucket(prefix, now, FLOOD_BURST_OF_PREFIX, FLOOD_PER_S_OF_PREFIX))
        return Allowance(*buckets)

    def _bucket(self, key: str, now: float, burst: float, per_s: float) -> Bucket:
        bucket = self._shared.get(key)
        if bucket is None:
            bucket = self._shared[key] = Bucket(now, burst, per_s, FLOOD_MAX_DEBT_OF_ADDRESS)
        return bucket

    def forget_full(self, now: float) -> None:
        """Forget those that have been refilled: a new one would be no different."""
        self._shared = {key: bucket for key, bucket in self._shared.items() if not bucket.is_full(now)}

    def __len__(self) -> int:
        return len(self._shared)


def prefix_of(address: str) -> str:
    """Return the /64 that an IPv6 address is in, "" for any other."""
    if ":" not in address:
        return ""
    try:
        number = int(IPv6Address(address.partition("%")[0]))
    except AddressValueError:
        return ""
    return f"{IPv6Address(number >> _PREFIX_BITS << _PREFIX_BITS)}/{_PREFIX_BITS}"
