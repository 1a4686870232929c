"""What others wrote of the page is what they published, and nothing else lies there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import do_without
from tests.web import vendored
from tests.web.vendored import FOLDER, INDEX, Library

LIBRARIES = vendored.read()


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_a_vendored_library_is_as_it_was_checked_in(library: Library) -> None:
    assert {path.name: vendored.sha256(path.read_bytes()) for path in library.folder.iterdir()} == library.sha256


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_a_vendored_library_comes_with_its_licence(library: Library) -> None:
    assert library.licence
    assert (library.folder / "LICENSE").stat().st_size > 500


def test_nothing_lies_there_that_the_index_does_not_name() -> None:
    named = {INDEX, *(library.folder / name for library in LIBRARIES for name in library.files)}
    assert {path for path in FOLDER.rglob("*") if path.is_file()} == named


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_a_vendored_library_equals_what_npm_has(library: Library, tmp_path: Path) -> None:
    try:
        archive = vendored.pack(library.name, library.version, tmp_path)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        do_without("npm's registry cannot be reached")
        raise
    assert vendored.integrity(archive) == library.integrity
    for name, path in library.files.items():
        assert vendored.contents(archive, path) == (library.folder / name).read_bytes(), name
