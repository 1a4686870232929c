"""index.html names every module, so that a browser asks for all at once: `python -m tests.web.index` lists them."""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "lanchat" / "web"
INDEX = WEB / "index.html"
_LIST = re.compile(r'(?:<link rel="modulepreload" href="[^"]*">\n)+')


def modules() -> list[str]:
    """Return the modules that the page begins with; the hashes are loaded once they are needed."""
    found = [path.relative_to(WEB).as_posix() for path in WEB.rglob("*.js")]
    return sorted(name for name in found if not name.startswith("vendor/noble"))


def listed() -> str:
    """Return index.html as it has to be."""
    links = "".join(f'<link rel="modulepreload" href="/web/HASH/{name}">\n' for name in modules())
    return _LIST.sub(lambda _: links, INDEX.read_text("utf-8"), count=1)


if __name__ == "__main__":
    INDEX.write_text(listed(), "utf-8")
