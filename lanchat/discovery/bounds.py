"""What a search leaves out, as there is too much of it: counted, so that it is said rather than passed over."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """What was left out. `rooms`: that answered, beyond those listed; `hints`: announcements that nobody followed.

    `asked`: addresses that a scan asked, of `addresses` in all.
    """

    rooms: int = 0
    hints: int = 0
    asked: int = 0
    addresses: int = 0
