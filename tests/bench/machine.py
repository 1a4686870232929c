"""The machine that measures: what it is, which cores the two sides get, how many files it allows."""

from __future__ import annotations

import os
import platform
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cores:
    """One core for the server and one for the load, so that neither takes the other's time."""

    server: frozenset[int]
    load: frozenset[int]

    @classmethod
    def of_this_machine(cls) -> Cores:
        """Take the first and the last core that we may use; with only one, both share it."""
        allowed = sorted(os.sched_getaffinity(0))
        return cls(frozenset(allowed[:1]), frozenset(allowed[-1:]))


@contextmanager
def pinned(cores: frozenset[int]) -> Iterator[None]:
    """Hold this process to the cores: what it starts meanwhile stays there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def allow_many_files() -> None:
    """Raise the soft limit of open files to the hard one; what we start inherits it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@dataclass(frozen=True)
class Machine:
    """What a reader of the numbers should know of the machine."""

    system: str
    processor: str
    cores: int
    python: str

    @classmethod
    def here(cls) -> Machine:
        """Describe this machine."""
        return cls(
            system=f"{platform.system()} {platform.release().split('-')[0]}",
            processor=_processor(),
            cores=os.cpu_count() or 1,
            python=platform.python_version(),
        )

    def as_dict(self) -> dict[str, object]:
        """Give it as JSON values."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.processor}, {self.cores} cores, {self.system}, Python {self.python}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
