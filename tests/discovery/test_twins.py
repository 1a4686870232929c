import ipaddress
from collections.abc import Sequence

import pytest
from zeroconf import (  # type: ignore[attr-defined]  # offered, but not listed in its __all__
    DNSAddress,
    RecordUpdate,
    current_time_millis,
)

from lanchat.discovery import twins
from lanchat.discovery.ip import IPInterface
from lanchat.discovery.names import server_name
from lanchat.discovery.rooms import Advertisement, FoundRoom
from lanchat.discovery.twins import TwinWatch
from tests.discovery.peers import ID_A, ID_B

ROOM = Advertisement(ID_A, "Line 3", "#Line-3", 8100, is_password_needed=False, version="0.1.0")
TYPE_AAAA = 28
OWN = [ipaddress.ip_interface(one) for one in ("10.0.0.1/24", "fd00::1/64", "fe80::1%77/64")]


def heard(address: str, scope: int | None = None) -> RecordUpdate:
    packed = ipaddress.ip_address(address).packed
    kind = TYPE_AAAA if len(packed) == 16 else 1
    record = DNSAddress(server_name(ID_A), kind, 1, 120, packed, scope_id=scope, created=current_time_millis())
    return RecordUpdate(record, None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that are asked, without asking them."""
    asked: list[str] = []
    monkeypatch.setattr(TwinWatch, "_ask", lambda _, __, place: _noted(asked, place[0]))
    return asked


async def _noted(asked: list[str], address: str) -> None:
    asked.append(address)


async def _hear(*updates: RecordUpdate, own: Sequence[IPInterface] = OWN) -> None:
    watch = TwinWatch([ROOM], lambda: own, lambda *_: None)
    watch.async_update_records(None, 0.0, list(updates))  # type: ignore[arg-type]  # it does not look at the zeroconf
    for task in list(watch._tasks):
        await task


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (heard("10.0.0.2"), "10.0.0.2"),
        (heard("fd00::2"), "fd00::2"),
        (heard("fe80::2", 77), "fe80::2%77"),
    ],
)
async def test_an_address_under_our_name_that_is_not_ours_is_asked(
    asked: list[str], update: RecordUpdate, expected: str
) -> None:
    await _hear(update)

    assert asked == [expected]


@pytest.mark.parametrize(
    "update",
    [
        heard("10.0.0.1"),
        heard("fd00::1"),
        heard("fe80::1", 77),
        heard("fe80::1", 78),  # ours, heard on another adapter that is on the same switch
        heard("fe80::2"),  # of no link that we know
        heard("fe80::2", 78),
        heard("fd99::2"),
    ],
)
async def test_our_own_and_far_ones_are_not(asked: list[str], update: RecordUpdate) -> None:
    await _hear(update)

    assert asked == []


@pytest.mark.parametrize(
    ("room_id", "address", "expected"),
    [
        (ID_A, "10.0.0.2", ["10.0.0.2"]),
        (ID_A, "fe80::2%77", ["fe80::2%77"]),
        (ID_A, "10.0.0.1", []),  # our own answer
        (ID_A, "10.9.9.9", []),
        (ID_B, "10.0.0.2", []),
    ],
)
async def test_who_answers_a_broadcast_under_our_id_is_asked(
    asked: list[str], room_id: str, address: str, expected: list[str]
) -> None:
    watch = TwinWatch([ROOM], lambda: OWN, lambda *_: None)

    watch.heard(room_id, address, 8101)
    for task in list(watch._tasks):
        await task

    assert asked == expected


async def test_a_twin_with_several_addresses_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"10.0.0.1": "ours", "10.0.0.2": "theirs", "fd00::2": "theirs", "10.0.0.3": "another"}

    async def answer(address: str, *_: object, **__: object) -> list[FoundRoom]:
        return [
            FoundRoom(ID_A, "Line 3", "#Line-3", "", 0, False, "", (address,), 8100, run=answers[address], up_s=1.0)
        ]

    async def answer_of_ours(*_: object, **__: object) -> list[FoundRoom]:
        return await answer("10.0.0.1")

    monkeypatch.setattr(twins, "probe", answer)
    monkeypatch.setattr(twins, "probe_first", answer_of_ours)
    monkeypatch.setattr(twins, "IPV6_LATER_S", 0.01)
    told: list[str] = []
    watch = TwinWatch([ROOM], lambda: OWN, lambda _, address, __: told.append(address))

    for address in ("fd00::2", "10.0.0.2", "10.0.0.3"):
        watch.heard(ID_A, address, 8100)
    for task in list(watch._tasks):
        await task

    assert told == ["10.0.0.2", "10.0.0.3"]
