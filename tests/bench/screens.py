"""Measure the terminal screen as a person has it: `lanchat join` on a terminal, in a room of `lanchat host`.

Usage: python -m tests.bench.screens [--json] [--short] [--rounds N]

Needs Linux.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from rich import box
from rich.console import Console
from rich.table import Table

from tests.bench import proc, running
from tests.bench.machine import Cores, Machine
from tests.bench.running import BenchError
from tests.bench.speaker import Speaker
from tests.bench.terminal import Terminal, terminal_env

Measures = dict[str, float]

HERE, ARCHIVE = "Bench", "Archive"
PER_S = 200.0
KEY_EVERY_S = 0.09  # about eleven keys a second: fast typing
KEY_WAIT_S = 5.0
NEXT_ROOM, PREVIOUS_ROOM, EMPTY_LINE, ENTER = "\x0e", "\x10", "\x15", "\r"
# Letters that no message holds: what is painted of them is the echo of a key. Each is pressed once per line.
KEYS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
WORDS = "press four is back and the second line may start again after the break at ten"


@dataclass(frozen=True)
class Aim:
    """What a measure should be under."""

    measure: str
    title: str
    bound: float | None
    shape: str = "{:.2f}"


AIMS = (
    Aim("first_paint_s", "start to first paint, s", 0.3),
    Aim("in_room_s", "start to being in the room, s", None),
    Aim("opened_s", "room with 10,000 lines opened, s", 0.6),
    Aim("heard_s", "10,000 lines said at once, until the last is seen, s", None),
    Aim("cpu_percent", "CPU at 200 messages/s, % of a core", 40.0, "{:.0f}"),
    Aim("key_p50_ms", "key to screen meanwhile, p50, ms", None, "{:.1f}"),
    Aim("key_p95_ms", "key to screen meanwhile, p95, ms", 100.0, "{:.1f}"),
    Aim("idle_cpu_percent", "CPU at rest, % of a core", None, "{:.2f}"),
    Aim("memory_mb", "memory with 20,000 lines kept, MB", None, "{:.0f}"),
)


@dataclass(frozen=True)
class Amount:
    """How much is measured."""

    lines: int = 10_000
    seconds: float = 10.0
    rest_s: float = 5.0


SHORT = Amount(lines=500, seconds=1.0, rest_s=0.5)


def message(number: int) -> str:
    """Return a text of usual length that tells its number."""
    return f"line {number} {WORDS[: 20 + number * 7 % 57]}"


def messages(count: int, end: str) -> list[str]:
    """Return so many texts; the last one is `end`."""
    return [*(message(number) for number in range(count - 1)), end]


def measure(folder: Path, amount: Amount) -> Measures:
    """Measure everything once. Raises BenchError if the host or the screen does not do its part."""
    cores = Cores.of_this_machine()
    with _hosting(folder, cores) as port, Speaker(port, "speaker", f"#{HERE}", f"#{ARCHIVE}") as speaker:
        command = [sys.executable, "-m", "lanchat", "join", f"127.0.0.1:{port}", "--nick", "reader"]
        with Terminal(command, terminal_env(folder / "reader"), cores.server) as screen:
            measures = measure_start(screen)
            measures |= measure_lines(screen, speaker, amount)
            measures |= measure_flow(screen, speaker, amount)
            measures |= measure_rest(screen, amount)
    return measures


@contextmanager
def _hosting(folder: Path, cores: Cores) -> Iterator[int]:
    """Host two rooms, next to who speaks: the screen has a core of its own."""
    port = running.free_port()
    options = [
        "--listen",
        "127.0.0.1",
        "--port",
        str(port),
        "--data-dir",
        str(folder),
        "--name",
        HERE,
        "--name",
        ARCHIVE,
    ]
    switches = ["--no-mdns", "--no-flood-limits", "--no-motd", "--quiet", "--no-join-replay"]
    command = [sys.executable, "-m", "lanchat", "host", *options, *switches]
    with running.started("lanchat host", command, folder, port, cores.load):
        yield port


def measure_start(screen: Terminal) -> Measures:
    """Time the first thing a person sees, and when they can talk."""
    first_s = screen.wait_for("Looking for") - screen.started_at
    return {"first_paint_s": first_s, "in_room_s": screen.wait_for("connected") - screen.started_at}


def measure_lines(screen: Terminal, speaker: Speaker, amount: Amount) -> Measures:
    """Fill a room that is not looked at, open it; then fill the one that is.

    That a room is open is told by the editor's "Message ROOM", whose M the cursor paints apart.
    """
    screen.press(f"/join {ARCHIVE}{ENTER}")
    screen.wait_for(f"essage {ARCHIVE}")
    screen.press(PREVIOUS_ROOM)
    screen.wait_for(f"essage {HERE}")
    speaker.say_all(f"#{ARCHIVE}", messages(amount.lines, "the end of the archive"))
    screen.wait_for(f"({amount.lines})")
    opened = screen.press(NEXT_ROOM)
    opened_s = screen.wait_for("the end of the archive") - opened
    screen.press(PREVIOUS_ROOM)
    screen.wait_for(f"essage {HERE}")
    said = speaker.say_all(f"#{HERE}", messages(amount.lines, "the end of the speech"))
    return {"opened_s": opened_s, "heard_s": screen.wait_for("the end of the speech") - said}


def measure_flow(screen: Terminal, speaker: Speaker, amount: Amount) -> Measures:
    """Let 200 messages a second come, press keys meanwhile, and take the processor time."""
    texts = messages(round(PER_S * amount.seconds), "the end of the flow")
    speaking = threading.Thread(target=speaker.say_evenly, args=(f"#{HERE}", texts, PER_S))
    before_ns, started = proc.cpu_ns(screen.pid), time.perf_counter()
    speaking.start()
    keys_ms = list(_press_keys(screen, speaking))
    speaking.join()
    passed_s = time.perf_counter() - started
    cpu_s = (proc.cpu_ns(screen.pid) - before_ns) / 1e9
    return {
        "cpu_percent": 100 * cpu_s / passed_s,
        "key_p50_ms": median(keys_ms),
        "key_p95_ms": quantiles(keys_ms, n=20)[-1],
    }


def _press_keys(screen: Terminal, speaking: threading.Thread) -> Iterator[float]:
    """Press a key now and then while somebody speaks; yield how long each took to be painted, in ms."""
    number = 0
    while speaking.is_alive() or number < 2:
        key = KEYS[number % len(KEYS)]
        if number and key == KEYS[0]:
            screen.press(EMPTY_LINE)
        pressed = screen.press(key)
        took_s = screen.wait_for(key, KEY_WAIT_S) - pressed
        yield took_s * 1000
        number += 1
        time.sleep(max(0.0, KEY_EVERY_S - took_s))


def measure_rest(screen: Terminal, amount: Amount) -> Measures:
    """Take what the screen needs while nothing happens, with all those lines kept."""
    before_ns = proc.cpu_ns(screen.pid)
    time.sleep(amount.rest_s)
    cpu_s = (proc.cpu_ns(screen.pid) - before_ns) / 1e9
    return {"idle_cpu_percent": 100 * cpu_s / amount.rest_s, "memory_mb": proc.rss_bytes(screen.pid) / 1e6}


def make_table(rounds: Sequence[Measures], *, with_aims: bool) -> Table:
    """Lay out medians, extremes and aims."""
    table = Table(box=box.MARKDOWN)
    table.add_column("terminal screen, 120 x 35")
    for title in ("median", "least", "most"):
        table.add_column(title, justify="right")
    if with_aims:
        table.add_column("aim")
    for aim in AIMS:
        each = [measures[aim.measure] for measures in rounds]
        cells = [aim.shape.format(value) for value in (median(each), min(each), max(each))]
        table.add_row(aim.title, *cells, *([_verdict(aim, median(each))] if with_aims else []))
    return table


def _verdict(aim: Aim, value: float) -> str:
    return "" if aim.bound is None else f"under {aim.bound:g}: {'met' if value < aim.bound else 'missed'}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table; 1 if the host or the screen did not do its part."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.screens", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print every round as JSON instead of the table")
    parser.add_argument("--short", action="store_true", help="measure little, once: to see that it works")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is repeated (3)")
    options = parser.parse_args(arguments)
    try:
        rounds = _measure_rounds(1 if options.short else options.rounds, SHORT if options.short else Amount())
    except BenchError as error:
        print(f"screens: {error}", file=sys.stderr)
        return 1
    here = Machine.here()
    if options.json:
        print(
            json.dumps({"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": here.as_dict(), "rounds": rounds}, indent=2)
        )
    else:
        console = Console(width=120)
        console.print(make_table(rounds, with_aims=not options.short))
        console.print(f"{datetime.now(UTC):%Y-%m-%d}, {here}", highlight=False)
    return 0


def _measure_rounds(count: int, amount: Amount) -> list[Measures]:
    rounds = []
    for _ in range(count):
        with tempfile.TemporaryDirectory(prefix="lanchat-bench-") as folder:
            rounds.append(measure(Path(folder), amount))
    return rounds


if __name__ == "__main__":
    sys.exit(main())
