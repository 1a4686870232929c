"""Each target holds for its seeds, and for some seconds of bytes that nobody chose."""

import pytest

from tests.fuzz.__main__ import by_hypothesis
from tests.fuzz.targets import TARGETS

_SECONDS = 4.0


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_break_no_promise(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_nor_do_some_seconds_of_other_bytes(name: str) -> None:
    by_hypothesis(TARGETS[name], _SECONDS)
