"""Foreign text made harmless: what comes from the network never steers a terminal or hides itself."""

import re
import unicodedata
from functools import lru_cache

# Overrides, isolates and marks of direction turn the order of what follows: a name could wear another's face.
# Zero width joiner and non-joiner stay: emoji, Persian and Indic scripts need them inside words.
_JOINERS = "\u200c\u200d"
_HARMFUL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_BLANK = "\u2800"  # a Braille pattern without dots: no letter shows less
_EMOJI_TAGS = range(0xE0020, 0xE0080)  # flags of regions are spelled with them; Unicode TR 51, "Emoji Tag Sequences"
# Which look a character is to have, an emoji's or another of a Chinese sign's: in texts they stay
_VARIATIONS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
# Default_Ignorable_Code_Point, unassigned ones included; Unicode 15.1, DerivedCoreProperties.txt
_IGNORABLE = tuple(
    range(first, last + 1)
    for first, last in (
        (0x00AD, 0x00AD),
        (0x034F, 0x034F),
        (0x061C, 0x061C),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8),
        (0x1BCA0, 0x1BCA3),
        (0x1D173, 0x1D17A),
        (0xE0000, 0xE0FFF),
    )
)
# IRC's own formatting; modern.ircdocs.horse/formatting. The colour code takes its digits along.
_FORMATTING = re.compile(
    r"\x03(?:\d{1,2}(?:,\d{1,2})?)?"
    r"|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
    r"|[\x02\x0f\x11\x16\x1d\x1e\x1f]"
)
_MAX_MARKS_IN_A_ROW = 6  # higher piles climb over the lines above; Tibetan and Khmer syllables bear up to five


def is_harmful(char: str) -> bool:
    """Tell whether a character could steer a terminal, turn the text around, or be there unseen."""
    if char.isascii():
        return not char.isprintable()
    code = ord(char)
    if char in _JOINERS or code in _EMOJI_TAGS or any(code in variations for variations in _VARIATIONS):
        return False
    return is_ignorable(char) or char == _BLANK or unicodedata.category(char) in _HARMFUL_CATEGORIES


@lru_cache(maxsize=4_096)
def is_ignorable(char: str) -> bool:
    """Tell whether a character shows nothing by itself (Default_Ignorable_Code_Point)."""
    return any(ord(char) in ignorable for ignorable in _IGNORABLE)


def strip_formatting(text: str) -> str:
    """Return the text without IRC colours and styles."""
    return _FORMATTING.sub("", text)


def clean(text: str) -> str:
    """Return foreign text as one line that is safe to show: nothing invisible, no controls, accents within reason.

    Tabs and line ends become spaces, IRC formatting goes, everything else harmful is left out.
    """
    if (text.isascii() and text.isprintable()) or all(map(_is_plain, text)):
        return text
    flat = strip_formatting(text).translate({0x09: " ", 0x0A: " ", 0x0D: " ", 0x2028: " ", 0x2029: " "})
    return _without_piles("".join(char for char in flat if not is_harmful(char)))


@lru_cache(maxsize=8_192)  # a text of many scripts is looked through in 3 µs instead of 35
def _is_plain(char: str) -> bool:
    """Tell whether a character stays wherever it stands."""
    return not is_harmful(char) and not unicodedata.category(char).startswith("M")


def _without_piles(text: str) -> str:
    kept: list[str] = []
    in_a_row = 0
    for char in text:
        in_a_row = in_a_row + 1 if unicodedata.category(char).startswith("M") else 0
        if in_a_row <= _MAX_MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def cut_to_bytes(text: str, limit_bytes: int) -> str:
    """Return the longest beginning of the text of at most `limit_bytes` (included) in UTF-8, no character cut."""
    data = text.encode("utf-8", "replace")
    if len(data) <= limit_bytes:
        return text
    return data[:limit_bytes].decode("utf-8", "ignore")
