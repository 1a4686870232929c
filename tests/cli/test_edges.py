"""What the system returns as None, or raises, at the edges: a sentence or silence, never a traceback."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.programs import free_port
from tests.conftest import require
from tests.hosting import HostProcess, environment, lanchat_command
from tests.server.peer import DEADLINE_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these edges are a Unix shell's")


def in_shell(folder: Path, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which $L is lanchat."""
    env = {**environment(folder), "L": " ".join(lanchat_command()), **variables}
    done = subprocess.run(
        ["sh", "-c", line], env=env, cwd=folder, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return done


_NOT_WRITTEN = "lanchat: The output cannot be written (No space left on device).\n"


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["--version", "--help", "host --help", "accounts list"])
def test_output_that_cannot_be_written_is_told(command: str, unbuffered: str, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    in_shell(tmp_path, "$L host --listen nowhere.invalid")  # makes the accounts' file
    done = in_shell(tmp_path, f"$L {command} >/dev/full", PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stderr) == (1, _NOT_WRITTEN)


@pytest.mark.parametrize("closed", [">&-", "<&-", ">&- 2>&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("--version", 0),
        ("list --timeout 0.1 127.0.0.1:1", 1),
        ("join 127.0.0.1:1", 1),
        (f"host {chr(120) * 64}", 2),
    ],
)
def test_closed_streams_are_as_good_as_none(command: str, status: int, closed: str, tmp_path: Path) -> None:
    assert in_shell(tmp_path, f"$L {command} {closed}").returncode == status


def test_a_host_without_any_output_hosts(tmp_path: Path) -> None:
    port = free_port()
    line = f'exec $L host "Line 3" --listen 127.0.0.1 --port {port} --no-mdns <&- >&- 2>&-'
    env = {**environment(tmp_path), "L": " ".join(lanchat_command())}
    with subprocess.Popen(["sh", "-c", line], env=env) as host:
        until = time.monotonic() + DEADLINE_S
        while not _answers(port):
            assert host.poll() is None
            assert time.monotonic() < until
        host.terminate()
        assert host.wait(DEADLINE_S) == 0


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("place", ["~nosuchuser/x", "~nosuchuser"])
def test_a_home_folder_that_is_nobodys_is_told(place: str, tmp_path: Path) -> None:
    words = f"lanchat: There is no home folder for {place}; name another folder.\n"
    done = in_shell(tmp_path, f"$L host --data-dir '{place}'")
    assert (done.returncode, done.stderr) == (1, words)
    for command in ("host", "join", "list", "accounts"):
        done = in_shell(tmp_path, f"$L {command}", LANCHAT_DATA_DIR=place)
        assert (done.returncode, done.stderr) == (1, words)


@pytest.mark.parametrize("command", ["host", "join", "list", "accounts"])
def test_a_user_without_a_home_is_told_what_to_name(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import platformdirs

    from lanchat.cli import main

    def homeless(*_: object, **__: object) -> str:
        raise RuntimeError("no home")

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LANCHAT_DATA_DIR", raising=False)
    for unknown in (homeless, lambda *_, **__: "~/.local/share/lanchat"):  # as newer and older versions have it
        monkeypatch.setattr(platformdirs, "user_data_dir", unknown)
        assert main([command]) == 1
        words = "This user has no home folder; name a folder for the data in the variable LANCHAT_DATA_DIR."
        assert capsys.readouterr().err == f"lanchat: {words}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_real_user_without_home_and_entry_is_told_too(tmp_path: Path) -> None:
    require("setpriv")
    if os.geteuid() != 0:
        pytest.skip("becoming another user needs root")
    look = "import sys; sys.path.insert(0, sys.argv[1]); from lanchat.config import data_dir; data_dir()"
    as_nobody = ["setpriv", "--reuid", "54321", "--clear-groups", sys.executable, "-c", look, os.getcwd()]
    env = {name: value for name, value in os.environ.items() if name not in ("HOME", "LANCHAT_DATA_DIR")}
    done = subprocess.run(as_nobody, env=env, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert "lanchat.errors.UserError: This user has no home folder" in done.stderr


@pytest.mark.parametrize("apart_s", [0.0, 0.01, 0.05, 0.1, 0.2])
def test_a_second_ctrl_c_at_any_moment_ends_it_without_a_word(apart_s: float, tmp_path: Path) -> None:
    host = HostProcess(tmp_path)
    try:
        guest = host.member("Zoé", f"#{os.uname().nodename.partition('.')[0]}")
        for _ in range(4):
            host.process.send_signal(signal.SIGINT)
            time.sleep(apart_s)  # what is tested is just this moment
        assert host.wait() in (0, 130)
        guest.read_to_end()
        assert host.errors == ""
    finally:
        host.kill()


def test_a_machine_name_that_is_too_long_is_cut_for_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    from lanchat.cli.host.asked import room_names

    for name, room in (("x" * 64, "x" * 63), ("ü" * 32, "ü" * 31), ("plc.site", "plc")):
        monkeypatch.setattr("socket.gethostname", lambda name=name: name)
        assert room_names([]) == [room]


def test_the_words_behind_host_are_one_rooms_name_also_without_quotes(tmp_path: Path) -> None:
    done = in_shell(tmp_path, "$L host Line 3 --listen nowhere.invalid --name 'Line 3'")
    assert done.stderr == "lanchat: Two of the rooms have the same name; give each its own with --name.\n"
