import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

import pytest

from lanchat import config
from tests.cli.joining import Host, Terminal
from tests.cli.joining import host as host
from tests.cli.joining import terminal as terminal
from tests.cli.programs import DEADLINE_S, free_port, hosting, joined, running
from tests.hosting import environment, lanchat_command

# ---- in a pipe ---------------------------------------------------------------------------------------------------


def test_a_line_in_a_pipe_is_said_and_confirmed(host: Host) -> None:
    with host.member("Ben") as ben:
        done = joined(host.folder, host.name, "--nick", "Maria López", typed="Press 4 is back\n")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith(" Maria López: Press 4 is back\n")
        assert ben.expect("PRIVMSG").params == (host.channel, "Press 4 is back")
        assert ben.expect("QUIT").nick == "Maria_López"


def test_a_room_is_found_by_the_beginning_of_its_name_in_any_case(host: Host) -> None:
    assert joined(host.folder, host.name.upper()[:-2], typed="hi\n").returncode == 0


def test_a_room_is_found_by_its_address(host: Host) -> None:
    assert joined(host.folder, host.address, typed="hi\n").returncode == 0


def test_without_input_nothing_is_said(host: Host) -> None:
    done = joined(host.folder, host.name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_last_line_needs_no_end(host: Host) -> None:
    assert (
        joined(host.folder, host.name, "--nick", "Ana", typed="one\r\ntwo").stdout.splitlines()[-1].endswith("Ana: two")
    )


def test_every_line_of_a_long_pipe_arrives(host: Host) -> None:
    lines = [f"line {number}" for number in range(50)]  # more than a host takes at once from one sender
    with host.member("Ben") as ben:
        done = joined(host.folder, host.name, typed="\n".join(lines))
        assert done.returncode == 0
        assert [ben.expect("PRIVMSG").params[1] for _ in lines] == lines


def test_a_text_longer_than_a_line_arrives_whole(host: Host) -> None:
    text = "wörd " * 2_000
    with host.member("Ben", caps="batch draft/multiline message-tags") as ben:
        assert joined(host.folder, host.name, typed=text).returncode == 0
        heard = ""
        while len(heard) < len(text.rstrip()):
            heard += ben.expect("PRIVMSG").params[1]
        assert heard == text.rstrip()


def test_commands_work_in_pipes_where_they_are_asked_for(host: Host) -> None:
    with host.member("Ben") as ben:
        done = joined(
            host.folder, host.name, "--nick", "Ana", "--commands", typed="/me waves\n/whois Ben\n/topic\n//etc\n"
        )
        assert done.returncode == 0
        assert ben.expect("PRIVMSG").params[1] == "\x01ACTION waves\x01"
        assert ben.expect("PRIVMSG").params[1] == "/etc"
        assert "* Ana waves\n" in done.stdout
        assert "Ben (Real Name), " in done.stdout
        assert f"Topic of {host.name}: Shift B" in done.stdout


def test_lines_from_a_pipe_are_said_as_they_are(host: Host) -> None:
    lines = ["/etc/motd is missing", "//x", "/quit", r"\q", f"/kick Ben {host.name}", "/me waves", "after it"]
    with host.member("Ben") as ben:
        assert joined(host.folder, host.name, "--nick", "Ana", typed="\n".join(lines)).returncode == 0
        assert [ben.expect("PRIVMSG").params[1] for _ in lines] == lines


def test_what_was_typed_wrongly_shows_in_the_exit_status(host: Host) -> None:
    done = joined(host.folder, host.name, "--commands", typed="/nmes\nhello\n")
    assert done.returncode == 1
    assert "Did you mean /names?" in done.stderr
    assert done.stdout.endswith(": hello\n")


def test_what_could_not_be_said_shows_in_the_exit_status(host: Host) -> None:
    with host.member("Ben") as ben:
        ben.send("OPER chief sesame", f"MODE {host.channel} +m")
        ben.expect("MODE", host.channel)
        done = joined(host.folder, host.name, typed="hello\n")
    assert done.returncode == 1
    assert f"Your message was not sent to {host.name}" in done.stderr
    assert 'Not sent: "hello"' in done.stderr


def test_foreign_control_characters_are_not_printed(host: Host) -> None:
    with host.member("Ben") as ben, running(host.folder, "join", host.name, "--plain") as ana:
        ben.expect("JOIN")
        ben.send(f"PRIVMSG {host.channel} :\x1b]0;owned\x07\x1b[2Jhello[/b]")
        ana.out.wait_for("hello[/b]")
        ana.end_input()
        assert ana.ended() == 0
        assert "\x1b" not in ana.out.text
        assert "\x07" not in ana.out.text


def test_a_listener_that_has_enough_ends_it_quietly(host: Host) -> None:
    command = [*lanchat_command(), "join", host.name, "--plain", "--nick", "Ana"]
    pipe = subprocess.PIPE
    with (
        host.member("Ben") as ben,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment(host.folder)) as ana,
    ):
        assert ana.stdin is not None
        assert ana.stdout is not None
        assert ana.stderr is not None
        ben.expect("JOIN")
        ana.stdout.close()
        ana.stdin.write(b"hello\n")
        ana.stdin.flush()
        assert ben.expect("QUIT").nick == "Ana"
        assert (ana.wait(DEADLINE_S), ana.stderr.read()) == (0, b"")


def test_last_words_are_said(host: Host) -> None:
    with host.member("Ben") as ben:
        done = joined(host.folder, host.name, "--nick", "Ana", "--commands", typed="/quit good night\nnot said\n")
        assert done.returncode == 0
        assert ben.expect("QUIT").params[0].endswith("good night")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such shell")
def test_closed_streams_are_no_trouble(host: Host) -> None:
    command = [*lanchat_command(), "join", host.name, "--plain", "--nick", "Ana"]
    shell = ["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *command]
    with host.member("Ben") as ben:
        assert subprocess.run(shell, env=environment(host.folder), timeout=DEADLINE_S, check=False).returncode == 0
        assert ben.expect("QUIT").nick == "Ana"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_being_told_to_end_says_goodbye(host: Host, number: signal.Signals, status: int) -> None:
    with host.member("Ben") as ben, running(host.folder, "join", host.name, "--plain", "--nick", "Ana") as ana:
        ben.expect("JOIN")
        ana.type("hello\n")
        ana.out.wait_for("hello")
        ana.process.send_signal(number)
        assert ana.ended() == status
        assert "Quit" in ben.expect("QUIT").params[0]


# ---- names and passwords -----------------------------------------------------------------------------------------


def test_a_taken_name_gets_a_number_and_that_is_said(host: Host) -> None:
    with host.member("Ana"):
        done = joined(host.folder, host.name, "--nick", "Ana", typed="hello\n")
    assert (done.returncode, done.stdout.partition(" ")[2]) == (0, "Ana2: hello\n")
    why = "the name Ana is somebody else's here (Somebody else uses this name now)"
    assert f"You are Ana2, since {why}; /nick NAME changes it." in done.stderr


def test_a_name_belongs_to_who_used_it_first(host: Host) -> None:
    assert joined(host.folder, host.name, "--nick", "Ana", typed="mine\n").stdout.endswith(" Ana: mine\n")
    stranger = host.folder / "stranger"
    done = joined(stranger, host.address, "--nick", "Ana", typed="hello\n")
    assert done.stdout.endswith(" Ana2: hello\n")
    assert (
        "You are Ana2, since the name Ana is somebody else's here (That is not the secret of this name);" in done.stderr
    )
    assert joined(stranger, host.address, "--nick", "Ana", typed="again\n").stdout.endswith(" Ana2: again\n")
    assert joined(host.folder, host.name, "--nick", "Ana", typed="still\n").stdout.endswith(" Ana: still\n")


def test_the_room_is_remembered_but_a_program_renames_nobody(host: Host) -> None:
    joined(host.folder, host.name, "--nick", "Alarm")
    settings = config.load_settings(host.folder)
    assert (settings.nick, [room.name for room in settings.rooms]) == ("", [host.name])


def test_a_persons_name_is_remembered(host: Host, terminal: "Terminal") -> None:
    assert joined(host.folder, host.name, typed="hello\n").stdout.endswith(" Ana: hello\n")
    terminal.type("/nick Zoé\n")
    terminal.screen.wait_for("You are now Zoé")
    terminal.type("/quit\n")
    assert terminal.ended() == 0
    assert joined(host.folder, host.name, typed="hello\n").stdout.endswith(" Zoé: hello\n")


def test_without_any_name_the_systems_user_name_is_taken(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "maria lópez")
    assert joined(host.folder, host.name, typed="hello\n").stdout.endswith("maria lópez: hello\n")


def test_a_name_of_which_nothing_can_be_kept_is_refused(tmp_path: Path) -> None:
    done = joined(tmp_path, "--nick", "!!!")
    assert done.returncode == 2
    assert done.stderr == 'lanchat: "!!!" cannot be a name: nothing of it can be kept. Letters always can.\n'


@pytest.mark.parametrize(
    ("flags", "status", "error"),
    [
        ((), 1, "lanchat: {} needs a password; add --password PASSWORD.\n"),
        (("--password", "wrong"), 1, "lanchat: The password is wrong.\n"),
        (("--password", "sesame"), 0, ""),
    ],
)
def test_a_room_with_a_password(tmp_path: Path, flags: tuple[str, ...], status: int, error: str) -> None:
    name, port = f"Vault {secrets.token_hex(4)}", free_port()
    with hosting(tmp_path, name, port, "--password", "sesame"):
        done = joined(tmp_path, name, *flags, typed="hello\n")
    assert (done.returncode, done.stderr) == (status, error.format(name))


# ---- what is not there -------------------------------------------------------------------------------------------


def test_an_unknown_room_is_told_with_what_there_is(host: Host) -> None:
    done = joined(host.folder, "no such room", typed="hello\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith('lanchat: There is no room "no such room" here; there is ')
    assert host.name in done.stderr


def test_an_ambiguous_name_lists_the_candidates(host: Host) -> None:
    port = free_port()
    other = f"{host.name} B"
    with hosting(host.folder, other, port, "--data-dir", str(host.folder / "other")):
        done = joined(host.folder, host.name[:-1], typed="hello\n")
        exact = joined(host.folder, host.name.lower(), typed="hello\n")
    assert done.returncode == 1
    assert done.stderr == f'lanchat: "{host.name[:-1]}" may be {host.name} or {other}; type more of the name.\n'
    assert exact.returncode == 0


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("127.0.0.1:{port}", "lanchat: 127.0.0.1:{port} refuses connections: nothing listens there.\n"),
        ("127.0.0.1:99999", "lanchat: 99999 is no port in '127.0.0.1:99999'; ports go from 1 to 65535"),
    ],
)
def test_an_address_where_nothing_is(tmp_path: Path, target: str, error: str) -> None:
    port = free_port()
    done = joined(tmp_path, target.format(port=port))
    assert done.returncode == 1
    assert done.stderr.startswith(error.format(port=port))


def test_a_host_that_is_no_room_is_told(tmp_path: Path) -> None:
    import http.server
    import threading

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as other:
        thread = threading.Thread(target=other.serve_forever, daemon=True)
        thread.start()
        done = joined(tmp_path, f"127.0.0.1:{other.server_port}")
        other.shutdown()
        thread.join(DEADLINE_S)
    assert (done.returncode, done.stderr) == (1, f"lanchat: 127.0.0.1:{other.server_port} is no lanchat room.\n")


def test_a_host_that_let_go_of_a_name_is_joined_as_somebody_new(tmp_path: Path) -> None:
    name, port = f"Line {secrets.token_hex(4)}", free_port()
    with hosting(tmp_path, name, port, "--no-flood-limits"):  # the loop below comes in more often than people do
        assert joined(tmp_path, *name.split(), "--nick", "Ana", typed="hi\n").returncode == 0, "typed without quotes"
        address = f"127.0.0.1:{port}"
        forget = [*lanchat_command(), "accounts", "forget", "Ana"]
        said = subprocess.run(forget, env=environment(tmp_path), capture_output=True, text=True, timeout=DEADLINE_S)
        assert "Who had it joins with: lanchat join --as-new" in said.stdout

        until = time.monotonic() + DEADLINE_S  # the host looks every few seconds
        while (done := joined(tmp_path, address, "--nick", "Ana", typed="hi\n")).returncode == 0:
            assert time.monotonic() < until
        assert "does not prove that it knows Ana" in done.stderr
        assert "if it is the right one, join with --as-new." in done.stderr

        again = joined(tmp_path, address, "--nick", "Ana", "--as-new", typed="it is me\n")
        assert (again.returncode, again.stderr) == (0, "")
        assert again.stdout.endswith(" Ana: it is me\n")
        assert joined(tmp_path, address, "--nick", "Ana", typed="hi\n").returncode == 0, "and known from then on"


# ---- losing the host ---------------------------------------------------------------------------------------------


def test_after_a_crash_of_the_host_the_conversation_goes_on(tmp_path: Path) -> None:
    name, port = f"Line {secrets.token_hex(4)}", free_port()
    with hosting(tmp_path, name, port) as first, running(tmp_path, "join", name, "--plain", "--nick", "Ana") as ana:
        ana.type("before\n")
        ana.out.wait_for("Ana: before")
        first.process.kill()
        ana.errors.wait_for("Connection lost")
        ana.type("meanwhile\n")
        ana.errors.wait_for("what is said is sent as soon as it is back")
        with hosting(tmp_path, name, port):
            ana.errors.wait_for("Connected again after")
            ana.out.wait_for("Ana: meanwhile")
            ana.end_input()
            assert ana.ended() == 0


def test_a_host_that_comes_back_on_another_port_is_found(tmp_path: Path) -> None:
    name = f"Line {secrets.token_hex(4)}"
    with hosting(tmp_path, name, free_port()) as first, running(tmp_path, "join", name, "--plain") as ana:
        ana.type("before\n")
        ana.out.wait_for("before")
        first.process.kill()
        ana.errors.wait_for("Connection lost")
        with hosting(tmp_path, name, free_port()):
            ana.errors.wait_for("Connected again after")
            ana.type("after\n")
            ana.out.wait_for("after")
            ana.end_input()
            assert ana.ended() == 0


def test_a_host_that_comes_back_without_its_data_is_a_new_room_and_that_is_said(tmp_path: Path) -> None:
    name, port = f"Line {secrets.token_hex(4)}", free_port()
    with hosting(tmp_path, name, port) as first, running(tmp_path, "join", name, "--plain", "--nick", "Ana") as ana:
        ana.type("before\n")
        ana.out.wait_for("Ana: before")
        first.process.kill()
        ana.errors.wait_for("Connection lost")
        with hosting(tmp_path, name, port, "--data-dir", str(tmp_path / "new")):
            ana.errors.wait_for(f"This is a new room called {name}, at the address of the one that is gone.")
            ana.type("after\n")
            ana.out.wait_for("Ana: after")
            ana.end_input()
            assert ana.ended() == 0


def test_another_room_at_the_same_address_is_not_taken_for_it(tmp_path: Path) -> None:
    name, port = f"Line {secrets.token_hex(4)}", free_port()
    with hosting(tmp_path, name, port) as first, running(tmp_path, "join", name, "--plain", "--nick", "Ana") as ana:
        ana.type("before\n")
        ana.out.wait_for("Ana: before")
        first.process.kill()
        ana.errors.wait_for("Connection lost")
        with hosting(tmp_path, f"{name} B", port, "--data-dir", str(tmp_path / "new")) as other:
            ana.end_input()
            ana.ended()
            assert "Ana" not in other.out.text
