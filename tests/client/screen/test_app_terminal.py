"""The real program on a real terminal, in the room of a real host: what bytes the terminal gets."""

import re
from pathlib import Path

import pytest

from tests.client.on_terminal import hosted, joined, need_pty

ROOM = "connected"
_SGR = re.compile(r"\x1b\[([0-9;]*)m")
CLIPBOARD = "\x1b]52;"
END_OF_SCREEN = "\x1b[?1049l"


@pytest.fixture(autouse=True)
def _a_pty() -> None:
    need_pty()


def colours(painted: str) -> set[str]:
    """The colour codes among what was painted, the default ones apart."""
    found = set()
    for codes in _SGR.findall(painted):
        parts = codes.split(";")
        while parts:
            code = parts.pop(0)
            if code in ("38", "48") and parts:
                found.add(f"{code};{parts[0]}")
                del parts[: 2 if parts[0] == "5" else 4]
            elif code.isdecimal() and (30 <= int(code) <= 47 or 90 <= int(code) <= 107) and code not in ("39",):
                found.add(code)
    return found


def test_two_people_talk_and_leave(tmp_path: Path) -> None:
    with hosted(tmp_path) as port:
        target = f"127.0.0.1:{port}"
        with (
            joined(tmp_path / "zoe", target, "--nick", "Zoé") as zoe,
            joined(tmp_path / "bo", target, "--nick", "Bo") as bo,
        ):
            zoe.wait_for(ROOM)
            bo.wait_for(ROOM)
            bo.type("Press 4 is back\r")
            zoe.wait_for("Press 4 is back")
            zoe.type("Thank you \x1b[31m田中\r")
            bo.wait_for("Thank you")
            bo.type("\\q\r")
            assert bo.end() == 0
            zoe.wait_for("Bo has")
            zoe.type("\x11")
            assert zoe.end() == 0
    assert zoe.seen.rstrip().endswith(END_OF_SCREEN) or END_OF_SCREEN in zoe.seen[-200:]
    assert "Traceback" not in zoe.seen + bo.seen


def test_hostile_message_over_the_wire_steers_no_terminal(tmp_path: Path) -> None:
    import socket

    with hosted(tmp_path) as port, joined(tmp_path / "zoe", f"127.0.0.1:{port}", "--nick", "Zoé") as zoe:
        zoe.wait_for(ROOM)
        with socket.create_connection(("127.0.0.1", port)) as attacker:
            attacker.sendall(b"NICK Eve\r\nUSER eve 0 * :\x1b[2J\r\nJOIN #Line-3\r\n")
            text = "\x1b]52;c;aGFja2Vk\x07 \x1b[?1049l \x9b2J \u202eevil [/x] [bold]".encode()
            attacker.sendall(b"PRIVMSG #Line-3 :" + text + b" seen\r\nTOPIC #Line-3 :[/] \x1b]0;title\x07\r\n")
            zoe.wait_for("seen")
        zoe.wait_for("Eve has")
        assert CLIPBOARD not in zoe.seen
        assert END_OF_SCREEN not in zoe.seen
        assert not re.search("[\x80-\x9f\u202e]", zoe.seen)
        assert "\x1b]0;title" not in zoe.seen
        zoe.type("\x11")
        assert zoe.end() == 0


def test_no_color_gets_no_colours(tmp_path: Path) -> None:
    with hosted(tmp_path) as port, joined(tmp_path / "zoe", f"127.0.0.1:{port}", "--nick", "Zoé", NO_COLOR="1") as zoe:
        zoe.wait_for(ROOM)
        zoe.type("hello\r")
        zoe.wait_for("hello")
        assert colours(zoe.seen) == set()


def test_nothing_is_painted_on_black_or_white_of_our_own(tmp_path: Path) -> None:
    with hosted(tmp_path) as port, joined(tmp_path / "zoe", f"127.0.0.1:{port}", "--nick", "Zoé") as zoe:
        zoe.wait_for(ROOM)
        zoe.type("hello\r/help\rabc")
        zoe.wait_for("Writing")
        assert not colours(zoe.seen) & {"40", "47", "100", "107", "48;5", "48;2"}  # a cursor must be seen on both


def test_terminal_of_sixteen_colours_gets_no_others(tmp_path: Path) -> None:
    with hosted(tmp_path) as port, joined(tmp_path / "zoe", f"127.0.0.1:{port}", "--nick", "Zoé", TERM="xterm") as zoe:
        zoe.wait_for(ROOM)
        zoe.type("hello\r")
        zoe.wait_for("hello")
        assert colours(zoe.seen)
        assert not any(";" in code for code in colours(zoe.seen))


def test_wrong_address_is_one_line_once_the_screen_is_gone(tmp_path: Path) -> None:
    with joined(tmp_path / "zoe", "127.0.0.1:1", "--nick", "Zoé") as zoe:
        assert zoe.end() == 1
    after = zoe.seen.rpartition(END_OF_SCREEN)[2]
    assert "lanchat: 127.0.0.1:1" in after
    assert "Traceback" not in zoe.seen
