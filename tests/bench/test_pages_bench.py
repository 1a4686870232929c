"""The benchmark of pages runs and counts; it asserts nothing about time."""

import sys
from pathlib import Path

import pytest

from tests.bench import pages


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_a_small_round_of_each_kind_is_measured(tmp_path: Path) -> None:
    (one,) = pages.measure(members=5, messages=5, rounds=1, folder=tmp_path)
    assert 0 < one.irc_us < 100_000
    assert 0 < one.pages_us < 100_000
