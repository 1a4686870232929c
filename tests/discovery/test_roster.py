import dataclasses

from lanchat.discovery.events import Appeared, Changed, Crowded, Vanished
from lanchat.discovery.rooms import FoundRoom
from lanchat.discovery.roster import MAX_ROOMS, Roster
from tests.discovery.peers import ID_A, ID_B

ROOM = FoundRoom(
    id=ID_A,
    name="Line 3",
    channel="#Line-3",
    topic="",
    members=3,
    is_password_needed=False,
    version="0.1.0",
    addresses=("10.0.0.5",),
    port=8100,
)


def said(*addresses: str, port: int = 8100, members: int = 3) -> FoundRoom:
    return dataclasses.replace(ROOM, addresses=addresses, port=port, members=members)


def test_a_room_appears_once_and_the_same_answer_is_no_news() -> None:
    roster = Roster()

    assert roster.answered([ROOM], []) == [Appeared(ROOM)]
    assert roster.answered([ROOM], []) == []
    assert roster.rooms == [ROOM]


def test_news_of_a_room_is_a_change() -> None:
    roster = Roster()
    roster.answered([ROOM], [])

    assert roster.answered([said("10.0.0.5", members=4)], []) == [Changed(said("10.0.0.5", members=4))]


def test_a_room_found_in_two_ways_is_one_room_with_both_addresses() -> None:
    roster = Roster()
    roster.answered([said("127.0.0.1")], [])

    roster.answered([said("10.0.0.5")], [], keep=["10.0.0.5", "127.0.0.1"])

    assert [room.addresses for room in roster.rooms] == [("127.0.0.1", "10.0.0.5")]
    assert roster.has_proved("127.0.0.1", 8100)
    assert roster.has_proved("10.0.0.5", 8100)


def test_proved_addresses_stand_before_those_only_told() -> None:
    roster = Roster()

    roster.answered([said("10.0.0.9", "10.0.0.1")], [])

    assert roster.rooms[0].addresses == ("10.0.0.9", "10.0.0.1")


def test_a_new_address_comes_before_the_old_one() -> None:
    roster = Roster()
    roster.answered([said("10.0.0.5")], [])

    roster.answered([said("10.0.0.7")], [], keep=["10.0.0.7"])

    assert roster.rooms[0].addresses == ("10.0.0.7", "10.0.0.5")
    assert not roster.has_proved("10.0.0.5", 8100)


def test_another_port_makes_all_old_addresses_worthless() -> None:
    roster = Roster()
    roster.answered([said("10.0.0.5", "10.0.0.6")], [])

    roster.answered([said("10.0.0.7", port=8101)], [])

    assert (roster.rooms[0].addresses, roster.rooms[0].port) == (("10.0.0.7",), 8101)


def test_a_room_vanishes_at_the_second_failure_and_may_come_back() -> None:
    roster = Roster()
    roster.answered([ROOM], [])

    assert roster.failed(ROOM.key) == []
    assert roster.failed(ROOM.key) == [Vanished(ROOM)]
    assert roster.rooms == []
    assert roster.failed(ROOM.key) == []
    assert roster.answered([ROOM], []) == [Appeared(ROOM)]


def test_an_answer_between_two_failures_forgives_the_first() -> None:
    roster = Roster()
    roster.answered([ROOM], [])

    roster.failed(ROOM.key)
    roster.answered([ROOM], [])

    assert roster.failed(ROOM.key) == []


def test_a_failure_after_a_goodbye_is_certain() -> None:
    roster = Roster()
    roster.answered([ROOM], [])

    assert roster.failed(ROOM.key, is_certain=True) == [Vanished(ROOM)]


def test_all_rooms_of_one_host_are_taken_in() -> None:
    roster = Roster()
    other = dataclasses.replace(ROOM, id=ID_B, name="Press 4")

    assert roster.answered([ROOM, other], []) == [Appeared(ROOM), Appeared(other)]
    assert roster.get(ID_B) == other


def test_a_flood_of_rooms_ends_at_the_limit() -> None:
    roster = Roster()
    for number in range(MAX_ROOMS + 10):
        roster.answered([dataclasses.replace(ROOM, id=f"{number:016x}")], [])

    assert len(roster.rooms) == MAX_ROOMS
    assert roster.left_out == 10


def test_rooms_beyond_the_limit_are_counted_once_and_told() -> None:
    roster = Roster()
    rooms = [dataclasses.replace(ROOM, id=f"{number:016x}") for number in range(MAX_ROOMS + 2)]
    for room in rooms[:-2]:
        roster.answered([room], [])
    told = [roster.answered([room], []) for room in (rooms[-2], rooms[-2], rooms[-1])]
    assert told == [[Crowded(1)], [], [Crowded(2)]]

    roster.failed(rooms[0].key, is_certain=True)
    assert roster.answered([rooms[-1]], []) == [Appeared(rooms[-1])], "there is a place again"
    assert roster.left_out == 1
