"""Times as the protocol writes them."""

import re
from datetime import UTC, datetime
from functools import lru_cache

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z", re.ASCII)


def timestamp(at: float) -> str:
    """Return UNIX seconds as "2026-01-31T08:15:30.250Z". Source: IRCv3 server-time."""
    seconds, milliseconds = divmod(round(at * 1000), 1000)
    return f"{_to_the_second(seconds)}.{milliseconds:03d}Z"


@lru_cache(maxsize=64)
def _to_the_second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


def milliseconds(text: str) -> int | None:
    """Return the UNIX milliseconds of such a time, None of what is none: the 45th of a 13th month, say."""
    try:
        at = datetime.fromisoformat(text) if _TIMESTAMP.fullmatch(text) else None
    except ValueError:
        return None
    return round(at.astimezone(UTC).timestamp() * 1000) if at else None
