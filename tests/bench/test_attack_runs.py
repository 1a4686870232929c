"""The benchmark of attacks works on this machine. Nothing here says how fast anything is."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.bench.attack import Row
from tests.bench.running import ROOT


@pytest.mark.skipif(sys.platform != "linux", reason="needs many addresses of this machine")
def test_each_row_tells_what_the_pair_noticed() -> None:
    command = [sys.executable, "-m", "tests.bench.attack", "--json", "--seconds", "0.5", "--attacks", "quiet", "telnet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    rows = [Row(**row) for row in json.loads(done.stdout)]
    assert [(row.attack, row.password) for row in rows] == [
        ("quiet", False),
        ("quiet", True),
        ("telnet", False),
        ("telnet", True),
    ]
    assert all(row.sent == row.received == 10 for row in rows)


def test_what_was_lost_late_or_too_loud_misses_the_aim() -> None:
    assert Row("quiet", False, 10, 10, 1.0, 100.0, 5.0).is_good
    assert not Row("quiet", False, 10, 9, 1.0, 100.0, 5.0).is_good
    assert not Row("quiet", False, 10, 10, 1.0, 100.1, 5.0).is_good
    assert not Row("quiet", False, 10, 10, 1.0, 100.0, 5.1).is_good
