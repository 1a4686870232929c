import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from lanchat.chat.state.accounts import Account
from lanchat.server import server
from lanchat.store.accounts import Store
from tests.hosting import environment, lanchat_command
from tests.server.peer import DEADLINE_S
from tests.server.serving import serving


def accounts(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Return the exit status, the output and the errors of `lanchat accounts` on a host's folder."""
    command = [*lanchat_command(), "accounts", *arguments, "--data-dir", str(folder)]
    done = subprocess.run(command, env=environment(folder), capture_output=True, timeout=DEADLINE_S, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return a folder in which Zoé and ada have accounts."""
    with closing(Store(tmp_path)) as store:
        store.keep_accounts(
            [
                Account("Zoé", b"salt", b"digest", 1_700_000_000.0, last_used=time.time()),
                Account("Maria_López", b"salt", b"digest", 1.0, last_used=time.time()),
            ]
        )
    return tmp_path


def test_list_shows_whose_names_are_whose_and_since_when(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    status, output, errors = accounts(kept, "list")
    assert (status, errors) == (0, "")
    rows = [line.split() for line in output.splitlines() if line.strip(" ─")]
    assert rows == [
        ["Name", "Since"],
        ["Maria", "López", "1970-01-01", "00:00"],
        ["Zoé", "2023-11-14", "22:13"],
    ]


def test_list_says_so_where_nobody_has_one(tmp_path: Path) -> None:
    Store(tmp_path).close()
    assert accounts(tmp_path, "list") == (0, "Nobody has a name of their own here yet.\n", "")


def test_a_forgotten_name_belongs_to_nobody(kept: Path) -> None:
    words = "Zoé belongs to nobody now; whoever uses the name next owns it.\n"
    words += "Who had it joins with: lanchat join --as-new\n"
    assert accounts(kept, "forget", "zoé") == (0, words, "")
    assert "Zoé" not in accounts(kept, "list")[1]


def test_a_name_may_be_written_with_its_space(kept: Path) -> None:
    assert accounts(kept, "forget", "Maria López")[0] == 0


def test_an_unknown_name_is_refused(kept: Path) -> None:
    words = "lanchat: Nobody has the name Bob here; lanchat accounts list shows who does.\n"
    assert accounts(kept, "forget", "Bob") == (1, "", words)


@pytest.mark.parametrize("arguments", [("forget",), ("list", "Bob")])
def test_a_name_belongs_to_forget_and_to_nothing_else(arguments: tuple[str, ...], kept: Path) -> None:
    status, output, errors = accounts(kept, *arguments)
    assert (status, output) == (2, "")
    assert errors.startswith("lanchat: Say whose: lanchat accounts forget NAME.")


def test_a_folder_in_which_nobody_hosted_is_told_and_not_made(tmp_path: Path) -> None:
    status, _, errors = accounts(tmp_path / "nowhere", "list")
    assert (status, errors.startswith("lanchat: No host has kept anything in ")) == (1, True)
    assert not (tmp_path / "nowhere").exists()


def test_a_running_host_notices(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TICK_S", 0.01)
    with serving(kept) as room:
        assert accounts(kept, "forget", "Zoé")[0] == 0
        room.wait_until(lambda: room.server.chat.network.accounts.find("Zoé") is None)
        room.member("Zoé")
