"""What lanchat aims at, each as a ratio to another server in the same run, or as a number of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.record import Record

Verdict = tuple[bool, str]


@dataclass(frozen=True)
class Aim:
    """A case's measure and its limit; `check` gives met or not with a reason, None if it was not run."""

    case: str
    measure: str
    text: str
    check: Callable[[Record, Aim], Verdict | None]

    def verdict(self, record: Record) -> str:
        """Say in a word or two whether lanchat meets it; empty if the run cannot tell."""
        answer = self.check(record, self)
        if answer is None:
            return ""
        is_met, detail = answer
        return f"{'met' if is_met else 'missed'} ({detail})"


def no_more_than(**most: float) -> Callable[[Record, Aim], Verdict | None]:
    """Compare with other servers: lanchat's value at most the given multiple of each one's."""

    def check(record: Record, aim: Aim) -> Verdict | None:
        ratios = {other: record.ratio(aim.case, "lanchat", other, aim.measure) for other in most}
        known = {other: ratio for other, ratio in ratios.items() if ratio is not None}
        if not known:
            return None
        is_met = all(ratio <= most[other] for other, ratio in known.items())
        return is_met, ", ".join(f"{ratio:.2f} x {other}" for other, ratio in known.items())

    return check


def under(limit: float) -> Callable[[Record, Aim], Verdict | None]:
    """Compare with a number, which is excluded."""

    def check(record: Record, aim: Aim) -> Verdict | None:
        value = record.median(aim.case, "lanchat", aim.measure)
        return None if value is None else (value < limit, f"{value:.2g}")

    return check


AIMS = (
    Aim(
        "one",
        "cpu_us",
        "at most inspircd, ngircd, 1.25 x bare",
        no_more_than(inspircd=1.0, ngircd=1.0, bare=1.25),
    ),
    Aim("sixteen", "cpu_us", "at most ngircd", no_more_than(ngircd=1.0)),
    Aim("steady", "p99_ms", "at most inspircd", no_more_than(inspircd=1.0)),
    Aim("storm", "all_seen_s", "at most inspircd", no_more_than(inspircd=1.0)),
    Aim("memory", "kb_per_connection", "at most 12 kB", under(12.0)),
    Aim("idle", "wakeups_per_s", "under 2", under(2.0)),
    # One 10 ms clock tick in 10 s is the least that top and its like can show.
    Aim("idle", "cpu_percent", "not measurable: under 0.1 %", under(0.1)),
)
