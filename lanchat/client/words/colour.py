"""The colours of names. They never tell anything that the text does not.

Seven hues that people with any colour vision tell apart (Okabe and Ito, "Color Universal Design", 2008; its black is
left out), each in the shade that can be read on a ground. All are colours that terminals of 256 have: none becomes
another one there. tests/client/screen/widgets/test_palette.py computes how well they can be read.
"""

import zlib
from functools import lru_cache

from lanchat.protocol.names import fold

ON_DARK = ("#FFAF00", "#5FAFD7", "#00AF87", "#FFFF5F", "#8787FF", "#FF5F00", "#FF87D7")
ON_LIGHT = ("#875F00", "#005FAF", "#005F00", "#5F5F00", "#5F00D7", "#D70000", "#AF0087")
ON_ANY = ("#AF5F00", "#0087AF", "#00875F", "#878700", "#5F87D7", "#D75F00", "#AF5F87")
"""Where nobody knows what the ground is: less clear on each, to be read on all."""
HUES = len(ON_DARK)


@lru_cache(maxsize=4_096)
def hue_of(nick: str) -> int:
    """Return the number of a name's hue: the same on every machine, however the name is written."""
    return zlib.crc32(fold(nick).encode("utf-8", "replace")) % HUES


def colour_of(nick: str) -> str:
    """Return the colour of a name ("#AF5F00") for lines that are printed: it can be read on light and dark.

    rich shows the nearest one it has on terminals of 16 colours, and none with NO_COLOR.
    """
    return ON_ANY[hue_of(nick)]
