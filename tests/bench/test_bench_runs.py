"""The benchmark works on this machine. Nothing here says how fast anything is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench import cable
from tests.bench.build import NoCompiler, compiler
from tests.bench.fanout import CASE_NAMES, choose_servers
from tests.bench.running import ROOT
from tests.bench.table import ROWS

OURS = ("lanchat", "bare", "bare-python")
OTHERS = ("ngircd", "inspircd")


def demand(reason: str) -> None:
    """Skip for the reason, or fail where nothing may be skipped."""
    if os.environ.get("LANCHAT_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(autouse=True, scope="module")
def a_machine_that_can_measure() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("the benchmark reads /proc: it needs Linux")
    try:
        compiler()
    except NoCompiler as error:
        demand(str(error))


def fanout(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench.fanout", "--short", *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=110)
    assert done.returncode == 0, done.stderr
    return done


def medians(record: dict[str, Any], server: str) -> dict[str, dict[str, float]]:
    return {row["case"]: row["median"] for row in record["results"] if row["server"] == server}


def test_short_run_measures_every_case_on_every_server_that_is_here() -> None:
    record = json.loads(fanout("--json", "--servers", *OURS, *OTHERS).stdout)

    here = [name for name in (*OURS, *OTHERS) if name not in record["left_out"]]
    assert set(here) >= set(OURS)
    assert record["failures"] == []
    for server in here:
        cases = medians(record, server)
        assert tuple(cases) == CASE_NAMES
        for case, measures in cases.items():
            assert {row.measure for row in ROWS[case]} <= set(measures)
        for case in ("one", "sixteen", "steady"):
            assert cases[case]["lost"] == 0
            assert 0 < cases[case]["p50_ms"] <= cases[case]["p99_ms"]
        assert cases["storm"]["all_in_s"] <= cases["storm"]["all_seen_s"] + 0.001  # medians, each of its own


def test_table_has_a_row_per_measure_and_a_column_per_server() -> None:
    table = fanout("--servers", "bare", "bare-python", "--cases", "one", "idle").stdout

    heading = next(line for line in table.splitlines() if "measure" in line)
    assert [cell.strip() for cell in heading.strip("|").split("|")] == ["case", "measure", "bare", "bare-python"]
    for row in (*ROWS["one"], *ROWS["idle"]):
        assert f"| {row.title} " in table
    assert "failed" not in table


def test_server_that_is_not_installed_is_named_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.servers._find", lambda _program: None)

    servers, left_out = choose_servers(["ngircd", "bare-python"], bare=Path("bare"))

    assert [server.name for server in servers] == ["bare-python"]
    assert left_out == ["ngircd"]


def test_commands_are_timed_on_a_lan_of_namespaces() -> None:
    reason = cable.why_not()
    if reason:
        demand(reason)
    command = [sys.executable, "-m", "tests.bench.start", "--json", "--rounds", "1"]

    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=110)

    assert done.returncode == 0, done.stderr
    assert {name.partition(":")[0] for name in json.loads(done.stdout)["ms"]} == {
        "python -c pass",
        "lanchat --version",
        "lanchat --help",
        "host",
        "list-rooms",
        "join",
    }
