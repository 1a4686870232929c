import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from lanchat.chat.state.accounts import Account
from lanchat.store import accounts as accounts_module
from lanchat.store.accounts import Store, StoreError

ZOE = Account("Zoé", b"salt", b"digest", 1_700_000_000.0)
ADA = Account("ada", b"pepper", b"other digest", 1_700_000_001.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "not there" / "yet")
    yield store
    store.close()


@pytest.fixture
def again(store: Store, tmp_path: Path) -> Iterator[Store]:
    """Return the store as another program has it open at the same time."""
    again = Store(tmp_path / "not there" / "yet")
    yield again
    again.close()


def test_a_room_has_the_same_id_every_time_however_it_is_written(store: Store, again: Store) -> None:
    assert store.room_id("Line 3") == again.room_id("LINE 3")
    assert len(store.room_id("Line 3")) == 16


def test_a_room_that_takes_another_id_has_it_for_good_and_its_history_under_the_first(
    store: Store, again: Store
) -> None:
    first, other = store.room_id("Line 3"), store.room_id("Line 4")
    assert store.kept_as("Line 3") == first
    second = store.new_room_id("LINE 3", first)
    assert second not in (first, other)
    assert store.new_room_id("Line 3", first) == second, "asked for twice, it changes once"
    third = again.new_room_id("Line 3", second)
    assert len({first, second, third}) == 3
    assert (again.room_id("Line 3"), again.kept_as("Line 3")) == (third, first)
    assert (store.room_id("Line 4"), store.kept_as("Line 4")) == (other, other)
    assert store.host_id() == again.host_id(), "people prove their names as before"


def test_rooms_and_the_host_have_ids_of_their_own(store: Store) -> None:
    assert len({store.room_id("Line 3"), store.room_id("Line 4"), store.host_id()}) == 3


def test_accounts_are_kept(store: Store, again: Store) -> None:
    store.keep_accounts([ADA, ZOE])
    assert again.accounts() == [ZOE, ADA]


def test_an_account_forgotten_elsewhere_is_not_brought_back(store: Store, again: Store) -> None:
    store.keep_accounts([ZOE])
    again.forget_account("zoé")
    store.keep_accounts([ZOE, ADA])
    assert again.accounts() == [ADA]


def test_a_name_that_was_forgotten_can_be_kept_anew(store: Store, again: Store) -> None:
    store.keep_accounts([ZOE])
    again.forget_account("zoé")
    assert store.accounts() == []
    store.keep_accounts([ADA, Account("Zoé", b"new", b"new", 1_700_000_002.0)])
    assert [account.salt for account in again.accounts()] == [b"pepper", b"new"]


def test_forgetting_tells_whether_there_was_anything_to_forget(store: Store) -> None:
    store.keep_accounts([ZOE])
    assert store.forget_account("ZOÉ")
    assert not store.forget_account("ZOÉ")


def test_what_another_program_wrote_is_noticed_until_it_is_read(store: Store, again: Store) -> None:
    store.keep_accounts([ZOE])
    assert not store.is_changed_elsewhere()
    again.forget_account("Zoé")
    assert store.is_changed_elsewhere()
    store.accounts()
    assert not store.is_changed_elsewhere()


def test_what_cannot_be_written_now_can_be_written_later(
    store: Store, again: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store._db.execute("PRAGMA busy_timeout=0")
    again._db.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="database is locked"):
        store.keep_accounts([ZOE])
    again._db.execute("COMMIT")
    store.keep_accounts([ZOE])
    assert again.accounts() == [ZOE]


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as raised:
        Store(tmp_path / "file" / "data")
    assert str(raised.value) == (
        f"Cannot keep data in {tmp_path / 'file' / 'data'} (Not a directory); choose another folder with --data-dir."
    )


def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "lanchat.db").write_bytes(b"something else entirely, and longer than a header" * 100)
    with pytest.raises(StoreError, match=r"^Cannot keep data in .* \(file is not a database\); choose another folder"):
        Store(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="rights are kept in another way there")
def test_nobody_else_can_look_into_the_data_nor_its_folder(store: Store, tmp_path: Path) -> None:
    store.keep_accounts([ZOE])
    folder = tmp_path / "not there" / "yet"
    rights = {path.name: oct(path.stat().st_mode & 0o777) for path in (folder, *folder.iterdir())}
    assert rights == {"yet": "0o700", "lanchat.db": "0o600", "lanchat.db-wal": "0o600", "lanchat.db-shm": "0o600"}


@pytest.mark.skipif(os.name == "nt", reason="rights are kept in another way there")
def test_what_an_earlier_version_left_open_is_closed_but_no_folder_with_other_things_in_it(tmp_path: Path) -> None:
    for name, other in (("ours", "settings.toml"), ("home", "holiday.jpg")):
        folder = tmp_path / name
        folder.mkdir()
        folder.chmod(0o755)
        for file in (folder / "lanchat.db", folder / other):
            file.touch()
            file.chmod(0o644)
        Store(folder).close()
        assert oct((folder / "lanchat.db").stat().st_mode & 0o777) == "0o600"
    assert oct((tmp_path / "ours").stat().st_mode & 0o777) == "0o700"
    assert oct((tmp_path / "home").stat().st_mode & 0o777) == "0o755"


def test_a_file_that_is_no_database_is_set_aside_where_a_host_opens_it(tmp_path: Path) -> None:
    path, told = tmp_path / "lanchat.db", list[str]()
    for ending in ("", "-2"):
        path.write_bytes(b"something else entirely, and longer than a header" * 100)
        Store(tmp_path, told.append).close()
        broken = f"{path}.broken-{time.strftime('%Y-%m-%d')}{ending}"
        assert told.pop() == (
            f"{path} was not understood; it is now {broken}. All names are free again, and rooms have new ids."
        )
        assert Path(broken).read_bytes().startswith(b"something else")


def test_a_database_that_is_damaged_inside_is_set_aside_too(tmp_path: Path) -> None:
    told = list[str]()
    with closing(Store(tmp_path)) as store:
        store.keep_accounts([Account(f"name{number}", b"salt" * 50, b"digest", 1.0) for number in range(500)])
    path = tmp_path / "lanchat.db"
    data = bytearray(path.read_bytes())
    data[8192:20480] = b"\xff" * 12288
    path.write_bytes(data)
    with pytest.raises(StoreError, match="choose another folder"):
        Store(tmp_path)
    with closing(Store(tmp_path, told.append)) as store:
        assert store.accounts() == []
    assert len(told) == 1


def test_a_database_that_is_only_busy_is_not_set_aside(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts_module, "_BUSY_S", 0.05)
    store._db.execute("BEGIN EXCLUSIVE")
    told = list[str]()
    with suppress(StoreError):
        Store(tmp_path / "not there" / "yet", told.append).close()
    assert told == []


def test_accounts_of_an_earlier_version_are_taken_over(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "lanchat.db")) as db:
        db.execute("CREATE TABLE rooms (folded TEXT PRIMARY KEY, id TEXT NOT NULL)")
        db.execute(
            "CREATE TABLE accounts (folded TEXT PRIMARY KEY, name TEXT NOT NULL, salt BLOB NOT NULL,"
            " digest BLOB NOT NULL, created_at REAL NOT NULL)"
        )
        db.execute("INSERT INTO accounts VALUES ('zoé', 'Zoé', x'01', x'02', 1700000000)")
        db.commit()
    with closing(Store(tmp_path)) as store:
        (account,) = store.accounts()
        assert (account.name, account.salt, account.digest, account.iterations) == ("Zoé", b"\x01", b"\x02", 0)
        assert account.verifier is None
        assert abs(account.last_used - time.time()) < 60, "else it would be as good as forgotten"
    with closing(Store(tmp_path)) as store:
        assert store.accounts() == [account]


def test_what_has_changed_of_an_account_is_written(store: Store, again: Store) -> None:
    store.keep_accounts([ZOE, ADA])
    used = replace(ZOE, iterations=4096, server_key=b"key", last_used=1_700_000_009.0)
    store.keep_accounts([used])
    assert again.accounts() == [used, ADA]


def test_what_has_changed_of_a_forgotten_account_does_not_bring_it_back(store: Store, again: Store) -> None:
    store.keep_accounts([ZOE, ADA])
    again.forget_account("zoé")
    store.keep_accounts([replace(ZOE, last_used=9.0)])
    assert again.accounts() == [ADA]


def test_only_what_was_asked_for_is_written(store: Store) -> None:
    store.keep_accounts([Account(f"n{number}", b"", b"", 1.0) for number in range(1_000)])
    before = store._db.total_changes
    store.keep_accounts([ZOE])
    assert store._db.total_changes - before == 1


@pytest.mark.parametrize("column", ["name", "salt", "digest", "iterations", "server_key", "last_used"])
def test_a_damaged_row_is_nobodys(store: Store, column: str) -> None:
    store.keep_accounts([ZOE, ADA])
    wrong = "x'00'" if column in {"name", "iterations", "last_used"} else "'text'"
    store._db.execute(f"UPDATE accounts SET {column} = {wrong} WHERE folded = 'ada'")
    assert store.accounts() == [ZOE]
