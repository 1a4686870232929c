"""Where a text calls somebody by name: the one rule for the bell, for what is counted, and for what is marked.

A name has to stand alone, but what that means depends on the script it is written in:

    Ana look, @Ana, (ana), ana's, thanks Ana.        calls
    Banana, Ana_2, Ana-Maria, /ana/log, ana.local    part of another name, a path or an address: no calls
    田中さん、止めて, Anaさん                           calls: these scripts have no spaces between words
"""

import re
import unicodedata
from functools import lru_cache

from lanchat.protocol.names import fold, shown

Span = tuple[int, int]

# First words of the Unicode names of letters. Hangul has spaces, but endings follow a name without one.
_NO_SPACES = frozenset({"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL", "YI"}) | frozenset(
    {"THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "TAI", "NEW", "JAVANESE", "BALINESE"}
)
_JOINS_BEFORE = frozenset("-/\\.#")  # "X-Ana", "/ana", ".ana", "#ana"
_JOINS_AFTER = frozenset("-/\\@")  # "Ana-Maria", "ana/log", "ana@host"


def calls(nick: str, text: str) -> list[Span]:
    """Return where a text calls this nick, with its spaces or as on the wire: (start, end), the end excluded."""
    if not nick:
        return []
    folded, origins = _folded(text)
    found = (match.span() for match in _pattern(nick).finditer(folded) if _stands_alone(folded, *match.span()))
    return [(origins[start][0], origins[end - 1][1]) for start, end in found]


def is_mentioned(nick: str, text: str) -> bool:
    """Tell whether a text calls this nick."""
    return bool(calls(nick, text))


@lru_cache(maxsize=64)
def _pattern(nick: str) -> re.Pattern[str]:
    forms = sorted({fold(nick), fold(shown(nick))}, key=len, reverse=True)
    return re.compile("|".join(re.escape(form) for form in forms if form.strip()) or "(?!)")


def _folded(text: str) -> tuple[str, list[Span]]:
    """Fold a text as `fold` folds names; return with it, for each folded character, where it came from."""
    if text.isascii():
        return text.lower(), [(index, index + 1) for index in range(len(text))]
    pieces: list[str] = []
    origins: list[Span] = []
    for match in _CHARACTERS.finditer(text):
        piece = fold(match.group())
        pieces.append(piece)
        origins += [match.span()] * len(piece)
    return "".join(pieces), origins


_ACCENTS = "\u0300-\u036f\u3099\u309a"  # what is put on the character before it, and may become one with it
_CHARACTERS = re.compile(rf".[{_ACCENTS}]*", re.DOTALL)


def _stands_alone(text: str, start: int, end: int) -> bool:
    return _begins(text, start) and _ends(text, end)


def _begins(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    if not before or _needs_no_border(text[start]):
        return True
    if before == "@":
        return start < 2 or not _is_of_word(text[start - 2])
    return before not in _JOINS_BEFORE and not _is_of_word(before)


def _ends(text: str, end: int) -> bool:
    after = text[end : end + 1]
    if not after or _needs_no_border(text[end - 1]):
        return True
    if after == ".":
        return not _is_of_word(text[end + 1 : end + 2])
    return after not in _JOINS_AFTER and not _is_of_word(after)


def _is_of_word(char: str) -> bool:
    """Tell whether a character beside a name makes it a part of a longer word."""
    is_letter = char.isalnum() or char == "_" or unicodedata.category(char or " ").startswith("M")
    return is_letter and not _needs_no_border(char)


@lru_cache(maxsize=4_096)
def _needs_no_border(char: str) -> bool:
    """Tell whether words may begin and end at this character without a space: one of such a script, or an emoji."""
    first = re.split("[ -]", unicodedata.name(char, ""), maxsplit=1)[0]
    return first in _NO_SPACES or unicodedata.category(char) == "So"
