"""Times as the protocol writes them."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=64)
def timestamp(at: float) -> str:
    """Return UNIX seconds as "2026-01-31T08:15:30.250Z". Source: IRCv3 server-time."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.{int(at * 1000) % 1000:03d}Z"
