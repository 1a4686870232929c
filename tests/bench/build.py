"""The C programs of the benchmark, compiled where it runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = {"load": ("load.c", "crowd.c"), "bare": ("bare.c",)}


class NoCompiler(Exception):
    """There is no C compiler: neither the load client nor the bare loop can be built."""

    def __str__(self) -> str:
        return "No C compiler (cc, gcc or clang) is here: the load client cannot be built."


def compiler() -> str:
    """Find the C compiler. Raises NoCompiler."""
    found = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if found is None:
        raise NoCompiler
    return found


def build(program: str, folder: Path) -> Path:
    """Compile one of SOURCES into the folder and give its path. Raises NoCompiler."""
    target = folder / program
    sources = [str(HERE / name) for name in SOURCES[program]]
    subprocess.run([compiler(), "-O2", "-Wall", "-Wextra", "-o", str(target), *sources], check=True)
    return target
