"""The reader's place in the conversation, and selecting in it, driven by keys as a person presses them."""

from textual import events

from lanchat.client.screen.screens.dialogs import PasteDialog
from lanchat.client.state.entries import Reaction
from tests.client.screen.stage import (
    Rehearsal,
    editor,
    numbered,
    pill,
    rows,
    screen_text,
    stage_of,
    talk,
    until,
)
from tests.client.screen.talk import came, said


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


async def test_end_in_a_text_is_the_end_of_its_line() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(100))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"abc", "ctrl+home")
        await until(pilot, lambda: rows(app)[1].endswith("message 0"))
        await pilot.press("home", "end")
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


async def test_nothing_is_dropped_above_who_reads_further_up_until_they_are_back_at_the_end() -> None:
    conversation = Rehearsal()
    log = conversation.state.current.entries
    log.limit = 200
    conversation.hears(*numbered(200))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("pageup", "pageup")
        conversation.hears(*numbered(60, first=200))
        await until(pilot, lambda: pill(app).count == 60)
        assert log.first_serial == 0
        await pilot.press("end")
        await until(pilot, lambda: rows(app)[-1].endswith("message 259"))
        assert log.first_serial == 60
        assert talk(app).transcript.row_count == 201  # and the rule of the day


async def test_log_that_drops_its_oldest_keeps_the_readers_place() -> None:
    conversation = Rehearsal()
    conversation.state.current.entries.limit = conversation.state.current.entries.most = 200
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


# ---- selecting --------------------------------------------------------------------------------------------------


async def test_selected_text_is_copied_as_it_was_written() -> None:
    conversation = Rehearsal()
    conversation.hears(said("is press 4 back, or shall we wait until ten o'clock for the second line?"))
    app = stage_of(conversation)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: any("press" in row for row in rows(app)))
        await pilot.mouse_down(talk(app), offset=(12, 1))
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
