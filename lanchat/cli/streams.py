"""Standard input, output and errors as the system hands them over: perhaps closed, perhaps full."""

from __future__ import annotations

import errno
import os
import sys

from lanchat.errors import UserError

UNWRITABLE = frozenset({errno.ENOSPC, errno.EPIPE, errno.EIO})  # what writing to standard output meets


def mend() -> None:
    """Open what the caller has closed (`>&-`) to nowhere.

    Python has None in place of a closed stream. And its descriptor is the next one that the system gives to whoever
    opens something: a socket that is number 1 would be sent what is printed.
    """
    for descriptor in (0, 1, 2):
        _keep_taken(descriptor)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)


def _keep_taken(descriptor: int) -> None:
    try:
        os.fstat(descriptor)
    except OSError:
        opened = os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one, as those below are taken
        if opened != descriptor:
            os.dup2(opened, descriptor)
            os.close(opened)


def flush() -> None:
    """Write what was printed. Raises UserError where it cannot be: a disk is full, say."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()  # who read it has seen enough
    except OSError as error:
        raise UserError(unwritable(error)) from None


def unwritable(error: OSError) -> str:
    """Return the sentence about output that cannot be written, and let the rest of it go nowhere."""
    _discard()
    return f"Cannot write what there is to tell ({error.strerror})."


def _discard() -> None:
    """Let what is left in the buffer go nowhere: else writing it fails again when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
