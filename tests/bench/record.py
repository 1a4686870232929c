"""The record of a run: every round's measures, their medians, and ratios within one run."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

from tests.bench.cases import Measures


@dataclass
class Record:
    """Measures by case and server, one entry per round; None for a round that failed."""

    rounds: dict[tuple[str, str], list[Measures | None]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)

    def add(self, case: str, server: str, measures: Measures) -> None:
        """Keep the measures of one round."""
        self.rounds[case, server].append(measures)

    def fail(self, case: str, server: str, reason: str) -> None:
        """Keep that a round failed, and why (told once, if it fails the same way again)."""
        self.rounds[case, server].append(None)
        if reason not in self.failures:
            self.failures.append(reason)

    def has_run(self, server: str) -> bool:
        """Did it stand its cases? lanchat must stand all of them, the others most."""
        worked = [self._worked(*key) for key in self.rounds if key[1] == server]
        return all(worked) if server == "lanchat" else 2 * sum(worked) > len(worked)

    def _worked(self, case: str, server: str) -> bool:
        return None not in self.rounds[case, server]

    def values(self, case: str, server: str, measure: str) -> list[float | None]:
        """Give one measure of each round, None where it failed."""
        rounds = self.rounds.get((case, server), [])
        return [None if measures is None else measures[measure] for measures in rounds]

    def median(self, case: str, server: str, measure: str) -> float | None:
        """Give the median over the rounds that worked, or None if none did."""
        values = [value for value in self.values(case, server, measure) if value is not None]
        return median(values) if values else None

    def ratio(self, case: str, server: str, other: str, measure: str) -> float | None:
        """Give the median of server's measure divided by the other's in the same round.

        Neighbours in time are compared: what slows the machine for a while slows both. None if no
        round has both.
        """
        pairs = zip(self.values(case, server, measure), self.values(case, other, measure), strict=False)
        ratios = [mine / theirs for mine, theirs in pairs if mine is not None and theirs]
        return median(ratios) if ratios else None

    def as_dict(self) -> list[dict[str, object]]:
        """Give all rounds and their medians as JSON values."""
        return [
            {"case": case, "server": server, "median": self._medians(case, server), "rounds": rounds}
            for (case, server), rounds in self.rounds.items()
        ]

    def _medians(self, case: str, server: str) -> Measures:
        names = {name for measures in self.rounds[case, server] if measures for name in measures}
        medians = {name: self.median(case, server, name) for name in sorted(names)}
        return {name: value for name, value in medians.items() if value is not None}
