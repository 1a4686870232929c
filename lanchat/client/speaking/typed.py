"""Lines typed before, which the arrow keys bring back."""

from dataclasses import dataclass, field

MAX_LINES = 200


@dataclass(slots=True)
class TypedHistory:
    """The lines that were sent, the newest last, and a place among them. What was being typed is kept at the end."""

    _lines: list[str] = field(default_factory=list)
    _index: int = 0  # len(_lines): at the line being typed
    _draft: str = ""

    def add(self, line: str) -> None:
        """Keep a line that was sent; the same one twice in a row is kept once."""
        if line.strip() and self._lines[-1:] != [line]:
            self._lines.append(line)
            del self._lines[:-MAX_LINES]
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
