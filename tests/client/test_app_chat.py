"""The conversation on the screen, driven by keys as a person presses them."""

from dataclasses import replace

import pytest
from textual import events

from lanchat.client.changes import LinkStatus, StatusChanged
from lanchat.client.channels import Member
from lanchat.client.entries import EntryKind, Reaction
from lanchat.client.screens.dialogs import PasteDialog
from lanchat.protocol.message import parse_message
from lanchat.protocol.text import is_harmful
from tests.client.stage import (
    Rehearsal,
    editor,
    header,
    hints,
    members,
    numbered,
    pill,
    rows,
    screen_text,
    stage_of,
    talk,
    until,
)
from tests.client.talk import came, said


async def test_what_is_said_is_seen() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        conversation.hears(said("Press 4 is back", "Maria_López"))
        await until(pilot, lambda: any("Maria López  Press 4 is back" in row for row in rows(app)))


async def test_what_is_typed_is_sent_with_enter() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"hello", "enter")
        assert conversation.submitted == ["hello"]
        assert editor(app).text == ""
        await until(pilot, lambda: any("hello" in row for row in rows(app)))


async def test_keys_act_in_the_order_they_were_pressed() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("a", "b", "backspace", "c", "enter", "d", "left", "e"):
            event = events.Key(key, key if len(key) == 1 else None)
            event.set_sender(app)
            editor(app).post_message(event)
        await until(pilot, lambda: editor(app).text == "ed")
        assert conversation.submitted == ["ac"]


async def test_blank_lines_are_not_sent() -> None:
    conversation = Rehearsal()
    async with stage_of(conversation).run_test() as pilot:
        await pilot.press("space", "space", "enter")
        assert conversation.submitted == []


async def test_alt_enter_begins_another_line_of_the_same_message() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"one", "alt+enter", *"two")
        await until(pilot, lambda: editor(app).size.height == 2)
        await pilot.press("enter")
        assert conversation.submitted == ["one\ntwo"]


async def test_up_brings_back_what_was_sent_and_down_the_draft() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test() as pilot:
        await pilot.press(*"one", "enter", *"two", "enter", *"draft", "up")
        assert editor(app).text == "two"
        await pilot.press("up", "up")
        assert editor(app).text == "one"
        await pilot.press("down", "down")
        assert editor(app).text == "draft"


async def test_up_in_a_text_of_several_lines_moves_in_it_first() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test() as pilot:
        await pilot.press(*"sent", "enter", *"one", "alt+enter", *"two", "up")
        assert editor(app).text == "one\ntwo"
        assert editor(app).cursor_location == (0, 3)
        await pilot.press("up")
        assert editor(app).text == "sent"


async def test_tab_completes_names_in_turn() -> None:
    conversation = Rehearsal()
    conversation.here(Member("Anna"), Member("Andy"))
    app = stage_of(conversation)
    async with app.run_test() as pilot:
        await pilot.press(*"an", "tab")
        first = editor(app).text
        await pilot.press("tab")
        second = editor(app).text
        assert {first, second} == {"Andy: ", "Anna: "}
        await pilot.press("shift+tab", *"hi")
        assert editor(app).text == f"{first}hi"


async def test_tab_completes_in_the_middle_of_several_lines() -> None:
    conversation = Rehearsal()
    conversation.here(Member("Maria_López"))
    app = stage_of(conversation)
    async with app.run_test() as pilot:
        await pilot.press(*"one", "alt+enter", *"ask mar?", "left", "tab")
        assert editor(app).text.startswith("one\nask Maria López")
        assert editor(app).cursor_location[0] == 1


async def test_message_longer_than_any_host_takes_is_cut_and_the_room_left_is_shown() -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        editor(app).post_message(events.Paste("ä" * 8_190))
        await until(pilot, lambda: hints(app).endswith("4 bytes left"))
        await pilot.press(*"abcdef")
        assert editor(app).room_bytes == 0
        assert editor(app).text.endswith("abcd")


# ---- pasting ---------------------------------------------------------------------------------------------------


async def test_one_pasted_line_is_put_in_at_once() -> None:
    app = stage_of(Rehearsal())
    async with app.run_test() as pilot:
        await pilot.press(*"ab", "left")
        editor(app).post_message(events.Paste("see \x1b[31mthis\x07\n"))
        await until(pilot, lambda: editor(app).text == "asee [31mthisb")


@pytest.mark.parametrize(
    ("key", "sent", "kept"),
    [("enter", ["one\ntwo\n\nthree\nfour"], ""), ("e", [], "one\ntwo\n\nthree\nfour"), ("escape", [], "")],
)
async def test_several_pasted_lines_are_asked_about_first(key: str, sent: list[str], kept: str) -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        editor(app).post_message(events.Paste("one\r\ntwo\n\nthree\nfour\n"))
        await until(pilot, lambda: isinstance(app.screen, PasteDialog))
        await until(pilot, lambda: "Paste 5 lines?" in screen_text(app))
        assert "… and 2 more" in screen_text(app)
        assert conversation.submitted == []
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(app.screen, PasteDialog))
        assert conversation.submitted == sent
        assert editor(app).text == kept


async def test_markup_in_a_paste_is_shown_as_it_is() -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        editor(app).post_message(events.Paste("[/x] [bold\n[red]"))
        await until(pilot, lambda: isinstance(app.screen, PasteDialog))
        await until(pilot, lambda: "[/x] [bold" in screen_text(app))


# ---- the reader's place ----------------------------------------------------------------------------------------


async def test_new_messages_do_not_move_a_reader_who_scrolled_back() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(100))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("pageup", "pageup")
        before = rows(app)[0]
        conversation.hears(*numbered(3, first=100))
        await until(pilot, lambda: pill(app).count == 3)
        assert rows(app)[0] == before
        assert "3 new messages ↓" in screen_text(app)


async def test_joins_are_no_new_messages() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(100))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("pageup")
        conversation.hears(came("Ann"), said("hello", "Ann"))
        await until(pilot, lambda: pill(app).count == 1)


async def test_end_goes_to_the_newest_message() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(100))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("pageup")
        conversation.hears(said("the newest"))
        await until(pilot, lambda: pill(app).count == 1)
        await pilot.press("end")
        await until(pilot, lambda: pill(app).count == 0 and rows(app)[-1].endswith("the newest"))
        assert not pill(app).display


async def test_click_on_the_pill_goes_to_the_newest_message() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(100))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("pageup")
        conversation.hears(said("the newest"))
        await until(pilot, lambda: bool(pill(app).display) and pill(app).size.width > 0)
        await pilot.click(pill(app))
        await until(pilot, lambda: rows(app)[-1].endswith("the newest"))


async def test_scrolling_down_to_the_end_follows_again() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(40))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("pageup", "pagedown", "pagedown")
        conversation.hears(said("the newest"))
        await until(pilot, lambda: rows(app)[-1].endswith("the newest"))


async def test_home_goes_to_the_oldest_message_and_keeps_the_cursor_keys_of_a_text() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(100))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"abc", "home")
        assert editor(app).cursor_location == (0, 0)
        assert talk(app).is_at_end
        await pilot.press("home")
        await until(pilot, lambda: rows(app)[1].endswith("message 0"))
        await pilot.press("end")
        assert editor(app).cursor_location == (0, 3)
        assert not talk(app).is_at_end


async def test_resizing_keeps_the_line_at_the_top() -> None:
    conversation = Rehearsal()
    words = " ".join(f"w{number}" for number in range(60))
    conversation.hears(*(said(f"message {number} {words}") for number in range(60)))
    app = stage_of(conversation)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("pageup", "pageup", "pageup")
        place = talk(app).transcript.place
        assert place is not None
        for size in ((50, 12), (200, 50), (120, 30)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: talk(app).transcript.row_of(place) == talk(app).scroll_offset.y)
            found = talk(app).transcript.at(talk(app).scroll_offset.y)
            assert found is not None
            assert found[0].serial == place.serial


async def test_resizing_at_the_end_stays_at_the_end() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(100))
    app = stage_of(conversation)
    async with app.run_test(size=(100, 30)) as pilot:
        for size in ((40, 10), (100, 40), (60, 12)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: rows(app)[-1].endswith("message 99"))


async def test_scroll_bar_is_where_the_reader_is() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(100))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        bar = talk(app).vertical_scrollbar
        await until(pilot, lambda: bar.position == talk(app).max_scroll_y > 0)
        conversation.hears(*numbered(5, first=100))
        await until(pilot, lambda: talk(app).max_scroll_y == bar.position and rows(app)[-1].endswith("104"))
        await pilot.press("ctrl+home")
        await until(pilot, lambda: bar.position == 0)


async def test_dialog_leaves_the_conversation_in_sight() -> None:
    conversation = Rehearsal()
    conversation.hears(said("still to be read"))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "still to be read" in screen_text(app))
        editor(app).post_message(events.Paste("one\ntwo"))
        await until(pilot, lambda: isinstance(app.screen, PasteDialog) and "Paste 2 lines?" in screen_text(app))
        assert app.screen.styles.background.a == 0


async def test_log_that_drops_its_oldest_keeps_the_readers_place() -> None:
    conversation = Rehearsal()
    conversation.state.current.entries.limit = 200
    conversation.hears(*numbered(200))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("pageup", "pageup")
        before = rows(app)
        conversation.hears(*numbered(60, first=200))
        await until(pilot, lambda: pill(app).count == 60)
        assert rows(app)[:10] == before[:10]
        assert conversation.state.current.entries.first_serial > 0


async def test_emptied_log_is_empty_on_the_screen() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(50))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        conversation.clear()
        await until(pilot, lambda: not any(rows(app)))


async def test_deleted_and_reacted_messages_change_where_they_are() -> None:
    conversation = Rehearsal()
    conversation.hears(said("one"), said("a slip"), said("three"))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: any("a slip" in row for row in rows(app)))
        channel = conversation.state.current
        conversation._publish(conversation.state.change(channel, channel.entries[1], is_deleted=True, text=""))
        conversation._publish(
            conversation.state.change(channel, channel.entries[2], reactions=(Reaction("👍", ("Ann",)),))
        )
        await until(pilot, lambda: any("message deleted" in row for row in rows(app)))
        await until(pilot, lambda: any("three  👍 1" in row for row in rows(app)))


# ---- what is around the conversation ---------------------------------------------------------------------------


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


async def test_member_list_shows_ranks_bots_and_who_is_away() -> None:
    conversation = Rehearsal()
    conversation.here(Member("chief", "@"), Member("Bo", "+", is_away=True), Member("ops", is_bot=True))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: members(app).render_line(0).text.strip() == "4 people")
        shown = [members(app).render_line(y).text.strip() for y in range(1, 5)]
        assert shown == ["@chief", "+Bo away", "ops bot", "Zoé"]


async def test_member_list_hides_on_narrow_screens_and_f2_asks_for_it() -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        assert members(app).display
        await pilot.resize_terminal(79, 24)
        await until(pilot, lambda: not members(app).display)
        await pilot.press("f2")
        await until(pilot, lambda: bool(members(app).display))
        await pilot.press("f2")
        await until(pilot, lambda: not members(app).display)
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert not members(app).display  # what was asked for stays


async def test_five_thousand_members_are_shown_by_the_row() -> None:
    conversation = Rehearsal()
    conversation.here(*(Member(f"user{number:04}") for number in range(5_000)))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
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


# ---- several rooms ---------------------------------------------------------------------------------------------


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


# ---- foreign text ----------------------------------------------------------------------------------------------

HOSTILE = (
    "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m",
    "[/x] [bold [red]x[/red] [@click=app.leave]y[/]",
    "\u202eevil\u2066\u200b\u2060\u00ad\ufeff",
    "e" + "\u0301" * 400,
    "👨‍👩‍👧‍👦" * 60,
    "ﷺ" * 200,
    "x" * 10_000,
    "田" * 5_000,
    "\u0e01\u0e33" * 300,
    "\U000e0041\U000f0000\ud83d",
    "\ttab\x00nul\x7f",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("size", [(80, 24), (40, 10), (12, 6)])
async def test_hostile_text_is_shown_harmless_everywhere(text: str, size: tuple[int, int]) -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=size) as pilot:
        nick = text[:40]
        conversation.here(Member(nick, "@"))
        conversation.topic(text[:300])
        conversation.hears(
            said(text, nick),
            replace(said(text, nick, kind=EntryKind.ACTION), is_mention=True, msgid="a"),
            replace(said("see above", nick), reply_to="a", reactions=(Reaction(text[:40], (nick,)),)),
            came(nick),
        )
        await until(pilot, lambda: talk(app).transcript.next_serial == 4)
        await pilot.press("f2", "home", "pagedown", "end")
        text_on_screen = screen_text(app)
        assert not any(is_harmful(char) for char in text_on_screen.replace("\n", ""))
        assert all(strip.cell_length == size[0] for strip in app.screen._compositor.render_strips())


async def test_narrow_and_low_screens_still_show_the_newest_message() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(30))
    for size in ((40, 10), (20, 5), (10, 4)):
        app = stage_of(conversation)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda app=app: any("29" in row for row in rows(app)))  # type: ignore[misc]


# ---- selecting -------------------------------------------------------------------------------------------------


async def test_selected_text_is_copied_as_it_was_written() -> None:
    conversation = Rehearsal()
    conversation.hears(said("is press 4 back, or shall we wait until ten o'clock for the second line?"))
    app = stage_of(conversation)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: any("press" in row for row in rows(app)))
        await pilot.mouse_down(talk(app), offset=(18, 1))
        await pilot.hover(talk(app), offset=(50, 2))
        await pilot.mouse_up(talk(app), offset=(50, 2))
        await pilot.press("ctrl+c")
        assert app.clipboard == "is press 4 back, or shall we wait until ten o'clock for the second line?"


async def test_double_click_selects_one_message() -> None:
    conversation = Rehearsal()
    conversation.hears(said("one"), said("two words"), said("three"))
    app = stage_of(conversation)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: any("three" in row for row in rows(app)))
        await pilot.double_click(talk(app), offset=(12, 2))
        selected = app.screen.get_selected_text()
        assert selected is not None
        assert selected.endswith("Bo: two words")
        assert "\n" not in selected
