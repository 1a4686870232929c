"""From looking for a room to having left it: the program behind the screens."""

import pytest

from lanchat.client.screen.app import LanchatApp
from lanchat.client.screen.screens.dialogs import PasswordDialog
from lanchat.client.screen.screens.picker import PickerScreen
from lanchat.client.screen.screens.waiting import WaitingScreen
from lanchat.client.screen.widgets.palette import Ground
from lanchat.client.words.colour import hue_of
from lanchat.discovery.events import Why
from lanchat.discovery.find import Appeared, Changed, Silent, Vanished
from lanchat.discovery.probe import ProbeError
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UserError
from tests.client.rooms.found import room
from tests.client.screen.plan import Plan, in_room, is_at
from tests.client.screen.stage import Stage, editor, press_bytes, rows, screen_text, talk, until
from tests.client.screen.talk import said

# ---- choosing --------------------------------------------------------------------------------------------------


async def test_wanted_room_is_looked_for_and_entered() -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        assert plan.remembered == ["Line 3"]


async def test_what_is_looked_for_is_said_meanwhile() -> None:
    app = LanchatApp(Plan(text="Line \x1b3"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, is_at(app, WaitingScreen))
        await until(pilot, lambda: "Looking for Line 3 …" in screen_text(app))


async def test_room_that_cannot_be_found_ends_the_program_with_a_sentence() -> None:
    app = LanchatApp(Plan(UserError("There is no such room.")))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.problem is not None)
    assert str(app.problem) == "There is no such room."
    assert app.return_value == 1


async def test_picker_says_that_it_looks_and_fills_as_rooms_are_found() -> None:
    plan = Plan()
    app = LanchatApp(plan)
    async with app.run_test(size=(100, 20)) as pilot:
        await until(pilot, lambda: "Looking for rooms…" in screen_text(app))
        plan.search.finds(room("Line 3", 1, members=3, topic="Shift B"), room("Bridge", 2, members=1, is_locked=True))
        await until(pilot, lambda: "Bridge" in screen_text(app))
        text = screen_text(app)
        assert "2 rooms found" in text
        assert [word in text for word in ("3 people", "Shift B", "10.0.0.1:8100", "1 person", "password")] == [True] * 5


async def test_arrows_and_enter_join_the_chosen_room() -> None:
    plan = Plan()
    app = LanchatApp(plan)
    async with app.run_test(size=(100, 20)) as pilot:
        plan.search.finds(room("Line 3", 1), room("Bridge", 2), room("Engine", 3))
        await until(pilot, lambda: "Engine" in screen_text(app))
        await pilot.press("down", "down", "up", "enter")
        await in_room(app, pilot, "Bridge")
        assert not plan.search.is_open


async def test_choice_stays_with_its_room_while_others_come_and_go() -> None:
    plan = Plan()
    app = LanchatApp(plan)
    async with app.run_test(size=(100, 20)) as pilot:
        plan.search.finds(room("Line 3", 1), room("Bridge", 2))
        await until(pilot, lambda: "Bridge" in screen_text(app))
        await pilot.press("down")
        plan.search.events.put_nowait(Vanished(room("Line 3", 1)))
        plan.search.events.put_nowait(Changed(room("Bridge", 2, members=9)))
        plan.search.finds(room("Engine", 3))
        await until(pilot, lambda: "Engine" in screen_text(app) and "Line 3" not in screen_text(app))
        assert "9 people" in screen_text(app)
        await pilot.press("enter")
        await in_room(app, pilot, "Bridge")


async def test_single_room_is_joined_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.client.screen.screens.picker.ALONE_S", 0.0)
    plan = Plan()
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        plan.search.finds(room("Line 3"))
        await in_room(app, pilot, "Line 3")


async def test_single_room_waits_for_who_has_begun_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.client.screen.screens.picker.ALONE_S", 0.0)
    plan = Plan()
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "backspace")
        plan.search.finds(room("Line 3"))
        await until(pilot, lambda: "1 room found" in screen_text(app))
        assert isinstance(app.screen, PickerScreen)
        app.screen._tick()
        assert not plan.visits


async def test_typing_narrows_the_list() -> None:
    plan = Plan()
    app = LanchatApp(plan)
    async with app.run_test(size=(100, 20)) as pilot:
        plan.search.finds(room("Line 3", 1), room("Bridge", 2))
        await until(pilot, lambda: "Bridge" in screen_text(app))
        await pilot.press(*"BRI")
        await until(pilot, lambda: "Line 3" not in screen_text(app))
        await pilot.press("enter")
        await in_room(app, pilot, "Bridge")


async def test_typed_address_is_asked_and_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    async def probe(host: str, port: int) -> list[FoundRoom]:
        asked.append((host, port))
        return [room("Far away", 7)]

    monkeypatch.setattr("lanchat.client.screen.screens.picker.probe", probe)
    app = LanchatApp(Plan())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"10.0.0.7:9000", "enter")
        await in_room(app, pilot, "Far away")
    assert asked == [("10.0.0.7", 9_000)]


async def test_address_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def probe(host: str, port: int) -> list[FoundRoom]:
        raise ProbeError("did not answer within 2 s", Why.TIMEOUT)

    monkeypatch.setattr("lanchat.client.screen.screens.picker.probe", probe)
    app = LanchatApp(Plan())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"10.0.0.7", "enter")
        await until(pilot, lambda: "10.0.0.7 did not answer within 2 s." in screen_text(app))


async def test_what_is_neither_name_nor_address_is_said() -> None:
    app = LanchatApp(Plan())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"[red] x", "enter")
        await until(pilot, lambda: "There is no room of that name here, and '[red] x'" in screen_text(app))


async def test_room_that_is_announced_but_silent_is_said() -> None:
    plan = Plan()
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        plan.search.events.put_nowait(Silent("Old\x1b room", "10.0.0.9", 8100, "does not answer", Why.NO_ROOM))
        await until(pilot, lambda: "Old room is announced, but 10.0.0.9:8100 does not answer." in screen_text(app))


async def test_room_that_lets_nobody_in_leads_back_to_the_picker() -> None:
    plan = Plan()
    plan.problems["Line 3"] = UserError("Line 3 does not let anybody in at the moment.")
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        plan.search.finds(room("Line 3"))
        await until(pilot, lambda: "1 room found" in screen_text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "does not let anybody in" in screen_text(app))
        assert isinstance(app.screen, PickerScreen)
        plan.search.finds(room("Line 3"))
        await until(pilot, lambda: "1 room found" in screen_text(app))
        await pilot.press("enter")
        await in_room(app, pilot, "Line 3")


# ---- the password ----------------------------------------------------------------------------------------------


async def test_password_is_asked_for_until_it_is_right() -> None:
    plan = Plan(room("Line 3", is_locked=True))
    plan.room_password = "geheim"
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, is_at(app, PasswordDialog))
        await until(pilot, lambda: "Line 3 asks for a password" in screen_text(app))
        await pilot.press(*"falsch")
        assert "falsch" not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: len(plan.visits) == 2 and isinstance(app.screen, PasswordDialog))
        await until(pilot, lambda: "not the right one" in screen_text(app))
        await pilot.press(*"geheim", "enter")
        await in_room(app, pilot, "Line 3")


async def test_who_knows_no_password_is_back_at_the_picker() -> None:
    plan = Plan(room("Line 3", is_locked=True))
    plan.room_password = "geheim"
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, is_at(app, PasswordDialog))
        await pilot.press("escape")
        await until(pilot, is_at(app, PickerScreen))


@pytest.mark.parametrize(("asked", "shown"), [("", Ground.LIGHT), ("dark", Ground.DARK)])
async def test_names_are_coloured_for_the_ground_that_the_terminal_tells(
    asked: str, shown: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLORFGBG", raising=False)
    plan = Plan(room("Line 3"))
    plan.ground = asked
    app = LanchatApp(plan)
    async with app.run_test(size=(100, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        app._names.is_poor = False
        plan.visits[0].hears(said("hello"))
        await until(pilot, lambda: any("hello" in row for row in rows(app)))
        await press_bytes(pilot, "\x1b]11;rgb:fdfd/f6f6/e3e3\x07x")
        await until(pilot, lambda: editor(app).text == "x")
        colours = {
            segment.style.color for segment in talk(app).render_line(1) if segment.style and "Bo" in segment.text
        }
        assert [colour.name.upper() for colour in colours if colour] == [shown.value[hue_of("Bo")]]


@pytest.mark.parametrize("size", [(80, 24), (40, 20), (40, 10), (24, 6)])
async def test_the_chosen_room_stays_in_sight_at_every_size(size: tuple[int, int]) -> None:
    picker = PickerScreen(problem="Line 3 at 10.0.0.1:8100 does not let anybody in at the moment.")
    app = Stage(picker)
    rooms = [room(f"Room-{number:02}", number) for number in range(1, 31)]
    async with app.run_test(size=(120, 40)) as pilot:
        for one in rooms[10:]:
            picker.hear(Appeared(one))
        await press_bytes(pilot, "\x1b[B" * 25)
        await until(pilot, lambda: picker._rooms.chosen == rooms[-1])
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: "Room-30" in screen_text(app))
        await press_bytes(pilot, "\x1b[5~")
        await until(pilot, lambda: "Room-20" in screen_text(app))
        for one in rooms[10:18]:
            picker.hear(Vanished(one))
        await until(pilot, lambda: "Room-20" in screen_text(app))
