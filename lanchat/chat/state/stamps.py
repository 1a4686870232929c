"""Times as the protocol writes them."""

from datetime import UTC, datetime
from functools import lru_cache


def timestamp(at: float) -> str:
    """Return UNIX seconds as "2026-01-31T08:15:30.250Z". Source: IRCv3 server-time."""
    seconds, milliseconds = divmod(round(at * 1000), 1000)
    return f"{_to_the_second(seconds)}.{milliseconds:03d}Z"


@lru_cache(maxsize=64)
def _to_the_second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"
