"""Measure the stored history, with a million messages in it: to be written, opened, asked, searched, and its cost.

Usage: python -m tests.bench.history [--messages N] [--rounds N] [--short] [--no-room] [--json]

The rows about deliveries need Linux (/proc) and a C compiler; --no-room leaves them out.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from rich import box
from rich.console import Console
from rich.table import Table

from lanchat.chat.state.eras import MAX_ID
from lanchat.chat.state.folding import phrases
from lanchat.chat.state.history import REACTIONS, SAID, Event, Kind, Query, Ref, Sought, pair
from lanchat.chat.state.paging import Span
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol.message import Message
from lanchat.store.history import FILE_NAME, StoredHistory
from lanchat.store.open_reader import OpenReader
from lanchat.store.search_index import FILE_NAME as INDEX_NAME
from lanchat.store.search_index import delete_index
from tests.bench.exporting import exports
from tests.bench.history_room import Room, room_for
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
RARE, RARE_IN = "M12-4711", 10_000  # in one of so many messages
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
    words = [*chance.choices(WORDS, k=8), *([RARE] if number % RARE_IN == 1 else [])]
    command, text = ("JOIN", "*") if number % JOINS_IN == 0 else ("PRIVMSG", " ".join(words))
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


def searches(reader: OpenReader) -> list[tuple[str, Callable[[], object]]]:
    """Return what is sought, in all rooms and all talk of one person."""

    def sought(text: str, by: str = "", rooms: Sequence[str] = ROOMS) -> Callable[[], object]:
        wanted, owners = Sought(phrases(text), by), frozenset({PEOPLE[0]})
        query = Query(Kind.SEARCH, tuple(rooms), PAGE, until=MAX_ID, owners=owners, sought=wanted)
        return lambda: reader.answer(query)

    return [
        ("search: a common word", sought("press")),
        ("search: a rare word", sought(RARE)),
        ("search: a word that nobody said", sought("zzz")),
        ("search: two words", sought("press line")),
        ("search: a phrase", sought('"press line"')),
        ("search: two Chinese characters", sought("压力")),
        ("search: one Chinese character", sought("压")),
        ("search: the beginning of a word, pr*", sought("pr*")),
        ("search: a common word by somebody", sought("press", "person3")),
        ("search: all by somebody, in a room", sought("", "person3", ROOMS[:1])),
    ]


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
        *searches(reader),
        (f"LATEST {PAGE}", lambda: reader.answer(query(Kind.LATEST, None))),
        (f"LATEST {PAGE}, with events", lambda: reader.answer(query(Kind.LATEST, None, all_layers))),
        (f"BEFORE {PAGE}, by time", lambda: reader.answer(query(Kind.BEFORE, some_time()))),
        (f"AFTER {PAGE}, by time", lambda: reader.answer(query(Kind.AFTER, some_time()))),
        (f"AROUND {PAGE}, by time", lambda: reader.answer(query(Kind.AROUND, some_time()))),
        ("TARGETS", lambda: reader.answer(targets())),
        ("join: the last of a room", lambda: history.recent(chance.choice(ROOMS), 50)),
    ]


def index(folder: Path, count: int) -> Times:
    """Index all of it anew, and return how long a step takes, and the processor's time for each message."""
    delete_index(folder)
    steps: list[float] = []
    with closing(StoredHistory(folder, "index")) as history, closing(history.open_reader()) as reader:
        begun_s, is_more = time.thread_time(), True
        while is_more:
            begun = time.perf_counter()
            is_more = reader.index()
            steps.append((time.perf_counter() - begun) * 1000)
        reader.settle()
        each_ms = (time.thread_time() - begun_s) * 1000 / count
    return {"index: a step of 50": spread(steps), "index: a message, CPU": (each_ms, each_ms)}


@dataclass(frozen=True)
class Findings:
    """What was measured: times, sizes in megabytes, and lines about exports and the room."""

    times: Times
    history_mb: float
    index_mb: float
    room: Sequence[str] = ()
    exports: Sequence[str] = ()


def measure(count: int, seed: int = 11, rounds: int = 200, room: Room | None = None) -> Findings:
    """Fill a store, then measure it; with a room, first what it takes there while the index is not there yet."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="lanchat-bench-") as name:
        folder = Path(name) / "stored"
        folder.mkdir()
        times = fill(folder, count, chance)
        lines = room.beside(folder) if room else []
        times |= index(folder, count)
        history_mb, index_mb = ((folder / file).stat().st_size / 1e6 for file in (FILE_NAME, INDEX_NAME))
        times |= ask(folder, chance, rounds)
        written = exports(folder, "#a")
        lines += room.beside(folder, is_indexed=True) + room.cost() if room else []
    return Findings(times, history_mb, index_mb, lines, written)


def show(found: Findings, count: int) -> None:
    """Print the table, and what was found about the room."""
    sizes = f"{found.history_mb:.0f} MB and {found.index_mb:.0f} MB of index"
    table = Table(title=f"{count:,} events, {sizes}", box=box.SIMPLE_HEAD, caption=str(Machine.here()))
    for heading in ("", "p50 ms", "p99 ms"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, (half, most) in found.times.items():
        table.add_row(name, f"{half:.3f}", f"{most:.3f}")
    console = Console()
    console.print(table)
    for line in [*found.exports, *found.room, f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"]:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.history", description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many events are written (1000000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often what concerns the room is repeated (5)")
    parser.add_argument("--short", action="store_true", help="a small room: shows that it works, not how fast")
    parser.add_argument("--no-room", action="store_true", help="only the store itself")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    options = parser.parse_args(arguments)
    with room_for(options.rounds, is_short=options.short, is_left_out=options.no_room) as room:
        found = measure(options.messages, room=room)
    if options.json:
        rows = {name: {"p50_ms": half, "p99_ms": most} for name, (half, most) in found.times.items()}
        sizes = {"history_mb": found.history_mb, "index_mb": found.index_mb, "room": list(found.room)}
        sizes["exports"] = list(found.exports)
        print(json.dumps({"machine": Machine.here().as_dict(), "messages": options.messages, **sizes, **rows}))
    else:
        show(found, options.messages)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
