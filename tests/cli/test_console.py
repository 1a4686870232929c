"""The host's console: what happens is told by a thread of its own, which the loop never waits for."""

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from lanchat.chat.state.effects import Happened
from lanchat.chat.state.settings import Room, Settings
from lanchat.cli.host import console as module
from lanchat.cli.host.console import Console
from lanchat.cli.output import Line
from lanchat.discovery.addresses import Reach, with_port
from tests.server.peer import DEADLINE_S

_TIME = re.compile(r"^\d\d:\d\d  ")


class Paper:
    """An output that keeps what is printed, a list of lines for each print; without `goes_on`, held by Ctrl-S."""

    def __init__(self) -> None:
        self.prints: list[list[str]] = []
        self.facts: list[tuple[str, str]] = []
        self.bottom = ""
        self.goes_on = threading.Event()
        self.goes_on.set()

    @property
    def lines(self) -> list[str]:
        return [line for lines in self.prints for line in lines]

    def open(self, facts: Sequence[tuple[str, Line]], bottom: Line, page: str = "") -> None:
        self.facts = [(name, "".join(text for text, _ in line)) for name, line in facts]

    def print(self, lines: Sequence[Line], bottom: Line) -> None:
        assert self.goes_on.wait(DEADLINE_S)
        self.prints.append([_TIME.sub("", "".join(text for text, _ in line)) for line in lines])
        self.bottom = "".join(text for text, _ in bottom)

    def warn(self, text: str) -> None:
        """Not asked for here."""

    def close(self, text: str) -> None:
        self.prints.append([text])


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Paper:
    paper = Paper()
    monkeypatch.setattr(module, "output_for_here", lambda: paper)
    return paper


@pytest.fixture
def open_console(paper: Paper) -> Iterator[Callable[..., Console]]:
    consoles: list[Console] = []

    def make(*, is_quiet: bool = False) -> Console:
        consoles.append(Console(Settings(rooms=[Room("Line 3", "#Line-3", "0" * 16)]), is_quiet=is_quiet))
        return consoles[-1]

    yield make
    paper.goes_on.set()
    for console in consoles:
        assert console.closed()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def said(text: str) -> Happened:
    return Happened("message", "ana", "#Line-3", text)


def test_what_is_said_in_a_burst_is_printed_in_few_goes(open_console: Callable[..., Console], paper: Paper) -> None:
    # each wake-up of the thread costs the loop as much as dozens of deliveries (docs/performance.md)
    console = open_console()
    for number in range(500):
        console.happened(said(f"{number}"))
    until(lambda: len(paper.lines) == 500)
    assert paper.lines == [f"ana: {number}" for number in range(500)]
    assert len(paper.prints) < 50


def test_of_what_is_said_a_quiet_console_hears_nothing(open_console: Callable[..., Console], paper: Paper) -> None:
    console = open_console(is_quiet=True)
    console.happened(said("hello"))
    console.happened(Happened("join", "ana", "#Line-3"))
    until(lambda: bool(paper.prints))
    assert paper.prints == [[]], "only the line at the bottom is drawn anew"
    assert paper.bottom.startswith("1 in")


def test_what_a_held_terminal_missed_is_counted(open_console: Callable[..., Console], paper: Paper) -> None:
    console = open_console()
    paper.goes_on.clear()
    console.happened(said("first"))
    until(lambda: not console._waiting)
    for number in range(module._MAX_WAITING + 7):
        console.happened(said(f"{number}"))
    paper.goes_on.set()
    until(lambda: len(paper.lines) >= module._MAX_WAITING + 2)
    assert paper.lines[0] == "ana: first"
    assert paper.lines[-1] == "(7 lines were not shown)"


@pytest.mark.parametrize(
    ("addresses", "reach", "told"),
    [
        (["10.0.0.5"], Reach.NETWORK, "The network has changed; the room is now at 10.0.0.5:8100."),
        (["172.17.0.1"], Reach.VIRTUAL, "only containers or a VPN still reach the room, at 172.17.0.1:8100."),
        (["169.254.7.7"], Reach.SELF_ASSIGNED, "No router gives an address; only machines on the same cable"),
        (["fe80::7%eth0"], Reach.SELF_ASSIGNED, "same cable or Wi-Fi reach the room, at [fe80::7%eth0]:8100."),
        ([], Reach.NOBODY, "The network is gone; only this machine reaches the room."),
        ([f"10.0.0.{n}" for n in range(1, 21)], Reach.NETWORK, "10.0.0.8:8100, and 12 more."),
    ],
)
def test_an_address_is_told_as_what_it_is(
    paper: Paper, open_console: Callable[..., Console], addresses: list[str], reach: Reach, told: str
) -> None:
    open_console().moved(addresses, 8100, reach)
    until(lambda: bool(paper.lines))

    assert told in paper.lines[0]


def test_the_scope_of_a_link_local_address_is_explained_and_nothing_where_there_is_none() -> None:
    assert module._about_scopes(["fe80::7%eth0", "fe80::8%eth1", "fe80::9%eth0"]) == [
        "elsewhere, leave out %eth0, %eth1, or put “%” and that machine's own adapter"
    ]
    assert module._about_scopes(["10.0.0.5", "fd00::7"]) == []


@pytest.mark.parametrize(
    ("addresses", "is_announced", "page"),
    [
        (["10.0.0.5", "fd00::5"], True, "http://10.0.0.5:8100"),
        (["fd00::5"], False, "http://[fd00::5]:8100"),
        (["fe80::7%eth0"], True, f"http://lanchat-{'0' * 16}.local:8100"),  # browsers take no scopes
        (["fe80::7%eth0"], False, ""),
    ],
)
def test_the_page_is_told_at_an_address_that_browsers_take(
    open_console: Callable[..., Console], paper: Paper, addresses: list[str], is_announced: bool, page: str
) -> None:
    open_console().opened([8100], addresses, None, Reach.SELF_ASSIGNED, is_announced=is_announced)
    until(lambda: bool(paper.facts))

    told = dict(paper.facts)
    assert told.get("Open", "").partition(" ")[0] == page
    assert told["Address"].splitlines()[0] == with_port(addresses[0], 8100)
