"""Bytes as they come, cut into lines."""

from lanchat.errors import LineTooLong
from lanchat.limits import MAX_UNENDED_BYTES


class LineReader:
    """Collects bytes and gives back whole lines, without their ends. Memory only for a line that has not ended.

    Empty lines are passed over, unless `keeps_empty`.
    """

    __slots__ = ("_keeps_empty", "_limit_bytes", "_rest")

    def __init__(self, limit_bytes: int = MAX_UNENDED_BYTES, *, keeps_empty: bool = False) -> None:
        self._limit_bytes = limit_bytes
        self._keeps_empty = keeps_empty
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that are now whole, ended by LF or CRLF.

        Raises LineTooLong if more than `limit_bytes` come without a line end; what came before it is lost, as the
        peer is to be closed.
        """
        if self._rest:
            data = self._rest + data
        lines = data.split(b"\n")
        self._rest = lines.pop()
        if len(data) > self._limit_bytes and self._has_too_long(lines):
            raise LineTooLong(f"no line end in {self._limit_bytes} bytes")
        return [stripped for line in lines if (stripped := line.rstrip(b"\r")) or self._keeps_empty]

    def _has_too_long(self, lines: list[bytes]) -> bool:
        return any(len(line) > self._limit_bytes for line in (*lines, self._rest))

    def take_rest(self) -> bytes:
        """Return what has no line end yet, and forget it."""
        rest, self._rest = self._rest, b""
        return rest
