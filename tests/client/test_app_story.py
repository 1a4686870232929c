"""From looking for a room to having left it: the program behind the screens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from lanchat.client.app import LanchatApp, ScreenFailed, run_app
from lanchat.client.conversation import Conversation
from lanchat.client.link import Refused
from lanchat.client.phrasing import Part
from lanchat.client.registration import Refusal, RefusalKind
from lanchat.client.screens import chat
from lanchat.client.screens.chat import ChatScreen
from lanchat.client.screens.dialogs import PasswordDialog
from lanchat.client.screens.picker import PickerScreen
from lanchat.client.screens.waiting import WaitingScreen
from lanchat.discovery.find import Appeared, Changed, FindEvent, Silent, Vanished
from lanchat.discovery.probe import ProbeError
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UserError
from tests.client.stage import Rehearsal, editor, header, hints, rows, screen_text, until


def room(name: str, number: int = 1, *, members: int = 3, is_locked: bool = False, topic: str = "") -> FoundRoom:
    addresses = (f"10.0.0.{number}",)
    return FoundRoom(f"{number:016x}", name, f"#{name}", topic, members, is_locked, "1.0", addresses, 8100)


class Search:
    """A finder whose findings are the test's."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[FindEvent | Exception] = asyncio.Queue()
        self.is_open = False

    async def __aenter__(self) -> "Search":
        self.is_open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self.is_open = False

    def __aiter__(self) -> AsyncIterator[FindEvent]:
        return self

    async def __anext__(self) -> FindEvent:
        event = await self.events.get()
        if isinstance(event, Exception):
            raise event
        return event

    def finds(self, *rooms: FoundRoom) -> None:
        for one in rooms:
            self.events.put_nowait(Appeared(one))


class Visit(Rehearsal):
    """A conversation with a host that may ask for a password, or be gone."""

    def __init__(self, title: str, password: str, wanted_password: str, problem: UserError | None) -> None:
        super().__init__(is_joined=False)
        self.state.titles["#line-3"] = title
        self._password = password
        self._wanted_password = wanted_password
        self._problem = problem

    async def connect(self) -> None:
        if self._problem is not None:
            raise self._problem
        if self._wanted_password != self._password:
            raise Refused(Refusal(RefusalKind.PASSWORD, "The password is wrong."))
        self.enter()

    async def said(self) -> None:
        return


class Plan:
    """What `lanchat join` would give the screen."""

    def __init__(self, wanted: FoundRoom | UserError | None = None, *, text: str = "") -> None:
        self.wanted_text = text or ("Line 3" if wanted else "")
        self.search = Search()
        self.password = ""
        self.problems: dict[str, UserError] = {}
        self.visits: list[Visit] = []
        self.remembered: list[str] = []
        self.over: list[Conversation] = []
        self._wanted: asyncio.Future[FoundRoom] | None = None
        self._answer = wanted

    async def wanted(self) -> FoundRoom:
        if isinstance(self._answer, UserError):
            raise self._answer
        if self._answer is None:
            await asyncio.Event().wait()
        assert self._answer is not None
        return self._answer

    def finder(self) -> Any:
        return self.search

    def converse(self, room: FoundRoom, password: str) -> Conversation:
        visit = Visit(room.name, password, self.password, self.problems.pop(room.name, None))
        self.visits.append(visit)
        return visit

    def joined(self, room: FoundRoom, conversation: Conversation) -> None:
        assert conversation is self.visits[-1]
        self.remembered.append(room.name)

    def left(self, conversation: Conversation) -> None:
        self.over.append(conversation)


def is_at(app: LanchatApp, kind: type) -> Callable[[], bool]:
    return lambda: isinstance(app.screen, kind)


async def in_room(app: LanchatApp, pilot: Pilot[Any], title: str) -> None:
    await until(pilot, lambda: isinstance(app.screen, ChatScreen) and header(app).startswith(title))
    await until(pilot, lambda: "connected" in header(app))


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
        plan.search.finds(room("Line 3", 1, topic="Shift B"), room("Bridge", 2, members=1, is_locked=True))
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
    monkeypatch.setattr("lanchat.client.screens.picker.ALONE_S", 0.0)
    plan = Plan()
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        plan.search.finds(room("Line 3"))
        await in_room(app, pilot, "Line 3")


async def test_single_room_waits_for_who_has_begun_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.client.screens.picker.ALONE_S", 0.0)
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

    monkeypatch.setattr("lanchat.client.screens.picker.probe", probe)
    app = LanchatApp(Plan())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"10.0.0.7:9000", "enter")
        await in_room(app, pilot, "Far away")
    assert asked == [("10.0.0.7", 9_000)]


async def test_address_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def probe(host: str, port: int) -> list[FoundRoom]:
        raise ProbeError("did not answer within 2 s")

    monkeypatch.setattr("lanchat.client.screens.picker.probe", probe)
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
        plan.search.events.put_nowait(Silent("Old\x1b room", "10.0.0.9", 8100, "does not answer"))
        await until(pilot, lambda: "Old room does not answer." in screen_text(app))


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
    plan.password = "geheim"
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
    plan.password = "geheim"
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, is_at(app, PasswordDialog))
        await pilot.press("escape")
        await until(pilot, is_at(app, PickerScreen))


# ---- other rooms, and the end ----------------------------------------------------------------------------------


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
    plan.password = "geheim"
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
