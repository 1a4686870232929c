"""The last check before the screen. Texts are clean already; if one were not, the terminal still would not obey it."""

from functools import lru_cache

from lanchat.protocol.names import shown
from lanchat.protocol.text import clean


def visible(text: str) -> str:
    """Return a text of one or several lines without anything a terminal obeys."""
    if text.isprintable():
        return text
    return "\n".join(map(clean, text.split("\n")))


@lru_cache(maxsize=2_048)
def name_of(nick: str) -> str:
    """Return somebody's name as people read it."""
    return clean(shown(nick))
