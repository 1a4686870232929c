"""What the person at the host sees: how others get in, then who comes, goes and speaks.

A terminal that is held (Ctrl-S), or a pipe that nobody reads, must not hold up the room: a thread of its own prints.
In a terminal the last line always tells how many are in; it is drawn anew with each line, never by a clock.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import TextIOWrapper

from rich.console import Console as RichConsole
from rich.console import RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from lanchat.chat.effects import Happened
from lanchat.chat.settings import Settings
from lanchat.discovery.addresses import url_host
from lanchat.protocol.names import fold, shown
from lanchat.protocol.text import clean

_MAX_WAITING = 1_000  # lines; when nobody reads, more are dropped and counted
_LAST_LINES_S = 1.0


class Console:
    """Prints what happens, one line each; rich in a terminal, plain in a pipe."""

    def __init__(self, settings: Settings, *, is_quiet: bool) -> None:
        self._settings = settings
        self._is_quiet = is_quiet
        replace_what_cannot_be_shown()
        self._rich = RichConsole(markup=False, highlight=False, emoji=False)
        self._errors = RichConsole(markup=False, highlight=False, emoji=False, stderr=True)
        self._rooms = {fold(room.channel): room.name for room in settings.rooms}
        self._present: dict[str, set[str]] = {folded: set() for folded in self._rooms}
        self._lines: queue.Queue[Callable[[], None] | None] = queue.Queue(_MAX_WAITING)
        self._dropped = 0
        self._live: Live | None = None
        self._thread = threading.Thread(target=self._print_all, name="lanchat-console", daemon=True)
        self._thread.start()

    # ---- What is told ----------------------------------------------------------------------------------------------

    def opened(self, ports: Sequence[int], addresses: Sequence[str], plain_port: int | None) -> None:
        """Tell how to join."""
        rooms = [room.name for room in self._settings.rooms]
        where = [f"{url_host(address)}:{port}" for address in addresses for port in ports]
        facts = [
            ("Room", Text("\n".join(rooms), "bold")),
            ("Join", Text("\n".join(f'lanchat join "{room}"' for room in rooms), "bold cyan")),
            (
                "or",
                Text("any IRC client, or nc, at " + ("one of these addresses" if len(where) > 1 else "this address")),
            ),
            ("Address", Text("\n".join(where) or "no network yet: only this machine can join")),
        ]
        if plain_port is not None:
            facts.append(("Plain", Text(f"port {plain_port}, for programs that wait to be greeted")))
        if self._settings.password:
            facts.append(("Password", Text("needed", "yellow")))
        self._put(lambda: self._open(facts))

    def moved(self, addresses: Sequence[str], port: int) -> None:
        """Tell the addresses that the machine has now."""
        where = ", ".join(f"{url_host(address)}:{port}" for address in addresses)
        self.say(f"The network has changed; the room is now at {where}." if where else "The network is gone.")

    def happened(self, event: Happened) -> None:
        """Tell who came, went or spoke."""
        if self._is_quiet and event.kind == "message":
            return  # the busiest case, and nothing to be seen of it
        rooms = self._count(event)
        if rooms:
            line, people = self._line(event, rooms[0]), self._people()
            self._put(lambda: self._print(line, people))

    def say(self, text: str) -> None:
        """Tell something about the room itself."""
        self._put(lambda: self._rich.print(Text(clean(text)), soft_wrap=True))

    def warn(self, text: str) -> None:
        """Tell something that the person at the host should know."""
        self._put(lambda: self._warn(Text(clean(text), "yellow")))

    def closed(self) -> bool:
        """Print what is still waiting, and end. Tells whether all could be printed in time."""
        self._put(self._close)
        try:
            self._lines.put(None, timeout=_LAST_LINES_S)
        except queue.Full:
            return False
        self._thread.join(_LAST_LINES_S)
        return not self._thread.is_alive()

    # ---- How it is told --------------------------------------------------------------------------------------------

    def _count(self, event: Happened) -> list[str]:
        """Note who is in, and return in which of the rooms it happened. Channels that members opened are theirs."""
        who = fold(event.nick)
        if event.kind == "nick":
            rooms = [room for room, people in self._present.items() if who in people]
        else:
            rooms = [room for room in [fold(event.channel)] if room in self._rooms]
        for people in (self._present[room] for room in rooms):
            if event.kind in {"leave", "nick"}:
                people.discard(who)
            if event.kind in {"join", "nick"}:
                people.add(fold(event.text) if event.kind == "nick" else who)
        return rooms

    def _line(self, event: Happened, room: str) -> Text | None:
        """One line about it; None where none is wanted."""
        if self._is_quiet:
            return None
        who = clean(shown(event.nick))
        line = Text().append(time.strftime("%H:%M  "), "dim")
        if len(self._rooms) > 1 and event.channel:
            line.append(f"{self._rooms[room]}  ", "cyan")
        if event.kind == "message":
            return line.append(who, "bold").append(_said(event.text))
        people = f" ({len(self._present[room])} in)"
        words = {
            "join": ("has joined" + people, "green"),
            "leave": ("has left" + people, "yellow"),
            "nick": (f"is now {clean(shown(event.text))}", "dim"),
            "topic": (f"has set the topic: {clean(event.text)}", "magenta"),
        }
        text, style = words[event.kind]
        return line.append(f"{who} {text}", style)

    def _people(self) -> Text:
        """The line at the bottom: how many are in, and how to end."""
        line = Text(no_wrap=True, overflow="ellipsis")
        for room, people in self._present.items():
            line.append(f"{self._rooms[room]}  " if len(self._rooms) > 1 else "", "cyan")
            line.append(f"{len(people)} in" if people else "nobody in yet", "bold").append("  ·  ", "dim")
        return line.append("Ctrl-C closes the room", "dim")

    # ---- In the thread that prints ---------------------------------------------------------------------------------

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
            except (OSError, SystemExit):  # the terminal is gone, or the pipe (of which rich says SystemExit)
                self._is_quiet, self._live = True, None
                _silence_output()

    def _open(self, facts: Sequence[tuple[str, Text]]) -> None:
        if not self._rich.is_terminal or self._rich.is_dumb_terminal:
            self._rich.print("\n".join(_plain_lines(facts)), soft_wrap=True)
            return
        self._rich.print(Panel(_table(facts), expand=False, border_style="cyan"))
        live = Live(
            self._people(), console=self._rich, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        live.start(refresh=True)
        self._live = live

    def _print(self, line: Text | None, people: RenderableType) -> None:
        with self._rich:  # both in one write: no flicker
            if line:
                self._rich.print(line, soft_wrap=True)
            if self._live:
                self._live.update(people, refresh=True)

    def _warn(self, text: Text) -> None:
        is_same_screen = self._live is not None and self._errors.is_terminal
        (self._rich if is_same_screen else self._errors).print(text, soft_wrap=True)

    def _close(self) -> None:
        if self._live:
            self._live.update(Text("The room is closed."), refresh=True)
            self._live.stop()
            self._live = None
        else:
            self._rich.print("The room is closed.")


def replace_what_cannot_be_shown() -> None:
    """Have letters that this terminal has not, as a name may hold them, printed as "?" instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _table(facts: Sequence[tuple[str, Text]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column()
    for name, text in facts:
        table.add_row(name, text)
    return table


def _plain_lines(facts: Sequence[tuple[str, Text]]) -> Iterator[str]:
    width = max(len(name) for name, _ in facts) + 2
    for name, text in facts:
        first, *others = text.plain.split("\n")
        yield name.ljust(width) + first
        yield from (" " * width + other for other in others)


def _discard(_result: object) -> None:
    pass


def _silence_output() -> None:
    """Let nothing be written to an output that is gone, not even at the end, when Python empties its buffers."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _said(text: str) -> str:
    if text.startswith("\x01"):
        word, _, rest = text.strip("\x01").partition(" ")
        return f" {clean(rest)}" if word == "ACTION" else f" ({clean(word)})"
    return ": " + " ⏎ ".join(clean(line) for line in text.split("\n"))
