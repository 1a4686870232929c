"""Measure the stored history: how long it takes to be asked, opened and written, with a million messages in it.

Usage: python -m tests.bench.history [--messages N] [--json]

What it costs the room is measured by tests.bench.fanout, whose "lanchat-memory" stores nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from rich import box
from rich.console import Console
from rich.table import Table

from lanchat.chat.state.history import REACTIONS, SAID, Event, Kind, Query, Ref, pair
from lanchat.chat.state.paging import Span
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol.message import Message
from lanchat.store.history import FILE_NAME, StoredHistory
from lanchat.store.open_reader import OpenReader
from tests.bench.machine import Machine

ROOMS = tuple(f"room {number:016x}" for number in range(5))
PEOPLE = tuple(f"account person{number}" for number in range(200))
JOINS_IN = 8  # events: one of so many is somebody who comes
A_TURN = 16  # messages
PAGE = 100
_TEXT = (
    "press line pump shift valve please check order again done stop start Walze Schicht läuft wieder bitte warten "
    "bomba turno línea parada aceite pompa vardiya hat durdu yağ 東京 機械 停止 点検 部品 "
    "压力 机器 班次 检查 مضخة وردية زيت"
)
WORDS = _TEXT.split()
START = 1_700_000_000.0
Times = dict[str, tuple[float, float]]  # what was timed → median and 99th percentile, in milliseconds


def fill(folder: Path, count: int, chance: random.Random) -> Times:
    """Write so many events, sixteen a turn as in a busy room; return what a turn took."""
    history, now = StoredHistory(folder, "bench"), START
    turns: list[float] = []
    with closing(history):
        for number in range(count):
            now += chance.random() * 40
            record(history, now, number, chance)
            if number % A_TURN == A_TURN - 1:
                turns.append(timed(history.commit))
        turns.append(timed(history.commit))
    return {f"commit, {A_TURN} a turn": spread(turns)}


def record(history: StoredHistory, now: float, number: int, chance: random.Random) -> None:
    """Have somebody come, or say something in a room or to somebody."""
    who = chance.choice(PEOPLE)
    stamp = history.stamp(now)
    command, text = ("JOIN", "*") if number % JOINS_IN == 0 else ("PRIVMSG", " ".join(chance.choices(WORDS, k=8)))
    tags = {"time": timestamp(stamp.at / 1000), "account": who.partition(" ")[2], "msgid": stamp.msgid}
    message = Message(command, ("#a", text), f"{tags['account']}!u@10.0.0.9", tags)
    other = chance.choice(PEOPLE)
    key = pair(who, other) if command == "PRIVMSG" and chance.random() < 0.1 else chance.choice(ROOMS)
    history.record([key], Event(*stamp, who, message))


def timed(run: Callable[[], object]) -> float:
    """Return how many milliseconds it takes."""
    begun = time.perf_counter()
    run()
    return (time.perf_counter() - begun) * 1000


def spread(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile."""
    hundredths = quantiles(times, n=100) if len(times) > 1 else [times[0]] * 99
    return hundredths[49], hundredths[98]


def ask(folder: Path, chance: random.Random, rounds: int) -> Times:
    """Open what was written as a host does, and ask it."""
    opened: list[StoredHistory] = []
    start_ms = timed(lambda: opened.append(open_as_host(folder)))
    with closing(opened[0]) as history, closing(history.open_reader()) as reader:
        times = {name: spread([timed(run) for _ in range(rounds)]) for name, run in questions(history, reader, chance)}
    return {"start of the host": (start_ms, start_ms), **times}


def open_as_host(folder: Path) -> StoredHistory:
    """Open it with the last messages of each room in memory."""
    history = StoredHistory(folder, "again")
    history.remember(ROOMS)
    return history


def questions(
    history: StoredHistory, reader: OpenReader, chance: random.Random
) -> list[tuple[str, Callable[[], object]]]:
    """Return what is asked, under the names of the table."""
    whole = Query(Kind.LATEST, ROOMS[:1], 10_000_000, until=history.last_id)
    oldest = reader.page(whole, Span(), 1, is_newest=False)[0].at
    newest = reader.page(whole, Span(), 1, is_newest=True)[0].at
    all_layers = (SAID, 1, 2, REACTIONS)

    def query(kind: Kind, first: Ref | None, layers: tuple[int, ...] = (SAID,)) -> Query:
        return Query(kind, (chance.choice(ROOMS),), PAGE, first, layers=layers, until=history.last_id)

    def some_time() -> Ref:
        return Ref(at=chance.randint(oldest, newest))

    def targets() -> Query:
        owner = frozenset({chance.choice(PEOPLE)})
        return Query(Kind.TARGETS, ROOMS, PAGE, Ref(at=0), Ref(at=newest + 1), owners=owner)

    return [
        (f"LATEST {PAGE}", lambda: reader.answer(query(Kind.LATEST, None))),
        (f"LATEST {PAGE}, with events", lambda: reader.answer(query(Kind.LATEST, None, all_layers))),
        (f"BEFORE {PAGE}, by time", lambda: reader.answer(query(Kind.BEFORE, some_time()))),
        (f"AFTER {PAGE}, by time", lambda: reader.answer(query(Kind.AFTER, some_time()))),
        (f"AROUND {PAGE}, by time", lambda: reader.answer(query(Kind.AROUND, some_time()))),
        ("TARGETS", lambda: reader.answer(targets())),
        ("join: the last of a room", lambda: history.recent(chance.choice(ROOMS), 50)),
    ]


def measure(count: int, seed: int = 11, rounds: int = 200) -> tuple[Times, float]:
    """Return all times, and how many megabytes the file takes."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="lanchat-bench-") as name:
        folder = Path(name)
        times = fill(folder, count, chance)
        size_mb = (folder / FILE_NAME).stat().st_size / 1e6
        return {**times, **ask(folder, chance, rounds)}, size_mb


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.history", description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many events are written (1000000)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    options = parser.parse_args(arguments)
    times, size_mb = measure(options.messages)
    if options.json:
        rows = {name: {"p50_ms": half, "p99_ms": most} for name, (half, most) in times.items()}
        print(json.dumps({"machine": Machine.here().as_dict(), "messages": options.messages, "mb": size_mb, **rows}))
        return 0
    table = Table(
        title=f"{options.messages:,} events, {size_mb:.0f} MB", box=box.SIMPLE_HEAD, caption=str(Machine.here())
    )
    for heading in ("", "p50 ms", "p99 ms"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, (half, most) in times.items():
        table.add_row(name, f"{half:.2f}", f"{most:.2f}")
    Console().print(table)
    Console().print(f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", highlight=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
