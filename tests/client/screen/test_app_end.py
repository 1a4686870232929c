"""Going on to other rooms, leaving, and faults: the end of the program behind the screens."""

import pytest
from textual.app import App

from lanchat.client.screen.app import LanchatApp, ScreenFailed, run_app
from lanchat.client.screen.screens import chat
from lanchat.client.screen.screens.chat import ChatScreen
from lanchat.client.screen.screens.dialogs import PasswordDialog
from lanchat.client.screen.screens.picker import PickerScreen
from lanchat.client.speaking.phrasing import Part
from tests.client.rooms.found import room
from tests.client.screen.plan import Plan, in_room, is_at
from tests.client.screen.stage import editor, hints, rows, screen_text, until


async def test_rooms_command_shows_the_picker_and_escape_returns() -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        await pilot.press(*"/rooms", "enter")
        await until(pilot, is_at(app, PickerScreen))
        plan.search.finds(room("Bridge", 2))
        await until(pilot, lambda: "Bridge" in screen_text(app))
        await pilot.press("escape")
        await until(pilot, is_at(app, ChatScreen))
        assert not plan.over


async def test_room_on_another_host_is_gone_to_and_the_first_one_left() -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        await pilot.press(*"/rooms", "enter")
        await until(pilot, is_at(app, PickerScreen))
        plan.search.finds(room("Bridge", 2))
        await until(pilot, lambda: "Bridge" in screen_text(app))
        await pilot.press("enter")
        await in_room(app, pilot, "Bridge")
        assert [visit.is_closed for visit in plan.visits] == [True, False]
        assert plan.over == plan.visits[:1]


@pytest.mark.parametrize("typed", [r"\q", "/quit"])
async def test_typed_farewell_leaves(typed: str) -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        await pilot.press(*typed, "enter")
        await until(pilot, lambda: app.return_value == 0)
    assert plan.visits[0].is_closed
    assert plan.over == plan.visits


async def test_control_q_leaves_from_everywhere() -> None:
    plan = Plan(room("Line 3", is_locked=True))
    plan.room_password = "geheim"
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, is_at(app, PasswordDialog))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_value == 0)


async def test_control_c_leaves_at_the_second_press() -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        await pilot.press("ctrl+c")
        assert hints(app) == "Press Ctrl+C again to leave"
        assert app.return_value is None
        await pilot.press("ctrl+c")
        await until(pilot, lambda: app.return_value == 0)


async def test_control_c_copies_what_is_selected_instead() -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        await pilot.press(*"abc", "shift+left", "shift+left", "ctrl+c")
        assert app.clipboard == "bc"
        assert "again to leave" not in hints(app)


async def test_what_nobody_got_is_told_at_the_end() -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        plan.visits[0].undelivered.append(Part("#Line-3", "press 4\n\x1b[2J is back", ()))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_value is not None)
    assert str(app.problem) == "This was not sent any more: press 4 [2J is back"


# ---- faults ----------------------------------------------------------------------------------------------------


class Broken(ChatScreen):
    def on_mount(self) -> None:
        raise ValueError("\x1b]52;c;aGk=\x07 [/x]\nsecond line")


def test_fault_of_the_screen_is_one_harmless_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chat, "ChatScreen", Broken)
    monkeypatch.setattr(LanchatApp, "run", lambda self: App.run(self, headless=True))
    with pytest.raises(ScreenFailed) as failed:
        run_app(Plan(room("Line 3")))
    line = str(failed.value)
    assert line.isprintable()
    assert "ValueError: ]52;c;aGk= [/x] second line" in line
    assert "--plain" in line
    printed = capfd.readouterr()
    assert "Traceback" not in printed.out + printed.err


def test_fault_of_the_search_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LanchatApp, "run", lambda self: App.run(self, headless=True))
    plan = Plan()
    plan.search.events.put_nowait(RuntimeError("the search broke"))
    with pytest.raises(ScreenFailed, match="RuntimeError: the search broke"):
        run_app(plan)


async def test_draft_typed_while_connecting_is_kept() -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, is_at(app, ChatScreen))
        await pilot.press(*"hello")
        await in_room(app, pilot, "Line 3")
        assert editor(app).text == "hello"
        await pilot.press("enter")
        await until(pilot, lambda: any("hello" in row for row in rows(app)))
