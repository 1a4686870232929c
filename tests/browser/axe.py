"""axe-core, which finds what people with a keyboard, a screen reader or weak eyes stumble over. Only tests use it.

It is fetched once from npm, pinned by its digest, and kept in the user's cache.
"""

from __future__ import annotations

import subprocess
from functools import cache
from typing import Any

import platformdirs
from playwright.sync_api import Page

from tests.conftest import do_without
from tests.web.vendored import contents, integrity, pack

_VERSION = "4.14.1"
_INTEGRITY = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
_GRAVE = {"serious", "critical"}


@cache
def _script() -> str:
    folder = platformdirs.user_cache_path("lanchat-tests", ensure_exists=True)
    archive = folder / f"axe-core-{_VERSION}.tgz"
    if not archive.exists():
        try:
            pack("axe-core", _VERSION, folder)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            do_without("npm's registry cannot be reached, and axe-core was never fetched")
            raise
    assert integrity(archive) == _INTEGRITY, f"{archive} is not what npm published"
    return contents(archive, "axe.min.js").decode()


def grave_findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical in a page as it is now."""
    page.evaluate(f"{_script()}; 0")
    result: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{found['id']}: {found['help']}: {node['html'][:200]}"
        for found in result["violations"]
        if found["impact"] in _GRAVE
        for node in found["nodes"]
    ]
