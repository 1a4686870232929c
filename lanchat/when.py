"""Times as people type them: "06:00", "monday", "yesterday 22:00", "2026-11-24 14:05", "2h" for two hours ago.

A time of day or a weekday is the last one that has been: at 05:00, "06:00" is yesterday's. As the end of a period it is
the first one after its beginning, so that a night shift can be named as it is called:

    typed on Wednesday at 10:00    06:00-14:00          today, from 06:00 to 14:00, which is still to come
                                   22:00-06:00          from last night to this morning
                                   friday-monday        the weekend before, up to Monday at 00:00
                                   monday-09:00         since Monday, up to 09:00 today: no time of day began it

Who asks says what time it is; its time zone is that of what was typed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MAX_CHARS = 60  # of a time; a longer text is none
_EXAMPLES = "write 14:05, monday, yesterday 22:00, 2026-11-24 14:05, or 2h for two hours ago"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LEAST_LETTERS = 3  # of a weekday: "mon"
_UNITS_S = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_PART = r"[0-9]{1,6} ?(?:sec|s|min|m|h|d|w)"
_AGO = re.compile(rf"(?:{_PART} ?)+?(?: ?ago)?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_BETWEEN = re.compile(r"\s*[-–]\s*|\s+(?:to|until)\s+", re.IGNORECASE)


class NotATime(ValueError):
    """What was typed is no time; the text says so in a sentence, and how one is typed."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` (included) to `end` (excluded); None: without a bound on that side."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A time as read. `every`: after how long it comes again, as a time of day and a weekday do; 0 for never."""

    at: datetime
    every: timedelta = timedelta(0)


def parse_when(text: str, now: datetime) -> datetime:
    """Return the time that a person typed at `now`; both are aware. Raises `NotATime`."""
    return _in_zone(_read(text, now).at, now)


def parse_period(since: str, until: str, now: datetime) -> Period:
    """Return the time from one typed time to another; either may be "". Raises `NotATime`."""
    start = parse_when(since, now) if since.strip() else None
    if not until.strip():
        return Period(start)
    read = _read(until, now)
    end = _in_zone(read.at, now)
    if start is not None and read.every and (end <= start or ":" in since or read.every.days > 1):
        end = _in_zone(_first_after(start, read, now), now)
    if start is not None and end <= start:
        raise NotATime(f"{_quoted(until)} is not after {_quoted(since)}; write the earlier time first.")
    return Period(start, end)


def _first_after(start: datetime, read: _Read, now: datetime) -> datetime:
    """Return when a time that comes again and again comes next after another; without a zone."""
    begun = start.astimezone(now.tzinfo).replace(tzinfo=None)
    try:
        return read.at + ((begun - read.at) // read.every + 1) * read.every
    except OverflowError:
        raise NotATime(f"There is no time after {begun}; {_EXAMPLES}.") from None


def parse_range(text: str, now: datetime) -> Period:
    """Return the period of "06:00-14:00" or "monday to friday"; of one time alone, from then on. Raises `NotATime`."""
    for dash in _BETWEEN.finditer(text):
        since, until = text[: dash.start()], text[dash.end() :]
        if _is_time(since, now) and _is_time(until, now):
            return parse_period(since, until, now)
    return Period(parse_when(text, now))


def _is_time(text: str, now: datetime) -> bool:
    try:
        parse_when(text, now)
    except NotATime:
        return False
    return True


def _in_zone(at: datetime, now: datetime) -> datetime:
    """Return a time with the zone of `now`.

    What `datetime.now().astimezone()` bears is only the offset of this season; a day half a year ago may have another
    one. So where `now` has the offset of this machine's zone, the zone is meant.
    """
    if at.tzinfo is not None:
        return at
    is_of_machine = now.utcoffset() == now.astimezone().utcoffset() and not hasattr(now.tzinfo, "key")
    try:
        return at.astimezone() if is_of_machine else at.replace(tzinfo=now.tzinfo)
    except (OverflowError, OSError, ValueError):  # no system's clock shows that
        raise NotATime(f"There is no calendar for the year {at.year}; {_EXAMPLES}.") from None


def _read(text: str, now: datetime) -> _Read:
    words = " ".join(text.split()).casefold()
    if not words or len(words) > _MAX_CHARS:
        raise _not_a_time(text)
    if words == "now":
        return _Read(now)
    if _AGO.fullmatch(words):
        return _Read(_ago(words, now))
    return _stamp(words) or _of_calendar(text, words, now.replace(tzinfo=None))


def _ago(words: str, now: datetime) -> datetime:
    past_s = sum(int(number) * _UNITS_S[unit] for number, unit in re.findall(r"([0-9]+) ?([a-z]+)", words))
    try:
        return (now.astimezone(UTC) - timedelta(seconds=past_s)).astimezone(now.tzinfo)
    except OverflowError:
        raise NotATime(f"{_quoted(words)} is before all calendars; {_EXAMPLES}.") from None


def _stamp(words: str) -> _Read | None:
    """Read a time that brings its zone: "2026-11-24T14:05:00Z"."""
    try:
        at = datetime.fromisoformat(words.upper())
    except ValueError:
        return None
    return _Read(at) if at.tzinfo is not None else None


def _of_calendar(text: str, words: str, now: datetime) -> _Read:
    """Read a day, a time of day, or both. `now` and what is returned are without a zone."""
    first, _, second = words.replace("t", " ", 1).partition(" ") if _DATE.match(words) else words.partition(" ")
    clock = _CLOCK.fullmatch(second or first)
    day = _day(first, now)
    if (second and not (clock and day)) or not (clock or day):
        raise _not_a_time(text)
    midnight = day.at if day else now.replace(hour=0, minute=0, second=0, microsecond=0)
    every = day.every if day else timedelta(days=1)
    at = midnight + _since_midnight(text, clock)
    return _Read(at - every if every and at > now else at, every)


def _since_midnight(text: str, clock: re.Match[str] | None) -> timedelta:
    hours, minutes, seconds = (int(number or 0) for number in clock.groups()) if clock else (0, 0, 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise NotATime(f"{_quoted(text)} is no time of day; they go from 00:00 to 23:59.")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _day(word: str, now: datetime) -> _Read | None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if word in ("today", "yesterday"):
        return _Read(midnight - timedelta(days=word == "yesterday"))
    if date := _DATE.fullmatch(word):
        return _Read(_date(word, date))
    for number, name in enumerate(_DAYS):
        if len(word) >= _LEAST_LETTERS and name.startswith(word):
            return _Read(midnight - timedelta(days=(now.weekday() - number) % 7), timedelta(days=7))
    return None


def _date(word: str, date: re.Match[str]) -> datetime:
    try:
        return datetime(*map(int, date.groups()))  # type: ignore[arg-type]  # the zone comes last
    except ValueError:
        raise NotATime(f"{_quoted(word)} is in no calendar; {_EXAMPLES}.") from None


def _not_a_time(text: str) -> NotATime:
    return NotATime(f"{_quoted(text)} is not a time; {_EXAMPLES}.")


def _quoted(text: str) -> str:
    shown = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return f"“{shown[:_MAX_CHARS]}”"
