"""A file that is written whole or not at all, and standard output."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lanchat.errors import UserError


@contextmanager
def standard_output() -> Iterator[IO[str]]:
    """Yield standard output; in a pipe or a file it gets UTF-8, whatever this system is used to."""
    if reconfigure := getattr(sys.stdout, "reconfigure", None):
        if sys.stdout.isatty():
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", newline="\n")
    yield sys.stdout


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """Yield a file that takes the place of another one at the end of the block, or is gone if that raises.

    What is no file (a device, a pipe) is written to as it is. Raises UserError where that cannot be done.
    """
    try:
        real = Path(os.path.realpath(path))  # a link stays one
        if real.exists() and not real.is_file():
            with real.open("w", encoding="utf-8", newline="\n") as stream:
                yield stream
        else:
            yield from _replacing(real)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written ({error.strerror}); name another file with -o, or leave it out."
        ) from None


def _replacing(path: Path) -> Iterator[IO[str]]:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}-", suffix=".part")
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def body_file(beside: Path | None) -> Iterator[IO[str]]:
    """Yield a file for what is copied elsewhere at the end; beside the one it goes to there is room for it."""
    folder = Path(os.path.realpath(beside)).parent if beside else None
    with tempfile.TemporaryFile(
        "w+", encoding="utf-8", newline="\n", dir=folder if folder and folder.is_dir() else None
    ) as stream:
        yield stream
