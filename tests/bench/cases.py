"""The cases: what is done to a server, and what is measured meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import proc
from tests.bench.machine import Cores
from tests.bench.running import Load, Running, loaded

Measures = dict[str, float]


@dataclass(frozen=True)
class Bench:
    """What all cases need: the load program, the cores, and how long a server gets to come to rest."""

    load: Path
    cores: Cores
    settle_s: float


@dataclass(frozen=True)
class Case:
    """One row of questions. `measure` gives values by name, with the unit at the name's end."""

    name: str
    title: str
    load: Load
    rounds: int
    measure: Callable[[Bench, Running, Load], Measures]


def measure_deliveries(bench: Bench, server: Running, load: Load) -> Measures:
    """Let the senders talk, and count what it costs the server to deliver."""
    with loaded(bench.load, load, server, bench.cores.load) as client:
        server_ns, client_ns = proc.cpu_ns(server.pid), proc.cpu_ns(client.pid)
        user, system = proc.user_and_system_ticks(server.pid)
        result = client.run()
        server_ns = proc.cpu_ns(server.pid) - server_ns
        client_ns = proc.cpu_ns(client.pid) - client_ns
        user_after, system_after = proc.user_and_system_ticks(server.pid)
    user, system = user_after - user, system_after - system
    elapsed_s = result["elapsed_s"]
    return {
        "cpu_us": server_ns / 1000 / result["deliveries"],
        "user_share": user / max(user + system, 1),
        "deliveries_per_s": result["deliveries"] / elapsed_s,
        "p50_ms": result["p50_ms"],
        "p99_ms": result["p99_ms"],
        "lost": result["lost"],
        "server_busy_share": server_ns / 1e9 / elapsed_s,
        "load_busy_share": client_ns / 1e9 / elapsed_s,
    }


def measure_storm(bench: Bench, server: Running, load: Load) -> Measures:
    """Let all connect and join at once; time until all are in, and all have seen all joins."""
    with loaded(bench.load, load, server, bench.cores.load) as client:
        before_ns = proc.cpu_ns(server.pid)
        result = client.run()
        return result | {"cpu_s": (proc.cpu_ns(server.pid) - before_ns) / 1e9}


def measure_memory(bench: Bench, server: Running, load: Load) -> Measures:
    """Weigh the connections that come to a first crowd of load.senders, whose memory is not counted.

    What a program has left free since its start, and what it sets up at a first use, is used up then.
    """
    with loaded(bench.load, load, server, bench.cores.load) as client:
        time.sleep(bench.settle_s)
        before = proc.rss_bytes(server.pid)
        client.run()
        time.sleep(bench.settle_s)
        after = proc.rss_bytes(server.pid)
    added = load.members - load.senders
    return {"kb_per_connection": (after - before) / 1000 / added, "mb_in_all": after / 1e6}


def measure_idle(bench: Bench, server: Running, load: Load) -> Measures:
    """Count what a host does for members who say nothing, for load.seconds."""
    with loaded(bench.load, load, server, bench.cores.load):
        time.sleep(bench.settle_s)
        woken, busy_ns, began = proc.wakeups(server.pid), proc.cpu_ns(server.pid), time.monotonic()
        time.sleep(load.seconds)
        elapsed_s = time.monotonic() - began
        woken, busy_ns = proc.wakeups(server.pid) - woken, proc.cpu_ns(server.pid) - busy_ns
    return {"wakeups_per_s": woken / elapsed_s, "cpu_percent": busy_ns / 1e7 / elapsed_s}


def full_cases(rounds: int, idle_s: float) -> list[Case]:
    """Give the cases whose numbers count."""
    return [
        Case("one", "room of 200, one sender", Load("closed", 200, 1, 3.0), rounds, measure_deliveries),
        Case("sixteen", "room of 200, 16 senders", Load("closed", 200, 16, 3.0), rounds, measure_deliveries),
        Case(
            "steady",
            "room of 200, 100 messages/s",
            Load("open", 200, 200, 10.0, 100.0),
            rounds,
            measure_deliveries,
        ),
        Case("storm", "1,000 connect and join at once", Load("storm", 1000, seconds=20), rounds, measure_storm),
        Case("memory", "1,000 idle connections more", Load("idle", 1500, 500), 1, measure_memory),
        Case("idle", "idle host, 100 members", Load("idle", 100, 100, idle_s), 1, measure_idle),
    ]


def short_cases() -> list[Case]:
    """Give the same cases so small that they only show that everything works."""
    return [
        Case("one", "room of 20, one sender", Load("closed", 20, 1, 0.3), 1, measure_deliveries),
        Case("sixteen", "room of 20, 16 senders", Load("closed", 20, 16, 0.3), 1, measure_deliveries),
        Case(
            "steady",
            "room of 20, 100 messages/s",
            Load("open", 20, 20, 0.5, 100.0),
            1,
            measure_deliveries,
        ),
        Case("storm", "50 connect and join at once", Load("storm", 50, seconds=20), 1, measure_storm),
        Case("memory", "50 idle connections more", Load("idle", 75, 25), 1, measure_memory),
        Case("idle", "idle host, 20 members", Load("idle", 20, 20, 0.5), 1, measure_idle),
    ]
