"""When an announcement that is heard ends a pause. The network is a list of sightings here; see test_on_lan too."""

import asyncio

import pytest

from lanchat.client.connection.place import Place
from lanchat.client.rooms import hearing
from lanchat.client.rooms.hearing import _Calls, hear_room
from lanchat.discovery.addresses import Adapter
from lanchat.discovery.browse import Sighting
from tests.client.fakehost import ROOM_ID

PLACE = Place(("10.0.0.5",), 8100, "#Line-3", "Line 3", ROOM_ID)
OTHER_ID = "ffeeddccbbaa9988"
DEADLINE_S = 10.0


def sighting(name: str = "Line 3", room_id: str | None = ROOM_ID, address: str = "10.0.0.5") -> Sighting:
    return Sighting(name, room_id, (address,), 8100)


@pytest.mark.parametrize(
    ("seen", "counts"),
    [
        (sighting(address="10.0.0.99"), True),  # it has moved
        (sighting("Line 3 (2)"), True),
        (sighting("LINE 3", OTHER_ID), True),  # a new room in its place
        (sighting("Line 3", None), True),
        (sighting("Line 3", OTHER_ID, "10.0.0.99"), False),  # another room of this name
        (sighting("Bridge", OTHER_ID), False),
    ],
)
async def test_the_room_or_one_in_its_place_ends_the_pause(
    seen: Sighting, counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "HERD_S", 0.0)
    hurried = asyncio.Event()
    calls = _Calls(PLACE, hurried.set)
    calls.seen("Line 3", seen)
    assert (calls._next is not None) is counts
    if counts:
        await asyncio.wait_for(hurried.wait(), DEADLINE_S)


async def test_an_announcement_that_comes_all_the_time_is_followed_at_its_beginning_and_after_a_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hearing, "HERD_S", 0.0)
    hurried = asyncio.Queue[None]()
    calls = _Calls(PLACE, lambda: hurried.put_nowait(None))
    for _ in range(100):
        calls.seen("Line 3", sighting())
    await asyncio.wait_for(hurried.get(), DEADLINE_S)
    for _ in range(100):
        calls.seen("Line 3", sighting())
    assert hurried.empty()
    assert calls._next is not None, "the last word is not lost"
    left_s = calls._next.when() - asyncio.get_running_loop().time()
    assert 0 < left_s <= hearing.REST_S
    calls.end()


async def test_a_network_that_comes_back_is_listened_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own Wi-Fi was what was lost."""
    started: asyncio.Queue[list[str]] = asyncio.Queue()

    class Browsers:
        def __init__(self, *_: object) -> None:
            pass

        def start(self, addresses: list[str]) -> int:
            started.put_nowait(addresses)
            return 3

        async def close(self) -> None:
            pass

    adapters: list[Adapter] = []
    monkeypatch.setattr(hearing, "Browsers", Browsers)
    monkeypatch.setattr(hearing, "read_adapters", lambda: list(adapters))
    monkeypatch.setattr(hearing, "asking_addresses", lambda them: [one.name for one in them])
    monkeypatch.setattr(hearing, "LOOK_AGAIN_S", 0.01)
    listening = asyncio.create_task(hear_room(PLACE, lambda: None))
    adapters.append(Adapter("wlan0", (), is_virtual=False))
    assert await asyncio.wait_for(started.get(), DEADLINE_S) == ["wlan0"]
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
