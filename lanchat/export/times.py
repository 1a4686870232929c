"""Times as a sheet shows them: of the local zone, whose difference to UTC is stated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE_MS = 60_000


class Minute(NamedTuple):
    """A minute of local time: "14:05", "Wednesday, 25 November 2026", "25 Nov", "UTC+01:00", and its number."""

    clock: str
    day: str
    date: str
    offset: str
    number: int


@lru_cache(maxsize=1_024)
def _minute(number: int) -> Minute:
    local = local_time(number * _MINUTE_MS)
    day = f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {local.year}"
    shift = local.utcoffset() or timedelta()
    date = f"{local.day} {_MONTHS[local.month - 1][:3]}"
    return Minute(f"{local:%H:%M}", day, date, offset_of(local), number + round(shift.total_seconds()) // 60)


def local_time(at: int) -> datetime:
    """Return UNIX milliseconds as local time; the nearest there is for one that no calendar knows."""
    try:
        return (_EPOCH + timedelta(milliseconds=at)).astimezone()
    except (OverflowError, OSError, ValueError):  # of a damaged file
        return _EPOCH


def minute(at: int) -> Minute:
    """Return the local minute of UNIX milliseconds."""
    return _minute(at // _MINUTE_MS)


def offset_of(local: datetime) -> str:
    """Return "UTC+01:00"."""
    text = f"{local:%z}"
    return f"UTC{text[:3]}:{text[3:5]}"


def iso(at: int) -> str:
    """Return "2026-11-25T14:05:03.250+01:00"."""
    return local_time(at).isoformat(timespec="milliseconds")


def clock_within(at: int, since: int, until: int) -> str:
    """Return the time of day, with the date where a period has several of them: "25 Nov 14:05"."""
    one = minute(at)
    return one.clock if minute(since).day == minute(until - 1).day else f"{one.date} {one.clock}"


def period(since: int, until: int) -> str:
    """Return from when until when, in words, with the offset; both if it changes in between."""
    first, last = minute(since), minute(until)
    first_offset = f" ({first.offset})" if first.offset != last.offset else ""
    day = f"{last.day}, " if last.day != first.day else ""
    return f"{first.day}, {first.clock}{first_offset} to {day}{last.clock} ({last.offset})"
