"""Times as people read them: the hour of a message, and the day it was said on, in local time."""

import time
from functools import lru_cache
from typing import NamedTuple

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MINUTE_S = 60
_UNKNOWN = "--:--"


def duration(seconds: float) -> str:
    """Return how long something took: "4 s", "12 min", "3 h"."""
    if seconds < _MINUTE_S:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / _MINUTE_S)
    return f"{minutes} min" if minutes < 2 * _MINUTE_S else f"{round(minutes / 60)} h"


class Moment(NamedTuple):
    """A minute of local time: "14:02", "Tuesday, 3 March 2026"."""

    hour: str
    day: str


def moment(at_s: float) -> Moment:
    """Return the local minute of a UNIX time; a time no calendar knows is "--:--" on no day."""
    return _moment(int(at_s // _MINUTE_S))


@lru_cache(maxsize=4_096)
def _moment(minute: int) -> Moment:
    try:
        local = time.localtime(minute * _MINUTE_S)
    except (OverflowError, OSError, ValueError):  # Windows knows nothing before 1970
        return Moment(_UNKNOWN, "")
    day = f"{_DAYS[local.tm_wday]}, {local.tm_mday} {_MONTHS[local.tm_mon - 1]} {local.tm_year}"
    return Moment(f"{local.tm_hour:02}:{local.tm_min:02}", day)
