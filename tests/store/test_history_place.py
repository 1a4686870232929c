"""Where a history can be kept, and what is said where it cannot."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lanchat.store.database import DatabaseError
from lanchat.store.history import FILE_NAME
from lanchat.store.history_place import Place, is_on_network, open_place
from tests.conftest import require

MOUNTS = r"""sysfs /sys sysfs rw 0 0
/dev/sda1 / ext4 rw 0 0
server:/srv /mnt/site nfs4 rw 0 0
//nas/share /mnt/the\040nas cifs rw 0 0
/dev/sdb1 /mnt/site/local ext4 rw 0 0
me@far: /mnt/far fuse.sshfs rw 0 0
/dev/sdc1 /over ext4 rw 0 0
server:/over /over nfs rw 0 0
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mounts"
    path.write_text(MOUNTS)
    return path


def opened(folder: Path, *, is_chosen: bool = True, mounts: Path = Path("/none")) -> Place:
    place = open_place(folder, "run", "then", is_chosen=is_chosen, mounts=mounts)
    if place.history:
        place.history.close()
    return place


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of its drives in another way")
@pytest.mark.parametrize(
    ("folder", "is_network"),
    [
        ("/home/zoe", False),
        ("/mnt/site", True),
        ("/mnt/site/data", True),
        ("/mnt/sites", False),
        ("/mnt/site/local/data", False),
        ("/mnt/the nas/data", True),
        ("/mnt/far/data", True),
        ("/over/data", True),
    ],
)
def test_a_network_drive_is_known_by_what_is_mounted_there(mounts: Path, folder: str, is_network: bool) -> None:
    assert is_on_network(Path(folder), mounts) is is_network


def test_where_the_system_does_not_tell_it_is_no_network_drive(tmp_path: Path) -> None:
    assert not is_on_network(tmp_path, tmp_path / "none")


def test_on_a_network_drive_it_is_in_memory(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {tmp_path} nfs4 rw 0 0\n")
    place = opened(tmp_path, mounts=mounts)
    assert place.history is None
    assert place.warning == (
        f"What is said is kept only as long as this host runs: {tmp_path} is on a network drive, where a history would"
        " be damaged; choose a --data-dir on this machine's own disk."
    )
    assert not (tmp_path / FILE_NAME).exists()


def test_the_second_host_of_a_folder_has_it_in_memory_until_the_first_has_ended(tmp_path: Path) -> None:
    first = opened(tmp_path)
    with closing(first):
        second = opened(tmp_path)
        assert second.history is None
        assert second.warning == (
            f"What is said is kept only as long as this host runs: Another host keeps its history in {tmp_path};"
            " give this one a --data-dir of its own."
        )
    with closing(opened(tmp_path)) as third:
        assert third.history
        assert third.warning == ""


@pytest.mark.parametrize("content", [b"", b"no database at all" * 500])
def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with closing(opened(tmp_path)) as place:
        assert place.history
    aside = tmp_path / "history-damaged-then.db"
    assert aside.exists() == bool(content)
    told = f"The history of this host is damaged; a new one was begun. The damaged file is now {aside}."
    assert place.warning == (told if content else "")


_READ_ONLY = """
mount -t tmpfs tmpfs "$1" && mount -o remount,ro "$1" || exit 77
shift; exec "$@"
"""
_OPEN = """
import sys
from pathlib import Path
from lanchat.errors import UserError
from lanchat.store.history_place import open_place
try:
    place = open_place(Path(sys.argv[1]), "run", "then", is_chosen=sys.argv[2] == "chosen")
    print(place.history, place.warning)
except UserError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("how", ["chosen", "default"])
def test_a_folder_that_is_read_only(tmp_path: Path, how: str) -> None:
    require("unshare", "mount")
    script = [sys.executable, "-c", _OPEN, str(tmp_path), how]
    command = ["unshare", "-m", "sh", "-c", _READ_ONLY, "sh", str(tmp_path), *script]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if how == "chosen":
        assert told.startswith(f"DatabaseError Cannot keep the history in {tmp_path} (")
        assert told.endswith("); choose another folder with --data-dir.\n")
    else:
        file = tmp_path / FILE_NAME
        assert told.startswith(f"None What is said is kept only as long as this host runs: {file} cannot be used (")


def test_a_file_of_a_newer_lanchat_ends_the_start(tmp_path: Path) -> None:
    place = open_place(tmp_path, "run", "then", is_chosen=False)
    assert place.history
    place.history._db.execute("PRAGMA user_version=99")
    place.history.close()
    place.close()
    with pytest.raises(DatabaseError, match="newer lanchat"):
        opened(tmp_path, is_chosen=False)
    with pytest.raises(DatabaseError, match="newer lanchat"):
        opened(tmp_path, is_chosen=False)  # and the lock was let go of
