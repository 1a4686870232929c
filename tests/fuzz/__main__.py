"""`python -m tests.fuzz TARGET [--seconds 3600]`: fuzz one target, by coverage where atheris is installed."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, Target

_ROUND_EXAMPLES = 2_000


def main() -> int:
    """Fuzz until the time is over or bytes break a promise; those are printed, and the exit status is not 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    target = TARGETS[options.target]
    try:
        import atheris  # type: ignore[import-untyped]  # installed by who fuzzes for long
    except ImportError:
        print("atheris is not installed: hypothesis makes the bytes, which finds less.", flush=True)
        by_hypothesis(target, options.seconds)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.instrument_all()
        limits = [f"-max_total_time={options.seconds}", "-max_len=4096", f"-artifact_prefix={folder}/"]
        atheris.Setup([sys.argv[0], *limits, folder], target.run)
        atheris.Fuzz()
    return 0


def by_hypothesis(target: Target, seconds: float) -> None:
    """Let hypothesis make the bytes, seeds with changes among them, until the time is over."""
    until = time.monotonic() + seconds
    seeds = st.sampled_from(target.seeds)
    joined = st.lists(seeds | st.binary(max_size=60), max_size=6).map(b"".join)

    @settings(max_examples=_ROUND_EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(joined | st.binary(max_size=1_000))
    def run(data: bytes) -> None:
        if time.monotonic() < until:
            target.run(data)

    while time.monotonic() < until:
        run()


if __name__ == "__main__":
    sys.exit(main())
