"""Take the picture of the screen that the documentation shows: the real screen, in the room of a real host.

Usage: python -m tests.client.picture docs/screen.svg
"""

import asyncio
import re
import socket
import sys
import tempfile
from pathlib import Path

from lanchat.cli import build_parser
from lanchat.cli.join import CommandLineJoining
from lanchat.client.screen.app import LanchatApp
from lanchat.config import load_settings
from tests.client.on_terminal import hosted
from tests.client.screen.stage import members, screen_text, until

SIZE = (96, 18)
OTHERS = ("Jonas", "Maria_López", "Işıl", "Ahmed", "Li")
TALK = (
    ("Maria_López", "Good morning! Is press 4 back? We have 200 housings waiting, and the truck leaves at eleven."),
    ("Jonas", "Not yet. The seal is in, ten minutes to warm up."),
    ("Ahmed", "Pressure 6.1 bar, oil at 48 °C."),
    ("Li", "Line 3 is ready when you are 👍"),
    ("Işıl", "\x01ACTION keeps the forklift here\x01"),
    ("Jonas", "Zoé, can you bring the small gauge?"),
)
_REMOTE_FONTS = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)


def join(port: int, nick: str) -> socket.socket:
    """Let somebody join the room with nothing but a socket."""
    person = socket.create_connection(("127.0.0.1", port), timeout=20)
    person.sendall(f"NICK {nick}\r\nUSER {nick[:4]} 0 * :{nick}\r\nJOIN #Line-3\r\nPING in\r\n".encode())
    heard = b""
    while b"PONG" not in heard:
        heard += person.recv(65_536)
    return person


def say(person: socket.socket, text: str) -> None:
    """Let somebody say something; wait until the host has taken it."""
    person.sendall(f"PRIVMSG #Line-3 :{text}\r\nPING said\r\n".encode())
    while b"said" not in person.recv(65_536):
        pass


async def take(port: int) -> str:
    """Join, let the others talk, answer, and return the screen as SVG."""
    args = build_parser().parse_args(["join", f"127.0.0.1:{port}", "--nick", "Zoé"])
    app = LanchatApp(CommandLineJoining(args, load_settings(), is_person=True))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "connected" in screen_text(app))
        people = {nick: join(port, nick) for nick in OTHERS}
        await until(pilot, lambda: members(app).virtual_size.height == len(OTHERS) + 2)
        for nick, text in TALK:
            say(people[nick], text)
        await until(pilot, lambda: "small gauge" in screen_text(app))
        await pilot.press(*"On my way.", "enter")
        await until(pilot, lambda: "On my way." in screen_text(app))
        await pilot.press(*"Two minutes, Mar", "tab")
        await pilot.pause()
        picture = app.export_screenshot(title="lanchat join")
        for person in people.values():
            person.close()
        await pilot.press("ctrl+q")
    return _REMOTE_FONTS.sub("", picture)


def main() -> int:
    """Take the picture and write it to the path given."""
    with (
        tempfile.TemporaryDirectory() as folder,
        hosted(Path(folder), "--topic", "Shift B: press 4 until noon") as port,
    ):
        picture = asyncio.run(take(port))
    Path(sys.argv[1]).write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
