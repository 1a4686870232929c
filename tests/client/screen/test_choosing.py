"""Choosing a message and doing something with it, by keys as terminals send them."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.segment import Segment
from textual.strip import Strip

from lanchat.client.screen.screens.acting import has_windows
from lanchat.client.screen.screens.dialogs import ReactDialog
from lanchat.client.screen.widgets.choosing import ChoosingLog
from lanchat.client.speaking.actions import Action, LocalAction, Say, Send
from lanchat.client.speaking.phrasing import Saying
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.words.copied import copied_words
from lanchat.protocol.message import Message
from tests.client.screen.stage import (
    Rehearsal,
    Stage,
    editor,
    hints,
    numbered,
    press_bytes,
    rows,
    stage_of,
    talk,
    until,
)
from tests.client.screen.talk import came, said

CTRL_UP, UP, DOWN, ESC = "\x1b[1;5A", "\x1b[A", "\x1b[B", "\x1b"
HREF = "https://example.org/a/path/that/is/so/long/that/it/has/to/go/on/in/the/next/row/of/the/screen"


class Doing(Rehearsal):
    """Notes what it is to carry out."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[Action] = []
        self.state.capabilities = {"message-tags": "", "draft/message-redaction": ""}

    def carry_out(self, actions: Any) -> list[LocalAction]:
        self.done += actions
        return []


def spoken() -> list[Entry]:
    return [
        replace(said("one"), msgid="m1"),
        replace(said("two\nlines", "Zoé"), msgid="m2", is_own=True),
        came("Carl"),
        replace(said(f"see {HREF}."), msgid="m3"),
    ]


def staged(*entries: Entry) -> tuple[Doing, Stage]:
    conversation = Doing()
    conversation.hears(*(entries or spoken()))
    return conversation, stage_of(conversation)


def chosen(app: Stage) -> str:
    log = talk(app)
    assert isinstance(log, ChoosingLog)
    return log.chosen.text if log.chosen else ""


async def test_keys_choose_what_people_said_and_esc_goes_back() -> None:
    _, app = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, "draft" + CTRL_UP)
        seen = [chosen(app)]
        for key in (UP, UP, UP, DOWN, CTRL_UP, ESC):
            await press_bytes(pilot, key)
            seen.append(chosen(app))
        assert seen == [f"see {HREF}.", "two\nlines", "one", "one", "two\nlines", "one", ""]
        assert editor(app).text == "draft"
        await press_bytes(pilot, f"s{CTRL_UP}Xray")
        assert (editor(app).text, chosen(app)) == ("draftsXray", "")


async def test_the_chosen_one_is_marked_and_told_of_and_the_screen_stays_where_it_is() -> None:
    conversation, app = staged(*numbered(60))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: rows(app)[-1].endswith("message 59"))
        await press_bytes(pilot, CTRL_UP)
        await until(pilot, lambda: hints(app).startswith("↑↓ · r reply · + react"))
        top, row = rows(app)[0], len(rows(app)) - 1
        last = talk(app).render_line(row)
        assert all(segment.style is not None and segment.style.reverse for segment in last if segment.text.strip())
        conversation.hears(said("newer"))
        await pilot.pause(0.2)
        assert rows(app)[0] == top
        await press_bytes(pilot, UP * 40)
        assert chosen(app) == "message 19"
        assert any(row.endswith("message 19") for row in rows(app))
        await press_bytes(pilot, ESC)
        await until(pilot, lambda: rows(app)[-1].endswith("newer"))


async def test_what_is_typed_behind_r_is_the_answer_however_fast_it_comes() -> None:
    conversation, app = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, f"{CTRL_UP}{UP}{UP}redo yes\r")
        assert conversation.done == [Say(Saying("#Line-3", "edo yes", reply_to="m1"))]
        await press_bytes(pilot, "next\r")
        assert conversation.submitted == ["next"]


async def test_an_answer_is_told_of_and_given_up_by_esc_and_waits_where_it_was_begun() -> None:
    conversation, app = staged()
    conversation.enter("#Engine")
    conversation.open("#Line-3")
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, f"{CTRL_UP}{UP}{UP}r\x1b2hello\r\x1b1")
        assert (conversation.submitted, conversation.done) == (["hello"], [])
        await until(pilot, lambda: hints(app) == "↪ Bo: one · Enter answers · Esc gives up")
        await press_bytes(pilot, ESC)
        await press_bytes(pilot, "plain\r")
        assert (conversation.submitted, conversation.done) == (["hello", "plain"], [])


async def test_one_s_own_is_edited_by_saying_it_anew_and_others_are_not() -> None:
    conversation, app = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, f"{CTRL_UP}e")
        await until(pilot, lambda: hints(app) == "Only what you said yourself can be edited.")
        await press_bytes(pilot, f"{UP}e")
        assert editor(app).text == "two\nlines"
        await until(pilot, lambda: chosen(app) == "")
        await press_bytes(pilot, "!\r")
        assert conversation.done == [
            Say(Saying("#Line-3", "two\nlines!", EntryKind.MESSAGE, "")),
            Send(Message("REDACT", ("#Line-3", "m2"))),
        ]
        await press_bytes(pilot, f"{CTRL_UP}{UP}{UP}e")
        assert editor(app).text == ""


async def test_deleting_asks_once() -> None:
    conversation, app = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, f"{CTRL_UP}{UP}d")
        await until(pilot, lambda: hints(app) == "d again deletes it for everybody.")
        await press_bytes(pilot, f"{UP}d")  # another one: asked again
        assert conversation.done == []
        await press_bytes(pilot, "d")
        assert conversation.done == [Send(Message("REDACT", ("#Line-3", "m1")))]
        assert chosen(app) == ""


@pytest.mark.parametrize(("typed", "sign"), [("2", "👎"), ("🚀\r", "🚀"), ("ok\r", "ok")])
async def test_a_sign_is_chosen_by_its_number_or_typed(typed: str, sign: str) -> None:
    conversation, app = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, f"{CTRL_UP}+")
        await until(pilot, lambda: isinstance(app.screen, ReactDialog))
        await press_bytes(pilot, typed)
        await until(pilot, lambda: bool(conversation.done))
        tags = {"+draft/react": sign, "+reply": "m3", "+draft/reply": "m3"}
        assert conversation.done == [Send(Message("TAGMSG", ("#Line-3",), tags=tags))]


async def test_a_sign_can_be_left_off() -> None:
    conversation, app = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, f"{CTRL_UP}+")
        await until(pilot, lambda: isinstance(app.screen, ReactDialog))
        await press_bytes(pilot, ESC)
        await until(pilot, lambda: not isinstance(app.screen, ReactDialog))
        await press_bytes(pilot, "x")
        assert (conversation.done, editor(app).text) == ([], "x")


# ---- copying and links -------------------------------------------------------------------------------------------


async def test_what_is_copied_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setattr("lanchat.client.screen.screens.acting.has_windows", lambda: False)
    _, app = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, f"{CTRL_UP}{UP}y")
        await until(pilot, lambda: hints(app) == "Copied 2 lines")
        assert app.clipboard == "two\nlines"
        await press_bytes(pilot, f"{CTRL_UP}o")
        await until(pilot, lambda: hints(app) == "Copied the link")
        assert app.clipboard == HREF
        await press_bytes(pilot, f"{CTRL_UP}{UP}{UP}o")
        await until(pilot, lambda: hints(app) == "There is no link in this message.")


def test_tmux_is_told_what_to_do() -> None:
    assert copied_words("a\nb", environment={}) == "Copied 2 lines"
    assert copied_words("a", environment={"TMUX": "x"}).endswith("tmux: set -s set-clipboard on")


@pytest.mark.parametrize(
    ("environment", "platform", "is_so"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "w"}, "linux", True),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "x", "DISPLAY": ":10"}, "linux", False),
    ],
)
def test_a_browser_opens_only_in_a_window_near_this_person(
    environment: dict[str, str], platform: str, *, is_so: bool
) -> None:
    assert has_windows(environment, platform) is is_so


async def test_each_row_of_a_link_leads_to_all_of_it_and_nothing_else_is_told_to_the_terminal() -> None:
    evil = "http://a.lan/\x1b]8;;http://evil\x1b\\ javascript:alert(1)"
    _, app = staged(said(f"see {HREF} now"), said(evil.replace("\x1b", "␛")))
    async with app.run_test(size=(50, 24)) as pilot:
        await until(pilot, lambda: any("see" in row for row in rows(app)))
        strips = [talk(app).render_line(y) for y in range(talk(app).size.height)]
        rows_of_link = [strip for strip in strips if any(_link(segment) == HREF for segment in strip)]
        assert len(rows_of_link) > 1
        assert {_link(segment) for strip in strips for segment in strip} <= {
            "", HREF, "http://a.lan/%E2%90%9B]8;;http://evil%E2%90%9B%5C"
        }  # fmt: skip
        for strip in rows_of_link:
            rendered = _rendered(strip)
            assert re.findall(r"\x1b\]8;id=[0-9-]+;(.*?)\x1b\\", rendered) == [HREF]
            assert rendered.count("\x1b]8;;\x1b\\") == 1


def _link(segment: Segment) -> str:
    return segment.style.link or "" if segment.style else ""


def _rendered(strip: Strip) -> str:
    from rich.console import Console

    return strip.render(Console(file=io.StringIO(), force_terminal=True, color_system="truecolor"))


async def test_a_click_chooses_a_message() -> None:
    _, app = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        row = next(y for y, text in enumerate(rows(app)) if text.endswith("one"))
        await pilot.click(talk(app), offset=(20, row))
        await until(pilot, lambda: chosen(app) == "one")
        await pilot.pause(0.6)  # the next click is one of its own
        await pilot.click(talk(app), offset=(20, row))
        await until(pilot, lambda: chosen(app) == "")
