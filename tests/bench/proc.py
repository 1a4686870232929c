"""What Linux knows of a running process and its children: processor time, memory, wake-ups."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
TICK_NS = 10**9 // os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """Give the fields of /proc/PID/stat from the third (state) on; proc_pid_stat(5)."""
    text = (PROC / str(pid) / "stat").read_text()
    return text.rpartition(")")[2].split()  # the name before it may hold blanks and brackets


def _parents() -> dict[int, int]:
    parents = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
            except OSError:
                continue  # it ended while we looked
    return parents


def family(pid: int) -> list[int]:
    """Give the process and all its living descendants, itself first."""
    parents = _parents()
    members = [pid]
    for member in members:  # grows while it is walked
        members += [child for child, parent in parents.items() if parent == member]
    return members


def _tasks(pid: int) -> Iterator[Path]:
    for member in family(pid):
        yield from (PROC / str(member) / "task").iterdir()


def cpu_ns(pid: int) -> int:
    """Give the user and system time of the process, its threads and children, in nanoseconds.

    The scheduler's own count (schedstat, its first field) is exact to the nanosecond, where utime
    and stime of stat come in ticks of 10 ms. Children that have ended are only in the latter, and
    so is everything on a kernel without CONFIG_SCHED_INFO.
    """
    try:
        running = sum(int((task / "schedstat").read_text().split()[0]) for task in _tasks(pid))
    except FileNotFoundError:
        running = sum(user_and_system_ticks(pid)) * TICK_NS
    fields = _stat(pid)
    ended_ticks = int(fields[13]) + int(fields[14])  # cutime, cstime
    return running + ended_ticks * TICK_NS


def user_and_system_ticks(pid: int) -> tuple[int, int]:
    """Give utime and stime in clock ticks, threads and living children included."""
    fields = [_stat(member) for member in family(pid)]
    return sum(int(f[11]) for f in fields), sum(int(f[12]) for f in fields)


def rss_bytes(pid: int) -> int:
    """Give the memory that the process and its children hold, in bytes.

    Added up from its pages (smaps_rollup): the count in stat lags behind by up to some hundred kB,
    as each core keeps its own for a while. proc_pid_statm(5)
    """
    pages = (PROC / str(member) / "smaps_rollup" for member in family(pid))
    return sum(_number_after("Rss:", file) for file in pages) * 1024


def wakeups(pid: int) -> int:
    """Give how often a thread of the process has slept and was woken (voluntary switches)."""
    return sum(_number_after("voluntary_ctxt_switches:", task / "status") for task in _tasks(pid))


def _number_after(label: str, file: Path) -> int:
    for line in file.read_text().splitlines():
        if line.startswith(label):
            return int(line.split()[1])
    raise LookupError(f"{file} has no {label}")
