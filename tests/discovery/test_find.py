import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from lanchat.discovery import find, running
from lanchat.discovery.browse import Sighting
from lanchat.discovery.events import Appeared, Changed, FindEvent, Silent, Vanished, Why
from lanchat.discovery.find import Finder
from lanchat.discovery.rooms import FoundRoom, RememberedRoom
from tests.discovery.peers import ID_A, ID_B, answering, host_answer, http_answer, room_json, serving, silent

DEADLINE_S = 20.0


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep these tests on loopback: no adapter to ask on, no usual port that a real host may have."""
    monkeypatch.setattr(find, "read_adapters", list)
    monkeypatch.setattr(find, "PORTS_TRIED", 0)


async def collected(**options: Any) -> list[FoundRoom]:
    timeout_s = options.pop("timeout_s", None)
    async with Finder(**options) as finder, contextlib.aclosing(finder.collect(timeout_s)) as events:
        return [event.room async for event in events if isinstance(event, Appeared | Changed)]


async def next_event(finder: Finder) -> FindEvent:
    return await asyncio.wait_for(anext(aiter(finder)), DEADLINE_S)


@contextlib.asynccontextmanager
async def host(*rooms: dict[str, Any]) -> AsyncIterator[int]:
    async with serving(answering(host_answer(*rooms))) as port:
        yield port


async def test_an_address_typed_by_hand_is_asked() -> None:
    async with host(room_json()) as port:
        rooms = await collected(targets=[("127.0.0.1", port)], browse=False)

    assert [(room.id, room.addresses, room.port) for room in rooms] == [(ID_A, ("127.0.0.1",), port)]


async def test_a_name_typed_by_hand_is_asked() -> None:
    async with host(room_json()) as port:
        rooms = await collected(targets=[("localhost", port)], browse=False)

    assert [room.id for room in rooms] == [ID_A]


async def test_a_host_on_this_machine_is_found_with_no_network_at_all(tmp_path: Path) -> None:
    async with host(room_json(), room_json(ID_B, "Press 4")) as port:
        running.record(tmp_path, port, [ID_A, ID_B])
        rooms = await collected(running=tmp_path)

    assert [room.name for room in rooms] == ["Line 3", "Press 4"]


async def test_the_usual_ports_of_this_machine_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with host(room_json()) as port:
        monkeypatch.setattr(find, "DEFAULT_PORT", port)
        monkeypatch.setattr(find, "PORTS_TRIED", 1)
        rooms = await collected()

    assert [room.id for room in rooms] == [ID_A]


async def test_what_a_crashed_host_left_is_not_shown(tmp_path: Path) -> None:
    async with host(room_json()) as port:
        pass
    running.record(tmp_path, port, [ID_A])

    assert await collected(running=tmp_path) == []


async def test_a_remembered_room_is_found_where_it_was() -> None:
    async with host(room_json()) as port:
        remembered = RememberedRoom(ID_A, "Line 3", ("127.0.0.1",), port)
        rooms = await collected(remembered=[remembered])

    assert [room.id for room in rooms] == [ID_A]


async def test_another_room_in_a_remembered_place_is_not_taken_for_it() -> None:
    async with host(room_json(ID_B)) as port:
        remembered = RememberedRoom(ID_A, "Line 3", ("127.0.0.1",), port)

        assert await collected(remembered=[remembered]) == []


async def test_a_search_with_nothing_left_to_ask_ends_at_once() -> None:
    async with asyncio.timeout(find.LOOK_AT_LEAST_S):
        assert await collected() == []


async def test_a_search_for_a_given_time_with_nothing_to_ask_ends_at_once_too() -> None:
    async with asyncio.timeout(DEADLINE_S):
        assert await collected(timeout_s=3600) == []


async def test_a_given_time_is_kept_though_somebody_keeps_us_waiting() -> None:
    async with serving(silent) as port, asyncio.timeout(DEADLINE_S):
        assert await collected(targets=[("127.0.0.1", port)], browse=False, timeout_s=0.1) == []


async def test_the_silence_of_an_address_typed_by_hand_is_told() -> None:
    async with host(room_json()) as port:
        pass
    async with Finder(targets=[("127.0.0.1", port)], browse=False) as finder:
        event = await next_event(finder)

    assert event == Silent("127.0.0.1", "127.0.0.1", port, "refuses connections: nothing listens there", Why.REFUSED)


async def test_a_sighting_becomes_a_room_when_it_proves_itself() -> None:
    async with host(room_json()) as port, Finder() as finder:
        finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), port))
        event = await next_event(finder)

    assert isinstance(event, Appeared)
    assert event.room.id == ID_A


async def test_an_announced_room_that_does_not_answer_is_told_and_not_shown() -> None:
    async with serving(silent) as port, Finder() as finder:
        finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), port))
        event = await next_event(finder)

        assert isinstance(event, Silent)
        assert event.name == "Line 3"
        assert finder.rooms == []


async def test_the_silence_of_an_announced_room_is_told_to_who_remembers_it_too() -> None:
    async with serving(silent) as port:
        remembered = RememberedRoom(ID_A, "Line 3", ("127.0.0.1",), port)
        async with Finder(remembered=[remembered]) as finder:
            finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), port))
            event = await next_event(finder)

        assert isinstance(event, Silent)
        assert [one.name for one in finder.silences] == ["Line 3"]


async def test_the_same_sighting_from_three_browsers_is_asked_once() -> None:
    asked = 0

    def count() -> bytes:
        nonlocal asked
        asked += 1
        return host_answer(room_json())

    async with serving(answering(count)) as port, Finder() as finder:
        for _ in range(3):
            finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), port))
        await next_event(finder)
        finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), port))

    assert asked == 1


async def test_a_room_whose_name_was_taken_is_shown_under_its_number() -> None:
    async with host(room_json()) as port, Finder(targets=[("127.0.0.1", port)]) as finder:
        first = await next_event(finder)
        finder._on_seen("Line 3 (2)", Sighting("Line 3 (2)", ID_A, ("127.0.0.1",), port))
        second = await next_event(finder)

    assert isinstance(first, Appeared)
    assert first.room.name == "Line 3"
    assert isinstance(second, Changed)
    assert second.room.name == "Line 3 (2)"


async def test_an_announcement_gives_nobody_another_name() -> None:
    async with host(room_json()) as port, Finder() as finder:
        finder._on_seen("Boss", Sighting("Boss", ID_A, ("127.0.0.1",), port))
        event = await next_event(finder)

    assert isinstance(event, Appeared)
    assert event.room.name == "Line 3"


async def test_a_stale_address_in_memory_does_not_hold_up_the_announced_one() -> None:
    async with serving(silent) as old, host(room_json()) as new:
        remembered = RememberedRoom(ID_A, "Line 3", ("127.0.0.1",), old)
        async with Finder(remembered=[remembered]) as finder:
            finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), new))
            event = await next_event(finder)

    assert isinstance(event, Appeared)
    assert event.room.port == new


async def test_a_goodbye_is_believed_once_the_room_is_silent() -> None:
    async with Finder() as finder:
        async with host(room_json()) as port:
            finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), port))
            appeared = await next_event(finder)
        finder._on_gone("Line 3")
        vanished = await next_event(finder)

    assert isinstance(appeared, Appeared)
    assert vanished == Vanished(appeared.room)


async def test_a_false_goodbye_changes_nothing() -> None:
    people = 3

    def growing() -> bytes:
        nonlocal people
        people += 1
        return host_answer(room_json(members=people))

    async with serving(answering(growing)) as port, Finder() as finder:
        finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), port))
        await next_event(finder)
        finder._on_gone("Line 3")
        event = await next_event(finder)

    assert isinstance(event, Changed)
    assert event.room.members == 5


async def test_a_screen_that_stays_open_sees_changes_and_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "RECHECK_S", (0.01, 0.02))
    people = 3

    def now() -> bytes:
        return host_answer(room_json(members=people))

    async with contextlib.AsyncExitStack() as stack:
        port = await stack.enter_async_context(serving(answering(now)))
        async with Finder(targets=[("127.0.0.1", port)], browse=False) as finder:
            appeared = await next_event(finder)
            people = 4
            changed = await next_event(finder)
            await stack.aclose()
            vanished = await next_event(finder)

    assert isinstance(appeared, Appeared)
    assert isinstance(changed, Changed)
    assert changed.room.members == 4
    assert vanished == Vanished(changed.room)


async def test_a_room_that_vanished_without_goodbye_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "RECHECK_S", (0.01, 0.02))
    answers = host_answer(room_json())

    async with serving(answering(lambda: answers)) as port, Finder(targets=[("127.0.0.1", port)]) as finder:
        appeared = await next_event(finder)
        answers = b"busy"
        vanished = await next_event(finder)
        answers = host_answer(room_json())
        again = await next_event(finder)

    assert isinstance(appeared, Appeared)
    assert isinstance(vanished, Vanished)
    assert again == appeared


async def test_a_silent_room_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "RECHECK_S", (0.01, 0.02))
    is_awake = False

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await (answering(host_answer(room_json())) if is_awake else answering(b"busy"))(reader, writer)

    async with serving(peer) as port, Finder() as finder:
        finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), port))
        first = await next_event(finder)
        is_awake = True
        second = await next_event(finder)

    assert isinstance(first, Silent)
    assert isinstance(second, Appeared)


async def test_a_host_started_later_on_this_machine_appears(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(find, "LOOK_AGAIN_S", 0.01)
    async with Finder(running=tmp_path) as finder, host(room_json()) as port:
        running.record(tmp_path, port, [ID_A])
        event = await next_event(finder)

    assert isinstance(event, Appeared)


async def test_closing_stops_all_that_runs() -> None:
    before = asyncio.all_tasks()
    async with serving(silent) as port:
        async with Finder(targets=[("127.0.0.1", port)]) as finder:
            finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1",), port))
        left = [task for task in asyncio.all_tasks() - before if "Finder" in repr(task)]

    assert left == []


async def test_an_id_that_answers_at_two_places_is_two_rooms() -> None:
    async with contextlib.AsyncExitStack() as stack:
        port = await stack.enter_async_context(serving(answering(http_answer(room_json(run="a" * 16)))))
        await stack.enter_async_context(serving(answering(http_answer(room_json(run="b" * 16))), "127.0.0.2", port))
        async with Finder() as finder:
            finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1", "127.0.0.2"), port))
            while len(finder.rooms) < 2:
                await next_event(finder)

            assert sorted(room.addresses for room in finder.rooms) == [("127.0.0.1",), ("127.0.0.2",)]
            assert {room.id for room in finder.rooms} == {ID_A}


async def test_a_host_with_two_addresses_is_one_room() -> None:
    answer = http_answer(room_json(run="a" * 16))
    async with serving(answering(answer)) as port, serving(answering(answer), "127.0.0.2", port), Finder() as finder:
        finder._on_seen("Line 3", Sighting("Line 3", ID_A, ("127.0.0.1", "127.0.0.2"), port))
        await next_event(finder)
        async with asyncio.timeout(DEADLINE_S):
            while not finder._roster.has_proved("127.0.0.2", port):
                await asyncio.sleep(0.001)

        assert [room.addresses for room in finder.rooms] == [("127.0.0.1", "127.0.0.2")]


async def test_a_host_that_was_started_anew_is_no_twin_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "RECHECK_S", (0.01, 0.02))
    run = "a" * 16
    peer = answering(lambda: http_answer(room_json(run=run)))
    async with serving(peer) as port, Finder(targets=[("127.0.0.1", port)], browse=False) as finder:
        await next_event(finder)
        run = "b" * 16
        assert isinstance(await next_event(finder), Vanished)
        assert isinstance(await next_event(finder), Appeared)
        assert [room.run for room in finder.rooms] == [run]


async def test_hints_that_nobody_follows_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "MAX_HINTS", 2)
    async with serving(silent) as port, Finder() as finder:
        for number in range(5):
            finder._on_seen(f"room {number}", Sighting(f"room {number}", None, (f"127.0.0.{number + 1}",), port))
        assert finder.bounds.hints == 3
