"""Texts and lists put into lines that can carry them: cut at words where there are any, never inside a character."""

import unicodedata
from collections.abc import Iterable, Iterator

_JOINER = "\u200d"
_GLUED_ON = frozenset({"Mn", "Mc", "Me", "Sk"})  # accents, vowel signs, skin tones: shown with what comes before


def split_text(text: str, limit_bytes: int) -> list[str]:
    """Return the text in pieces of at most `limit_bytes` (included) in UTF-8. Together they are the text, unchanged.

    A piece ends behind a space where there is one in its second half; else between characters as people see them.
    `limit_bytes` must leave room for one character.
    """
    pieces = []
    while text:
        end = _piece_end(text, limit_bytes)
        pieces.append(text[:end])
        text = text[end:]
    return pieces


def _piece_end(text: str, limit_bytes: int) -> int:
    fitting = _fitting(text, limit_bytes)
    if fitting == len(text):
        return fitting
    space = text.rfind(" ", fitting // 2, fitting)
    if space > 0:
        return space + 1
    return next((end for end in range(fitting, fitting // 2, -1) if _is_border(text, end)), fitting)


def _fitting(text: str, limit_bytes: int) -> int:
    """Return how many code points of the beginning fit, one at least."""
    used_bytes = 0
    for index, char in enumerate(text):
        used_bytes += len(char.encode("utf-8", "replace"))
        if used_bytes > limit_bytes:
            return max(1, index)
    return len(text)


def _is_border(text: str, index: int) -> bool:
    """Tell whether a person sees a new character begin here."""
    char = text[index]
    is_tag = 0xE0020 <= ord(char) < 0xE0080 or 0xFE00 <= ord(char) < 0xFE10
    return not (is_tag or char == _JOINER or text[index - 1] == _JOINER or unicodedata.category(char) in _GLUED_ON)


def packed(words: Iterable[str], limit_bytes: int, separator: str = " ") -> Iterator[str]:
    """Put words into as few lines as hold them, each at most `limit_bytes` long."""
    line: list[str] = []
    size = 0
    for word in words:
        word_bytes = (len(word) if word.isascii() else len(word.encode())) + len(separator)
        if line and size + word_bytes - len(separator) > limit_bytes:
            yield separator.join(line)
            line, size = [], 0
        line.append(word)
        size += word_bytes
    if line:
        yield separator.join(line)
