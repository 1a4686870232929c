"""Writing and pasting, driven by keys as a person presses them."""

import pytest
from textual import events

from lanchat.client.screen.screens.dialogs import PasteDialog
from lanchat.client.state.channels import Member
from lanchat.limits import MAX_WRITTEN_BYTES
from tests.client.screen.stage import (
    Rehearsal,
    editor,
    hints,
    rows,
    screen_text,
    stage_of,
    until,
)
from tests.client.screen.talk import said


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


async def test_room_left_is_shown_near_the_limit_and_nothing_typed_goes_beyond_it() -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        editor(app).post_message(events.Paste("ä" * (MAX_WRITTEN_BYTES // 2 - 2)))
        await until(pilot, lambda: hints(app).endswith("4 bytes left"))
        await pilot.press(*"abcdef")
        assert editor(app).free_bytes == 0
        assert editor(app).text.endswith("abcd")


# ---- pasting ----------------------------------------------------------------------------------------------------


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


async def test_a_long_paste_says_in_how_many_messages_it_goes() -> None:
    conversation = Rehearsal()
    conversation.state.capabilities = {"batch": "", "draft/multiline": "max-bytes=16384,max-lines=100"}
    app = stage_of(conversation)
    text = "\n".join(f"line {number}" for number in range(2_000))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        editor(app).post_message(events.Paste(text))
        await until(pilot, lambda: "Paste 2,000 lines?" in screen_text(app))
        assert "Enter sends it as 20 messages" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: conversation.submitted == [text])


@pytest.mark.parametrize("text", ["x" * MAX_WRITTEN_BYTES, "x\n" * MAX_WRITTEN_BYTES, "x\n" * 501])
async def test_a_paste_that_does_not_fit_changes_nothing(text: str) -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"draft")
        editor(app).post_message(events.Paste(text))
        await until(pilot, lambda: "that is more than fits" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, PasteDialog))
        assert (conversation.submitted, editor(app).text) == ([], "draft")


async def test_markup_in_a_paste_is_shown_as_it_is() -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        editor(app).post_message(events.Paste("[/x] [bold\n[red]"))
        await until(pilot, lambda: isinstance(app.screen, PasteDialog))
        await until(pilot, lambda: "[/x] [bold" in screen_text(app))
