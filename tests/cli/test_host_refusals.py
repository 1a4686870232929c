"""What `lanchat host` cannot carry out: one clear sentence, a sensible exit status, never a traceback."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lanchat import config
from lanchat.cli import main
from lanchat.cli.host import asked
from lanchat.discovery import running
from lanchat.store.accounts import Store
from tests.conftest import require
from tests.hosting import HostProcess, environment, lanchat_command
from tests.server.peer import DEADLINE_S


def refusal(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    """Return the exit status of a host that cannot be, and its one line of error."""
    command = [*lanchat_command(), "host", "--no-mdns", *arguments]
    env = environment(tmp_path / "refused")
    done = subprocess.run(command, env=env, capture_output=True, timeout=DEADLINE_S, check=False)
    assert done.stdout == b""
    text = done.stderr.decode()
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    return done.returncode, text.removesuffix("\n")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--name", "x" * 64], 2, f"The room's name “{'x' * 40}” takes 64 bytes; at most 63 fit."),
        (["--name", "ü" * 32], 2, f"The room's name “{'ü' * 32}” takes 64 bytes; at most 63 fit."),
        (["--name", " "], 2, "The room's name “” is empty."),
        (["--name", "\x1b\u202e"], 2, "The room's name “” is empty."),
        (["--name", "Line 3", "--name", "LINE 3"], 2, "Two of the rooms have the same name"),
        (["--topic", "x" * 301], 2, "The topic takes 301 bytes; at most 300 fit."),
        (["--port", "65536"], 2, "65536 is not a port; choose one from 1 to 65535."),
        (["--port", "-1"], 2, "-1 is not a port"),
        (["--plain-port", "70000"], 2, "70000 is not a port"),
        (["--plain-port", "8100"], 2, "8100 cannot be both --port and --plain-port"),
        (["--max-clients", "0"], 2, "--max-clients takes a number from 1 on, not 0."),
        (["--retention", "long"], 2, "--retention takes a time such as 12h, 30d, 2y or forever, not “long”."),
        (["--retention", "0d"], 2, "--retention takes a time such as 12h, 30d, 2y or forever, not “0d”."),
        (["--retention=-3d"], 2, "--retention takes a time such as 12h"),
        (["--retention", "9999999y"], 2, "--retention takes a time such as 12h"),
        (["--allow-host", "http://kiosk.lan/"], 2, "“http://kiosk.lan/” cannot be a host's name for --allow-host"),
        (["--allow-host", "kiosk.lan:8100"], 2, "“kiosk.lan:8100” cannot be a host's name for --allow-host"),
        (
            ["--allow-origin", "kiosk.lan"],
            2,
            "“kiosk.lan” is no origin for --allow-origin; http://kiosk.lan:8000 would",
        ),
        (["--allow-origin", "http://kiosk.lan/gamja"], 2, "“http://kiosk.lan/gamja” is no origin for --allow-origin"),
        (["--server-name", "no spaces"], 2, "“no spaces” cannot be a server's name"),
        (["--oper", "chief"], 2, "--oper takes a name and a password with a colon between them"),
        (["--oper", ":secret"], 2, "--oper takes a name and a password with a colon between them"),
        (["--password", os.fsdecode(b"caf\xe9")], 2, "“caf” is not UTF-8 text"),
        (["--oper", os.fsdecode(b"chief:caf\xe9")], 2, "“chief:caf” is not UTF-8 text"),
        (["--listen", "192.0.2.1"], 1, "Cannot listen on 192.0.2.1 ("),
        (["--listen", "nonsense.invalid"], 1, "Cannot listen on nonsense.invalid ("),
        (["--listen", "1.2.3.4.5"], 1, "Cannot listen on 1.2.3.4.5 ("),
        (["--motd", "/no/such/file"], 1, "Cannot read the greeting /no/such/file: No such file or directory."),
        (["--motd", "/"], 1, "Cannot read the greeting /: Is a directory."),
        (["--data-dir", "/dev/null/data"], 1, "Cannot keep data in /dev/null/data (Not a directory);"),
    ],
    ids=lambda value: " ".join(map(str, value))[:30] if isinstance(value, list) else "",
)
def test_what_cannot_be_carried_out_is_one_clear_sentence(
    arguments: list[str],
    status: int,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANCHAT_DATA_DIR", str(tmp_path))
    assert main(["host", "--no-mdns", *arguments]) == status
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"lanchat: {words}")
    assert printed.err.count("\n") == 1


def test_a_taken_port_that_was_asked_for_is_refused(host: HostProcess, tmp_path: Path) -> None:
    words = f"lanchat: Port {host.port} is taken by another program; choose another one."
    assert refusal(tmp_path, "--listen", "127.0.0.1", "--port", str(host.port)) == (1, words)
    assert refusal(tmp_path, "--listen", "127.0.0.1", "--port", "0", "--plain-port", str(host.port)) == (1, words)


@pytest.mark.skipif(sys.platform == "win32", reason="folders are locked in another way there")
def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    program = [*lanchat_command(), "host", "--no-mdns", "--data-dir", str(tmp_path / "locked" / "data")]
    if os.geteuid() == 0:  # whom no lock keeps out, unless that right is taken away
        require("setpriv")
        program = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *program]
    done = subprocess.run(program, env=environment(tmp_path), capture_output=True, timeout=DEADLINE_S, check=False)
    words = f"lanchat: Cannot keep data in {tmp_path}/locked/data (Permission denied); choose another folder"
    assert (done.returncode, done.stderr.decode()) == (1, f"{words} with --data-dir.\n")


def test_another_program_at_a_crashed_hosts_port_does_not_give_the_room_another_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANCHAT_DATA_DIR", str(tmp_path))
    with closing(Store(tmp_path)) as store, socket.create_server(("127.0.0.1", 0)) as other:
        room_id = store.room_id("Line 3")
        running.record(config.running_dir(), other.getsockname()[1], [room_id])

        assert asked._ids(["Line 3"], store, "") == {"Line 3": room_id}


def test_a_copy_of_a_folder_beside_the_first_has_an_id_of_its_own_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANCHAT_DATA_DIR", str(tmp_path / "user"))
    monkeypatch.setattr(asked, "_is_up", lambda _: True)
    first, copy = tmp_path / "first", tmp_path / "copy"
    with closing(Store(first)) as store:
        room_id = store.room_id("Line 3")
    shutil.copytree(first, copy)
    running.record(config.running_dir(), 8100, [room_id], data=running.folder_mark(first))

    with closing(Store(first)) as again, closing(Store(copy)) as store:
        for_now = asked._ids(["Line 3"], again, running.folder_mark(first / "." / ""))
        assert for_now["Line 3"] != room_id
        assert again.room_id("Line 3") == room_id, "the same folder twice: one for the time being"

        own = asked._ids(["Line 3"], store, running.folder_mark(copy))
        assert own["Line 3"] != room_id
        assert store.room_id("Line 3") == own["Line 3"], "a copy: for good"
        assert store.kept_as("Line 3") == room_id, "with its history"
