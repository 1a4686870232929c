"""Tab: what a half-typed name or command may become. Pure: texts in, texts out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lanchat.protocol.names import fold

MAX_NAME_WORDS = 4  # of a name with spaces that is looked for behind the cursor


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the text from `start` to the cursor may become. `behind`: what follows a chosen one (": ", " ")."""

    start: int
    texts: tuple[str, ...]
    behind: str


@dataclass(slots=True)
class Completion:
    """Cycles through candidates while Tab is pressed again and again."""

    _candidates: Candidates | None = None
    _tail: str = ""  # what stood behind the cursor
    _head: str = ""  # what stands before the candidate
    _index: int = 0
    _made: tuple[str, int] = ("", -1)  # line and cursor after the last Tab: another line means that somebody typed

    def forget(self) -> None:
        """Begin with new candidates at the next Tab."""
        self._candidates = None

    def next(
        self, text: str, cursor: int, names: Sequence[str], commands: Sequence[str], *, is_back: bool = False
    ) -> tuple[str, int] | None:
        """Return the line and the cursor after one Tab (`is_back`: Shift+Tab), or None if nothing fits."""
        step = -1 if is_back else 1
        if self._candidates is not None and self._made == (text, cursor):
            self._index = (self._index + step) % len(self._candidates.texts)
        elif not self._begin(text, cursor, names, commands):
            return None
        else:
            self._index = 0 if step > 0 else -1
        return self._line()

    def _begin(self, text: str, cursor: int, names: Sequence[str], commands: Sequence[str]) -> bool:
        found = candidates(text[:cursor], names, commands)
        self._candidates = found if found.texts else None
        self._head, self._tail = text[: found.start], text[cursor:]
        return self._candidates is not None

    def _line(self) -> tuple[str, int] | None:
        if self._candidates is None:
            return None
        behind = "" if self._tail.startswith(" ") else self._candidates.behind
        head = self._head + self._candidates.texts[self._index] + behind
        self._made = (head + self._tail, len(head))
        return self._made


def candidates(before: str, names: Sequence[str], commands: Sequence[str]) -> Candidates:
    """Return what the end of `before` may become. `names`: as people read them, the likeliest first."""
    if before.startswith("/") and not before.startswith("//") and " " not in before:
        return Candidates(0, tuple(_beginning_with(before[1:], commands, "/")), " ")
    for start in _word_starts(before):
        fitting = tuple(_beginning_with(before[start:].removeprefix("@"), names, ""))
        if fitting:
            return Candidates(start, fitting, ": " if start == 0 else " ")
    return Candidates(len(before), (), "")


def _beginning_with(start: str, texts: Iterable[str], prefix: str) -> list[str]:
    if not start and not prefix:
        return []
    return [prefix + text for text in texts if fold(text).startswith(fold(start))]


def _word_starts(before: str) -> list[int]:
    """Return where the last words begin, the longest stretch first: names may hold spaces."""
    starts = [len(before)] if not before or before[-1] == " " else []
    starts += [index for index in range(len(before)) if before[index] != " " and before[index - 1 : index] in ("", " ")]
    return sorted(starts)[-MAX_NAME_WORDS:]
