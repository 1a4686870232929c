"""The page's own tests, in node: what it is made of needs no browser but for the view."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lanchat.server.web.pages import without_comments
from tests.node import node
from tests.web.vectors import vectors

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def vectors_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vectors") / "vectors.json"
    path.write_text(json.dumps(vectors(), ensure_ascii=False), "utf-8")
    return path


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tree of page and tests that says that all of it is modules: older versions of node have to be told."""
    root = tmp_path_factory.mktemp("tree")
    shutil.copytree(HERE.parents[1] / "lanchat" / "web", root / "lanchat" / "web")
    shutil.copytree(HERE, root / "tests" / "web")
    for path in (root / "lanchat" / "web").rglob("*.js"):
        path.write_bytes(without_comments(path.read_bytes()))  # as it is sent
    (root / "package.json").write_text('{"type": "module"}')
    return root


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_the_page_passes_its_own_tests(name: str, vectors_file: Path, tree: Path) -> None:
    env = {**os.environ, "LANCHAT_VECTORS": str(vectors_file), "TZ": "Europe/Berlin"}
    done = subprocess.run(
        [node(), "--test", "--test-reporter=tap", str(tree / "tests" / "web" / name)],
        env=env,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "# fail 0" in done.stdout
