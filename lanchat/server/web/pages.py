"""The page: its files, read once at the start, and sent from memory.

They lie under the hash of them all, so a browser may keep them for good; the first page alone is asked for each time.
In index.html three things are filled in: HASH in "/web/HASH/…", the room's name in the title, and, where it says
"<!--lanchat:room-->", what is to be seen without JavaScript. Comments that have lines to themselves stay at
home: they are a fifth of what would go over the wire. Licences ("/*!") travel along.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable

from lanchat.protocol.web_wire import Request, Response
from lanchat.server.web.answers import HTML

INDEX = "index.html"
_KINDS = {
    "css": "text/css; charset=utf-8",
    "html": HTML,
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "mp3": "audio/mpeg",
    "png": "image/png",
    "svg": "image/svg+xml; charset=utf-8",
    "wav": "audio/wav",
    "webmanifest": "application/manifest+json",
}
_FOREVER = "public, max-age=31536000, immutable"
_HASH_CHARS = 16
_MARK = "<!--lanchat:room-->"
_TITLE = "<title>lanchat</title>"
_SMALL_BYTES = 256  # where gzip gains nothing
_COMMENTS = re.compile(
    rb"^[ \t]*/\*(?!!)[^\n]*?(?:\*/[ \t]*\n|\n(?:[ \t]*\*(?!/)[^\n]*\n)*[ \t]*\*/[ \t]*\n)|^[ \t]*//(?!#)[^\n]*\n",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent: as it is, and compressed."""

    kind: str
    whole: bytes
    zipped: bytes


class Pages:
    """All files of the page. `hash` changes with any of them."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.hash = _hash(contents)
        self._files = {name: _file(name, content, self.hash) for name, content in contents.items()}
        self._index = self._files.get(INDEX)

    @property
    def is_there(self) -> bool:
        """Whether there is a page at all."""
        return self._index is not None

    @property
    def names(self) -> list[str]:
        """The names of the files that lie under the hash."""
        return [name for name in self._files if name != INDEX]

    def file(self, request: Request, folder: str, name: str) -> Response | None:
        """Return one of the files, as it was at the start; None of a name that was none."""
        file = self._files.get(name)
        if file is None or folder != self.hash or name == INDEX:
            return None
        tag = f'W/"{self.hash}"'
        return _sent(request, file, (("Cache-Control", _FOREVER), ("ETag", tag)), tag)

    def index(self, request: Request, room: str, fallback: str) -> Response:
        """Return the first page, with what is to be seen without JavaScript, as HTML."""
        assert self._index is not None, "is_there was asked"  # noqa: S101
        text = self._index.whole.decode()
        text = text.replace(_TITLE, f"<title>{escape(room)} · lanchat</title>").replace(_MARK, fallback)
        body = text.encode()
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:_HASH_CHARS]}"'
        return _sent(request, File(HTML, body, _zipped(body)), (("Cache-Control", "no-cache"), ("ETag", tag)), tag)


def read() -> Pages:
    """Return the page as it was installed."""
    folder = files("lanchat").joinpath("web")
    return Pages(dict(_read(folder)) if folder.is_dir() else {})


def _read(folder: Traversable, above: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{above}{entry.name}"
        if entry.is_dir():
            yield from _read(entry, f"{name}/")
        elif _extension(name) in _KINDS:
            yield name, entry.read_bytes()


def _hash(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:_HASH_CHARS]


def without_comments(content: bytes) -> bytes:
    """Return a script or a style sheet without the comments that take whole lines."""
    return _COMMENTS.sub(b"", content)


def _file(name: str, content: bytes, folder: str) -> File:
    if _extension(name) in {"css", "js"}:
        content = without_comments(content)
    if name == INDEX:
        content = content.replace(b"/web/HASH/", f"/web/{folder}/".encode())
    return File(_KINDS[_extension(name)], content, _zipped(content))


def _extension(name: str) -> str:
    return name.rpartition(".")[2]


@lru_cache(maxsize=8)
def _zipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0) if len(content) > _SMALL_BYTES else content


def _sent(request: Request, file: File, headers: tuple[tuple[str, str], ...], tag: str) -> Response:
    """Return a file in the way that the browser takes it; nothing of it where it has it already."""
    headers = (*headers, ("Vary", "Accept-Encoding"))
    if tag in request.headers.get("if-none-match", ""):
        return Response(304, file.kind, b"", headers)
    if len(file.zipped) < len(file.whole) and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(200, file.kind, file.zipped, (*headers, ("Content-Encoding", "gzip")))
    return Response(200, file.kind, file.whole, headers)
