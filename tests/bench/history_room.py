"""What the stored history costs the room: beside a host without one, and while an old history is being indexed."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from lanchat.store.history import FILE_NAME
from lanchat.store.search_index import FILE_NAME as INDEX_NAME
from tests.bench import running
from tests.bench.build import build
from tests.bench.cases import Bench, Case, Measures, full_cases, measure_deliveries, short_cases
from tests.bench.fanout import measure_all, note
from tests.bench.machine import Cores, allow_many_files
from tests.bench.record import Record
from tests.bench.running import Load
from tests.bench.servers import known_servers

STORED, IN_MEMORY = "lanchat", "lanchat-memory"
QUIET_S = 3.0  # after which a host begins to index what it finds


@dataclass(frozen=True)
class Cost:
    """Processor time of a delivery without and with a store, and what one is of the other, round by round."""

    memory_us: float
    stored_us: float
    ratios: tuple[float, ...]
    p99_ms: tuple[float, float]  # in memory, stored

    def __str__(self) -> str:
        quarters = quantiles(self.ratios, n=4) if len(self.ratios) > 1 else [self.ratios[0]] * 3
        spread = f"{quarters[1]:.2f} ({quarters[0]:.2f} to {quarters[2]:.2f}, {len(self.ratios)} rounds)"
        p99 = f"p99 {self.p99_ms[0]:.2f} → {self.p99_ms[1]:.2f} ms"
        return f"{self.memory_us:.2f} → {self.stored_us:.2f} µs, {spread}, {p99}"


@dataclass(frozen=True)
class Room:
    """A room to measure in, and what that takes. `folder` is for what hosts write that keep nothing of it."""

    bench: Bench
    folder: Path
    rounds: int
    is_short: bool

    def cost(self) -> list[str]:
        """Measure one sender and sixteen, with and without a store, taking turns."""
        cases = short_cases() if self.is_short else full_cases(self.rounds, 0)
        cases = [case for case in cases if case.name in ("one", "sixteen")]
        servers = [server for server in known_servers(self.folder) if server.name in (STORED, IN_MEMORY)]
        record = measure_all(self.bench, cases, servers, self.folder)
        return [f"CPU of a delivery without a store → with one, {case.title}: {_cost(record, case)}" for case in cases]

    def beside(self, history: Path, *, is_indexed: bool = False) -> list[str]:
        """Measure deliveries at 100 messages/s in a host that has a history, while it is being indexed or after."""
        load = Load("open", 20, 20, 0.5, 100.0) if self.is_short else Load("open", 200, 200, 10.0, 100.0)
        found: list[Measures] = []
        with hosting(self.bench, history) as host:
            time.sleep(QUIET_S)
            before = left_to_index(history)
            for number in range(self.rounds):
                note(f"deliveries {'beside' if is_indexed else 'while indexing'}: round {number + 1} of {self.rounds}")
                found.append(measure_deliveries(self.bench, host, load))
            after = left_to_index(history)
        half, most = (median([one[name] for one in found]) for name in ("p50_ms", "p99_ms"))
        when = (
            "beside an index that is whole" if is_indexed else f"while {before - after:,} are indexed, {after:,} left"
        )
        return [f"delivery at 100 messages/s {when}: p50 {half:.2f} ms, p99 {most:.2f} ms"]


def _cost(record: Record, case: Case) -> Cost:
    def values(server: str, measure: str) -> list[float]:
        return [value for value in record.values(case.name, server, measure) if value is not None]

    memory, stored = values(IN_MEMORY, "cpu_us"), values(STORED, "cpu_us")
    ratios = tuple(mine / other for mine, other in zip(stored, memory, strict=False))
    p99 = (median(values(IN_MEMORY, "p99_ms")), median(values(STORED, "p99_ms")))
    return Cost(median(memory), median(stored), ratios, p99)


@contextmanager
def room_for(rounds: int, *, is_short: bool, is_left_out: bool) -> Iterator[Room | None]:
    """Build what a room is measured with; None where that is not wanted or there is no Linux."""
    if is_left_out or not sys.platform.startswith("linux"):
        yield None
        return
    allow_many_files()
    with tempfile.TemporaryDirectory(prefix="lanchat-bench-") as name:
        folder = Path(name)
        bench = Bench(build("load", folder), Cores.of_this_machine(), settle_s=0.1 if is_short else 1.0)
        yield Room(bench, folder, 1 if is_short else rounds, is_short)


@contextmanager
def hosting(bench: Bench, folder: Path) -> Iterator[running.Running]:
    """Run a host on a history that is there."""
    (stored,) = (server for server in known_servers(folder) if server.name == STORED)
    port = running.free_port()
    with running.started(STORED, stored.prepare(folder, port), folder, port, bench.cores.server) as process:
        yield process


def left_to_index(folder: Path) -> int:
    """Return how many rows are not indexed yet, of those that were there before the index."""
    with closing(sqlite3.connect(folder / INDEX_NAME)) as db:
        db.execute("ATTACH ? AS history", (str(folder / FILE_NAME),))
        counted = "SELECT count(*) FROM history.event WHERE id <= (SELECT above FROM state)"
        return int(db.execute(counted).fetchone()[0])
