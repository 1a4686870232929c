"""Where a text calls somebody by name: one rule for the bell, the count of unread calls, and what is highlighted."""

import re
import unicodedata
from functools import lru_cache

from lanchat.protocol.names import fold, shown

# Scripts that put no space between words, as the names of their letters begin: such a letter is a border by itself, as
# in "田中さん、止めて", which calls 田中. Hangul is among them, since its particles stand right behind a name.
_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "THAI", "LAO", "KHMER", "MYANMAR", "YI")
_JOINING = "-.@"  # they join words where a letter stands on their other side: "Ana-Maria", "ana.log", "ana@host"
_PATH = "/"  # it always does: "/ana/log"


def is_mentioned(nick: str, text: str) -> bool:
    """Tell whether a text calls a nick."""
    return bool(calls(nick, text))


def calls(nick: str, text: str) -> list[tuple[int, int]]:
    """Return where a text calls a nick, as places (start, end) in the text: with its spaces or as on the wire.

    The name has to stand by itself. An example, for "Ana": "Ana, come" and "thank you, ana." call her, "Banana",
    "Ana_2", "Ana-Maria" and "http://10.0.0.5/ana/log" do not.
    """
    pattern = _pattern(nick)
    if pattern is None:
        return []
    folded, places = _folded(text)
    found = (call.span() for call in pattern.finditer(folded))
    return [(places[start], places[end]) for start, end in found if _stands_alone(folded, start, end)]


@lru_cache(maxsize=64)
def _pattern(nick: str) -> re.Pattern[str] | None:
    forms = sorted({fold(nick), fold(shown(nick))}, key=len, reverse=True)
    alternatives = "|".join(re.escape(form) for form in forms if form.strip())
    return re.compile(alternatives) if alternatives else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    return _is_border(text, start, start - 1, -1) and _is_border(text, end - 1, end, 1)


def _is_border(text: str, inner: int, outer: int, step: int) -> bool:
    """Whether a name may end between its character at `inner` and the one at `outer`, `step` being the way out."""
    if not 0 <= outer < len(text):
        return True
    if _needs_no_border(text[inner]) or _needs_no_border(text[outer]):
        return True
    if _is_letter(text[outer]) or text[outer] == _PATH:
        return False
    beyond = outer + step
    return not (text[outer] in _JOINING and 0 <= beyond < len(text) and _is_letter(text[beyond]))


def _is_letter(char: str) -> bool:
    return char == "_" or char.isalnum() or unicodedata.category(char).startswith("M")


@lru_cache(maxsize=4_096)
def _needs_no_border(char: str) -> bool:
    return not char.isascii() and unicodedata.name(char, "").startswith(_WITHOUT_SPACES)


def _folded(text: str) -> tuple[str, list[int]]:
    """Fold a text as `fold` folds names; return it with the place in the text of each folded character, and of the end.

    Folding may change how many characters there are ("ß" is "ss"): each letter is folded by itself, with its accents.
    """
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    folded: list[str] = []
    places: list[int] = []
    for start, letter in _letters(text):
        part = fold(letter)
        folded.append(part)
        places += [start] * len(part)
    return "".join(folded), [*places, len(text)]


def _letters(text: str) -> list[tuple[int, str]]:
    """Return each letter of a text with the marks that belong to it, and where it stands."""
    starts = [at for at, char in enumerate(text) if not unicodedata.category(char).startswith("M")]
    if not starts or starts[0]:
        starts.insert(0, 0)
    return [(start, text[start:end]) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
