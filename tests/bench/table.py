"""The table of a run: a row per measure, a column per server, and lanchat's aims beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table

from tests.bench.aims import AIMS
from tests.bench.cases import Case
from tests.bench.record import Record


@dataclass(frozen=True)
class Row:
    """A measure and how it is shown."""

    measure: str
    title: str
    shape: str = "{:.2f}"


DELIVERIES = (
    Row("cpu_us", "server CPU per delivery, µs"),
    Row("deliveries_per_s", "deliveries/s", "{:,.0f}"),
    Row("p50_ms", "delivery time p50, ms"),
    Row("p99_ms", "delivery time p99, ms"),
)
ROWS = {
    "one": DELIVERIES,
    "sixteen": DELIVERIES,
    "steady": DELIVERIES,
    "storm": (
        Row("all_in_s", "all are in, s"),
        Row("all_seen_s", "all have seen all joins, s"),
        Row("cpu_s", "server CPU, s"),
    ),
    "memory": (
        Row("kb_per_connection", "memory per connection, kB", "{:.1f}"),
        Row("mb_in_all", "memory in all, MB", "{:.1f}"),
    ),
    "idle": (
        Row("wakeups_per_s", "wake-ups/s", "{:.1f}"),
        Row("cpu_percent", "CPU, %", "{:.3f}"),
    ),
}


def make_table(record: Record, cases: Sequence[Case], servers: Sequence[str], with_aims: bool) -> Table:
    """Lay the medians out; without aims where the numbers mean nothing."""
    table = Table(box=box.MARKDOWN)
    table.add_column("case")
    table.add_column("measure")
    for server in servers:
        table.add_column(server, justify="right")
    if with_aims:
        table.add_column("aim of lanchat")
        table.add_column("")
    for case in cases:
        for number, row in enumerate(ROWS[case.name]):
            cells = [_cell(record, case.name, server, row) for server in servers]
            aims = _aim_cells(record, case.name, row.measure) if with_aims else []
            table.add_row("" if number else case.title, row.title, *cells, *aims)
    return table


def _cell(record: Record, case: str, server: str, row: Row) -> str:
    value = record.median(case, server, row.measure)
    if value is None:
        return "failed" if record.values(case, server, row.measure) else ""
    shown = row.shape.format(value)
    if row.measure != "cpu_us" or server == "bare":
        return shown
    ratio = record.ratio(case, server, "bare", row.measure)
    return shown if ratio is None else f"{shown} ({ratio:.2f} x bare)"


def _aim_cells(record: Record, case: str, measure: str) -> list[str]:
    for aim in AIMS:
        if (aim.case, aim.measure) == (case, measure):
            return [aim.text, aim.verdict(record)]
    return ["", ""]
