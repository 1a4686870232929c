"""The style of somebody's name: bold, in a colour that can be read on this terminal's background."""

import os
from collections.abc import Mapping
from functools import lru_cache

from rich.style import Style

from lanchat.client.words.colour import colour_of

_DARKER = 0.55  # of a colour's light, on light backgrounds: the yellow, lightest of all, then has a contrast of 4.2:1
_LIGHT_BACKGROUNDS = frozenset({"7", "15"})  # white and bright white among the sixteen


def is_light(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal says that its background is light. Most say nothing, and count as dark.

    COLORFGBG ("0;15", "0;default;15") is set by rxvt, Konsole and others: foreground first, background last.
    """
    return environ.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT_BACKGROUNDS


def darker(colour: str) -> str:
    """Return a colour ("#E69F00") with less light."""
    channels = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(channel * _DARKER):02X}" for channel in channels)


@lru_cache(maxsize=2_048)
def name_style(nick: str) -> Style:
    """Return the style of somebody's name on this terminal."""
    colour = colour_of(nick)
    return Style(color=darker(colour) if is_light(os.environ) else colour, bold=True)
