"""Talk with one person on the screen: tabs, by keys as terminals send them."""

from dataclasses import replace

from lanchat.client.screen.app import LanchatApp
from lanchat.client.screen.screens.picker import PickerScreen
from lanchat.client.state.changes import ListedRoom, RoomsListed
from lanchat.client.state.channels import Member
from lanchat.protocol.message import parse_message
from tests.client.rooms.found import room
from tests.client.screen.plan import Plan, in_room, is_at
from tests.client.screen.stage import (
    Rehearsal,
    editor,
    header,
    hints,
    press_bytes,
    rows,
    screen_text,
    stage_of,
    until,
)


class Talking(Rehearsal):
    """One who carries out what is typed."""

    def submit(self, text: str) -> list[object]:  # type: ignore[override]
        return list(super(Rehearsal, self).submit(text))

    async def hears_line(self, line: str) -> None:
        await self.hear(parse_message(line.encode()))


async def test_a_private_message_opens_a_tab_rings_and_is_told_below_and_not_in_the_room() -> None:
    conversation = Talking()
    conversation.here(Member("Ben"))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await conversation.hears_line(":Ben!b@h PRIVMSG Zoé :psst")
        await until(pilot, lambda: " 2 Ben (1!)" in screen_text(app))
        assert app.bells == 1
        assert hints(app) == "Ben wrote to you only · Alt+A"
        assert not any("psst" in row for row in rows(app))
        await press_bytes(pilot, "for all\x1ba")
        await until(pilot, lambda: header(app).startswith("Ben · between you two only "))
        await conversation.hears_line(":Ben!b@h AWAY :lunch")
        await until(pilot, lambda: header(app).startswith("Ben · between you two only, away "))
        assert any("psst" in row for row in rows(app))
        assert "(1!)" not in screen_text(app)
        assert editor(app).text == ""
        await press_bytes(pilot, "for Ben\x1b1")
        await until(pilot, lambda: editor(app).text == "for all")
        await press_bytes(pilot, "\x1b2")
        await until(pilot, lambda: editor(app).text == "for Ben")
        await conversation.hears_line(":Ben!b@h NICK Benno")
        await until(pilot, lambda: " 2 Benno" in screen_text(app))
        assert editor(app).text == "for Ben"
        await press_bytes(pilot, "\x10")
        await until(pilot, lambda: header(app).startswith("Line 3"))
        await press_bytes(pilot, "\x1b[1;3B")
        await until(pilot, lambda: header(app).startswith("Benno"))


async def test_a_draft_goes_along_to_another_name() -> None:
    conversation = Talking()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        conversation.talk_with("Ben")
        await until(pilot, lambda: header(app).startswith("Ben"))
        await press_bytes(pilot, "draft\x1b1")
        await until(pilot, lambda: header(app).startswith("Line 3"))
        await conversation.hears_line(":Ben!b@h NICK Benno")
        await press_bytes(pilot, "\x1b2")
        await until(pilot, lambda: editor(app).text == "draft")


async def test_what_is_typed_behind_a_key_is_never_said_to_the_wrong_people() -> None:
    conversation = Talking()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        for name in ("Ben", "Carl"):
            conversation.talk_with(name)
        await until(pilot, lambda: header(app).startswith("Carl"))
        await press_bytes(pilot, "mine\x1b1to all\r\x1b2to Ben\r\x0eto Carl?\x1b[1;3A\x10again to all\r")
        await until(pilot, lambda: any("again to all" in row for row in rows(app)))
        said = {one.title: [entry.text for entry in one.entries] for one in conversation.state.channels.values()}
        assert said == {"Line 3": ["to all", "again to all"], "Ben": ["to Ben"], "Carl": []}
        await press_bytes(pilot, "\x1b3")
        assert editor(app).text == "mineto Carl?"


async def test_query_opens_and_close_closes_and_what_is_said_offline_stands_there() -> None:
    conversation = Talking()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, "/query Ben\r")
        await until(pilot, lambda: header(app).startswith("Ben"))
        await press_bytes(pilot, "hello\r")
        await until(pilot, lambda: any("hello (not sent yet)" in row for row in rows(app)))
        await press_bytes(pilot, "/close\r")
        await until(pilot, lambda: header(app).startswith("Line 3"))
        assert "Ben" not in screen_text(app)
        await press_bytes(pilot, "/close\r")
        await until(pilot, lambda: any("This is a room; /part leaves it." in row for row in rows(app)))


async def test_many_tabs_keep_unread_ones_in_sight_on_a_narrow_screen() -> None:
    conversation = Talking()
    app = stage_of(conversation)
    async with app.run_test(size=(40, 20)) as pilot:
        for number in range(8):
            conversation.talk_with(f"Colleague{number}")
        await conversation.hears_line(":Colleague0!b@h PRIVMSG Zoé :psst")
        await until(pilot, lambda: "‹ 1!" in screen_text(app))
        await pilot.click("Tabs", offset=(2, 0))
        await until(pilot, lambda: not header(app).startswith("Colleague7"))


# ---- rooms -------------------------------------------------------------------------------------------------------


async def test_leaving_the_last_room_leads_to_the_picker() -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        conversation = app._conversation
        assert conversation is not None
        nick = conversation.state.nick
        await conversation.hear(parse_message(f":{nick}!z@h PART #Line-3".encode()))
        await until(pilot, is_at(app, PickerScreen))


async def test_rooms_that_the_host_lists_can_be_picked_and_none_is_there_twice() -> None:
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    async with app.run_test(size=(100, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        conversation = app._conversation
        assert conversation is not None
        await press_bytes(pilot, "/rooms\r")
        await until(pilot, is_at(app, PickerScreen))
        listed = (ListedRoom("#Line-3", "Line 3", "", 2), ListedRoom("#Lunch", "Lunch", "food", 3))
        conversation._publish([RoomsListed(listed)])
        await until(pilot, lambda: "Lunch" in screen_text(app))
        plan.search.finds(replace(room("Line 3"), addresses=("192.0.2.1",)))
        await until(pilot, lambda: "2 rooms found" in screen_text(app))
        assert [one.channel for one in app.screen._all] == ["#Line-3", "#Lunch"]  # type: ignore[attr-defined]
