"""How many connections the system lets this program have: often 256 or 1,024, unless it asks for more."""

from __future__ import annotations

from contextlib import suppress

_BESIDE = 64  # files that are no peers: listeners, the store, and what discovery needs on many networks
_LEAST_BESIDE = 24  # a host of one room on one network has 16 of them open


def allowed_connections(wanted: int) -> int:
    """Ask the system for this many connections; return how many it allows, at most as many."""
    try:
        import resource  # not on Windows, where select() sets the bound
    except ImportError:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _BESIDE
    if not _holds(soft, needed):
        more = needed if _holds(hard, needed) else hard
        with suppress(OSError, ValueError):  # macOS names no hard limit, and has one
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
            soft = more
    return wanted if _holds(soft, needed) else _shared(soft)


def _shared(limit: int) -> int:
    """Return how many of few files are for peers: most of them."""
    beside = min(_BESIDE, max(_LEAST_BESIDE, limit // 4))
    return max(limit - beside, 1)


def _holds(limit: int, needed: int) -> bool:
    return limit < 0 or limit >= needed  # RLIM_INFINITY is -1 or larger than any number here
