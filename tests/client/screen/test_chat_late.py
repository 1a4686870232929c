"""The screen on a machine that is off the CPU for longer than a timer waits."""

import asyncio
import re
import time
from pathlib import Path

import pytest
from textual import _time

import lanchat.client
from lanchat.client.screen.screens import chat
from lanchat.client.screen.widgets import bars
from tests.client.screen.stage import Rehearsal, hints, numbered, rows, stage_of, until

STEP_S = 0.002  # that pass between two looks at the clock


class Stalling:
    """A clock that shows 2 ms more at each look, while `is_stalling`."""

    def __init__(self) -> None:
        self.is_stalling = False
        self._lost_s = 0.0

    def __call__(self) -> float:
        self._lost_s += STEP_S if self.is_stalling else 0.0
        return time.monotonic() + self._lost_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Stalling:
    clock = Stalling()
    monkeypatch.setattr(_time, "get_time", clock)
    return clock


async def test_every_line_is_drawn_though_the_clock_runs_ahead_while_somebody_talks(clock: Stalling) -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        clock.is_stalling = True
        for entry in numbered(8):
            conversation.hears(entry)
            await asyncio.sleep(0.07)  # 14 messages a second
        clock.is_stalling = False
        await until(pilot, lambda: "message 7" in "\n".join(rows(app)))
        assert [f"message {number}" for number in range(8)] == [row[-9:] for row in rows(app) if "message" in row]


async def test_a_note_goes_though_the_machine_slept_through_its_end(
    clock: Stalling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bars, "_NOTE_S", STEP_S / 2)
    conversation = Rehearsal(is_joined=False)
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        clock.is_stalling = True
        await pilot.press(*"hello", "enter")
        await until(pilot, lambda: "kept" not in hints(app))


async def test_what_the_screen_has_not_drawn_waits_in_the_bounded_backlog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "_BATCH_S", 1.0)  # it has just drawn, however slow the machine is
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        conversation.hears(*numbered(6_000))
        assert not await _has_space(conversation)
        await until(pilot, lambda: rows(app)[-1].endswith("message 5999"))
        assert await _has_space(conversation)


async def _has_space(conversation: Rehearsal) -> bool:
    waiting = asyncio.ensure_future(conversation._backlog.wait_for_space())
    await asyncio.sleep(0)
    has_space = waiting.done()
    waiting.cancel()
    return has_space


def test_no_screen_waits_for_a_one_shot_timer_of_textual() -> None:
    package = Path(lanchat.client.__file__).parent
    assert [path.name for path in package.rglob("*.py") if re.search(r"\bset_timer\(", path.read_text("utf-8"))] == []
