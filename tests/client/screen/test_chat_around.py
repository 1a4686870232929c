"""What is around the conversation, and several rooms, driven by keys as a person presses them."""

from dataclasses import replace

from lanchat.client.state.changes import LinkStatus, StatusChanged
from lanchat.client.state.channels import Member
from lanchat.protocol.message import parse_message
from tests.client.screen.stage import (
    Rehearsal,
    editor,
    header,
    hints,
    members,
    numbered,
    pill,
    press_bytes,
    rows,
    screen_text,
    stage_of,
    talk,
    until,
)
from tests.client.screen.talk import said


async def test_header_tells_room_topic_people_and_connection() -> None:
    conversation = Rehearsal()
    conversation.here(Member("Bo"))
    conversation.topic("Shift B")
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: header(app).rstrip().endswith("2 people · connected"))
        assert header(app).startswith("Line 3 · Shift B  ")
        conversation.report(StatusChanged(LinkStatus.LOST, "connection lost", 4.2))
        await until(pilot, lambda: header(app).rstrip().endswith("reconnecting in 4 s"))
        conversation.report(StatusChanged(LinkStatus.LOOKING, "looking for the room"))
        await until(pilot, lambda: header(app).rstrip().endswith("looking for the room…"))


async def test_header_keeps_the_state_of_the_connection_where_there_is_little_room() -> None:
    conversation = Rehearsal()
    conversation.topic("A topic that is much too long for so narrow a screen")
    app = stage_of(conversation)
    async with app.run_test(size=(40, 10)) as pilot:
        await until(pilot, lambda: header(app).endswith("connected"))
        assert header(app).startswith("Line 3")


async def test_draft_survives_a_lost_connection() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"a draft")
        conversation.report(StatusChanged(LinkStatus.LOST, "connection lost", 4.0))
        await until(pilot, lambda: "reconnecting" in header(app))
        assert editor(app).text == "a draft"


async def test_before_the_room_is_there_nothing_is_lost_and_commands_work() -> None:
    conversation = Rehearsal(is_joined=False)
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"hello", "enter")
        assert editor(app).text == "hello"
        assert "what you wrote is kept" in hints(app)
        assert conversation.submitted == []
        editor(app).put("/help")
        await pilot.press("enter")
        assert conversation.submitted == ["/help"]


async def test_member_list_shows_ranks_bots_oneself_and_who_is_away() -> None:
    conversation = Rehearsal()
    conversation.here(Member("chief", "@"), Member("Bo", "+", is_away=True), Member("ops", is_bot=True))
    app = stage_of(conversation)
    async with app.run_test(size=(100, 24)) as pilot:
        await until(pilot, lambda: members(app).render_line(0).text.strip() == "4 people")
        shown = [members(app).render_line(y).text.strip() for y in range(1, 5)]
        assert shown == ["@chief", "+Bo away", "ops bot", "Zoé you"]


async def test_member_list_hides_on_narrow_screens_and_f2_asks_for_it() -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(100, 24)) as pilot:
        assert members(app).display
        await pilot.resize_terminal(99, 24)
        await until(pilot, lambda: not members(app).display)
        width = talk(app).size.width
        await press_bytes(pilot, "\x1bOQ")
        await until(pilot, lambda: bool(members(app).display))
        assert talk(app).size.width == width == 99  # over the text, which does not move
        await press_bytes(pilot, "\x1b")
        await until(pilot, lambda: not members(app).display)
        await press_bytes(pilot, "\x1bOQ\x1bOQ")
        await until(pilot, lambda: not members(app).display)
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert not members(app).display  # what was asked for stays


async def test_own_name_stands_before_the_input_and_follows_a_change() -> None:
    conversation = Rehearsal("Maria_López")
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: screen_text(app).endswith(" Maria López › Message Line 3"))
        await conversation.hear(parse_message(b":Maria_L\xc3\xb3pez!m@h NICK :" + b"M" * 30))
        await until(pilot, lambda: f" {'M' * 22}… › Message Line 3" in screen_text(app))


async def test_the_names_column_grows_with_the_names_in_view_and_the_place_stays() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(200))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: rows(app)[-1].endswith("  Bo  message 199"))
        assert rows(app)[-1][6:] == "  Bo  message 199"
        await press_bytes(pilot, "\x1b[5~\x1b[5~")
        top = rows(app)[0][-11:]
        conversation.hears(said("hello", "Maria_López"))
        await until(pilot, lambda: pill(app).count == 1)
        assert (rows(app)[0][6:], rows(app)[0][-11:]) == (f"  Bo  {top}", top)  # she is not in view
        await press_bytes(pilot, "\x1b[1;5F")
        await until(pilot, lambda: rows(app)[-1][6:] == "Maria López  hello")
        assert rows(app)[-3][6:] == "         Bo  message 199"  # above the rule


async def test_five_thousand_members_are_shown_by_the_row() -> None:
    conversation = Rehearsal()
    conversation.here(*(Member(f"user{number:04}") for number in range(5_000)))
    app = stage_of(conversation)
    async with app.run_test(size=(100, 24)) as pilot:
        await until(pilot, lambda: members(app).virtual_size.height == 5_002)
        assert len(members(app).children) == 0


async def test_mention_rings_the_bell_unless_it_is_off() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        conversation.hears(replace(said("Zoé, come"), is_mention=True))
        await until(pilot, lambda: app.bells == 1)
        conversation.is_bell_on = False
        conversation.hears(replace(said("Zoé, again"), is_mention=True))
        await until(pilot, lambda: any("again" in row for row in rows(app)))
        assert app.bells == 1


async def test_replayed_mention_rings_no_bell() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        conversation.hears(replace(said("Zoé, come"), is_mention=True, is_replayed=True))
        await until(pilot, lambda: any("come" in row for row in rows(app)))
        assert app.bells == 0


async def test_who_is_typing_is_said_until_they_spoke() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await conversation.hear(parse_message(b"@+typing=active :Maria_L\xc3\xb3pez!m@h TAGMSG #Line-3"))
        await until(pilot, lambda: hints(app) == "Maria López is typing…")
        await conversation.hear(parse_message(b":Maria_L\xc3\xb3pez!m@h PRIVMSG #Line-3 :done"))
        await until(pilot, lambda: "typing" not in hints(app))


# ---- several rooms ----------------------------------------------------------------------------------------------


async def test_rooms_are_switched_by_key_each_with_its_draft_and_place() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(100))
    conversation.enter("#Engine")
    conversation.open("#Line-3")
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"for line 3", "pageup")
        top = rows(app)[0]
        await pilot.press("ctrl+n")
        await until(pilot, lambda: header(app).startswith("Engine"))
        assert editor(app).text == ""
        conversation.hears(said("hello"), said("hello?"), channel="#Line-3")
        await until(pilot, lambda: " 1 Line 3 (2) " in screen_text(app))
        await pilot.press("alt+1")
        await until(pilot, lambda: header(app).startswith("Line 3"))
        assert editor(app).text == "for line 3"
        assert rows(app)[0] == top
        assert pill(app).count == 2
        assert "(2)" not in screen_text(app)


async def test_tab_that_is_clicked_on_is_opened() -> None:
    conversation = Rehearsal()
    conversation.enter("#Engine")
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: " 1 Line 3 " in screen_text(app))
        await pilot.click("Tabs", offset=(3, 0))
        await until(pilot, lambda: header(app).startswith("Line 3"))


async def test_one_room_has_no_tabs() -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert not app.screen.query_one("Tabs").display


async def test_members_are_dimmed_while_the_connection_is_lost() -> None:
    conversation = Rehearsal()
    conversation.here(Member("Bo"))
    app = stage_of(conversation)
    async with app.run_test(size=(100, 24)) as pilot:

        def is_dim() -> list[bool]:
            segments = [segment for y in range(5) for segment in members(app).render_line(y) if segment.text == "Bo"]
            return [bool(segment.style and segment.style.dim) for segment in segments]

        await until(pilot, lambda: is_dim() == [False])
        conversation.report(StatusChanged(LinkStatus.LOST, "connection lost", 4.0))
        await until(pilot, lambda: is_dim() == [True])
        conversation.enter()
        await until(pilot, lambda: members(app)._is_current)


async def test_what_is_said_offline_is_on_the_screen_at_once_and_becomes_the_normal_line() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(1))
    app = stage_of(conversation)
    async with app.run_test(size=(60, 24)) as pilot:
        conversation.report(StatusChanged(LinkStatus.LOST, "connection lost", 4.0))
        conversation.say("are you there?")
        await until(pilot, lambda: any(row.endswith("Zoé› are you there? (not sent yet)") for row in rows(app)))
        conversation.report(StatusChanged(LinkStatus.CONNECTED, "connected again after 4 s"))
        conversation.hears(said("welcome back"))
        [(pending, _)] = conversation._sender._outbox.due(lambda _: True, has_labels=True, has_echo=True)
        echo = f"@label=say{pending.number};msgid=m1 :Zoé!z@h PRIVMSG #Line-3 :are you there?"
        await conversation.hear(parse_message(echo.encode()))
        await until(pilot, lambda: any(row.endswith("Zoé› are you there?") for row in rows(app)))
        spoken = [row[6:].strip() for row in rows(app) if row.endswith(("0", "?", "welcome back"))]
        assert spoken == ["Bo  message 0", "Zoé› are you there?", "Bo  welcome back"]


async def test_enter_in_the_empty_line_tries_to_connect_at_once() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, conversation._link._hurry.is_set)
        assert conversation.submitted == []
