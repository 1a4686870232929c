"""`lanchat list-rooms`: the rooms of this network, as they are found."""

import argparse
import asyncio
import contextlib
import io
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Self

from lanchat import config
from lanchat.client.rooms.left_out import left_out
from lanchat.client.rooms.silences import silences
from lanchat.client.rooms.twins import twin_warnings
from lanchat.client.words.counting import people
from lanchat.discovery.addresses import read_adapters, with_port
from lanchat.discovery.find import Appeared, Changed, Finder, FindEvent, Scanned, parse_target
from lanchat.discovery.rooms import FoundRoom
from lanchat.discovery.scan import scan_addresses
from lanchat.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

MAX_TIMEOUT_S = 3_600.0
_SCANNED = {True: "every address of this subnet", False: "the nearest addresses of this subnet"}


def run(args: argparse.Namespace) -> int:
    """Carry out `lanchat list-rooms`; return 0 where a room was found, else 1. Raises UsageError."""
    targets = _targets(args.targets)
    if args.timeout is not None and not 0 < args.timeout <= MAX_TIMEOUT_S:
        raise UsageError(f"--timeout {args.timeout:g} is no number of seconds from above 0 to {MAX_TIMEOUT_S:g}.")
    try:
        return asyncio.run(_list(args, targets))
    except BrokenPipeError:  # `lanchat list-rooms | head -1`: the reader has enough
        from lanchat.client.plain.printer import discard

        discard(sys.stdout)
        return 0


def _targets(texts: Sequence[str]) -> list[tuple[str, int]]:
    try:
        return [parse_target(text) for text in texts]
    except ValueError as error:
        raise UsageError(str(error)) from error


async def _list(args: argparse.Namespace, targets: Sequence[tuple[str, int]]) -> int:
    settings = config.load_settings()
    finder = Finder(remembered=settings.rooms, targets=targets, scan=args.scan, running=config.running_dir())
    async with finder:  # the search runs already while the printer is made
        with _printer(is_json=args.json) as show:
            async for event in finder.collect(args.timeout):
                show(event)
    rooms = finder.rooms
    for line in (*twin_warnings(rooms), *silences(finder.silences), *left_out(finder.bounds)):
        _tell(line)
    if not rooms:
        is_advised, can_scan = bool(finder.silences), bool(scan_addresses(read_adapters()))
        is_on_network = finder.is_on_network
        is_all_asked = finder.bounds.asked >= finder.bounds.addresses
        _tell(
            _nothing_found(
                args,
                targets,
                is_on_network=is_on_network,
                is_advised=is_advised,
                can_scan=can_scan,
                is_all_asked=is_all_asked,
            )
        )
    return 0 if rooms else 1


def _tell(text: str) -> None:
    print(f"lanchat: {text}", file=sys.stderr)  # noqa: T201 - the command line speaks here


def _nothing_found(
    args: argparse.Namespace,
    targets: Sequence[tuple[str, int]],
    *,
    is_on_network: bool,
    is_advised: bool = False,
    can_scan: bool = True,
    is_all_asked: bool = True,
) -> str:
    """Return the line that tells that no room was found: what was tried, and what to do next.

    `is_advised`: why announced rooms do not answer is told already. `can_scan`: there is an IPv4 network; a subnet of
    IPv6 has 2^64 addresses, too many to ask. `is_all_asked`: by the scan.
    """
    asked = ["this machine"]
    if is_on_network:
        asked += ["multicast DNS", "broadcast", *([_SCANNED[is_all_asked]] if args.scan and can_scan else [])]
    asked += [with_port(host, port) for host, port in targets]
    found = f"No room found; asked {', '.join(asked)}."
    if not is_on_network:
        return f"{found} This machine is on no network: connect it, then try again."
    steps = [] if is_advised else ["Is the host on this network, with no firewall between?"]
    if not targets:
        steps.append("With its address: lanchat join HOST.")
    if can_scan and not args.scan:
        steps.append("To ask every address here: lanchat list-rooms --scan.")
    return " ".join([found, *steps])


def shown_address(room: FoundRoom) -> str:
    """Return the address and port to show for a room: if possible one that others can use, too."""
    outside = [address for address in room.addresses if address not in ("127.0.0.1", "::1")]
    return with_port((outside or room.addresses)[0], room.port)


def as_json(room: FoundRoom) -> str:
    """Return a room as one line of JSON. The keys are stable, and all of it is ASCII: programs read it."""
    return json.dumps(
        {
            "id": room.id,
            "name": room.name,
            "channel": room.channel,
            "topic": room.topic,
            "members": room.members,
            "password": room.is_password_needed,
            "addresses": list(room.addresses),
            "port": room.port,
            "version": room.version,
        }
    )


def as_line(room: FoundRoom) -> str:
    """Return a room as one line of text, in columns where the texts are short enough."""
    access = "password" if room.is_password_needed else "open"
    cells = ((room.name, 24), (people(room.members), 10), (shown_address(room), 21), (access, 8), (room.topic, 0))
    return "  ".join(text + " " * (width - _cells(text)) for text, width in cells).rstrip()


def _cells(text: str) -> int:
    """Return about how many cells a text takes on a terminal; rich would be exact, and take 30 ms to import."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) != 0 for char in text)


@contextlib.contextmanager
def _printer(*, is_json: bool) -> Iterator[Callable[[FindEvent], None]]:
    """Yield a function to call with each event; at the end, the output is in its final form."""
    if not is_json and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        with _Screen() as screen:
            yield screen.show
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a pipe on Windows may know no emoji
    to_text = as_json if is_json else as_line

    def print_new(event: FindEvent) -> None:
        if isinstance(event, Appeared):
            print(to_text(event.room), flush=True)  # noqa: T201 - this is the command's output

    yield print_new


class _Screen:
    """A table that fills, and below it a line for the progress of the search."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self._live = Live(console=Console(), auto_refresh=False)
        self._rooms: dict[str, FoundRoom] = {}
        self._status = "Looking for rooms …"

    def __enter__(self) -> Self:
        self._live.start()
        self._draw()
        return self

    def __exit__(self, *_: object) -> None:
        self._status = ""
        self._live.transient = not self._rooms
        self._live.vertical_overflow = "visible"  # more rooms than lines: all of them, now that nothing is redrawn
        self._draw()
        self._live.stop()

    def show(self, event: FindEvent) -> None:
        """Draw what an event changed."""
        if isinstance(event, Appeared | Changed):
            self._rooms[event.room.key] = event.room
        elif isinstance(event, Scanned):
            self._status = f"Asking every address: {event.done} of {event.total} …"
        self._draw()

    def _draw(self) -> None:
        from rich.console import Group
        from rich.text import Text

        table = [_table(self._rooms.values())] if self._rooms else []
        status = [Text(self._status, style="dim")] if self._status else []
        self._live.update(Group(*table, *status), refresh=True)


def _table(rooms: Iterable[FoundRoom]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Room", overflow="fold")
    table.add_column("People", justify="right")
    table.add_column("Address", no_wrap=True)
    table.add_column("Password")
    table.add_column("Topic", overflow="fold")
    for room in rooms:
        password = "needed" if room.is_password_needed else "no"
        cells = (room.name, str(room.members), shown_address(room), password, room.topic)
        table.add_row(*map(Text, cells))  # Text objects: what a room says is never markup
    return table
