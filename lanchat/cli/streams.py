"""Standard input and output that may be missing, or take nothing: `>&-`, `>/dev/full`, `| head -1`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_FLAGS = (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)


def fill_in_streams() -> None:
    """Put the null device where standard input or output is closed.

    Else Python has None there, which nobody expects, and the next socket or file gets the free number: what a library
    writes to descriptor 1 would go to a peer, or into the data.
    """
    for number, flags in enumerate(_FLAGS):
        with suppress(OSError):
            os.fstat(number)
            continue
        _open_null(number, flags)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the program
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _open_null(number: int, flags: int) -> None:
    got = os.open(os.devnull, flags)
    if got != number:
        os.dup2(got, number)
        os.close(got)


def flush() -> str:
    """Write what still waits; return why it cannot be written, or ""."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has enough
        _discard()
    except (OSError, ValueError) as error:  # ValueError: it was closed in the meantime
        _discard()
        return (isinstance(error, OSError) and error.strerror) or "it is closed"
    return ""


def _discard() -> None:
    """Let what still waits go nowhere: Python flushes once more at its end, and would complain."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
