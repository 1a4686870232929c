"""Times are those of the local zone: the tests' is UTC, unless they say so."""

import time
from collections.abc import Callable, Iterator

import pytest

from lanchat.export import times


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return what sets the zone of this machine."""

    def set_zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()
        times._minute.cache_clear()

    yield set_zone
    monkeypatch.undo()
    time.tzset()
    times._minute.cache_clear()


@pytest.fixture(autouse=True)
def _utc(zone: Callable[[str], None]) -> None:
    zone("UTC")
