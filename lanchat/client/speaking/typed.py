"""Lines typed before, which the arrow keys and Ctrl+R bring back."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MAX_LINES = 200
_SECRET = re.compile(r"/(oper\b|join\b.*\bkey=|j\b.*\bkey=)|.*\b(pass|password|passwort|identify)\b", re.IGNORECASE)


def is_secret(line: str) -> bool:
    """Tell whether a line may hold a password, so that it is not to be written to a disk."""
    return _SECRET.match(line.lstrip()) is not None


def _not_kept(_line: str) -> None:
    """Keep nothing beyond this run of the program."""


@dataclass(slots=True)
class TypedHistory:
    """The lines that were sent, the newest last, and a place among them. What was being typed is kept at the end.

    `keep` gets each line that may be kept for the next run of the program.
    """

    _lines: list[str] = field(default_factory=list)
    keep: Callable[[str], None] = _not_kept
    _index: int = field(init=False)  # len(_lines): at the line being typed
    _draft: str = field(default="", init=False)

    def __post_init__(self) -> None:
        del self._lines[:-MAX_LINES]
        self._index = len(self._lines)

    def add(self, line: str) -> None:
        """Keep a line that was sent; the same one twice in a row is kept once."""
        if line.strip() and self._lines[-1:] != [line]:
            self._lines.append(line)
            del self._lines[:-MAX_LINES]
            if not is_secret(line):
                self.keep(line)
        self._index, self._draft = len(self._lines), ""

    def older(self, current: str) -> str:
        """Return the line before; `current` is what stands in the editor now. At the oldest it stays."""
        if self._index == len(self._lines):
            self._draft = current
        self._index = max(0, self._index - 1)
        return self._shown()

    def newer(self) -> str:
        """Return the line after, at last what was being typed."""
        self._index = min(len(self._lines), self._index + 1)
        return self._shown()

    def _shown(self) -> str:
        return self._draft if self._index == len(self._lines) else self._lines[self._index]

    def search(self) -> "TypedSearch":
        """Return a search through these lines, from the newest on."""
        return TypedSearch(tuple(self._lines))


@dataclass(slots=True)
class TypedSearch:
    """Looking for a line with some characters in it, in either case; each `older` finds the one before."""

    _lines: tuple[str, ...]
    words: str = ""
    _index: int = field(init=False)

    def __post_init__(self) -> None:
        self._index = len(self._lines)

    @property
    def found(self) -> str:
        """The line found, or "" while there is none."""
        return self._lines[self._index] if 0 <= self._index < len(self._lines) else ""

    def look_for(self, words: str) -> None:
        """Look for other characters; what is found already stays if it has them."""
        is_wider = words not in self.words
        self.words = words
        self._index = self._at_or_before(self._index if is_wider else len(self._lines) - 1)

    def older(self) -> None:
        """Go on to the next older line; at the oldest it stays."""
        before = self._at_or_before(self._index - 1)
        self._index = before if before >= 0 else self._index

    def _at_or_before(self, index: int) -> int:
        """Return where the newest fitting line is, from a place on; -1 if none is."""
        if not self.words:
            return len(self._lines)
        wanted = self.words.casefold()
        places: Iterable[int] = range(min(index, len(self._lines) - 1), -1, -1)
        return next((place for place in places if wanted in self._lines[place].casefold()), -1)
