"""The window's title, and the notification on the desktop."""

from dataclasses import replace
from pathlib import Path

import pytest

from lanchat.client.screen.app import LanchatApp
from lanchat.client.screen.attention import KEEP_TITLE, RESTORE_TITLE, notification, title_of, title_sequence
from tests.client.on_terminal import hosted, joined, need_pty
from tests.client.rooms.found import room
from tests.client.screen.plan import Plan, in_room
from tests.client.screen.stage import Rehearsal, press_bytes, until
from tests.client.screen.talk import NOON, said

FOCUS, BLUR = "\x1b[I", "\x1b[O"
CALLED = replace(said("Zoé,\ncome; \x1b]0;gone\x07now", "Bo;x\x9b"), is_mention=True)


def test_title_tells_what_is_unread_elsewhere() -> None:
    conversation = Rehearsal()
    assert title_of(conversation.state) == "Line 3 · lanchat"
    conversation.enter("#Engine")
    conversation.open("#Line-3")
    conversation.hears(said("hello"), channel="#Engine")
    assert title_of(conversation.state) == "(1) Line 3 · lanchat"
    conversation.hears(replace(said("Zoé?"), is_mention=True), channel="#Engine")
    assert title_of(conversation.state) == "(2!) Line 3 · lanchat"
    conversation.open("#Engine")
    assert title_of(conversation.state) == "Engine · lanchat"


def test_title_tells_what_came_while_the_window_was_left() -> None:
    conversation = Rehearsal()
    conversation.hears(said("before"))
    conversation.watch(is_present=False, is_at_end=True)
    conversation.hears(said("one", at_s=NOON + 1), replace(said("Zoé?", at_s=NOON + 2), is_mention=True))
    assert title_of(conversation.state) == "(2!) Line 3 · lanchat"
    conversation.watch(is_present=True, is_at_end=True)
    assert title_of(conversation.state) == "Line 3 · lanchat"


@pytest.mark.parametrize(
    ("environ", "sequence"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, "\x1b]9;Bo,x: Zoé, come; ]0;gonenow\x1b\\"),
        ({"TERM_PROGRAM": "WezTerm", "TERM": "xterm-256color"}, "\x1b]777;notify;Bo,x;Zoé, come; ]0;gonenow\x1b\\"),
        ({"TERM": "foot"}, "\x1b]777;notify;Bo,x;Zoé, come; ]0;gonenow\x1b\\"),
        (
            {"TERM": "xterm-kitty"},
            "\x1b]99;i=lanchat:d=0;Bo,x\x1b\\\x1b]99;i=lanchat:p=body;Zoé, come; ]0;gonenow\x1b\\",
        ),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/t"}, ""),
        ({"TERM": "xterm-256color"}, ""),
        ({"TERM": "linux"}, ""),
    ],
)
def test_each_terminal_is_notified_in_its_way_and_foreign_text_stays_text(
    environ: dict[str, str], sequence: str
) -> None:
    assert notification(CALLED, environ) == sequence


def test_foreign_text_in_the_title_stays_text() -> None:
    assert title_sequence("a\x1b\\b\x07c\nd\x9c") == "\x1b]2;a\\bc d\x1b\\"


async def test_who_is_called_while_the_window_is_left_is_notified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM_PROGRAM", "iTerm.app")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    plan = Plan(room("Line 3"))
    app = LanchatApp(plan)
    written: list[str] = []
    monkeypatch.setattr(app, "_write", written.append)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_room(app, pilot, "Line 3")
        await until(pilot, lambda: title_sequence("Line 3 · lanchat") in written)
        plan.visits[0].hears(replace(said("Zoé, here I am"), is_mention=True))
        await pilot.pause(0.2)
        await press_bytes(pilot, BLUR)
        plan.visits[0].hears(replace(said("Zoé, come"), is_mention=True))
        await until(pilot, lambda: title_sequence("(1!) Line 3 · lanchat") in written)
        await press_bytes(pilot, FOCUS)
        await until(pilot, lambda: written[-1] == title_sequence("Line 3 · lanchat"))
        assert [one for one in written if one.startswith("\x1b]9;")] == ["\x1b]9;Bo: Zoé, come\x1b\\"]


def test_title_of_the_window_is_given_back_at_the_end(tmp_path: Path) -> None:
    need_pty()
    with hosted(tmp_path / "host") as port, joined(tmp_path / "ana", f"127.0.0.1:{port}", "--nick", "Ana") as screen:
        screen.wait_for("\x1b]2;Line 3 · lanchat\x1b\\")
        screen.type("\x11")
        assert screen.end() == 0
        assert screen.seen.index(KEEP_TITLE) < screen.seen.index("\x1b]2;") < screen.seen.rindex(RESTORE_TITLE)
