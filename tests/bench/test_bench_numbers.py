"""What the benchmark makes of its numbers."""

from __future__ import annotations

import pytest

from tests.bench.aims import Aim, no_more_than, under
from tests.bench.record import Record


def record_of(**values: list[float | None]) -> Record:
    record = Record()
    for server, rounds in values.items():
        for value in rounds:
            if value is None:
                record.fail("one", server, f"{server} fell over")
            else:
                record.add("one", server, {"cpu_us": value})
    return record


def test_ratio_compares_rounds_that_were_neighbours_in_time() -> None:
    record = record_of(lanchat=[2.0, 20.0, 2.2], bare=[1.0, 10.0, 1.0])  # all was slow in the second

    assert record.ratio("one", "lanchat", "bare", "cpu_us") == pytest.approx(2.0)


def test_failed_rounds_count_in_no_median_and_no_ratio() -> None:
    record = record_of(lanchat=[3.0, 5.0, 9.0], bare=[1.0, None, 3.0])

    assert record.median("one", "bare", "cpu_us") == 2.0
    assert record.ratio("one", "lanchat", "bare", "cpu_us") == 3.0
    assert record.failures == ["bare fell over"]


def test_lanchat_must_stand_every_case_and_others_most() -> None:
    record = record_of(lanchat=[1.0, None], ngircd=[1.0, 1.0])
    record.fail("storm", "ngircd", "ngircd fell over")
    record.add("two", "ngircd", {"cpu_us": 1.0})

    assert not record.has_run("lanchat")
    assert record.has_run("ngircd")


def test_aim_beside_others_holds_only_if_it_holds_beside_each() -> None:
    aim = Aim("one", "cpu_us", "", no_more_than(ngircd=1.0, bare=1.25))

    assert aim.verdict(record_of(lanchat=[1.2], ngircd=[1.3], bare=[1.0])).startswith("met")
    assert aim.verdict(record_of(lanchat=[1.2], ngircd=[1.1], bare=[1.0])).startswith("missed")


def test_aim_says_nothing_where_the_run_cannot_tell() -> None:
    aim = Aim("one", "cpu_us", "", no_more_than(ngircd=1.0))

    assert aim.verdict(record_of(lanchat=[1.2])) == ""
    assert aim.verdict(record_of(ngircd=[1.2])) == ""


def test_aim_in_numbers_excludes_its_limit() -> None:
    aim = Aim("one", "cpu_us", "", under(2.0))

    assert aim.verdict(record_of(lanchat=[1.99])).startswith("met")
    assert aim.verdict(record_of(lanchat=[2.0])).startswith("missed")
