"""Texts as they are searched: what a person types finds what they mean, however it is written.

A text becomes words of small letters without accents, with one space between them. Scripts that put no spaces between
words (Chinese, Japanese, Thai …) have every two neighbours as a word, and the last character: "東京都" is "東京 京都
都". So "京都" is found in it, and so is every single character, as the beginning of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lanchat.protocol.text import is_ignorable, strip_formatting

VERSION = f"1 {unicodedata.unidata_version}"  # an index that was made by another one does not fit
_ASCII_WORDS = re.compile("[0-9a-z]+")
# Thai and Lao, Burmese, Hangul, Khmer, kana, Han, and what Unicode adds to each elsewhere; Unicode, Blocks.txt
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_LETTERS = {
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ħ": "h",
    "æ": "ae",
    "œ": "oe",
    "ـ": "",
}  # the last: Arabic's tatweel
_VOICING = 8  # the combining class of the marks that make か が; Unicode, UnicodeData.txt
_ACTION = "\x01ACTION "  # how /me is written
_MAX_REMEMBERED = 20_000  # characters: somebody may send all the million that there are
_QUOTED = re.compile(r'"([^"]*)"?|([^"\s]+)')


class _Plain(dict[int, str]):
    """What each character is searched as, for those that came up."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _MAX_REMEMBERED:
            self.clear()
        plain = self[code] = _plain(chr(code))
        return plain


def _plain(char: str) -> str:
    """A letter or digit as it is compared, "" for an accent, " " for what stands between words."""
    combining = unicodedata.combining(char)
    if char in _LETTERS or is_ignorable(char) or (combining and combining != _VOICING):
        return _LETTERS.get(char, "")
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind == "So":  # an emoji is a word of its own
        return f" {char} "
    return char if kind[0] in "LNM" else " "


_PLAIN = _Plain()


def folded(text: str) -> str:
    """Return the words of a text, a space between them."""
    spoken = strip_formatting(text.removeprefix(_ACTION))
    if spoken.isascii():
        return " ".join(_ASCII_WORDS.findall(spoken.lower()))
    return " ".join(_SPACELESS.sub(_pairs, _letters(spoken)).split())


def _letters(text: str) -> str:
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", small.translate(_PLAIN))


def _pairs(run: re.Match[str]) -> str:
    chars = run[0]
    return f" {' '.join(chars[at : at + 2] for at in range(len(chars)))} "


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that are to follow each other, as `folded` writes them; the last may go on where it `is_open`."""

    words: str
    is_open: bool = False

    def is_in(self, text: str) -> bool:
        """Tell whether a folded text has them."""
        return f" {self.words}{'' if self.is_open else ' '}" in f" {text} "


def phrases(asked: str) -> tuple[Phrase, ...]:
    """Return what a text has to have to be found: each word, and what stands in quotes as it stands there.

    "pump*" finds what begins so. Signs are not searched for: "M12-4711" is two words that follow each other, "-x" is
    one. Where there are only signs, there is nothing to be found: ().
    """
    return tuple(dict.fromkeys(_phrases(asked)))


def _phrases(asked: str) -> Iterator[Phrase]:
    for quoted, word in _QUOTED.findall(strip_formatting(asked)):
        text = quoted or word
        letters = " ".join(_letters(text).split())
        words = " ".join(_SPACELESS.sub(_pairs_within, letters).split())
        if words:
            is_lone = bool(_SPACELESS.fullmatch(letters[-1])) and not _SPACELESS.fullmatch(letters[-2:-1] or " ")
            yield Phrase(words, is_lone or (text.endswith("*") and text[-2:-1] != " "))


def _pairs_within(run: re.Match[str]) -> str:
    """Of the run that ends what is asked for only the pairs: in the text it may go on."""
    chars = run[0]
    count = len(chars) - 1 if run.end() == len(run.string) and len(chars) > 1 else len(chars)
    return f" {' '.join(chars[at : at + 2] for at in range(count))} "
