"""`lanchat export`: what was said in a room, as a file to print, to read or to go on with."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import IO, Protocol

from lanchat import config
from lanchat.cli.history.asked import MAX_AT, Span, listed, room_called, span
from lanchat.cli.history.sources import FileSource, Kept
from lanchat.client.rooms.choosing import is_address
from lanchat.errors import UsageError, UserError
from lanchat.export.entries import Entry
from lanchat.export.html_sheet import HtmlSheet
from lanchat.export.json_lines import JsonLines
from lanchat.export.markdown import Markdown
from lanchat.export.plain_text import PlainText
from lanchat.export.sheet import About, Format, Sheet
from lanchat.export.times import minute
from lanchat.export.wording import counted
from lanchat.export.writing import body_file, standard_output, whole_file
from lanchat.protocol.text import clean
from lanchat.store.archive import KeptRoom, open_archive
from lanchat.store.history import FILE_NAME
from lanchat.store.salvage import Salvage

_FORMATS: dict[str, Callable[[str], Format]] = {
    "md": lambda _: Markdown(),
    "html": lambda _: HtmlSheet(),
    "json": JsonLines,
    "txt": lambda _: PlainText(),
}
_SUFFIXES = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".json": "json", ".jsonl": "json"}
_TOLD_EVERY_S = 0.2


class Source(Protocol):
    """Where it is read: a file, or a host."""

    title: str
    where: str

    def read(self, span: Span, sheet: Sheet, progress: Callable[[Entry], None]) -> None:
        """Write all of a period into a sheet."""


def run(args: argparse.Namespace) -> int:
    """Carry out `lanchat export`. Raises UserError for what cannot be done."""
    asked, path = span(args), None if args.output in (None, "-") else Path(args.output).expanduser()
    form = _FORMATS[_format(args.format, path)]
    with _kept(args) as kept:
        source = _source(args, kept)
        sheet = _write(source, asked, form(source.title), path)
        unread = kept.unread if isinstance(kept, Salvage) else 0
    _tell(_outcome(source, sheet, path, unread))
    return 0


def _format(asked: str | None, path: Path | None) -> str:
    """Return which format: as asked for, else by the ending of the file's name."""
    if asked is None:
        return _SUFFIXES.get(path.suffix.lower(), "txt") if path else "txt"
    name = asked.lower().removeprefix(".")
    if name not in _FORMATS:
        raise UsageError(f"“{clean(asked)[:40]}” is no format; there is {', '.join(list(_FORMATS)[:-1])} and txt.")
    return name


# ---- Where it is read ------------------------------------------------------------------------------------------------


def _kept(args: argparse.Namespace) -> AbstractContextManager[Kept | None]:
    """Return the file to be read, None where there is none and a host is to be asked."""
    if args.from_file is not None:
        return closing(Salvage(Path(args.from_file).expanduser()))
    folder = config.data_dir(args.data_dir)
    is_here = (folder / FILE_NAME).exists() and not is_address(args.room or "")
    return closing(open_archive(folder)) if is_here or args.data_dir else nullcontext()


def _source(args: argparse.Namespace, kept: Kept | None) -> Source:
    rooms = kept.rooms() if kept else []
    room = _room(args, rooms)
    if kept and room:
        return FileSource(kept, room)
    if args.data_dir or args.from_file:
        raise UserError(_missing(args.room, kept, rooms))
    from lanchat.cli.history.remote import RemoteSource

    try:
        return RemoteSource(args)
    except UserError as error:
        here = f" On this machine there is what was said in {listed((one.title for one in rooms), 'and')}."
        raise UserError(f"{error}{here if rooms else ''}") from None


def _room(args: argparse.Namespace, rooms: list[KeptRoom]) -> KeptRoom | None:
    if args.room:
        return room_called(rooms, args.room)
    if len(rooms) > 1:
        raise UserError(f"Which room? There is {listed((one.title for one in rooms), 'and')}: lanchat export ROOM")
    return rooms[0] if rooms else None


def _missing(asked: str | None, kept: Kept | None, rooms: list[KeptRoom]) -> str:
    where = kept.path if kept else "this folder"
    if not rooms:
        return f"Nothing has been said in any room of {where} yet."
    return (
        f"There is no room “{clean(asked or '')}” in {where}; there is {listed((one.title for one in rooms), 'and')}."
    )


# ---- Where it is written ---------------------------------------------------------------------------------------------


def _write(source: Source, asked: Span, form: Format, path: Path | None) -> Sheet:
    until = asked.until if asked.until < MAX_AT else round(time.time() * 1000)
    about = About(source.title, asked.since, until)
    with whole_file(path) if path else standard_output() as out, _body(form, out, path) as body:
        sheet = Sheet(form, about, body)
        with closing(Progress()) as progress:
            source.read(asked, sheet, progress.tell)
        sheet.finish(out)
    return sheet


def _body(form: Format, out: IO[str], path: Path | None) -> AbstractContextManager[IO[str]]:
    return body_file(path) if form.has_head else nullcontext(out)


class Progress:
    """One line at a terminal that tells how far it is; nothing elsewhere."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._count = 0
        self._next_at = time.monotonic() + _TOLD_EVERY_S
        self._width = 0

    def tell(self, entry: Entry) -> None:
        """Count an entry, and show it if it is time."""
        self._count += 1
        if self._is_shown and not self._count % 100 and time.monotonic() >= self._next_at:
            self._next_at = time.monotonic() + _TOLD_EVERY_S
            at = minute(entry.at)
            self._show(f"{self._count:,} read, up to {at.day}, {at.clock} …")

    def _show(self, text: str) -> None:
        sys.stderr.write(f"\r{text:{self._width}}")
        sys.stderr.flush()
        self._width = len(text)

    def close(self) -> None:
        """Make room for what comes next."""
        if self._width:
            sys.stderr.write(f"\r{' ' * self._width}\r")
            sys.stderr.flush()


def _outcome(source: Source, sheet: Sheet, path: Path | None, unread: int) -> str:
    said = counted(sheet.summary.messages, "message")
    text = f"{said} of {clean(source.title)}, from {source.where}{f', written to {path}' if path else ''}."
    lost = f" {counted(unread, 'place')} in the file could not be read; what stood there is missing." if unread else ""
    return text + lost


def _tell(text: str) -> None:
    print(f"lanchat: {text}", file=sys.stderr)  # noqa: T201 - the command line speaks here
