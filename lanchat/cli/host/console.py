"""What the person at the host sees: how others join, then who comes, goes and speaks.

A thread of its own prints: a terminal that is stopped (Ctrl-S), or a pipe that nobody reads, must not stop the room.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from lanchat.chat.state.effects import Happened
from lanchat.chat.state.settings import Settings
from lanchat.cli.output import Line, output_for_here
from lanchat.client.plain.printer import discard
from lanchat.client.words.shell import join_command
from lanchat.discovery.addresses import Reach, is_loopback_only, with_port
from lanchat.discovery.urls import page_urls
from lanchat.protocol.names import fold, shown
from lanchat.protocol.text import clean

_MAX_WAITING = 5_000  # lines not printed yet; more are dropped and counted
_PAUSE_S = 0.05  # between two prints: all lines until then are printed together, which saves CPU in a busy room
_LAST_LINES_S = 1.0

_MAX_PLACES = 8  # printed; of more only the number

# What is said of addresses that are not those of a network, so that nobody hands them on as such.
_NO_NETWORK = {
    Reach.NOBODY: ("no network yet: only this machine can join",),
    Reach.VIRTUAL: ("no network yet: only containers or a VPN reach this",),
    Reach.SELF_ASSIGNED: ("no router gave an address: only machines on the same cable or Wi-Fi reach this",),
}
_MOVED = {
    Reach.NETWORK: "The network has changed; the room is now at {}.",
    Reach.SELF_ASSIGNED: "No router gives an address; only machines on the same cable or Wi-Fi reach the room, at {}.",
    Reach.VIRTUAL: "The network is gone; only containers or a VPN still reach the room, at {}.",
    Reach.NOBODY: "The network is gone; only this machine reaches the room.",
}

_BROWSERS = {
    Reach.NETWORK: " in any browser",
    Reach.SELF_ASSIGNED: " in a browser on the same cable or Wi-Fi",
    Reach.VIRTUAL: " in a browser of a container or over the VPN",
    Reach.NOBODY: " in a browser on this machine",
}

_Call = Callable[[], None]


def _joins(settings: Settings) -> str:
    return ", ".join(f"/join {room.channel}" for room in settings.rooms)


class Console:
    """Prints what happens, one line each. To be used by one thread; none of its methods waits for the output."""

    def __init__(self, settings: Settings, *, is_quiet: bool) -> None:
        self._settings = settings
        self._is_quiet = is_quiet
        self._output = output_for_here()
        self._rooms = {fold(room.channel): room.name for room in settings.rooms}
        self._present: dict[str, set[str]] = {folded: set() for folded in self._rooms}
        self._waiting: deque[Line | _Call] = deque()
        self._dropped = 0
        self._has_more = threading.Event()
        self._is_closing = False
        self._thread = threading.Thread(target=self._print_all, name="lanchat-console", daemon=True)
        self._thread.start()

    # ---- What is told ----------------------------------------------------------------------------------------------

    def opened(
        self,
        ports: Sequence[int],
        addresses: Sequence[str],
        plain_port: int | None,
        reach: Reach = Reach.NETWORK,
        *,
        is_announced: bool = True,
    ) -> None:
        """Print how to join. `reach`: who can use these addresses; `is_announced`: names lead to them, too."""
        rooms = [room.name for room in self._settings.rooms]
        where = _places(addresses, ports)
        these = "one of these addresses" if len(where) > 1 else "this address"
        is_typable = is_announced or any("%" not in address for address in addresses)
        page = self._page(addresses, ports) if is_typable else ""
        seen_from = Reach.NOBODY if is_loopback_only(addresses[:1]) else reach
        facts: list[tuple[str, Line]] = [
            ("Open", [(page, "bold cyan"), (_BROWSERS[seen_from], "")]),
            ("Room", [("\n".join(rooms), "bold")]),
            ("Join", [("\n".join(join_command(room) for room in rooms), "bold cyan")]),
            ("or", [(f"any IRC client ({_joins(self._settings)}), or nc, at {these}", "")]),
            ("Address", [("\n".join([*where, *_NO_NETWORK.get(reach, ()), *_about_scopes(addresses)]), "")]),
        ]
        if not where:
            facts.remove(facts[3])
        if not page:
            facts.remove(facts[0])
        if plain_port is not None:
            facts.append(("Plain", [(f"port {plain_port}, for programs that wait to be greeted", "")]))
        if self._settings.password:
            facts.append(("Password", [("needed", "yellow")]))
        self._put(lambda: self._output.open(facts, self._bottom(), page if seen_from is Reach.NETWORK else ""))

    def _page(self, addresses: Sequence[str], ports: Sequence[int]) -> str:
        """Return where a browser finds the page; "" where there is none."""
        urls = page_urls(addresses, ports[0], self._settings.rooms[0].id) if self._settings.has_page and ports else []
        return urls[0].removesuffix("/") if urls else ""

    def moved(self, addresses: Sequence[str], port: int, reach: Reach = Reach.NETWORK) -> None:
        """Print the addresses that the machine has now, and whose they are if not the network's."""
        where, page = ", ".join(_places(addresses, [port])), self._page(addresses, [port])
        told = _MOVED[reach if where else Reach.NOBODY].format(where)
        self.say(f"{told} In a browser: {page}" if page else told)

    def happened(self, event: Happened) -> None:
        """Print who came, went or spoke."""
        if self._is_quiet and event.kind == "message":
            return
        rooms = self._count(event)
        if rooms:
            self._put([] if self._is_quiet else self._line(event, rooms[0]))

    def say(self, text: str) -> None:
        """Print a sentence about the room itself."""
        self._put([(clean(text), "")])

    def warn(self, text: str) -> None:
        """Print a warning for the person at the host."""
        self._put(lambda: self._output.warn(clean(text)))

    def closed(self) -> bool:
        """Print what is still waiting, and end; return whether all could be printed in time."""
        self._waiting.append(lambda: self._output.close("The room is closed."))
        self._is_closing = True
        self._has_more.set()
        self._thread.join(_LAST_LINES_S)
        return not self._thread.is_alive()

    # ---- How it is told --------------------------------------------------------------------------------------------

    def _count(self, event: Happened) -> list[str]:
        """Count who is in; return the rooms this happened in. Channels that members opened are not reported."""
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

    def _line(self, event: Happened, room: str) -> Line:
        who = clean(shown(event.nick))
        is_one_of_many = len(self._rooms) > 1 and event.channel
        before = [(time.strftime("%H:%M  "), "dim"), (f"{self._rooms[room]}  " if is_one_of_many else "", "cyan")]
        if event.kind == "message":
            return [*before, (who, "bold"), (_said(event.text), "")]
        people = f"({len(self._present[room])} in)"
        words = {
            "join": (f"{who} has joined {people}", "green"),
            "leave": (f"{who} has left {people}", "yellow"),
            "nick": (f"{who} is now {clean(shown(event.text))}", "dim"),
            "topic": (f"{who} has set the topic: {clean(event.text)}", "magenta"),
        }
        return [*before, words[event.kind]]

    def _bottom(self) -> Line:
        """Return the status line: how many are in, and how to end."""
        line: list[tuple[str, str]] = []
        for room, people in self._present.items():
            line.append((f"{self._rooms[room]}  " if len(self._rooms) > 1 else "", "cyan"))
            line += [(f"{len(people)} in" if people else "nobody in yet", "bold"), ("  ·  ", "dim")]
        return [*line, ("Ctrl-C closes the room", "dim")]

    # ---- In the thread that prints ---------------------------------------------------------------------------------

    def _put(self, item: Line | _Call) -> None:
        if len(self._waiting) >= _MAX_WAITING:
            self._dropped += 1
            return
        self._waiting.append(item)
        if not self._has_more.is_set():
            self._has_more.set()

    def _print_all(self) -> None:
        while not self._is_closing:
            self._has_more.wait()
            self._has_more.clear()
            self._print_waiting()
            if not self._is_closing:
                time.sleep(_PAUSE_S)
        self._print_waiting()

    def _print_waiting(self) -> None:
        """Print everything that is waiting, lines in one go."""
        lines: list[Line] = []
        for _ in range(len(self._waiting)):
            item = self._waiting.popleft()
            if callable(item):
                self._print(lines)
                lines = []
                self._try(item)
            else:
                lines.append(item)
        self._print(lines)

    def _print(self, lines: Sequence[Line]) -> None:
        dropped, self._dropped = self._dropped, 0
        told: list[Line] = [line for line in lines if line]
        if dropped:
            told.append([(f"({dropped} lines were not shown)", "dim")])
        if lines:
            self._try(lambda: self._output.print(told, self._bottom()))

    def _try(self, print_it: _Call) -> None:
        try:
            print_it()
        except (OSError, SystemExit):  # the terminal is gone, or the pipe (of which rich says SystemExit)
            self._is_quiet = True  # the room goes on
            discard(sys.stdout)


def _places(addresses: Sequence[str], ports: Sequence[int]) -> list[str]:
    places = [with_port(address, port) for address in addresses for port in ports]
    more = len(places) - _MAX_PLACES
    return [*places[:_MAX_PLACES], f"and {more} more"] if more > 0 else places


def _about_scopes(addresses: Sequence[str]) -> list[str]:
    """Return what to do with the scope of an address, as it names an adapter of this machine."""
    scopes = dict.fromkeys(f"%{scope}" for address in addresses if (scope := address.partition("%")[2]))
    if not scopes:
        return []
    return [f"elsewhere, leave out {', '.join(scopes)}, or put “%” and that machine's own adapter"]


def _said(text: str) -> str:
    if text.startswith("\x01"):
        word, _, rest = text.strip("\x01").partition(" ")
        return f" {clean(rest)}" if word == "ACTION" else f" ({clean(word)})"
    return ": " + " ⏎ ".join(clean(line) for line in text.split("\n"))
