"""Take another version of a vendored library: `python -m tests.web.renew NAME VERSION`.

The modules that import it by its folder, and index.html, are the reader's to change; the tests say where.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.web.vendored import Library, contents, integrity, pack, read, sha256, write


def renew(name: str, version: str) -> None:
    """Replace the files of a library by those of a version that npm has."""
    libraries = read()
    old = next((library for library in libraries if library.name == name), None)
    if old is None:
        raise SystemExit(f"{name} is not vendored; these are: {', '.join(library.name for library in libraries)}")
    with tempfile.TemporaryDirectory() as folder:
        new = _taken(old, version, Path(folder))
    write([new if library is old else library for library in libraries])


def _taken(old: Library, version: str, folder: Path) -> Library:
    archive = pack(old.name, version, folder)
    files = {name: contents(archive, path) for name, path in old.files.items()}
    new = dataclasses.replace(
        old,
        version=version,
        licence=json.loads(contents(archive, "package.json"))["license"],
        integrity=integrity(archive),
        sha256={name: sha256(data) for name, data in files.items()},
    )
    if old.folder.exists():
        shutil.rmtree(old.folder)
    new.folder.mkdir(parents=True)
    for name, data in files.items():
        (new.folder / name).write_bytes(data)
    return new


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python -m tests.web.renew NAME VERSION")
    renew(*sys.argv[1:])
