from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from lanchat.client.choosing import beginning_with, find_wanted, is_address, is_called, listed
from lanchat.client.memory import SettingsMemory
from lanchat.client.place import Place
from lanchat.config import Settings, load_settings
from lanchat.discovery.find import Appeared, Finder, FindEvent
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UserError


def room(name: str, number: int = 1) -> FoundRoom:
    channel = "#" + name.replace(" ", "-")
    return FoundRoom(f"{number:016x}", name, channel, "", 2, False, "1", (f"10.0.0.{number}",), 8100, "77" * 8)


class Found(Finder):
    """A finder whose network is a list."""

    def __init__(self, *rooms: FoundRoom, is_on_network: bool = True) -> None:
        super().__init__()
        self._listed = list(rooms)
        self._has_network = is_on_network
        self.is_left = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.is_left = True

    async def collect(self, timeout_s: float | None = None) -> AsyncGenerator[FindEvent, None]:
        for one in self._listed:
            yield Appeared(one)

    @property
    def rooms(self) -> list[FoundRoom]:
        return self._listed

    @property
    def is_on_network(self) -> bool:
        return self._has_network


LINE_3, LINE_4, BRIDGE = room("Line 3", 1), room("Line 4", 2), room("Bridge", 3)


@pytest.mark.parametrize("text", ["Line 3", "LINE 3", " line  3 ", "Line\u00a03"])
def test_a_name_is_the_same_in_any_case_and_spacing(text: str) -> None:
    assert is_called(LINE_3, text)


def test_the_beginning_of_a_name() -> None:
    assert beginning_with([LINE_3, LINE_4, BRIDGE], "lin") == [LINE_3, LINE_4]


@pytest.mark.parametrize("text", ["10.0.0.5", "10.0.0.5:9000", "host:8100", "[fd00::5]", "fd00::5"])
def test_what_can_only_be_an_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["Line 3", "bridge", "Line: 3", "10.0.0.300", "host:port", "Shift 3:1"])
def test_what_may_be_a_name(text: str) -> None:
    assert not is_address(text)


async def test_the_exact_name_wins_at_once() -> None:
    finder = Found(room("Line 33", 9), LINE_3)
    assert await find_wanted("line 3", lambda: finder) == LINE_3
    assert finder.is_left


async def test_the_only_beginning_is_meant() -> None:
    assert await find_wanted("bri", lambda: Found(LINE_3, BRIDGE)) == BRIDGE


@pytest.mark.parametrize(
    ("text", "finder", "error"),
    [
        ("line", Found(LINE_3, LINE_4), '"line" may be Line 3 or Line 4; type more of the name.'),
        (
            "lin",
            Found(LINE_3, replace(LINE_3, id="b" * 16, addresses=("fd00::2",))),
            '"lin" may be Line 3 (10.0.0.1:8100) or Line 3 ([fd00::2]:8100); type more of the name.',
        ),
        ("Engine room", Found(LINE_3, BRIDGE), 'There is no room "Engine room" here; there is Bridge and Line 3.'),
        (
            "Engine room",
            Found(is_on_network=False),
            'There is no room "Engine room" here: this machine is on no network. Connect it, then try again.',
        ),
        (
            "Engine \x1b[2Jroom",
            Found(),
            'There is no room "Engine [2Jroom" here, and no other. Is its host running? '
            "With its address, try: lanchat join HOST",
        ),
    ],
)
async def test_what_is_not_found_is_told(text: str, finder: Found, error: str) -> None:
    with pytest.raises(UserError) as caught:
        await find_wanted(text, lambda: finder)
    assert str(caught.value) == error


def test_a_single_room_is_listed_without_more() -> None:
    assert listed([LINE_3], "or") == "Line 3"


# ---- what is kept ------------------------------------------------------------------------------------------------


def test_a_host_has_one_secret_for_all_its_rooms(tmp_path: Path) -> None:
    memory = SettingsMemory(Settings(tmp_path / "settings.toml"), pytest.fail)
    secret = memory.secret_for(Place.of(LINE_3))
    assert secret
    assert memory.secret_for(Place.of(LINE_4)) == secret
    assert memory.secret_for(Place.of(replace(LINE_4, host_id="88" * 8))) != secret
    assert memory.secret_for(Place.of(replace(LINE_4, host_id=""))) == ""


def test_a_room_that_moved_is_remembered_where_it_is_now(tmp_path: Path) -> None:
    memory = SettingsMemory(load_settings(tmp_path), pytest.fail)
    memory.joined(LINE_3, "Ana")
    memory.moved(Place.of(replace(LINE_3, addresses=("10.0.0.99",), port=8101)))
    [kept] = load_settings(tmp_path).rooms
    assert (kept.name, kept.addresses, kept.port) == ("Line 3", ("10.0.0.99",), 8101)


def test_settings_that_cannot_be_saved_are_told_once(tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "file").write_text("in the way")
    memory = SettingsMemory(Settings(tmp_path / "file" / "settings.toml"), told.append)
    memory.named("Ana")
    memory.belled(is_on=False)
    memory.joined(LINE_3, "Ana")
    assert len(told) == 1
    assert "cannot be saved" in told[0]
