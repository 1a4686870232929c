"""What a host says to who comes in where it was given no greeting of its own: how to enter its rooms.

An IRC client does not enter a room by itself, and its person may know no command; our own client enters at once and
shows none of it.
"""

from collections.abc import Sequence

_BEFORE = "To enter, type  /join "


def default_greeting(channels: Sequence[str]) -> list[str]:
    """Return a line for each channel that the host has."""
    return [f"{_BEFORE}{channel}" for channel in channels]


def is_default(lines: Sequence[str]) -> bool:
    """Tell whether this is what hosts say by themselves."""
    return all(line.startswith(_BEFORE) for line in lines)
