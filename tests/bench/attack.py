"""Measure what members notice while one address does its worst.

Usage: python -m tests.bench.attack [--seconds N] [--attacks NAME ...] [--json]

A quiet pair exchanges 20 messages a second; told are p50 and p99 from send to receipt, and how many lines a second the
room hears of the attacker, beyond the burst that an address has. The pair has a flood limit like everybody, so its
lines come from eight addresses in turn. Each row has a fresh host, once without and once with a password; host, pair
and attacker are processes of their own. Needs Linux: all of 127.0.0.0/8 is this machine there.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import secrets
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from lanchat.limits import FLOOD_BURST_OF_ADDRESS
from tests.bench import attacks, running
from tests.bench.attacks import ATTACKS, CHANNEL, Target
from tests.bench.machine import Cores

RATE = 20.0
AIM_MS = 100.0
AIM_HEARD_PER_S = 5.0
_SENDERS = 8
_LATE_S = 3.0  # what has not come so long after the last was sent is lost
_START_S = 60.0


@dataclass
class Row:
    """What one attack did."""

    attack: str
    password: bool
    sent: int
    received: int
    p50_ms: float
    p99_ms: float
    heard_per_s: float

    @property
    def is_good(self) -> bool:
        """Whether the aim is met."""
        return self.received == self.sent and self.p99_ms <= AIM_MS and self.heard_per_s <= AIM_HEARD_PER_S


class Pair:
    """One member that listens, and another that speaks, from eight addresses in turn."""

    def __init__(self, target: Target) -> None:
        self._senders = [target.member(f"s{n}", f"127.0.3.{n + 1}") for n in range(_SENDERS)]
        self._ear = target.member("ear", "127.0.3.100")
        self._unread = b""
        self.sent_at: dict[bytes, float] = {}
        self.took_s: list[float] = []
        self.heard = 0  # lines of the attacker
        self._selector = selectors.DefaultSelector()
        for sock in (*self._senders, self._ear):
            sock.setblocking(False)
            self._selector.register(sock, selectors.EVENT_READ)

    def settle(self, seconds: float) -> None:
        """Read for a while."""
        until = time.monotonic() + seconds
        while (left_s := until - time.monotonic()) > 0:
            self._read(left_s)

    def speak(self, seconds: float) -> None:
        """Exchange messages for so long, and wait for the last."""
        begun = time.monotonic()
        for number in range(int(seconds * RATE)):
            self.settle(begun + number / RATE - time.monotonic())
            mark = f"q{number}.".encode()
            self.sent_at[mark] = time.monotonic()
            self._senders[number % _SENDERS].send(b"PRIVMSG %s :%s\r\n" % (CHANNEL.encode(), mark))
        until = time.monotonic() + _LATE_S
        while len(self.took_s) < len(self.sent_at) and time.monotonic() < until:
            self._read(0.1)

    def _read(self, within_s: float) -> None:
        for key, _ in self._selector.select(within_s):
            sock: socket.socket = key.fileobj  # type: ignore[assignment]
            data = sock.recv(1_000_000)
            if sock is self._ear:
                self._hear(data, time.monotonic())

    def _hear(self, data: bytes, now: float) -> None:
        *lines, self._unread = (self._unread + data).split(b"\r\n")
        for line in lines:
            mark = line.rpartition(b":")[2]
            if line.startswith(b"PING"):
                self._ear.send(line.replace(b"PING", b"PONG", 1) + b"\r\n")
            elif line.startswith(b":s") and mark in self.sent_at:
                self.took_s.append(now - self.sent_at[mark])
            elif b"@127.0.0.2 " in line:
                self.heard += 1


def measure(name: str, seconds: float, folder: Path, *, with_password: bool) -> Row:
    """Run one attack against a fresh host."""
    password = secrets.token_hex(4) if with_password else ""
    port = running.free_port()
    command = [sys.executable, "-m", "lanchat", "host", "--name", "Bench", "--listen", "127.0.0.1", "--quiet"]
    command += ["--port", str(port), "--data-dir", str(folder), "--no-mdns"]
    command += ["--password", password] if password else []
    folder.mkdir()
    with running.started("lanchat", command, folder, port, Cores.of_this_machine().server):
        return _attacked(name, seconds, Target(port, password))


def _attacked(name: str, seconds: float, target: Target) -> Row:
    context = multiprocessing.get_context("fork")
    ready, over = context.Event(), context.Event()
    attacker = context.Process(target=attacks.run, args=(name, target, ready.set, over.is_set), daemon=True)
    pair = Pair(target)
    pair.settle(1.0)
    attacker.start()
    assert ready.wait(_START_S), "the attack was not prepared"
    pair.settle(0.5)
    try:
        pair.speak(seconds)
    finally:
        over.set()
        attacker.join(5.0)
        attacker.kill()
    return _row(name, bool(target.password), pair, seconds + 0.5)


def _row(name: str, is_with_password: bool, pair: Pair, seconds: float) -> Row:
    took_ms = sorted(took * 1000 for took in pair.took_s) or [float("inf")]
    heard_per_s = max(0.0, pair.heard - FLOOD_BURST_OF_ADDRESS) / seconds
    sent, received = len(pair.sent_at), len(pair.took_s)
    p50, p99 = took_ms[len(took_ms) // 2], took_ms[min(len(took_ms) - 1, int(len(took_ms) * 0.99))]
    return Row(name, is_with_password, sent, received, round(p50, 1), round(p99, 1), round(heard_per_s, 1))


def table_of(rows: Sequence[Row]) -> Table:
    """Return the rows as a person reads them, with the aim."""
    table = Table(box=box.SIMPLE, title=f"aim: all received, p99 ≤ {AIM_MS:g} ms, heard ≤ {AIM_HEARD_PER_S:g}/s")
    for heading in ("what one address does", "password", "received", "p50 ms", "p99 ms", "heard/s", "aim"):
        table.add_column(heading, justify="left" if heading.startswith("what") else "right")
    for row in rows:
        values = (f"{row.received} of {row.sent}", f"{row.p50_ms:g}", f"{row.p99_ms:g}", f"{row.heard_per_s:g}")
        met = "met" if row.is_good else "MISSED"
        table.add_row(ATTACKS[row.attack].title, "yes" if row.password else "no", *values, met)
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 if every row meets the aim."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.attack", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each attack lasts (10)")
    parser.add_argument("--attacks", nargs="+", choices=ATTACKS, default=list(ATTACKS), metavar="NAME")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON instead of the table")
    options = parser.parse_args(arguments)
    rows = []
    with tempfile.TemporaryDirectory(prefix="lanchat-attack-") as folder:
        for name in options.attacks:
            for with_password in (False, True):
                print(ATTACKS[name].title, file=sys.stderr, flush=True)
                place = Path(folder) / f"{name}-{with_password}"
                rows.append(measure(name, options.seconds, place, with_password=with_password))
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        Console(width=None if sys.stdout.isatty() else 140).print(table_of(rows))
    return 0 if all(row.is_good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
