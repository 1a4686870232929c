"""Everybody in one room: WeeChat, irssi, a bot, and nc."""

import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import require
from tests.hosting import HostProcess
from tests.peers.conftest import Bot
from tests.peers.weechat import WeeChat
from tests.terminal import Terminal


@pytest.fixture
def nc(host: HostProcess) -> Iterator[Callable[[str], Terminal]]:
    """Return what brings somebody with nc into the room: greets, is asked for a name, and gives it."""
    require("nc", "tmux")
    program = shutil.which("nc")
    assert program
    people: list[Terminal] = []

    def join(name: str) -> Terminal:
        person = Terminal([program, "127.0.0.1", str(host.port)])
        people.append(person)
        person.type("hello")
        person.wait_for_text("This is the room Line 3. What is your name?")
        person.type(name)
        person.wait_for_text("* In the room:")
        return person

    yield join
    for person in people:
        person.close()


def test_they_all_talk_to_each_other(
    weechat: Callable[[str], WeeChat], irssi: Callable[[str], Terminal], nc: Callable[[str], Terminal]
) -> None:
    wee, irs, net = weechat("Işıl"), irssi("irs"), nc("Maria López")
    wee.type("from WeeChat: für alle")
    irs.wait_for_text("< Işıl> from WeeChat: für alle")
    net.wait_for_text("Işıl: from WeeChat: für alle")
    irs.type("from irssi: 田中")
    wee.wait_for("irs", "from irssi: 田中")
    net.wait_for_text("irs: from irssi: 田中")
    net.type("from nc: 🙂")
    wee.wait_for("Maria_López", "from nc: 🙂")
    irs.wait_for_text("< Maria_López> from nc: 🙂")
    net.type("/nick María")
    wee.wait_for("--", "Maria_López is now known as María")
    net.type("\\q")
    net.wait_for_text("You have left.")
    wee.wait_for("<--", "María (~Maria_López@127.0.0.1) has quit (Quit: )")


def test_a_bot_written_with_somebody_elses_library_is_one(host: HostProcess, bot: Bot) -> None:
    zoe = host.member("Zoé", caps="message-tags")
    bot.wait_for("join")
    zoe.send("WHOIS counter")
    assert zoe.expect("335").params[1] == "counter"
    zoe.send("PRIVMSG #Line-3 :counter: ping")
    pong = zoe.expect("PRIVMSG")
    assert (pong.nick, pong.params, "bot" in pong.tags) == ("counter", ("#Line-3", "pong für alle"), True)
    assert bot.wait_for("pubmsg") == ["pubmsg", "Zoé", "#Line-3", ["counter: ping"]]
    zoe.send("NICK Zoë", "QUIT")
    assert bot.wait_for("nick")[1:3] == ["Zoé", "Zoë"]
    assert bot.wait_for("quit")[1] == "Zoë"


def test_a_bot_is_told_that_the_room_has_ended(host: HostProcess, bot: Bot) -> None:
    host.end()
    assert bot.wait_for("error")[2] == "The host has closed the room Line 3"
    assert bot.process.wait(10) == 0


def test_nc_can_be_fed_by_a_pipe(host: HostProcess) -> None:
    require("nc")
    zoe = host.member("Zoé")
    said = b"hello\nAda\nthat is all\n"
    done = subprocess.run(
        ["nc", "-N", "127.0.0.1", str(host.port)], input=said, capture_output=True, timeout=20, check=True
    )
    assert done.stdout.decode().splitlines()[0] == "This is the room Line 3. What is your name?"
    assert zoe.expect("PRIVMSG").params[1] == "that is all"
    zoe.expect("QUIT")
