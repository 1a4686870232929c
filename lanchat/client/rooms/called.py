"""When two texts are one name for a room."""

import re

from lanchat.protocol.names import fold
from lanchat.protocol.text import clean


def folded(text: str) -> str:
    """Return a name in the form that is compared: without case, each space once."""
    return " ".join(fold(clean(text)).split())


def is_called(name: str, text: str) -> bool:
    """Tell whether a text means the room of this name, however it is capitalised and spaced."""
    return folded(name) == folded(text)


def is_called_or_numbered(name: str, text: str) -> bool:
    """Tell the same, also where the room had to take a number, as another has its name: "Line 3 (2)"."""
    return is_called(re.sub(r" \([1-9]\d?\)$", "", name), text) or is_called(name, text)
