"""Real IRC clients, joined to a real host. Each is done without where it is not installed."""

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import do_without, require
from tests.hosting import HostProcess
from tests.peers.hexchat import NEEDS as HEXCHAT_NEEDS
from tests.peers.hexchat import HexChat
from tests.peers.lounge import Lounge, is_installed
from tests.peers.weechat import WeeChat
from tests.server.peer import Peer
from tests.terminal import Terminal

_WIDTH, _HEIGHT = 110, 60  # all of a short talk, with no line wrapped
_IRSSI_CONFIG = """
settings = {
  core = { nick = "%s"; real_name = "Real Name"; };
  "irc/core" = { cmd_queue_speed = "10msec"; cmds_max_at_once = "100"; };
};
"""


@pytest.fixture
def host(start_host: Callable[..., HostProcess]) -> HostProcess:
    """Return a host of the room “Line 3” with an operator."""
    return start_host("--name", "Line 3", "--oper", "chief:secret", "--server-name", "line3.local")


@pytest.fixture
def chief(host: HostProcess) -> Peer:
    """Return the operator, who is in the room."""
    chief = host.member("chief")
    chief.send("OPER chief secret")
    chief.expect("381")
    return chief


@pytest.fixture
def weechat(host: HostProcess, tmp_path: Path) -> Iterator[Callable[[str], WeeChat]]:
    """Return what brings somebody with WeeChat into the room."""
    require("weechat-headless")
    with ExitStack() as people:

        def join(nick: str) -> WeeChat:
            person = people.enter_context(WeeChat(tmp_path / f"weechat-{nick}", host.port, nick, "#Line-3"))
            person.wait_for("--", 'Topic for #Line-3 is "Line 3"')
            return person

        yield join


@pytest.fixture
def irssi(host: HostProcess, tmp_path: Path) -> Iterator[Callable[[str], Terminal]]:
    """Return what brings somebody with irssi into the room."""
    require("irssi", "tmux")
    with ExitStack() as people:

        def join(nick: str) -> Terminal:
            home = Path(tempfile.mkdtemp(prefix="irssi-", dir=tmp_path))  # irssi takes ASCII only in its arguments
            (home / "config").write_text(_IRSSI_CONFIG % nick, "utf-8")
            command = ["irssi", f"--home={home}", "-c", "127.0.0.1", "-p", str(host.port)]
            env = {"LC_ALL": "C.UTF-8", "TERM": "screen-256color"}
            person = people.enter_context(Terminal(command, env=env, width=_WIDTH, height=_HEIGHT))
            person.wait_for_text("Type /join #Line-3 to enter the room.")
            person.type("/join #Line-3")
            person.wait_for_text("Topic for #Line-3")
            return person

        yield join


@pytest.fixture
def hexchat(host: HostProcess) -> Iterator[Callable[[str], HexChat]]:
    """Return what connects somebody with HexChat to the host."""
    require(*HEXCHAT_NEEDS)
    with ExitStack() as people:

        def start(nick: str) -> HexChat:
            folder = Path(people.enter_context(tempfile.TemporaryDirectory(prefix="hexchat-")))
            return people.enter_context(HexChat(folder, host.port, nick))

        yield start


@pytest.fixture
def lounge(host: HostProcess, tmp_path: Path) -> Iterator[Callable[[str], Lounge]]:
    """Return what connects somebody with The Lounge to the host."""
    if not is_installed():
        do_without("The Lounge is missing: python -m tests.peers.lounge installs it")
    with ExitStack() as people:

        def start(nick: str) -> Lounge:
            folder = Path(tempfile.mkdtemp(prefix="lounge-", dir=tmp_path))
            return people.enter_context(Lounge(folder, host.port, nick))

        yield start


class Bot:
    """The bot as a program. `heard` is what it has heard, as [type, who, target, words]."""

    def __init__(self, port: int, nick: str) -> None:
        program = Path(__file__).with_name("bot.py")
        self.process = subprocess.Popen(
            [sys.executable, str(program), str(port), nick, "#Line-3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.heard: list[list[object]] = []

    def wait_for(self, kind: str) -> list[object]:
        """Return the next of a kind that it hears."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.heard.append(json.loads(line))
            if self.heard[-1][0] == kind:
                return self.heard[-1]
        raise AssertionError(f"it only heard {self.heard}")


@pytest.fixture
def bot(host: HostProcess) -> Iterator[Bot]:
    """Return a bot that is in the room."""
    if importlib.util.find_spec("irc") is None:
        do_without("the library irc is missing")
    bot = Bot(host.port, "counter")
    with bot.process:
        bot.wait_for("endofnames")
        yield bot
        bot.process.kill()
