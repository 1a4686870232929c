"""Finding a room again. The network is a finder's list; the old place is a real socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from lanchat.client.connection.place import Place
from lanchat.client.connection.stream import Lost
from lanchat.client.rooms import search
from lanchat.discovery.rooms import FoundRoom
from tests.client.rooms.found import Found
from tests.discovery.peers import ID_A, ID_B, answering, http_answer, room_json, serving

HOST = "77" * 8
ELSEWHERE = FoundRoom(ID_A, "Line 3", "#Line-3", "", 0, False, "1", ("10.0.0.9",), 8100, HOST, "other run")


@asynccontextmanager
async def old_place(**facts: Any) -> AsyncIterator[Place]:
    """Yield the place of a room whose port answers so now."""
    async with serving(answering(http_answer(room_json(**{"host": HOST, **facts})))) as port:
        yield Place(("127.0.0.1",), port, "#Line-3", "Line 3", ID_A, HOST, "our run")


def finding(monkeypatch: pytest.MonkeyPatch, *rooms: FoundRoom) -> None:
    monkeypatch.setattr(search, "Finder", lambda **_: Found(*rooms))


async def test_a_room_whose_id_is_elsewhere_is_where_its_host_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hosts had one data folder: ours took another id, and the other one is found under the old one."""
    finding(monkeypatch, ELSEWHERE)
    async with old_place(room_id=ID_B, name="Line 3 (2)") as place:
        found = await search.relocator()(place)
    assert found is not None
    assert (found.room_id, found.addresses, found.port, found.title) == (ID_B, ("127.0.0.1",), place.port, "Line 3")


@pytest.mark.parametrize("facts", [{"host": "88" * 8}, {"name": "Bridge"}])
async def test_a_room_that_has_moved_is_followed(facts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """At its old address there is another host now, or another room."""
    finding(monkeypatch, ELSEWHERE)
    async with old_place(room_id=ID_B, **facts) as place:
        found = await search.relocator()(place)
    assert found is not None
    assert (found.room_id, found.addresses[0]) == (ID_A, "10.0.0.9")


@pytest.mark.parametrize(
    ("facts", "is_taken"),
    [
        ({"up_s": 9_000.0}, False),  # it was there while we were at ours
        ({"up_s": 9_000.0, "run": "our run"}, True),  # ours, at another address
        ({"up_s": 5.0}, True),  # started since: it may be ours
        ({"up_s": None}, True),  # an older version does not tell
    ],
)
async def test_a_host_that_was_up_beside_ours_is_not_taken_for_ours(
    facts: dict[str, Any], is_taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ours is gone for the moment, and the other one has a copy of its data, and its id."""
    finding(monkeypatch, replace(ELSEWHERE, **facts))
    place = Place(("127.0.0.1",), 9, "#Line-3", "Line 3", ID_A, HOST, "our run")
    if is_taken:
        found = await search.relocator()(place)
        assert found is not None
        assert found.addresses[0] == "10.0.0.9"
        return
    with pytest.raises(Lost, match=r"is gone; 10\.0\.0\.9:8100 is another host, with a copy of its data"):
        await search.relocator()(place)
