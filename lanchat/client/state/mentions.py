"""Whether a text calls somebody by name."""

import re
import unicodedata
from functools import lru_cache

from lanchat.protocol.names import fold, shown


@lru_cache(maxsize=64)
def _pattern(nick: str) -> re.Pattern[str]:
    forms = sorted({fold(nick), fold(shown(nick))}, key=len, reverse=True)
    alternatives = "|".join(re.escape(form) for form in forms if form.strip())
    # Not inside another word: "Ana" is not spoken to in "Banana" or "Ana_2".
    return re.compile(rf"(?<!\w)(?:{alternatives or '(?!)'})(?!\w)")


def is_mentioned(nick: str, text: str) -> bool:
    """Tell whether a text holds the nick as a word of its own, with its spaces or as on the wire."""
    return bool(nick) and _pattern(nick).search(_folded(text)) is not None


def _folded(text: str) -> str:
    """Fold a text as `fold` folds names, without its cache, which is no place for long texts."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
