"""The benchmark of the stored history works. Nothing here says how fast anything is."""

import json
import shutil
import sys

import pytest

from tests.bench.history import main


def test_all_that_is_asked_is_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--messages", "500", "--json", "--no-room"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["messages"] == 500
    timed = {name for name, times in found.items() if isinstance(times, dict) and times.keys() == {"p50_ms", "p99_ms"}}
    assert len(timed) == 21
    assert [line.partition(":")[0] for line in found["exports"]] == [
        f"export, {form}" for form in ("txt", "md", "html", "json") if sys.platform == "linux"
    ]
    assert {"LATEST 100", "search: a rare word", "index: a step of 50", "start of the host"} <= timed


@pytest.mark.skipif(not sys.platform.startswith("linux") or not shutil.which("cc"), reason="needs Linux and a compiler")
def test_they_are_shown_in_a_table_with_what_it_costs_the_room(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--messages", "3000", "--short"]) == 0
    shown = capsys.readouterr().out
    assert "TARGETS" in shown
    assert shown.count("CPU of a delivery without a store → with one") == 2
    assert "delivery at 100 messages/s while" in shown
    assert "0 left" in shown
