from dataclasses import replace
from pathlib import Path

import pytest

from lanchat.client.connection.place import Place
from lanchat.client.rooms.memory import SettingsMemory
from lanchat.config import SavedSettings, load_settings
from tests.client.rooms.found import LINE_3, LINE_4


def test_a_host_has_one_secret_for_all_its_rooms(tmp_path: Path) -> None:
    memory = SettingsMemory(SavedSettings(tmp_path / "settings.toml"), pytest.fail)
    secret = memory.secret_for(Place.of_room(LINE_3))
    assert secret
    assert memory.secret_for(Place.of_room(LINE_4)) == secret
    assert memory.secret_for(Place.of_room(replace(LINE_4, host_id="88" * 8))) != secret
    assert memory.secret_for(Place.of_room(replace(LINE_4, host_id=""))) == ""


def test_a_room_that_moved_is_remembered_where_it_is_now(tmp_path: Path) -> None:
    memory = SettingsMemory(load_settings(tmp_path), pytest.fail)
    memory.keep_room(LINE_3, "Ana")
    memory.keep_place(Place.of_room(replace(LINE_3, addresses=("10.0.0.99",), port=8101)))
    [kept] = load_settings(tmp_path).rooms
    assert (kept.name, kept.addresses, kept.port) == ("Line 3", ("10.0.0.99",), 8101)


def test_a_room_that_took_the_place_of_another_is_remembered_by_its_own_id(tmp_path: Path) -> None:
    memory = SettingsMemory(load_settings(tmp_path), pytest.fail)
    memory.keep_room(LINE_3, "Ana")
    memory.keep_place(Place.of_room(replace(LINE_3, id="b" * 16)))
    assert "b" * 16 in [room.id for room in load_settings(tmp_path).rooms]


def test_settings_that_cannot_be_saved_are_told_once(tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "file").write_text("in the way")
    memory = SettingsMemory(SavedSettings(tmp_path / "file" / "settings.toml"), told.append)
    memory.keep_nick("Ana")
    memory.keep_bell(is_on=False)
    memory.keep_room(LINE_3, "Ana")
    assert len(told) == 1
    assert "cannot be saved" in told[0]
