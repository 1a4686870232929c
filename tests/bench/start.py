"""Measure how soon lanchat's commands are there, on two machines of a LAN of namespaces.

Usage: python -m tests.bench.start [--json] [--rounds N]

Needs Linux; all but --version and --help need root and iproute2, too.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median

from rich import box
from rich.console import Console
from rich.table import Table

from tests.bench import cable
from tests.bench.commands import LINE_S, Command, Place, lanchat, time_command
from tests.bench.machine import Machine
from tests.bench.running import BenchError

ROOM = "Line 3"
WORDS = "Press 4 is back"
PORT = 8100
SEARCH_IS_ON_S = 1.0
Times = dict[str, float]

AIMS_MS = {"lanchat --version": 80.0, "list-rooms: first row": 500.0}


def time_commands() -> Times:
    """Time what needs no network, with the start of Python itself beside it."""
    return {
        "python -c pass": time_command(sys.executable, "-c", "pass"),
        "lanchat --version": time_command(*lanchat(), "--version"),
        "lanchat --help": time_command(*lanchat(), "--help"),
    }


def time_list_rooms(there: Place) -> Times:
    """Time a search on another machine than the host's: its first row, and until it ends."""
    with there.running("list-rooms") as search:
        search.wait_for_line(ROOM)
        first_ms = search.ms()
        search.finish()
        return {"list-rooms: first row": first_ms, "list-rooms: total": search.ms()}


def time_join(there: Place) -> Times:
    """Time a join by name on another machine, until it shows the message that was said before."""
    with there.at_a_terminal("join", ROOM, "--plain") as join:
        join.wait_for_line(WORDS)
        return {"join: first message shown": join.ms()}


def time_host(here: Place, there: Place) -> Times:
    """Time a host from its start until a search on another machine, on already, shows it."""
    with there.running("list-rooms", "--timeout", str(LINE_S)) as search:
        time.sleep(SEARCH_IS_ON_S)
        with hosting(here) as host:
            listening_ms = host.ms()
            search.wait_for_line(ROOM)
            return {"host: listening": listening_ms, "host: discoverable": host.ms()}


@contextmanager
def hosting(here: Place) -> Iterator[Command]:
    """Host the room; the block begins when it has printed where."""
    with here.running("host", "--name", ROOM, "--port", str(PORT)) as host:
        host.wait_for_line(str(PORT))
        yield host


def time_network(rounds: int, folder: Path) -> list[Times]:
    """Time everything that needs a LAN, each `rounds` times, by somebody who was never in the room."""
    strangers = (folder / f"there-{number}" for number in count())
    with cable.cable() as (left, right):
        here = Place(left.command(), folder / "here")
        times = [time_host(here, Place(right.command(), next(strangers))) for _ in range(rounds)]
        with hosting(here):
            with here.running("join", f"{left.address}:{PORT}", "--plain") as join:
                join.finish(f"{WORDS}\n")
            for measure_one in (time_list_rooms, time_join):
                times += [measure_one(Place(right.command(), next(strangers))) for _ in range(rounds)]
    return times


def gather(times: Sequence[Times]) -> dict[str, list[float]]:
    """Gather the values of each measure, in the order in which they were first met."""
    values: dict[str, list[float]] = {}
    for one in times:
        for name, value in one.items():
            values.setdefault(name, []).append(value)
    return values


def make_table(values: dict[str, list[float]]) -> Table:
    """Lay out medians, extremes and aims."""
    table = Table(box=box.MARKDOWN)
    table.add_column("from the start of the process")
    for title in ("median, ms", "least", "most"):
        table.add_column(title, justify="right")
    table.add_column("aim of lanchat")
    for name, each in values.items():
        shown = (f"{value:.0f}" for value in (median(each), min(each), max(each)))
        table.add_row(name, *shown, _verdict(name, median(each)))
    return table


def _verdict(name: str, value: float) -> str:
    if name not in AIMS_MS:
        return ""
    return f"under {AIMS_MS[name]:g} ms: {'met' if value < AIMS_MS[name] else 'missed'}"


def measure(rounds: int) -> dict[str, list[float]]:
    """Time all that can be timed here, and say what cannot."""
    times = [time_commands() for _ in range(rounds)]
    reason = cable.why_not()
    if reason:
        print(f"Left out all that needs a network: {reason}.", file=sys.stderr)
        return gather(times)
    with tempfile.TemporaryDirectory(prefix="lanchat-bench-") as folder:
        return gather(times + time_network(rounds, Path(folder)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Time the commands and print the table; 1 if one of them did not do its part."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.start", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print every round as JSON instead of the table")
    parser.add_argument("--rounds", type=int, default=10, help="how often each is repeated (10)")
    options = parser.parse_args(arguments)
    try:
        values = measure(options.rounds)
    except BenchError as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return 1
    facts = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": Machine.here().as_dict()}
    if options.json:
        print(json.dumps(facts | {"ms": values}, indent=1))
        return 0
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(make_table(values))
    console.print(f"{facts['date']}, {Machine.here()}", markup=False, highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
