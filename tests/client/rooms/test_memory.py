from dataclasses import replace
from pathlib import Path

import pytest

from lanchat.client.connection.place import Place
from lanchat.client.rooms.memory import SettingsMemory
from lanchat.config import SavedSettings, load_settings
from tests.client.rooms.found import BRIDGE, LINE_3, LINE_4


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


def test_who_is_new_to_a_host_need_not_be_known_and_tells_it_another_secret(tmp_path: Path) -> None:
    place, other = Place.of_room(LINE_3), Place.of_room(replace(BRIDGE, host_id="88" * 8))
    before = SettingsMemory(load_settings(tmp_path), pytest.fail)
    old, others = before.secret_for(place), before.secret_for(other)
    before.keep_name(place, "Ana")
    before.keep_name(other, "Ana")

    memory = SettingsMemory(load_settings(tmp_path), pytest.fail, is_new_to_host=True)
    new = memory.secret_for(place)
    assert new != old
    assert memory.names_at(place) == ()
    assert memory.secret_for(place) == new, "once"
    assert (memory.secret_for(other), memory.names_at(other)) == (others, ("Ana",)), "to the host that was asked for"

    saved = load_settings(tmp_path)
    assert saved.secrets[place.host_id] == new
    [kept] = [key for key, secret in saved.secrets.items() if secret == old]
    assert kept.startswith(f"{place.host_id} until ")
    memory.keep_name(place, "Ana")
    assert load_settings(tmp_path).names[place.host_id] == ["Ana"], "and known again from now on"


def test_who_was_never_known_to_a_host_is_new_to_it_anyway(tmp_path: Path) -> None:
    place = Place.of_room(LINE_3)
    secret = SettingsMemory(load_settings(tmp_path), pytest.fail).secret_for(place)
    assert SettingsMemory(load_settings(tmp_path), pytest.fail, is_new_to_host=True).secret_for(place) == secret
