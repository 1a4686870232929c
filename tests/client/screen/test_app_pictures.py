"""Pictures of the screens. After a change that is meant, run this file with --snapshot-update."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from lanchat.client.screen.screens.dialogs import PasswordDialog
from lanchat.client.screen.screens.picker import PickerScreen
from lanchat.client.state.changes import LinkStatus, StatusChanged
from lanchat.client.state.channels import Member
from lanchat.client.state.clock import _moment
from lanchat.client.state.entries import Entry, EntryKind, Reaction
from lanchat.discovery.find import Appeared
from lanchat.discovery.rooms import FoundRoom
from tests.client.screen.stage import Rehearsal, Stage, editor, numbered, pill, screen_text, stage_of, talk, until
from tests.client.screen.talk import DAY_S, NOON, came, said, went

SnapCompare = Callable[..., bool]

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="the hours in the pictures are those of UTC")


@pytest.fixture(autouse=True)
def _hours_of_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    for variable in ("NO_COLOR", "COLORFGBG"):
        monkeypatch.delenv(variable, raising=False)
    if sys.platform != "win32":
        time.tzset()
    _moment.cache_clear()
    yield
    monkeypatch.undo()
    if sys.platform != "win32":
        time.tzset()
    _moment.cache_clear()


def shift() -> Rehearsal:
    """A conversation with one of everything."""
    conversation = Rehearsal()
    conversation.here(Member("chief", "@"), Member("Bo", "+"), Member("Maria_López"), Member("Işıl"))
    conversation.here(Member("Cy", is_away=True), Member("press-bot", is_bot=True))
    conversation.topic("Shift B: press 4 until noon")
    question = replace(
        said("Is press 4 back? We have 200 housings waiting, and the truck leaves at eleven.", "Maria_López")
    )
    conversation.hears(
        said("Night shift is off.", at_s=NOON - DAY_S),
        came("Cy"),
        came("Dee"),
        went("Dee", "Ping timeout"),
        replace(question, msgid="a", reactions=(Reaction("+1", ("Bo", "Cy")),)),
        replace(said("Not yet. Ten minutes."), reply_to="a"),
        said("looks at the gauge", "Işıl", kind=EntryKind.ACTION),
        said("pressure 6.1 bar", "press-bot", kind=EntryKind.NOTICE),
        replace(said("Zoé, can you bring the seal?"), is_mention=True),
        replace(said("On my way.", "Zoé"), is_own=True),
        replace(said("for you alone", kind=EntryKind.WHISPER), to="Zoé", is_mention=True),
        replace(said("", "Cy"), is_deleted=True),
        Entry(EntryKind.TOPIC, NOON, nick="chief", text="Shift B: press 4 until noon"),
        Entry(EntryKind.ERROR, NOON, text="There is no command /nosuch."),
    )
    return conversation


def when(is_so: Callable[[Stage], bool]) -> Callable[[Pilot[Any]], Any]:
    async def wait(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        await until(pilot, lambda: is_so(app))
        await pilot.pause()

    return wait


def test_conversation(snap_compare: SnapCompare) -> None:
    is_there = when(lambda app: "no command" in screen_text(app))
    assert snap_compare(stage_of(shift()), terminal_size=(100, 26), run_before=is_there)


def test_conversation_on_a_small_screen(snap_compare: SnapCompare) -> None:
    is_there = when(lambda app: "no command" in screen_text(app))
    assert snap_compare(stage_of(shift()), terminal_size=(40, 10), run_before=is_there)


def test_conversation_scrolled_back_while_the_connection_is_lost(snap_compare: SnapCompare) -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(60))
    conversation.enter("#Engine")
    conversation.open("#Line-3")
    conversation.hears(said("hello?"), channel="#Engine")

    async def scroll(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        await pilot.pause()
        await pilot.press("pageup", *"a draft")
        conversation.hears(*numbered(3, first=60))
        conversation.report(StatusChanged(LinkStatus.LOST, "connection lost", 4.0))
        await until(pilot, lambda: pill(app).count == 3 and "reconnecting in 4 s" in screen_text(app))
        await pilot.pause()

    assert snap_compare(stage_of(conversation), terminal_size=(80, 24), run_before=scroll)


def test_paste_of_several_lines(snap_compare: SnapCompare) -> None:
    async def paste(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        await pilot.pause()
        editor(app).post_message(events.Paste("\n".join(f"[{number}] log line" for number in range(12))))
        await until(pilot, lambda: "Paste 12 lines?" in screen_text(app))
        await pilot.pause()

    assert snap_compare(stage_of(shift()), terminal_size=(80, 24), run_before=paste)


def test_password(snap_compare: SnapCompare) -> None:
    dialog = PasswordDialog("Line 3", "That password is not the right one.")
    assert snap_compare(
        Stage(dialog), terminal_size=(80, 12), run_before=when(lambda app: "asks for a password" in screen_text(app))
    )


def test_picker(snap_compare: SnapCompare) -> None:
    picker = PickerScreen()

    async def find(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        await pilot.pause()
        for number, name in enumerate(("Line 3", "Bridge", "艦橋")):
            room = FoundRoom(
                f"{number:016x}", name, "#x", f"Topic of {name}", number, number == 1, "1", ("10.0.0.5",), 8100
            )
            picker.hear(Appeared(room))
        await pilot.press("down")
        await until(pilot, lambda: "3 rooms found" in screen_text(app))
        await pilot.pause()

    assert snap_compare(Stage(picker), terminal_size=(90, 16), run_before=find)


def test_without_colours_everything_can_still_be_told_apart(
    snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    is_there = when(lambda app: "no command" in screen_text(app) and talk(app).is_at_end)
    assert snap_compare(stage_of(shift()), terminal_size=(100, 26), run_before=is_there)
