"""The style of somebody's name: bold, in a colour that can be read on this terminal's ground.

What the ground is, in this order: asked for (`--light`, `--dark`); told by the terminal (OSC 11, see `keys.py`); said
by COLORFGBG; else unknown, and then the colours are such that can be read on any.
"""

import re
from collections.abc import Mapping
from enum import Enum

from rich.style import Style

from lanchat.client.words.colour import HUES, ON_ANY, ON_DARK, ON_LIGHT, hue_of
from lanchat.protocol.names import fold

ASK_GROUND = "\x1b]11;?\x1b\\"  # xterm's ctlseqs, "Operating System Commands"
_LIGHT_BACKGROUNDS = frozenset({"7", "15"})  # white and bright white among the sixteen
_RGB = re.compile(r"rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?")
_MIDDLE_LIGHT = 0.18  # of a ground on which black and white can be read equally well; WCAG 2.2, "contrast ratio"
_MAX_NAMES = 20_000  # of one room whose hues are kept, as many as a room has members


class Ground(Enum):
    """What is behind the text."""

    UNKNOWN = ON_ANY
    DARK = ON_DARK
    LIGHT = ON_LIGHT


# The sixteen are what each terminal makes of them; these have the best chances.
_OF_SIXTEEN = {
    Ground.DARK: ["yellow", "bright_cyan", "green", "bright_yellow", "bright_blue", "bright_red", "bright_magenta"],
    Ground.LIGHT: ["default", "bright_blue", "black", "bright_black", "blue", "red", "magenta"],
    Ground.UNKNOWN: ["yellow", "cyan", "green", "bright_red", "bright_blue", "red", "magenta"],
}


def ground_said(environ: Mapping[str, str]) -> Ground:
    """Return the ground that the environment tells of.

    COLORFGBG ("0;15", "0;default;15") is set by rxvt, Konsole and others: foreground first, background last.
    """
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    if not background.isdecimal():
        return Ground.UNKNOWN
    return Ground.LIGHT if background in _LIGHT_BACKGROUNDS else Ground.DARK


def ground_told(answer: str) -> Ground:
    """Return the ground that a terminal answers with: "rgb:fdfd/f6f6/e3e3". What is no colour leaves it unknown."""
    found = _RGB.fullmatch(answer)
    if found is None:
        return Ground.UNKNOWN
    shares = [int(part, 16) / (16 ** len(part) - 1) for part in found.groups()[:3]]
    return Ground.LIGHT if light_of(*shares) > _MIDDLE_LIGHT else Ground.DARK


def light_of(*shares: float) -> float:
    """Return how light red, green and blue (0 to 1 each) are together; WCAG 2.2, "relative luminance"."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Hues:
    """The hues of the names in one room: each gets its own, or where that is worn more often, the next that is not."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}
        self._wearers = [0] * HUES

    def of(self, nick: str) -> int:
        """Return the hue of a name; it stays the same."""
        key = fold(nick)
        if key not in self._of:
            if len(self._of) >= _MAX_NAMES:
                self._of.clear()
            own = hue_of(nick)
            hue = min(range(HUES), key=lambda hue: (self._wearers[hue], (hue - own) % HUES))
            self._of[key] = hue
            self._wearers[hue] += 1
        return self._of[key]


class NameStyles:
    """The styles of names on this terminal. `is_poor`: it has sixteen colours, or fewer."""

    def __init__(self, ground: Ground = Ground.UNKNOWN, *, is_poor: bool = False) -> None:
        self.ground = ground
        self.is_poor = is_poor
        self._rooms: dict[str, Hues] = {}

    def style(self, room: str, nick: str) -> Style:
        """Return the style of somebody's name in a room."""
        hues = self._rooms.setdefault(fold(room), Hues())
        colours = _OF_SIXTEEN[self.ground] if self.is_poor else self.ground.value
        return Style(color=colours[hues.of(nick)], bold=True)
