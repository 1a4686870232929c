import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanchat import config
from lanchat.config import SavedSettings, data_dir, load_settings, running_dir, save_settings, settings_path
from lanchat.discovery.rooms import RememberedRoom
from lanchat.errors import UserError

ID = "{:016x}".format
ROOM = RememberedRoom(ID(1), "Line 3", ("10.0.0.5", "fd00::5"), 8100, 1_700_000_000.25)


@pytest.fixture
def told() -> list[str]:
    return []


def load(folder: Path, told: list[str]) -> SavedSettings:
    return load_settings(folder, tell=told.append)


def test_the_folder_is_the_one_asked_for_then_the_variables_then_the_systems(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LANCHAT_DATA_DIR", str(tmp_path / "variable"))
    assert data_dir(tmp_path / "flag") == tmp_path / "flag"
    assert data_dir() == tmp_path / "variable"
    assert running_dir() == tmp_path / "variable" / "running"

    monkeypatch.delenv("LANCHAT_DATA_DIR")
    assert data_dir().name == "lanchat"
    assert data_dir().is_absolute()


def test_nothing_saved_yet_is_no_trouble(tmp_path: Path, told: list[str]) -> None:
    settings = load(tmp_path / "absent", told)

    assert (settings.nick, settings.is_bell_on, settings.rooms, settings.secrets) == ("", True, [], {})
    assert told == []
    assert not (tmp_path / "absent").exists()


def test_what_is_saved_comes_back(tmp_path: Path, told: list[str]) -> None:
    settings = load(tmp_path / "new", told)
    settings.nick, settings.is_bell_on = "Zoé", False
    settings.remember(ROOM)
    secret = settings.secret_for("host key")
    save_settings(settings)

    again = load(tmp_path / "new", told)
    assert (again.nick, again.is_bell_on, again.rooms) == ("Zoé", False, [ROOM])
    assert again.secret_for("host key") == secret
    assert told == []


texts = st.text(max_size=30)


@settings(deadline=None)  # each example is written to the disk for good
@given(
    name=texts,
    secret_names=st.lists(texts, max_size=4),
    addresses=st.lists(st.ip_addresses().map(str), max_size=8),
    last_joined=st.floats(allow_nan=False, allow_infinity=False),
)
def test_whatever_is_in_it_the_file_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    secret_names: list[str],
    addresses: list[str],
    last_joined: float,
) -> None:
    told: list[str] = []
    saved = load(tmp_path_factory.mktemp("settings"), told)
    saved.nick = name
    saved.remember(RememberedRoom(ID(1), name, tuple(addresses), 8100, last_joined))
    saved.secrets = dict.fromkeys(secret_names, "secret")
    save_settings(saved)

    again = load(saved.path.parent, told)
    assert told == []
    assert len(again.secrets) == len(set(secret_names))
    assert again.rooms[0].addresses == tuple(addresses)
    assert again.rooms[0].last_joined == last_joined


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits; the user's folder protects it")
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    settings = SavedSettings(tmp_path / "new" / "settings.toml")
    save_settings(settings)

    assert stat.S_IMODE(settings.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.path.parent.stat().st_mode) == 0o700


def test_nothing_but_the_file_is_left_in_the_folder(tmp_path: Path) -> None:
    settings = SavedSettings(tmp_path / "settings.toml")
    save_settings(settings)
    save_settings(settings)

    assert os.listdir(tmp_path) == ["settings.toml"]


@pytest.mark.parametrize("content", [b"nick = ", b"\xff\xfe\x00", b"[" * 50_000, b"# " + b"x" * 2_000_000])
def test_a_broken_file_is_set_aside_with_one_word_about_it(tmp_path: Path, told: list[str], content: bytes) -> None:
    path = settings_path(tmp_path)
    path.write_bytes(content)

    settings = load(tmp_path, told)

    assert settings.rooms == []
    assert not path.exists()
    assert (tmp_path / "settings.toml.broken").read_bytes() == content
    assert len(told) == 1
    assert "settings.toml.broken" in told[0]


def test_a_file_that_cannot_be_read_stops_nothing(tmp_path: Path, told: list[str]) -> None:
    settings_path(tmp_path).mkdir()

    assert load(tmp_path, told).rooms == []
    assert len(told) == 1


def test_values_that_make_no_sense_are_left_out(tmp_path: Path, told: list[str]) -> None:
    settings_path(tmp_path).write_text(
        f"""
        nick = 3
        bell = "loud"
        rooms = [
            {{ id = "{ID(1)}", name = "a", addresses = ["10.0.0.1", 7], port = 8100, last_joined = {"9" * 400} }},
            {{ id = "short", port = 8100 }},
            {{ id = "{ID(2)}", port = 0 }},
            {{ id = "{ID(3)}", port = true }},
            "room",
            {{ id = "{ID(4)}", name = ["b"], addresses = "10.0.0.1", port = 1, last_joined = nan }},
        ]
        [secrets]
        good = "secret"
        bad = 5
        empty = ""
        """,
        encoding="utf-8",
    )

    settings = load(tmp_path, told)

    assert (settings.nick, settings.is_bell_on, settings.secrets) == ("", True, {"good": "secret"})
    assert settings.rooms == [
        RememberedRoom(ID(1), "a", ("10.0.0.1",), 8100, 0.0),
        RememberedRoom(ID(4), "", (), 1, 0.0),
    ]
    assert told == []


def test_the_room_joined_last_stands_first_and_fifty_are_kept() -> None:
    settings = SavedSettings(Path("unused"))
    for number in range(60):
        settings.remember(RememberedRoom(ID(number), f"Room {number}", (), 8100))
    settings.remember(RememberedRoom(ID(30), "Room 30, new name", (), 8100))

    assert [room.name for room in settings.rooms[:2]] == ["Room 30, new name", "Room 59"]
    assert len(settings.rooms) == 50
    assert len({room.id for room in settings.rooms}) == 50


def test_a_secret_is_saved_at_once_and_survives_another_program_saving(tmp_path: Path, told: list[str]) -> None:
    first, second = load(tmp_path, told), load(tmp_path, told)

    secret = first.secret_for("host")
    second.nick = "Zoé"
    save_settings(second)

    assert load(tmp_path, told).secret_for("host") == secret
    assert second.secret_for("host") == secret
    assert len(secret) >= 43  # 32 random bytes in base64


def test_two_programs_that_meet_a_host_at_once_agree_on_the_secret(tmp_path: Path, told: list[str]) -> None:
    first, second = load(tmp_path, told), load(tmp_path, told)

    assert first.secret_for("host") == second.secret_for("host")


def test_a_folder_that_cannot_be_written_to_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UserError, match=config.DATA_DIR_VARIABLE):
        save_settings(SavedSettings(tmp_path / "file" / "settings.toml"))


def test_names_that_hosts_know_are_kept_beside_those_another_program_saved(tmp_path: Path) -> None:
    first, second = load_settings(tmp_path), load_settings(tmp_path)
    first.keep_name("host", "Ana")
    second.keep_name("host", 'B"ob')
    first.keep_name("other", "Zoé")
    assert load_settings(tmp_path).names == {"host": ["Ana", 'B"ob'], "other": ["Zoé"]}


def test_of_names_that_are_none_nothing_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[names]\na = ["x", 3]\nb = "x"\nc = []\n')
    assert load_settings(tmp_path).names == {"a": ["x"]}
