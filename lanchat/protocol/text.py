"""Foreign text made harmless: what comes from the network never steers a terminal or hides itself."""

import re
import unicodedata

# Overrides, isolates and marks of direction turn the order of what follows: a name could wear another's face.
# Zero width joiner and non-joiner stay: emoji, Persian and Indic scripts need them inside words.
_JOINERS = "\u200c\u200d"
_HARMFUL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and marks that show nothing
_EMOJI_TAGS = range(0xE0020, 0xE0080)  # flags of regions are spelled with them; Unicode TR 51, "Emoji Tag Sequences"
# IRC's own formatting; modern.ircdocs.horse/formatting. The colour code takes its digits along.
_FORMATTING = re.compile(
    r"\x03(?:\d{1,2}(?:,\d{1,2})?)?"
    r"|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
    r"|[\x02\x0f\x11\x16\x1d\x1e\x1f]"
)
_MAX_COMBINING_IN_A_ROW = 4  # more piles of accents climb over the lines above; no living script needs five


def is_harmful(char: str) -> bool:
    """Tell whether a character could steer a terminal, turn the text around, or be there unseen."""
    if char.isascii():
        return not char.isprintable()
    if char in _JOINERS or ord(char) in _EMOJI_TAGS:
        return False
    return char in _INVISIBLE or unicodedata.category(char) in _HARMFUL_CATEGORIES


def strip_formatting(text: str) -> str:
    """Return the text without IRC colours and styles."""
    return _FORMATTING.sub("", text)


def clean(text: str) -> str:
    """Return foreign text as one line that is safe to show: nothing invisible, no controls, accents within reason.

    Tabs and line ends become spaces, IRC formatting goes, everything else harmful is left out.
    """
    if text.isascii() and text.isprintable():
        return text
    flat = strip_formatting(text).translate({0x09: " ", 0x0A: " ", 0x0D: " ", 0x2028: " ", 0x2029: " "})
    return _without_piles("".join(char for char in flat if not is_harmful(char)))


def _without_piles(text: str) -> str:
    kept: list[str] = []
    in_a_row = 0
    for char in text:
        in_a_row = in_a_row + 1 if unicodedata.combining(char) else 0
        if in_a_row <= _MAX_COMBINING_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def cut_to_bytes(text: str, limit_bytes: int) -> str:
    """Return the longest beginning of the text of at most `limit_bytes` (included) in UTF-8, no character cut."""
    data = text.encode("utf-8", "replace")
    if len(data) <= limit_bytes:
        return text
    return data[:limit_bytes].decode("utf-8", "ignore")
