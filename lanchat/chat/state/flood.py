"""How fast a session may send: a bucket that fills with time and empties with commands."""

from lanchat.limits import FLOOD_BURST, FLOOD_PER_S


class Allowance:
    """What a session may still spend. It may be overdrawn by one command; then it waits."""

    __slots__ = ("_at", "_left")

    def __init__(self, now: float) -> None:
        self._at = now
        self._left = FLOOD_BURST

    def spend(self, cost: float, now: float) -> None:
        """Take the cost of one command."""
        self._left = min(FLOOD_BURST, self._left + max(0.0, now - self._at) * FLOOD_PER_S) - cost
        self._at = now

    def wait_s(self, now: float) -> float:
        """Return the seconds until the next command may be carried out; 0.0 if at once."""
        owed = -(self._left + max(0.0, now - self._at) * FLOOD_PER_S)
        return max(0.0, owed / FLOOD_PER_S)
