import argparse
import contextlib
import http.server
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lanchat.cli import list_rooms
from lanchat.cli.list_rooms import as_json, as_line, run, shown_address
from lanchat.discovery import find
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UsageError
from tests.discovery.peers import ID_A, ID_B, room_json

ROOM = FoundRoom(
    id=ID_A,
    name="Line 3",
    channel="#Line-3",
    topic="Shift B",
    members=3,
    is_password_needed=False,
    version="0.1.0",
    addresses=("127.0.0.1", "10.0.0.5"),
    port=8100,
)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the command on loopback: no adapter to ask on, no usual port that a real host may have."""
    monkeypatch.setattr(find, "read_adapters", list)
    monkeypatch.setattr(find, "PORTS_TRIED", 0)
    monkeypatch.setenv("LANCHAT_DATA_DIR", str(tmp_path))


@pytest.fixture
def rooms() -> list[dict[str, object]]:
    return [room_json(), room_json(ID_B, "Press 4", auth="pw", members=1, topic="")]


@pytest.fixture
def port(rooms: list[dict[str, object]]) -> Iterator[int]:
    """Serve the rooms on loopback."""

    class Host(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({**rooms[0], "rooms": rooms}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def arguments(*targets: str, **changes: object) -> argparse.Namespace:
    return argparse.Namespace(**{"targets": list(targets), "json": False, "timeout": None, "scan": False, **changes})


def test_rooms_are_lines_in_a_pipe(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(arguments(f"127.0.0.1:{port}"))

    out, err = capsys.readouterr()
    assert status == 0
    assert out.splitlines() == [
        f"Line 3                    3 people    127.0.0.1:{port}        open      Shift B",
        f"Press 4                   1 person    127.0.0.1:{port}        password",
    ]
    assert err == ""


def test_rooms_are_objects_with_stable_keys_as_json(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(arguments(f"127.0.0.1:{port}", json=True))

    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert status == 0
    assert first == {
        "id": ID_A,
        "name": "Line 3",
        "channel": "#Line-3",
        "topic": "Shift B",
        "members": 3,
        "password": False,
        "addresses": ["127.0.0.1"],
        "port": port,
        "version": "0.1.0",
    }
    assert second["password"] is True


def test_json_is_ascii_whatever_the_room_is_called() -> None:
    line = as_json(FoundRoom("x", "田中 🏭", "#x", "", 0, False, "", ("10.0.0.5",), 1))

    assert line.isascii()
    assert json.loads(line)["name"] == "田中 🏭"


def test_wide_letters_take_two_cells() -> None:
    plain, wide = as_line(ROOM), as_line(FoundRoom("x", "田中", "#x", "", 3, False, "", ("10.0.0.5",), 8100))

    assert plain.index("3 people") == 26
    assert wide.index("3 people") + len("田中") == 26


def test_the_address_shown_is_one_that_others_can_use() -> None:
    assert shown_address(ROOM) == "10.0.0.5:8100"
    assert shown_address(FoundRoom("x", "a", "#a", "", 0, False, "", ("127.0.0.1",), 1)) == "127.0.0.1:1"
    assert shown_address(FoundRoom("x", "a", "#a", "", 0, False, "", ("fd00::5",), 1)) == "[fd00::5]:1"


def test_no_room_is_one_line_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments()) == 1

    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "no network" in err


def test_an_address_that_does_not_answer_is_named(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(arguments(f"127.0.0.1:{port}", "127.0.0.1:1"))

    assert status == 0
    assert capsys.readouterr().err == (
        "lanchat: 127.0.0.1:1 refuses connections: nothing listens there. "
        "Has the host ended, or is it on another port? Its console shows the address.\n"
    )


def test_rooms_that_are_left_out_are_counted(
    port: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lanchat.discovery.roster.MAX_ROOMS", 1)

    run(arguments(f"127.0.0.1:{port}", json=True))

    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert "lanchat: … and one more: only the first" in err


def test_with_a_network_the_line_says_what_to_try_next() -> None:
    line = list_rooms._nothing_found(arguments(), [], is_on_network=True)

    assert "lanchat join HOST" in line
    assert "--scan" in line
    scanned = list_rooms._nothing_found(arguments(scan=True), [("10.0.0.5", 8100)], is_on_network=True)
    assert "10.0.0.5:8100" in scanned
    assert "every address of this subnet" in scanned
    partly = list_rooms._nothing_found(arguments(scan=True), [], is_on_network=True, is_all_asked=False)
    assert "every address" not in partly
    assert "--scan" not in scanned
    assert "firewall" in line
    assert "firewall" not in list_rooms._nothing_found(arguments(), [], is_on_network=True, is_advised=True)


@pytest.mark.parametrize("is_scanning", [False, True])
def test_a_scan_of_an_ipv6_network_is_neither_advised_nor_claimed(is_scanning: bool) -> None:
    line = list_rooms._nothing_found(arguments(scan=is_scanning), [], is_on_network=True, can_scan=False)

    assert "asked this machine, multicast DNS, broadcast." in line
    assert "--scan" not in line


@pytest.mark.parametrize(
    "wrong", [{"targets": ["10.0.0.5:x"]}, {"timeout": 0.0}, {"timeout": -1.0}, {"timeout": float("nan")}]
)
def test_wrong_input_is_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"\.$"):
        run(arguments(**wrong))


class Terminal(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def run_on(terminal: Terminal, *targets: str) -> int:
    with contextlib.redirect_stdout(terminal):
        return run(arguments(*targets))


def test_rooms_are_a_table_on_a_terminal(port: int, terminal: Terminal) -> None:
    assert run_on(terminal, f"127.0.0.1:{port}") == 0

    written = terminal.getvalue()
    last = written[written.rindex("Room") :]
    assert "Looking for rooms" in written
    assert "Looking for rooms" not in last
    assert all(word in last for word in ("Line 3", "Shift B", "Press 4", "needed", f"127.0.0.1:{port}"))


def test_what_a_room_says_is_never_markup(
    port: int, rooms: list[dict[str, object]], terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    rooms[0].update(name="[/x] [red]a[/]", topic="\x1b]52;c;aGk=\x07[link=file:///x]b")

    assert run_on(terminal, f"127.0.0.1:{port}") == 0

    written = terminal.getvalue()
    assert "[/x] [red]a[/]" in written
    assert "]52;c;aGk=[link=file:///x]b" in written
    assert "\x1b]" not in written


def test_no_room_leaves_no_table_on_a_terminal(terminal: Terminal) -> None:
    assert run_on(terminal) == 1

    assert "Room " not in terminal.getvalue()


def test_a_terminal_that_can_only_print_gets_lines(
    port: int, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")

    run_on(terminal, f"127.0.0.1:{port}")

    assert "\x1b" not in terminal.getvalue()
    assert terminal.getvalue().startswith("Line 3 ")


def test_a_reader_that_has_enough_ends_the_command_quietly(port: int, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as file:

        class Closed(io.StringIO):
            def write(self, _: str) -> int:
                raise BrokenPipeError

            def fileno(self) -> int:
                return file.fileno()

        with contextlib.redirect_stdout(Closed()):
            assert run(arguments(f"127.0.0.1:{port}")) == 0
