"""The benchmark of the terminal screen works on this machine. Nothing here says how fast anything is."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.bench.running import ROOT

MEASURES = {
    *("first_paint_s", "in_room_s", "opened_s", "heard_s", "cpu_percent"),
    *("key_p50_ms", "key_p95_ms", "idle_cpu_percent", "memory_mb"),
}


def test_short_run_measures_everything() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("the benchmark reads /proc: it needs Linux")
    command = [sys.executable, "-m", "tests.bench.screens", "--short", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=110)
    assert done.returncode == 0, done.stderr

    (measures,) = json.loads(done.stdout)["rounds"]
    assert set(measures) == MEASURES
    assert 0 < measures["first_paint_s"] <= measures["in_room_s"]
    assert 0 < measures["key_p50_ms"] <= measures["key_p95_ms"]
    assert measures["cpu_percent"] > measures["idle_cpu_percent"]
