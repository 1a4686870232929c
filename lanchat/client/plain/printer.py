"""Where the plain screen writes: a terminal through rich, or a pipe as plain text."""

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from lanchat.client.plain.wording import Piece

if TYPE_CHECKING:
    from rich.console import Console


class Closed(Exception):
    """Nobody reads the output any more: the pipe broke, or the terminal is gone."""


class Printer:
    """Writes lines to a stream. `is_terminal`: with colours and the bell."""

    def __init__(self, stream: TextIO, *, is_terminal: bool) -> None:
        self.is_terminal = is_terminal
        self._stream = stream
        self._console = _console(stream) if is_terminal else None
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")  # a Windows console of an old code page shows "?" for what it lacks

    def line(self, pieces: Sequence[Piece]) -> None:
        """Write one line, at once. Raises `Closed`."""
        try:
            if self._console is None:
                self._stream.write("".join(text for text, _ in pieces) + "\n")
            else:
                from rich.text import Text

                self._console.print(Text.assemble(*pieces), soft_wrap=True)
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            discard(self._stream)
            raise Closed from error

    def bell(self) -> None:
        """Ring, on a terminal."""
        if self._console is not None:
            self._console.bell()


def _console(stream: TextIO) -> "Console":
    from rich.console import Console

    return Console(file=stream, markup=False, emoji=False, highlight=False)


def discard(stream: TextIO | None) -> None:
    """Send what is left in the buffer of a broken stream nowhere: else writing it fails again when Python ends."""
    if stream is None:  # the caller closed it, and Python has none
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def standard_printers() -> tuple[Printer, Printer]:
    """Return the printers for the conversation and for what the program itself says.

    At a terminal both are standard output; in a pipe, the second one is stderr.
    """
    stdout = sys.stdout or _nowhere()
    out = Printer(stdout, is_terminal=stdout.isatty())
    return out, out if out.is_terminal else Printer(sys.stderr or _nowhere(), is_terminal=False)


def _nowhere() -> TextIO:
    """Return a stream to nowhere. Where the caller closed a standard stream, Python has None."""
    return open(os.devnull, "w", encoding="utf-8")
