"""The last door before the screen. What comes here is clean already; nothing is obeyed even if it were not."""

from functools import lru_cache

from lanchat.protocol.names import shown
from lanchat.protocol.text import clean


def visible(text: str) -> str:
    """Return text of one or several lines that no terminal obeys."""
    if text.isprintable():
        return text
    return "\n".join(map(clean, text.split("\n")))


@lru_cache(maxsize=2_048)
def name_of(nick: str) -> str:
    """Return somebody's name as people read it."""
    return clean(shown(nick))
