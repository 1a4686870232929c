"""The benchmark of the stored history works. Nothing here says how fast anything is."""

import json

import pytest

from tests.bench.history import main


def test_all_that_is_asked_is_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--messages", "500", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["messages"] == 500
    timed = {name for name, times in found.items() if isinstance(times, dict) and times.keys() == {"p50_ms", "p99_ms"}}
    assert len(timed) == 9
    assert "LATEST 100" in timed


def test_they_are_shown_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--messages", "100"]) == 0
    assert "TARGETS" in capsys.readouterr().out
