"""Bytes as they come, cut into lines."""

from lanchat.errors import LineTooLong
from lanchat.limits import MAX_UNENDED_BYTES


class LineReader:
    """Collects bytes and gives back whole lines, without their ends. Memory only for a line that has not ended.

    Empty lines are passed over, unless `keeps_empty`. `is_by_keyboard`: a CR ends a line, too, whatever follows: LF or
    NUL behind it (RFC 854, "The NVT Printer and Keyboard"), as PuTTY sends it, or nothing, as Tera Term does.
    """

    __slots__ = ("_had_cr", "_is_by_keyboard", "_keeps_empty", "_limit_bytes", "_rest")

    def __init__(
        self, limit_bytes: int = MAX_UNENDED_BYTES, *, keeps_empty: bool = False, is_by_keyboard: bool = False
    ) -> None:
        self._limit_bytes = limit_bytes
        self._keeps_empty = keeps_empty
        self._is_by_keyboard = is_by_keyboard
        self._had_cr = False  # at the end of what came: an LF or NUL in front of the next belongs to it
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that are now whole, ended by LF or CRLF (by keyboard: CR or CR NUL, too).

        Raises LineTooLong if more than `limit_bytes` come without a line end; what came before it is lost, as the
        peer is to be closed.
        """
        if self._is_by_keyboard:
            data = self._with_line_feeds(data)
        if self._rest:
            data = self._rest + data
        lines = data.split(b"\n")
        self._rest = lines.pop()
        if len(data) > self._limit_bytes and self._has_too_long(lines):
            raise LineTooLong(f"no line end in {self._limit_bytes} bytes")
        return [stripped for line in lines if (stripped := line.rstrip(b"\r")) or self._keeps_empty]

    def _with_line_feeds(self, data: bytes) -> bytes:
        """Return the bytes with LF for every end of a line."""
        if self._had_cr and data:
            data = data[1:] if data[:1] in (b"\n", b"\0") else data
            self._had_cr = False
        if b"\r" not in data:
            return data
        self._had_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r\0", b"\n").replace(b"\r", b"\n")

    def _has_too_long(self, lines: list[bytes]) -> bool:
        return any(len(line) > self._limit_bytes for line in (*lines, self._rest))

    def take_rest(self) -> bytes:
        """Return what has no line end yet, and forget it."""
        rest, self._rest = self._rest, b""
        return rest
