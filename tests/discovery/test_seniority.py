from dataclasses import replace

import pytest

from lanchat.discovery.rooms import FoundRoom
from lanchat.discovery.seniority import GivesWay, gives_way

ONE = FoundRoom("a" * 16, "Line 3", "#Line-3", "", 0, False, "1", ("10.0.0.1",), 8100, run="b" * 16, up_s=1_000.0)


@pytest.mark.parametrize(
    ("theirs", "who"),
    [
        ({"up_s": 10.0, "run": "a" * 16}, GivesWay.THEIRS),
        ({"up_s": 10.0, "run": "c" * 16}, GivesWay.THEIRS),
        ({"up_s": 90_000.0, "run": "a" * 16}, GivesWay.OURS),
        ({"up_s": 1_001.0, "run": "a" * 16}, GivesWay.OURS),  # together: by run
        ({"up_s": 999.0, "run": "c" * 16}, GivesWay.THEIRS),
        ({"up_s": None, "run": "c" * 16}, GivesWay.OURS),  # an older version never gives way
    ],
)
def test_the_host_that_came_later_gives_way_and_both_say_so(theirs: dict[str, object], who: GivesWay) -> None:
    other = replace(ONE, **theirs)  # type: ignore[arg-type]
    assert gives_way(ONE, other) is who
    if other.up_s is not None:
        assert {gives_way(ONE, other), gives_way(other, ONE)} == {GivesWay.OURS, GivesWay.THEIRS}
