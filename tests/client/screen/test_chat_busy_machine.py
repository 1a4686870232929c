"""The screen goes on drawing on a machine so busy that the clock jumps between two looks at it."""

import asyncio
import re
import time
from pathlib import Path

import pytest
from textual import _time

import lanchat.client
from tests.client.screen.stage import Rehearsal, hints, numbered, screen_text, stage_of, until

_JUMPING_S = 0.4


class JumpingClock:
    """Textual's clock, 2 ms further on at each look while it jumps: as long as the process is off the CPU each time."""

    def __init__(self) -> None:
        self.until = 0.0
        self._ahead_s = 0.0

    def __call__(self) -> float:
        if time.monotonic() < self.until:
            self._ahead_s += 0.002
        return time.monotonic() + self._ahead_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> JumpingClock:
    clock = JumpingClock()
    monkeypatch.setattr(_time, "get_time", clock)
    return clock


async def test_every_line_said_meanwhile_and_afterwards_is_on_the_screen(clock: JumpingClock) -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 60)) as pilot:
        clock.until = time.monotonic() + _JUMPING_S
        for entry in numbered(20):
            conversation.hears(entry)
            await asyncio.sleep(_JUMPING_S / 20)
        await until(pilot, lambda: "message 19" in screen_text(app))
        conversation.hears(*numbered(5, first=20))
        await until(pilot, lambda: "message 24" in screen_text(app))
        shown = [int(number) for number in re.findall(r"message (\d+)", screen_text(app))]
        assert shown == list(range(25))


async def test_a_note_goes_away_though_the_machine_slept_for_longer_than_it_stays(
    clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lanchat.client.screen.screens.chat._NOTICE_S", 0.001)
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        clock.until = time.monotonic() + _JUMPING_S
        app.screen.note("A note")  # type: ignore[attr-defined]
        await until(pilot, lambda: "A note" not in hints(app))


def test_nothing_waits_for_a_one_shot_timer_of_textuals() -> None:
    folder = Path(lanchat.client.__file__).parent
    assert [path.name for path in folder.rglob("*.py") if "set_timer(" in path.read_text("utf-8")] == []
