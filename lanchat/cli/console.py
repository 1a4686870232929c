"""What the person at the host sees: how others get in, then who comes, goes and speaks.

A terminal that is held (Ctrl-S), or a pipe that nobody reads, must not hold up the room: a thread of its own prints.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence

from rich.console import Console as RichConsole
from rich.panel import Panel
from rich.text import Text

from lanchat.chat.effects import Happened
from lanchat.chat.settings import Settings
from lanchat.discovery.addresses import url_host
from lanchat.protocol.names import fold, shown
from lanchat.protocol.text import clean

_MAX_WAITING = 1_000  # lines; when nobody reads, more are dropped and counted
_LAST_LINES_S = 1.0

_Line = Text | Panel | str


class Console:
    """Prints what happens, one line each; rich in a terminal, plain in a pipe."""

    def __init__(self, settings: Settings, *, is_quiet: bool) -> None:
        self._settings = settings
        self._is_quiet = is_quiet
        self._rich = RichConsole(markup=False, highlight=False, emoji=False)
        self._rooms = {fold(room.channel): room.name for room in settings.rooms}
        self._present: dict[str, set[str]] = {folded: set() for folded in self._rooms}
        self._lines: queue.Queue[Callable[[], None] | None] = queue.Queue(_MAX_WAITING)
        self._dropped = 0
        self._thread = threading.Thread(target=self._print_all, name="lanchat-console", daemon=True)
        self._thread.start()

    # ---- What is told ----------------------------------------------------------------------------------------------

    def opened(self, ports: Sequence[int], addresses: Sequence[str], plain_port: int | None) -> None:
        """Tell how to join."""
        rooms = " and ".join(f"“{room.name}”" for room in self._settings.rooms)
        where = [f"{url_host(address)}:{port}" for address in addresses for port in ports]
        text = Text()
        text.append("Room     ").append(rooms, "bold").append("\n")
        text.append("Join     ").append(f'lanchat join "{self._settings.rooms[0].name}"', "bold cyan").append("\n")
        text.append("or       ").append("any IRC client, or nc, at one of these addresses\n")
        text.append("Address  ").append("\n         ".join(where) or "no network yet: only this machine can join")
        if plain_port:
            text.append(f"\nPlain    port {plain_port}, for programs that wait to be greeted")
        if self._settings.password:
            text.append("\nPassword ").append("needed", "yellow")
        text.append("\nCtrl-C ends it.", "dim")
        self._put(lambda: self._rich.print(Panel(text, expand=False) if self._rich.is_terminal else text))

    def moved(self, addresses: Sequence[str], port: int) -> None:
        """Tell the addresses that the machine has now."""
        where = ", ".join(f"{url_host(address)}:{port}" for address in addresses)
        self.say(f"The network has changed; the room is now at {where}." if where else "The network is gone.")

    def happened(self, event: Happened) -> None:
        """Tell who came, went or spoke."""
        self._count(event)
        if self._is_quiet or fold(event.channel) not in self._rooms:
            return
        who = shown(event.nick)
        line = Text(time.strftime("%H:%M "), "dim")
        line.append(self._room_prefix(event.channel))
        if event.kind == "message":
            line.append(f"{clean(who)}: ", "bold").append(_said(event.text))
        else:
            line.append(self._phrase(event, clean(who)), "green" if event.kind == "join" else "yellow")
        self._put(lambda: self._rich.print(line, soft_wrap=True))

    def say(self, text: str) -> None:
        """Tell something about the room itself."""
        self._put(lambda: self._rich.print(Text(text), soft_wrap=True))

    def warn(self, text: str) -> None:
        """Tell something that the person at the host should know."""
        self._put(lambda: sys.stderr.write(f"{clean(text)}\n"))

    def closed(self) -> None:
        """Print what is still waiting, and end."""
        self.say("The room is closed.")
        try:
            self._lines.put(None, timeout=_LAST_LINES_S)
        except queue.Full:
            return
        self._thread.join(_LAST_LINES_S)

    # ---- How it is told --------------------------------------------------------------------------------------------

    def _count(self, event: Happened) -> None:
        present = self._present.get(fold(event.channel))
        if event.kind == "join" and present is not None:
            present.add(fold(event.nick))
        elif event.kind == "leave" and present is not None:
            present.discard(fold(event.nick))
        elif event.kind == "nick":
            for people in self._present.values():
                if fold(event.nick) in people:
                    people.discard(fold(event.nick))
                    people.add(fold(event.text))

    def _room_prefix(self, channel: str) -> str:
        return f"{self._rooms[fold(channel)]} | " if len(self._rooms) > 1 else ""

    def _phrase(self, event: Happened, who: str) -> str:
        people = len(self._present[fold(event.channel)])
        if event.kind == "join":
            return f"{who} has joined ({_in(people)})"
        if event.kind == "leave":
            return f"{who} has left ({_in(people)})"
        return f"{who} has set the topic: {clean(event.text)}"

    def _put(self, print_it: Callable[[], object]) -> None:
        try:
            self._lines.put_nowait(lambda: _discard(print_it()))
        except queue.Full:
            self._dropped += 1

    def _print_all(self) -> None:
        while (print_it := self._lines.get()) is not None:
            try:
                print_it()
                if self._dropped:
                    dropped, self._dropped = self._dropped, 0
                    self._rich.print(Text(f"({dropped} lines were not shown)", "dim"))
            except OSError:  # the terminal or the pipe is gone; the room goes on
                self._is_quiet = True


def _discard(_result: object) -> None:
    pass


def _in(people: int) -> str:
    return f"{people} in"


def _said(text: str) -> str:
    if text.startswith("\x01"):
        word, _, rest = text.strip("\x01").partition(" ")
        return f"({clean(rest)})" if word == "ACTION" else f"({clean(word)})"
    return " ⏎ ".join(clean(line) for line in text.split("\n"))
