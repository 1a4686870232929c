import pytest

from lanchat.client.rooms.left_out import left_out
from lanchat.client.rooms.namesakes import listed
from lanchat.discovery.bounds import Bounds
from tests.client.rooms.found import room


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        (Bounds(), []),
        (Bounds(asked=253, addresses=253), []),
        (
            Bounds(rooms=40),
            ["… and 40 more: only the first 512 rooms are listed. Join a room by its name or address."],
        ),
        (Bounds(rooms=1), ["… and one more: only the first 512 rooms are listed. Join a room by its name or address."]),
        (
            Bounds(asked=254, addresses=65_533),
            [
                "Only 254 of the 65,533 addresses here were asked, those nearest to this machine's own; if a room is "
                "missing, ask its address: lanchat list-rooms HOST"
            ],
        ),
        (
            Bounds(hints=7),
            [
                "7 of very many announcements were not followed; if a room is missing, join it by its address. "
                "Who sends so many is no room."
            ],
        ),
    ],
)
def test_what_a_search_leaves_out_is_said(bounds: Bounds, told: list[str]) -> None:
    assert left_out(bounds) == told


def test_a_sentence_names_ten_rooms_and_counts_the_rest() -> None:
    rooms = [room(f"Room {number:03}", number) for number in range(1, 251)]
    assert listed(rooms, "or").endswith(", Room 009, Room 010 or 240 more")
    assert listed(rooms[:11], "and").endswith("Room 010 and 1 more")
    assert listed(rooms[:10], "and").endswith("Room 009 and Room 010")
