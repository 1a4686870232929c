"""`lanchat join --plain` at a terminal: greetings, colours, leaving, a password asked for."""

import os
import secrets
from pathlib import Path

import pytest

from tests.cli.joining import Host, Terminal
from tests.cli.joining import host as host
from tests.cli.joining import terminal as terminal
from tests.cli.programs import free_port, hosting


def test_at_a_terminal_one_is_greeted(host: Host, terminal: Terminal) -> None:
    terminal.screen.wait_for(f"You are Ana, in {host.name} with Ben.")
    terminal.screen.wait_for("Topic: Shift B")


def test_what_others_say_comes_in_colour(host: Host, terminal: Terminal) -> None:
    with host.member("Carl") as carl:
        terminal.screen.wait_for("Carl has joined")
        carl.send(f"PRIVMSG {host.channel} :hello Ana")
        terminal.screen.wait_for("hello Ana")
        assert "\x1b[1;38;" in terminal.screen.text
        terminal.screen.wait_for("\x07")  # the bell, for the name


@pytest.mark.parametrize(
    "keys", ["\\q\n", "/quit good night\n", "\x04", "\x03"], ids=[r"\q", "quit", "Ctrl-D", "Ctrl-C"]
)
def test_there_are_several_ways_to_leave(host: Host, terminal: Terminal, keys: str) -> None:
    with host.member("Carl") as carl:
        terminal.type(keys)
        assert terminal.ended() == 0
        assert carl.expect("QUIT").nick == "Ana"


def test_the_own_line_is_not_printed_a_second_time(host: Host, terminal: Terminal) -> None:
    terminal.type("hello\n/names\n")
    terminal.screen.wait_for(f"In {host.name} (2)")
    assert terminal.screen.text.count("hello") == 1


def test_a_wrong_password_is_asked_for_again(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("Windows has no pseudo-terminals of this kind")
    name, port = f"Vault {secrets.token_hex(4)}", free_port()
    with hosting(tmp_path, name, port, "--password", "sesame"):
        program = Terminal(tmp_path, name, "--nick", "Ana")
        program.screen.wait_for("Password of")
        program.type("wrong\n")
        program.screen.wait_for("The password is wrong.")
        program.screen.wait_for("Password of", times=2)
        program.type("sesame\n")
        program.screen.wait_for("You are Ana, alone in")
        program.type("\x04")
        assert program.ended() == 0
        program.close()
        assert "sesame" not in program.screen.text
