"""`lanchat host` as a person runs it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import require
from tests.hosting import Guests, HostProcess, environment, lanchat_command
from tests.server.peer import DEADLINE_S
from tests.terminal import Terminal

_ENDED_WITHIN_S = 5.0  # with last words for everybody
_SIGNALS = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

StartHost = Callable[..., HostProcess]


def room_json(host: HostProcess) -> dict[str, object]:
    with urlopen(f"http://127.0.0.1:{host.port}/room.json", timeout=DEADLINE_S) as answer:
        facts: dict[str, object] = json.load(answer)
    return facts


# ---- What it prints ------------------------------------------------------------------------------------------------


def test_in_a_pipe_it_tells_in_plain_lines_how_to_join(host: HostProcess) -> None:
    host.end()
    assert host.output.splitlines() == [
        f"Open     http://127.0.0.1:{host.port} in a browser on this machine",
        "Room     Line 3",
        'Join     lanchat join "Line 3"',
        "or       any IRC client (/join #Line-3), or nc, at this address",
        f"Address  127.0.0.1:{host.port}",
        "The room is closed.",
    ]
    assert host.errors == ""


def test_all_there_is_to_tell_is_told(start_host: StartHost) -> None:
    host = start_host("--name", "Line 3", "--name", "Büro 7", "--port", "0", "--plain-port", "0", "--password", "x")
    plain_port = host.plain_port
    host.end()
    first = host.ports[0]
    assert host.output.splitlines()[:-1] == [
        f"Open      http://127.0.0.1:{first} in a browser on this machine",
        "Room      Line 3",
        "          Büro 7",
        'Join      lanchat join "Line 3"',
        '          lanchat join "Büro 7"',
        "or        any IRC client (/join #Line-3, /join #Büro-7), or nc, at this address",
        f"Address   127.0.0.1:{first}",
        f"Plain     port {plain_port}, for programs that wait to be greeted",
        "Password  needed",
    ]


def test_it_tells_who_comes_speaks_renames_and_goes(host: HostProcess) -> None:
    zoe = host.member("Zoé")
    zoe.send(
        "PRIVMSG #Line-3 :hello [bold]all[/x]",
        "PRIVMSG #Line-3 :\x01ACTION waves\x01",
        "PRIVMSG #Line-3 :\x1b[2J\u202egone",
        "NICK Maria_López",
        "TOPIC #Line-3 :Shift B",
        "JOIN #own",
        "PRIVMSG #own :not the host's business",
        "QUIT",
    )
    host.wait_for_output("has left")
    told = [line[7:] for line in host.output.splitlines() if re.match(r"\d\d:\d\d  ", line)]
    assert told == [
        "Zoé has joined (1 in)",
        "Zoé: hello [bold]all[/x]",
        "Zoé waves",
        "Zoé: [2Jgone",
        "Zoé is now Maria López",
        "Maria López has set the topic: Shift B",
        "Maria López has left (0 in)",
    ]


def test_of_several_rooms_each_line_tells_which(start_host: StartHost) -> None:
    host = start_host("--name", "Line 3", "--name", "Bridge")
    host.member("zoe", "#Bridge").send("PRIVMSG #Bridge :ahoy")
    host.wait_for_output("Bridge  zoe has joined (1 in)\n")
    host.wait_for_output("Bridge  zoe: ahoy\n")


def test_quiet_is_quiet(start_host: StartHost) -> None:
    host = start_host("--name", "Line 3", "--quiet")
    zoe = host.member("zoe")
    zoe.send("PRIVMSG #Line-3 :hello", "QUIT")
    zoe.read_to_end()
    host.end()
    assert "zoe" not in host.output


def test_letters_that_the_output_has_not_are_replaced(start_host: StartHost) -> None:
    host = start_host("--name", "Büro 田", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    host.member("Zoé", "#Büro-田")
    host.wait_for_output("Zo? has joined")
    assert host.end()[0] == 0
    assert (host.output.splitlines()[1].strip(), host.errors) == ("Room     B?ro ?", "")


def test_in_a_terminal_the_last_line_tells_how_many_are_in(tmp_path: Path) -> None:
    require("tmux")
    command = [*lanchat_command(), "host", "--name", "Line 3", "--listen", "127.0.0.1", "--port", "0", "--no-mdns"]
    with Terminal(command, env=environment(tmp_path)) as terminal:
        screen = terminal.wait_for_text("nobody in yet  ·  Ctrl-C closes the room")
        found = re.search(r"│ Address +127\.0\.0\.1:(\d+) +│", screen)
        assert found
        assert '│ Join     lanchat join "Line 3"' in screen
        with socket.create_connection(("127.0.0.1", int(found[1]))) as peer:
            peer.sendall("hello?\nZoé\nPress 4 is back\n".encode())
            screen = terminal.wait_for(lambda screen: screen.endswith("\n1 in  ·  Ctrl-C closes the room"))
            assert re.search(r"\n\d\d:\d\d  Zoé has joined \(1 in\)\n\d\d:\d\d  Zoé: Press 4 is back\n1 in", screen)
        terminal.wait_for(lambda screen: screen.endswith("\nnobody in yet  ·  Ctrl-C closes the room"))
        terminal.press("C-c")
        screen = terminal.wait_for_text("exit=0")
        assert screen.endswith("has left (0 in)\nThe room is closed.\nexit=0")
        assert terminal.is_cursor_shown()


# ---- How it ends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", _SIGNALS)
def test_a_signal_ends_it_well(name: str, host: HostProcess) -> None:
    zoe = host.member("zoe")
    nc = host.peer()
    nc.send("hello", "Ada")
    nc.read_until(b"In the room")
    reading = threading.Thread(target=nc.read_to_end)
    reading.start()
    host.process.send_signal(signal.Signals[name])
    assert zoe.read_to_end().endswith(b"ERROR :The host has closed the room Line 3\r\n")
    zoe.sock.close()
    reading.join(DEADLINE_S)
    nc.sock.close()
    assert host.wait() == 0
    assert host.output.endswith("The room is closed.\n")
    assert host.errors == ""


def test_peers_that_do_not_read_do_not_keep_it_from_ending(host: HostProcess) -> None:
    stalled = host.peer(receive_buffer_bytes=4_096).register("stalled", channel="#Line-3")
    host.peer()  # says nothing at all
    stalled.fence()
    status, took_s = host.end(with_peers=False)
    assert (status, took_s < _ENDED_WITHIN_S) == (0, True)


def test_a_second_signal_ends_it_at_once(host: HostProcess) -> None:
    zoe = host.member("zoe")
    host.process.send_signal(signal.SIGINT)
    zoe.read_until(b"ERROR :The host has closed the room Line 3\r\n")  # and stays, so that the host waits for it
    status, _ = host.end(signal.SIGINT, with_peers=False)
    assert (status, host.errors) == (130, "")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_under_nohup_it_outlives_its_terminal(start_host: StartHost) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which programs started now inherit
    host = start_host("--name", "Line 3")
    signal.signal(signal.SIGHUP, before)
    zoe = host.member("zoe")
    host.process.send_signal(signal.SIGHUP)
    zoe.fence()
    assert host.end()[0] == 0


def test_its_note_of_running_is_there_while_it_runs_and_gone_behind_it(host: HostProcess, tmp_path: Path) -> None:
    host.member("zoe").sock.close()
    assert [json.loads(note.read_text())["port"] for note in tmp_path.glob("data/running/*.json")] == [host.port]
    host.end()
    assert list(tmp_path.glob("data/running/*")) == []


# ---- An output that nobody reads -----------------------------------------------------------------------------------


def command(tmp_path: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    options = ["--name", "Line 3", "--listen", "127.0.0.1", "--no-mdns", "--no-flood-limits", *arguments]
    return [*lanchat_command(), "host", *options], environment(tmp_path)


def noted_port(tmp_path: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait for the note of a host that cannot tell its port; return it."""
    while process.poll() is None:
        for note in tmp_path.glob("running/*.json"):
            port: int = json.loads(note.read_text())["port"]
            return port
    raise AssertionError(f"it ended with {process.returncode}")


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "blocked"])
def test_an_output_that_is_not_read_does_not_hold_up_the_room(is_closed: bool, tmp_path: Path) -> None:
    arguments, env = command(tmp_path, "--port", "0")
    process = subprocess.Popen(arguments, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    with process.stdout, process.stderr:
        guests = Guests(noted_port(tmp_path, process))
        if is_closed:
            process.stdout.close()
        zoe, ada = guests.member("zoe"), guests.member("ada")
        for _ in range(20):  # more than a pipe holds, and more lines than are kept for it
            zoe.send(b"PRIVMSG #Line-3 :%s\r\n" % (b"x" * 300) * 100)
            zoe.fence()
        assert len([message for message in ada.fence() if message.command == "PRIVMSG"]) == 2_000
        guests.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(_ENDED_WITHIN_S) == 0
        assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix closes it")
def test_without_any_output_it_hosts(tmp_path: Path) -> None:
    arguments, env = command(tmp_path, "--port", "0")
    process = subprocess.Popen(["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *arguments], env=env)
    guests = Guests(noted_port(tmp_path, process))
    guests.member("zoe").fence()
    guests.close()
    process.send_signal(signal.SIGTERM)
    assert process.wait(_ENDED_WITHIN_S) == 0


# ---- What can be asked of it ----------------------------------------------------------------------------------------


def test_the_greeting_is_shown(start_host: StartHost, tmp_path: Path) -> None:
    greeting = tmp_path / "motd.txt"
    greeting.write_bytes("Grüße\n\x1b[2Jfrom the bridge\n".encode())
    peer = start_host("--motd", str(greeting)).peer()
    peer.send("NICK zoe", "USER zoe 0 * :Zoe")
    assert [peer.expect("372").params[1] for _ in range(2)] == ["- Grüße", "- [2Jfrom the bridge"]


def test_a_greeting_can_be_left_out(start_host: StartHost, tmp_path: Path) -> None:
    peer = start_host("--motd", os.devnull, "--no-motd").peer()
    peer.send("NICK zoe", "USER zoe 0 * :Zoe")
    peer.expect("422")


def test_an_operator_may_moderate(start_host: StartHost) -> None:
    host = start_host("--name", "Line 3", "--oper", "chief:a secret: with all")
    chief, noise = host.member("chief"), host.member("noise")
    chief.send("OPER chief :guess")
    chief.expect("464")
    chief.send("OPER chief :a secret: with all")
    chief.expect("381")
    chief.send("KICK #Line-3 noise :enough")
    noise.expect("KICK", "#Line-3", "noise", "enough")


def test_the_topic_the_servers_name_and_the_password_are_those_asked_for(start_host: StartHost) -> None:
    host = start_host("--name", "Line 3", "--topic", "Shift B", "--server-name", "irc.example", "--password", "sesame")
    peer = host.peer()
    peer.send("PASS sesame", "NICK zoe", "USER zoe 0 * :Zoe", "JOIN #Line-3")
    assert peer.expect("001").source == "irc.example"
    assert peer.expect("332").params[-1] == "Shift B"
    facts = room_json(host)
    assert (facts["name"], facts["channel"], facts["topic"], facts["auth"]) == ("Line 3", "#Line-3", "Shift B", "pw")


def test_only_so_many_may_be_in(start_host: StartHost) -> None:
    host = start_host("--name", "Line 3", "--max-clients", "1")
    host.member("zoe")
    late = host.peer()
    late.send("NICK late", "USER late 0 * :Late")
    assert b"The room is full: 1 are in" in late.read_to_end()


def test_without_a_name_the_room_has_the_machines(start_host: StartHost) -> None:
    assert room_json(start_host())["name"] == socket.gethostname().partition(".")[0]


def test_all_ports_asked_for_lead_into_the_same_room(start_host: StartHost) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as sock:
        port = sock.getsockname()[1]
    host = start_host("--name", "Line 3", "--port", str(port))
    assert host.ports[1] == port
    one, other = (
        host.peer(port).register(name, channel="#Line-3") for name, port in zip("ab", host.ports, strict=True)
    )
    one.send("PRIVMSG #Line-3 :hello")
    assert other.expect("PRIVMSG").params[1] == "hello"


def test_the_plain_port_greets(start_host: StartHost) -> None:
    host = start_host("--name", "Line 3", "--plain-port", "0")
    assert host.peer(host.plain_port).read_until(b"\n") == b"This is the room Line 3. What is your name?\r\n"


def test_where_the_usual_port_is_taken_the_next_free_one_is_told(start_host: StartHost) -> None:
    taken = socket.socket()
    with taken:
        if sys.platform != "win32":
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8100))
            taken.listen()
        except OSError:  # taken by another program, which is just as well
            pass
        host = start_host("--name", "Line 3", port=None)
        port = host.port
        host.wait_for(lambda: host.errors == f"Port 8100 is taken by another program; hosting on {port}.\n")
        assert 8100 < port < 8110


# ---- Ids -----------------------------------------------------------------------------------------------------------


def test_a_room_has_its_id_again_after_a_restart(start_host: StartHost) -> None:
    first = start_host("--name", "Line 3")
    facts = room_json(first)
    first.end()
    again = room_json(start_host("--name", "LINE 3"))
    assert (again["id"], again["host"]) == (facts["id"], facts["host"])


def test_two_hosts_of_one_name_on_one_machine_are_two_rooms(start_host: StartHost) -> None:
    one = start_host("--name", "Line 3")
    ids = {room_json(one)["id"], room_json(start_host("--name", "Line 3"))["id"]}
    assert len(ids) == 2


def test_a_host_that_crashed_does_not_keep_its_rooms_id(start_host: StartHost) -> None:
    crashed = start_host("--name", "Line 3")
    facts = room_json(crashed)
    crashed.kill()
    assert room_json(start_host("--name", "Line 3"))["id"] == facts["id"]


# ---- How many may connect ------------------------------------------------------------------------------------------

_UNIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="ulimit is Unix'")


def limited(tmp_path: Path, limit: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a host whose open files are limited."""
    program, env = command(tmp_path, "--port", "0", *arguments)
    return subprocess.Popen(["sh", "-c", f'{limit} && exec "$@"', "sh", *program], env=env, stderr=subprocess.PIPE)


@_UNIX_ONLY
def test_a_limit_that_can_be_raised_is_raised(tmp_path: Path) -> None:
    process = limited(tmp_path, "ulimit -S -n 80", "--max-clients", "150")
    with process, closing(Guests(noted_port(tmp_path, process))) as guests:
        people = [guests.peer().register(f"guest{number}") for number in range(150)]
        people[-1].fence()
        process.terminate()
        assert process.stderr
        assert process.stderr.read() == b""


@_UNIX_ONLY
def test_a_limit_that_cannot_be_raised_is_told_and_kept_to(tmp_path: Path) -> None:
    process = limited(tmp_path, "ulimit -n 80", "--max-clients", "150")
    with process, closing(Guests(noted_port(tmp_path, process))) as guests:
        for number in range(56):
            guests.peer().register(f"guest{number}")
        assert guests.peer().is_closed_by_host()
        guests.peers[0].fence()
        process.terminate()
        assert process.stderr
        assert process.stderr.read().decode().splitlines() == [
            "This system allows 56 connections at once; the room is full before --max-clients.",
            "127.0.0.1 was turned away: 56 connections are open, and no more fit.",
        ]


# ---- The page ------------------------------------------------------------------------------------------------------


def test_a_host_without_a_page_tells_of_none_and_says_so_to_browsers(start_host: StartHost) -> None:
    host = start_host("--name", "Line 3", "--no-web")
    with urlopen(f"http://127.0.0.1:{host.port}/", timeout=DEADLINE_S) as answer:
        assert "This host serves no page for browsers." in answer.read().decode()
    assert room_json(host)["web"] == ""
    assert room_json(host)["addresses"] == [f"127.0.0.1:{host.port}"]
    assert host.output.startswith("Room     Line 3\n")


def test_the_page_is_opened_by_a_further_name_where_that_is_allowed(start_host: StartHost) -> None:
    host = start_host("--name", "Line 3", "--allow-host", "Kiosk.lan")
    for name, status in (("kiosk.LAN:80", b"200"), ("other.lan", b"421")):
        peer = host.peer()
        peer.send("GET / HTTP/1.1", f"Host: {name}", "Connection: close", "")
        assert peer.read_to_end().split()[1] == status
