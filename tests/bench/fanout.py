"""Measure lanchat beside ngircd, InspIRCd and a bare loop: same machine, same run, same load.

Usage: python -m tests.bench.fanout [--short] [--json] [--servers NAME ...] [--cases NAME ...]

Needs Linux (/proc) and a C compiler. A server that is not installed is named and left out; one that
does not stand a case is told of below the table. docs/performance.md says what is measured and how.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tests.bench.build import NoCompiler, build
from tests.bench.cases import Bench, Case, full_cases, short_cases
from tests.bench.machine import Cores, Machine, allow_many_files
from tests.bench.record import Record
from tests.bench.running import BenchError
from tests.bench.servers import Server, known_servers
from tests.bench.table import make_table

SERVER_NAMES = ("lanchat", "lanchat-memory", "ngircd", "inspircd", "bare", "bare-python")
CASE_NAMES = ("one", "sixteen", "steady", "storm", "memory", "idle")
PLAIN_WIDTH = 320  # in a file or pipe, rows are not to be wrapped


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; the first paragraph above is its description."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fanout", description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="small counts: shows that it works, not how fast")
    parser.add_argument("--json", action="store_true", help="print every round as JSON instead of the table")
    parser.add_argument("--servers", nargs="+", choices=SERVER_NAMES, default=SERVER_NAMES, metavar="NAME")
    parser.add_argument("--cases", nargs="+", choices=CASE_NAMES, default=CASE_NAMES, metavar="NAME")
    parser.add_argument("--rounds", type=int, default=5, help="how often each case is repeated (5)")
    parser.add_argument("--idle-s", type=float, default=10.0, help="how long the idle host is watched (10)")
    return parser.parse_args(arguments)


def choose_cases(options: argparse.Namespace) -> list[Case]:
    """Give the cases that were asked for, full or short."""
    cases = short_cases() if options.short else full_cases(options.rounds, options.idle_s)
    return [case for case in cases if case.name in options.cases]


def choose_servers(names: Sequence[str], bare: Path) -> tuple[list[Server], list[str]]:
    """Give the servers that were asked for and are here, and the names of those that are not."""
    asked = [server for server in known_servers(bare) if server.name in names]
    here = [server for server in asked if server.is_installed()]
    return here, [server.name for server in asked if server not in here]


def measure_all(bench: Bench, cases: list[Case], servers: list[Server], folder: Path) -> Record:
    """Run each case on each server, a fresh one every time, taking turns within each round."""
    record = Record()
    for case in cases:
        for turn in range(case.rounds):
            for server in servers[turn % len(servers) :] + servers[: turn % len(servers)]:
                note(f"{case.title}: {server.name}, round {turn + 1} of {case.rounds}")
                measure_once(bench, case, server, folder / f"{case.name}-{server.name}-{turn}", record)
    return record


def measure_once(bench: Bench, case: Case, server: Server, folder: Path, record: Record) -> None:
    """Run one case on one freshly started server and put the outcome on record."""
    try:
        with server.running(folder, bench.cores.server) as running:
            record.add(case.name, server.name, case.measure(bench, running, case.load))
    except BenchError as error:
        record.fail(case.name, server.name, str(error))
        note(f"failed: {error}")


def note(text: str) -> None:
    """Tell the person who waits; the result alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def describe(bench: Bench, servers: Sequence[Server], left_out: Sequence[str]) -> dict[str, object]:
    """Give what a reader of the numbers should know, as JSON values."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": Machine.here().as_dict(),
        "server_cores": sorted(bench.cores.server),
        "load_cores": sorted(bench.cores.load),
        "servers": {server.name: server.version() for server in servers},
        "left_out": list(left_out),
    }


def print_report(
    facts: dict[str, object], record: Record, cases: list[Case], servers: list[Server], short: bool
) -> None:
    """Print the table with what belongs to it."""
    console = Console() if sys.stdout.isatty() else Console(width=PLAIN_WIDTH)
    console.print(make_table(record, cases, [server.name for server in servers], with_aims=not short))
    cores = f"server on core {facts['server_cores']}, load on core {facts['load_cores']}"
    versions = ", ".join(f"{server.name}: {server.version()}" for server in servers)
    failures = [f"failed: {failure}" for failure in record.failures]
    for line in (f"{facts['date']}, {Machine.here()}, {cores}", versions, *failures):
        console.print(line, markup=False, highlight=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 if all servers that are here ran, else 1."""
    options = parse_options(arguments)
    if not sys.platform.startswith("linux"):
        note("The benchmark reads /proc: it needs Linux.")
        return 1
    allow_many_files()
    with tempfile.TemporaryDirectory(prefix="lanchat-bench-") as name:
        try:
            return run(options, Path(name))
        except NoCompiler as error:
            note(f"{error} Install one (apt install gcc).")
            return 1


def run(options: argparse.Namespace, folder: Path) -> int:
    """Build, measure and report in a folder of our own."""
    folder.chmod(0o755)  # ngircd gives up root before it reads the folder again
    bench = Bench(build("load", folder), Cores.of_this_machine(), settle_s=0.1 if options.short else 1.0)
    servers, left_out = choose_servers(options.servers, build("bare", folder))
    for missing in left_out:
        note(f"{missing} is not installed: left out.")
    cases = choose_cases(options)
    record = measure_all(bench, cases, servers, folder)
    facts = describe(bench, servers, left_out)
    if options.json:
        print(json.dumps(facts | {"results": record.as_dict(), "failures": record.failures}, indent=1))
    else:
        print_report(facts, record, cases, servers, options.short)
    return 0 if all(record.has_run(server.name) for server in servers) else 1


if __name__ == "__main__":
    sys.exit(main())
