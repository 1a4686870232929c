"""The rooms of other hosts, as this host's page is told them."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from lanchat.cli.host.around import LOOK_AGAIN_S, MAX_ROOMS, Around
from lanchat.discovery.rooms import FoundRoom
from lanchat.server.net.loop import Loop
from tests.server.peer import DEADLINE_S

OWN = "00112233445566ff"


def found(number: int, *addresses: str, name: str = "") -> FoundRoom:
    told = addresses or ("10.0.0.5",)
    return FoundRoom(f"{number:016x}", name or f"Room {number}", "#a", "topic", 3, True, "1", told, 8101)


class Looked:
    """A network on which some rooms are; `count` says how often it was looked at."""

    def __init__(self, loop: Loop) -> None:
        self.rooms: list[FoundRoom] = []
        self.count = 0
        self.loop = loop
        self.now = 0.0
        self.may_end = threading.Event()
        self.may_end.set()
        self.around = Around(self.loop, lambda: [OWN], self._look, lambda: self.now)

    def _look(self) -> list[FoundRoom]:
        self.count += 1
        assert self.may_end.wait(DEADLINE_S)
        return self.rooms

    def seen(self) -> list[dict[str, object]]:
        """Return what is told once a look has ended."""
        deadline = time.monotonic() + DEADLINE_S
        while (told := self.around())["looking"]:
            assert time.monotonic() < deadline
            self.loop.turn()
        return told["rooms"]  # type: ignore[return-value]


@pytest.fixture
def looked() -> Iterator[Looked]:
    """Return a network to be looked at."""
    with closing(Loop()) as loop:
        yield Looked(loop)


def test_rooms_of_others_are_told_with_where_a_browser_finds_them(looked: Looked) -> None:
    own = FoundRoom(OWN, "Ours", "#a", "", 1, False, "1", ("10.0.0.1",), 8100)
    looked.rooms = [found(2, "10.0.0.5", "fd00::5", "fe80::5%eth0"), own, found(1, name="another")]
    first, second = looked.seen()
    assert first["name"] == "another"
    assert second == {
        "id": f"{2:016x}",
        "name": "Room 2",
        "topic": "topic",
        "members": 3,
        "auth": "pw",
        "urls": ["http://10.0.0.5:8101/", "http://[fd00::5]:8101/"],
    }


def test_nobody_waits_for_a_look_and_there_is_one_at_a_time(looked: Looked) -> None:
    looked.rooms = [found(1)]
    looked.may_end.clear()
    assert looked.around() == {"rooms": [], "looking": True}
    assert looked.around() == {"rooms": [], "looking": True}
    looked.may_end.set()
    assert len(looked.seen()) == 1
    assert looked.count == 1


def test_what_was_seen_is_told_for_a_while_before_it_is_looked_for_again(looked: Looked) -> None:
    looked.rooms = [found(1)]
    looked.seen()
    looked.rooms = []
    looked.now += LOOK_AGAIN_S
    assert len(looked.seen()) == 1
    looked.now += 1.0
    assert looked.around()["rooms"]
    assert looked.seen() == []
    assert looked.count == 2


def test_a_network_of_very_many_rooms_is_told_to_a_bound(looked: Looked) -> None:
    looked.rooms = [found(number) for number in range(500)]
    assert len(looked.seen()) == MAX_ROOMS


def test_a_look_that_fails_has_seen_nothing(looked: Looked) -> None:
    looked.around._look = lambda: 1 / 0  # type: ignore[assignment, return-value]
    assert looked.seen() == []
