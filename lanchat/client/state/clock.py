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
_MINUTES = 60  # of an hour
_EXACT_MINUTES = 10  # beyond, nobody counts seconds
_EXACT_HOURS = 10
_UNKNOWN = "--:--"


def duration(seconds: float) -> str:
    """Return how long something took, in two units at most: "4 s", "4 min 10 s", "12 min", "3 h 5 min", "26 h"."""
    whole_s = max(1, round(seconds))
    minutes, rest_s = divmod(whole_s, _MINUTE_S)
    hours, rest_minutes = divmod(minutes, _MINUTES)
    if minutes < _EXACT_MINUTES:
        return _two((minutes, "min"), (rest_s, "s"))
    return _two((hours, "h"), (rest_minutes if hours < _EXACT_HOURS else 0, "min"))


def _two(*amounts: tuple[int, str]) -> str:
    return " ".join(f"{count} {unit}" for count, unit in amounts if count)


class Moment(NamedTuple):
    """A minute of local time: "14:02", "Tuesday, 3 March 2026"."""

    hour: str
    day: str


def moment(at_s: float) -> Moment:
    """Return the local minute of a UNIX time; a time no calendar knows is "--:--" on no day."""
    return _moment(int(at_s // _MINUTE_S))


def stamped(at_s: float) -> str:
    """Return the local minute of a UNIX time as it can be typed, too: "2026-03-03 14:02"; "--:--" for what has none."""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(at_s))
    except (OverflowError, OSError, ValueError):
        return _UNKNOWN


@lru_cache(maxsize=4_096)
def _moment(minute: int) -> Moment:
    try:
        local = time.localtime(minute * _MINUTE_S)
    except (OverflowError, OSError, ValueError):  # Windows knows nothing before 1970
        return Moment(_UNKNOWN, "")
    day = f"{_DAYS[local.tm_wday]}, {local.tm_mday} {_MONTHS[local.tm_mon - 1]} {local.tm_year}"
    return Moment(f"{local.tm_hour:02}:{local.tm_min:02}", day)
