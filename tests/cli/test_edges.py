"""Where the system hands over less than usual: streams that are closed or full, no home folder, impatient people."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lanchat import config
from lanchat.cli.host.asked import room_names
from lanchat.errors import UserError
from lanchat.limits import MAX_ROOM_BYTES
from lanchat.store.accounts import Store
from tests.hosting import lanchat_command
from tests.server.peer import DEADLINE_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the streams")


def shell(words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run lanchat with what a shell puts behind it."""
    line = f"{shlex.join(lanchat_command())} {words}"
    environment = {**os.environ, config.DATA_DIR_VARIABLE: str(folder)}
    return subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, timeout=DEADLINE_S, check=False, env=environment
    )


@pytest.mark.parametrize(
    "words", ["--version", "--help", "list-rooms --timeout 0.2", "accounts list", "join 127.0.0.1:1"]
)
@pytest.mark.parametrize("streams", [">&-", "<&-", "2>&-", ">&- <&- 2>&-", "> /dev/full"])
def test_closed_and_full_streams_are_no_fault_of_the_program(words: str, streams: str, tmp_path: Path) -> None:
    done = shell(f"{words} {streams}", tmp_path)
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
    assert done.returncode in {0, 1}
    assert len(done.stderr.splitlines()) <= 1


def test_what_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    Store(tmp_path).close()
    done = shell(f"accounts list --data-dir {tmp_path} > /dev/full", tmp_path)
    assert done.returncode == 1
    assert done.stderr == "lanchat: Cannot write what there is to tell (No space left on device).\n"


def test_a_socket_never_becomes_the_standard_output(tmp_path: Path) -> None:
    """The lowest free descriptor goes to who opens something next: a host with stdout closed would talk to a peer."""
    code = (
        "import os, socket; from lanchat.cli import streams; streams.mend(); "
        "number = socket.socket().fileno(); os.write(2, str(number).encode())"
    )
    done = subprocess.run(
        ["sh", "-c", f"{shlex.quote(sys.executable)} -c {shlex.quote(code)} <&- >&-"],
        stderr=subprocess.PIPE,
        text=True,
        timeout=DEADLINE_S,
        check=True,
    )
    assert int(done.stderr) > 2


@pytest.mark.parametrize("pause_s", [0.0, 0.02, 0.1])
def test_a_second_ctrl_c_soon_after_the_first_ends_it_without_a_word(pause_s: float, tmp_path: Path) -> None:
    command = [*lanchat_command(), "host", "--port", "0", "--no-mdns", "--data-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as host:
        assert host.stdout
        assert host.stderr
        host.stdout.readline()  # it says where it is: its signals are set
        host.send_signal(signal.SIGINT)
        time.sleep(pause_s)
        host.send_signal(signal.SIGINT)
        assert host.wait(DEADLINE_S) in {0, 130}
        assert host.stderr.read() == ""


def test_who_has_no_home_is_told_what_to_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_uid: int) -> None:
        raise KeyError("no such user")

    for variable in ("HOME", "XDG_DATA_HOME", config.DATA_DIR_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    with pytest.raises(UserError, match="no home folder to keep data in; give a whole path with --data-dir"):
        config.data_dir()
    with pytest.raises(UserError, match="~nosuchuser/x names no home folder"):
        config.data_dir("~nosuchuser/x")
    assert config.running_dir().is_absolute(), "a host with --data-dir needs no home"


def test_the_words_behind_host_are_the_rooms_name_with_or_without_quotes() -> None:
    assert room_names(["Line 3"], []) == room_names(["Line", "3"], []) == ["Line 3"]
    assert room_names(["Bridge"], ["Engine"]) == ["Bridge", "Engine"]


def test_a_machines_long_name_is_cut_for_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "ü" * 60 + ".example")
    (name,) = room_names([], [])
    assert name == "ü" * (MAX_ROOM_BYTES // 2)
    monkeypatch.setattr("socket.gethostname", lambda: "")
    assert room_names([], []) == ["lanchat"]
