import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from lanchat.client.rooms.called import is_called
from lanchat.client.rooms.choosing import beginning_with, find_wanted, is_address
from lanchat.client.rooms.namesakes import listed
from lanchat.discovery.events import Silent, Why
from lanchat.discovery.find import FindEvent
from lanchat.discovery.rooms import FoundRoom, RememberedRoom
from lanchat.errors import UserError
from tests.client.rooms.found import BRIDGE, LINE_3, LINE_4, Found, room
from tests.discovery.peers import answering, host_answer, room_json, serving


@pytest.mark.parametrize("text", ["Line 3", "LINE 3", " line  3 ", "Line\u00a03"])
def test_a_name_is_the_same_in_any_case_and_spacing(text: str) -> None:
    assert is_called(LINE_3.name, text)


def test_the_beginning_of_a_name() -> None:
    assert beginning_with([LINE_3, LINE_4, BRIDGE], "lin") == [LINE_3, LINE_4]


@pytest.mark.parametrize("text", ["10.0.0.5", "10.0.0.5:9000", "host:8100", "[fd00::5]", "fd00::5"])
def test_what_can_only_be_an_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["Line 3", "bridge", "Line: 3", "10.0.0.300", "host:port", "Shift 3:1"])
def test_what_may_be_a_name(text: str) -> None:
    assert not is_address(text)


async def test_the_exact_name_wins_at_once() -> None:
    finder = Found(room("Line 33", 9), LINE_3)
    assert await find_wanted("line 3", lambda: finder) == LINE_3
    assert finder.is_left


async def test_the_only_beginning_is_meant() -> None:
    assert await find_wanted("bri", lambda: Found(LINE_3, BRIDGE)) == BRIDGE


@pytest.mark.parametrize(
    ("text", "finder", "error"),
    [
        ("line", Found(LINE_3, LINE_4), '"line" may be Line 3 or Line 4; type more of the name.'),
        (
            "lin",
            Found(LINE_3, replace(LINE_3, id="b" * 16, addresses=("fd00::2",))),
            '"lin" may be Line 3 (10.0.0.1:8100) or Line 3 ([fd00::2]:8100); type more of the name.',
        ),
        ("Engine room", Found(LINE_3, BRIDGE), 'There is no room "Engine room" here; there is Bridge and Line 3.'),
        (
            "Engine room",
            Found(is_on_network=False),
            'There is no room "Engine room" here: this machine is on no network. Connect it, then try again.',
        ),
        (
            "Engine \x1b[2Jroom",
            Found(),
            'There is no room "Engine [2Jroom" here, and no other. Is its host running? '
            "With its address, try: lanchat join HOST",
        ),
    ],
)
async def test_what_is_not_found_is_told(text: str, finder: Found, error: str) -> None:
    with pytest.raises(UserError) as caught:
        await find_wanted(text, lambda: finder)
    assert str(caught.value) == error


QUIET = Silent("Line 3", "10.0.0.5", 8100, "did not answer within 2 s", Why.TIMEOUT, is_near=True)
OLD = Silent("Old", "10.0.0.6", 8101, "refuses connections: nothing listens there", Why.REFUSED, is_near=True)


@pytest.mark.parametrize("finder", [Found(), Found(BRIDGE)])
async def test_a_room_behind_a_firewall_is_said_to_be_announced(finder: Found) -> None:
    with pytest.raises(UserError) as caught:
        await find_wanted("line 3", lambda: finder.hears(OLD, QUIET))
    assert str(caught.value) == (
        "Line 3 is announced, but 10.0.0.5:8100 did not answer within 2 s. "
        "Is a firewall on that machine closing TCP port 8100?"
    )


async def test_where_all_rooms_are_silent_that_is_told() -> None:
    with pytest.raises(UserError) as caught:
        await find_wanted("Engine room", lambda: Found().hears(QUIET))
    assert str(caught.value) == (
        'There is no room "Engine room" here, and no other answers. '
        "Line 3 is announced, but 10.0.0.5:8100 did not answer within 2 s. "
        "Is a firewall on that machine closing TCP port 8100?"
    )


@pytest.mark.parametrize("name", ["Line:3", "10.0.0.5", "host:8100", "fd00::5", "[fd00::5]:80"])
async def test_a_room_whose_name_looks_like_an_address_is_found_by_its_name(name: str) -> None:
    wanted = room(name, 7)

    assert await find_wanted(name, lambda: Found(LINE_3, wanted)) == wanted


async def test_an_address_is_asked_where_no_room_is_called_so() -> None:
    async with serving(answering(host_answer(room_json()))) as port:
        found = await find_wanted(f"127.0.0.1:{port}", lambda: Found(LINE_3))

    assert found.port == port


def test_a_single_room_is_listed_without_more() -> None:
    assert listed([LINE_3], "or") == "Line 3"


# ---- rooms of one name --------------------------------------------------------------------------------------------

OTHER = replace(LINE_3, id="b" * 16, addresses=("10.0.0.9",), run="other")
TWIN = replace(LINE_3, addresses=("10.0.0.9",), run="twin")
NUMBERED = replace(OTHER, name="Line 3 (2)")


def remembered(room: FoundRoom, **different: object) -> RememberedRoom:
    return replace(RememberedRoom(room.id, room.name, room.addresses, room.port), **different)  # type: ignore[arg-type]


@pytest.mark.parametrize("rooms", [(LINE_3, OTHER), (OTHER, LINE_3)])
async def test_of_two_rooms_of_one_name_none_is_taken_because_it_answers_first(rooms: tuple[FoundRoom, ...]) -> None:
    with pytest.raises(UserError) as caught:
        await find_wanted("Line 3", lambda: Found(*rooms))
    address = f"{rooms[0].addresses[0]}:8100"
    assert str(caught.value) == (
        '"Line 3" may be Line 3 (10.0.0.1:8100) or Line 3 (10.0.0.9:8100). '
        f'Join one by its address, for example: lanchat join "{address}"'
    )


async def test_two_places_of_one_id_are_told() -> None:
    with pytest.raises(UserError, match=r"^Line 3 answers at 10\.0\.0\.1:8100 and 10\.0\.0\.9:8100 under one id"):
        await find_wanted("Line 3", lambda: Found(LINE_3, TWIN))


@pytest.mark.parametrize(
    ("rooms", "joined", "wanted"),
    [
        ((LINE_3, OTHER), remembered(OTHER), OTHER),
        ((LINE_3, TWIN), remembered(TWIN), TWIN),  # where it was
        ((LINE_3, OTHER), remembered(LINE_3, addresses=("10.0.0.77",)), LINE_3),  # it has moved
        ((LINE_3, OTHER), remembered(OTHER, id="c" * 16), OTHER),  # it has another id now
        ((NUMBERED,), remembered(OTHER, id="c" * 16), NUMBERED),  # and a number
    ],
)
async def test_the_one_joined_before_is_meant(
    rooms: tuple[FoundRoom, ...], joined: RememberedRoom, wanted: FoundRoom
) -> None:
    assert await find_wanted("line 3", lambda: Found(*rooms), [joined]) == wanted


async def test_where_the_id_says_one_and_the_place_another_the_person_is_asked() -> None:
    """Our host had a twin, and took another id: the twin has the one we remember."""
    with pytest.raises(UserError, match=r"may be Line 3 or Line 3 \(2\)\."):
        await find_wanted("Line 3", lambda: Found(LINE_3, NUMBERED), [remembered(LINE_3, addresses=("10.0.0.9",))])


class Endless(Found):
    """A network that is looked at for ever, as by somebody who waits."""

    async def collect(self, timeout_s: float | None = None) -> AsyncGenerator[FindEvent, None]:
        async for event in super().collect(timeout_s):
            yield event
        await asyncio.Event().wait()


async def test_the_room_joined_before_is_joined_at_once_and_another_after_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lanchat.client.rooms.choosing.ANOTHER_S", 1_000.0)
    assert await find_wanted("Line 3", lambda: Endless(LINE_3), [remembered(LINE_3)]) == LINE_3
    monkeypatch.setattr("lanchat.client.rooms.choosing.ANOTHER_S", 0.01)
    assert await find_wanted("Line 3", lambda: Endless(LINE_3)) == LINE_3
