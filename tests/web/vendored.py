"""The libraries of the page that others wrote: where they lie, and what npm has of them.

lanchat/web/vendor/vendored.toml names each file with the path it has in the package and its SHA-256. Nothing is built
or changed: the files are the package's own, byte by byte.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import tarfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.node import npm

FOLDER = Path(__file__).parents[2] / "lanchat" / "web" / "vendor"
INDEX = FOLDER / "vendored.toml"
_NPM_WITHIN_S = 90


@dataclass(frozen=True, slots=True)
class Library:
    """A vendored library. `files`: by name here, the path in its package; `sha256`: by name here."""

    name: str
    version: str
    licence: str
    integrity: str
    files: Mapping[str, str]
    sha256: Mapping[str, str]

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return FOLDER / f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}"


def read() -> list[Library]:
    """Return all libraries that vendored.toml names."""
    rows = tomllib.loads(INDEX.read_text("utf-8"))["library"]
    return [Library(**row) for row in rows]


def write(libraries: list[Library]) -> None:
    """Write vendored.toml."""
    head = "# Written by: python -m tests.web.renew NAME VERSION"
    INDEX.write_text("\n".join([head, *map(_row, libraries)]), "utf-8")


def _row(library: Library) -> str:
    facts = [f"{key} = {json.dumps(getattr(library, key))}" for key in ("name", "version", "licence", "integrity")]
    files = [f"{json.dumps(name)} = {json.dumps(path)}" for name, path in library.files.items()]
    sums = [f"{json.dumps(name)} = {json.dumps(digest)}" for name, digest in library.sha256.items()]
    return "\n".join(["[[library]]", *facts, "[library.files]", *files, "[library.sha256]", *sums, ""])


def sha256(data: bytes) -> str:
    """Return the digest as vendored.toml has it."""
    return hashlib.sha256(data).hexdigest()


def pack(name: str, version: str, into: Path) -> Path:
    """Fetch a package's archive as npm has it; return where it is."""
    command = [
        *npm(),
        "pack",
        f"{name}@{version}",
        "--silent",
        "--ignore-scripts",
        "--fetch-retries=0",
        "--pack-destination",
        str(into),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_NPM_WITHIN_S)
    return into / done.stdout.split()[-1]


def integrity(archive: Path) -> str:
    """Return an archive's digest in the form that npm publishes."""
    return "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()


def contents(archive: Path, path: str) -> bytes:
    """Return a file of an archive."""
    with tarfile.open(archive) as package:
        file = package.extractfile(f"package/{path}")
        assert file, f"{path} is no file"
        return file.read()
