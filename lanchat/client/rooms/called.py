"""When two texts are one name for a room."""

from lanchat.protocol.names import fold
from lanchat.protocol.text import clean


def folded(text: str) -> str:
    """Return a name in the form that is compared: without case, each space once."""
    return " ".join(fold(clean(text)).split())


def is_called(name: str, text: str) -> bool:
    """Tell whether a text means the room of this name, however it is capitalised and spaced."""
    return folded(name) == folded(text)
