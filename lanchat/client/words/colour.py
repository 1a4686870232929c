"""The colour of a name: the same on every machine. It never tells anything that the text does not."""

import zlib
from functools import lru_cache

from lanchat.protocol.names import fold

# Seven colours that people with any colour vision can tell apart; Okabe and Ito, "Color Universal Design", 2008.
# Its black is left out: half of all terminals are black.
OKABE_ITO = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")


@lru_cache(maxsize=4_096)
def colour_of(nick: str) -> str:
    """Return the colour of a name ("#E69F00"); names that are the same, however written, have the same one.

    rich and Textual show the nearest one they have on terminals of 256 or 16 colours, and none with NO_COLOR.
    """
    return OKABE_ITO[zlib.crc32(fold(nick).encode("utf-8", "replace")) % len(OKABE_ITO)]
