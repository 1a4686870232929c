import pytest

from lanchat.client.state.clock import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (250.0, "4 min 10 s"),
        (3_599.0, "59 min"),
        (3_720.0, "1 h 2 min"),
        (7_200.0, "2 h"),
        (93_900.0, "26 h"),
    ],
)
def test_how_long_something_took_is_told_in_two_units_at_most(seconds: float, words: str) -> None:
    assert duration(seconds) == words
