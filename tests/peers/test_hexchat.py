"""What somebody with HexChat sees of the room."""

import re
from collections.abc import Callable

from tests.hosting import HostProcess
from tests.peers.hexchat import HexChat

Start = Callable[[str], HexChat]
_SERVER = "line 3"  # the window of the server, which HexChat names by its network
_DATE = re.compile(r" \(\w+ \w+ +\d+ [\d:]+ \d+\)$")  # of a topic
_GREETING = "* - Type /join #Line-3 to enter the room."


def since(lines: list[str], begin: str) -> list[str]:
    """The lines from one on, without the times and dates in them."""
    assert begin in lines, lines
    return [re.sub(r"\d\d:\d\d(:\d\d)?", "hh:mm", _DATE.sub("", line)) for line in lines[lines.index(begin) :]]


def test_the_greeting_tells_how_to_enter_and_the_dialog_of_channels_has_the_room(
    host: HostProcess, hexchat: Start
) -> None:
    zoe = host.member("Zoé")
    zoe.send("PRIVMSG #Line-3 :said before", "PRIVMSG #Line-3 :\x01ACTION waves\x01")
    zoe.fence()
    person = hexchat("hexy")
    person.wait_for(_GREETING, _SERVER)
    person.type("list")
    person.double_click("Channel List", 60, 75)  # the first row of the list
    assert zoe.expect("JOIN").nick == "hexy"
    person.wait_for("* now:")
    assert since(person.shown(), "* Now talking on #Line-3")[1:] == [
        "* Topic for #Line-3 is: Line 3",
        "* Topic for #Line-3 set by line3",
        "* earlier here, hh:mm to hh:mm UTC:",
        "<Zoé> [hh:mm UTC] said before",
        "* Zoé [hh:mm UTC] waves",
        "* now:",
    ]


def test_both_sides_hear_each_other(host: HostProcess, hexchat: Start) -> None:
    zoe, person = host.member("Zoé"), hexchat("hexy")
    person.enter()
    person.say("Grüße an 田中 👋")
    assert zoe.expect("PRIVMSG").params == ("#Line-3", "Grüße an 田中 👋")
    zoe.send("PRIVMSG #Line-3 :Press 4 is back", "PRIVMSG hexy :only you")
    person.wait_for("<Zoé> Press 4 is back")
    person.wait_for("<Zoé> only you", "zoé")
    person.wave()
    assert zoe.expect("PRIVMSG").params == ("#Line-3", "\x01ACTION waves\x01")


def test_after_a_lost_connection_only_what_was_missed_is_shown_and_as_said_then(
    host: HostProcess, hexchat: Start
) -> None:
    zoe, person = host.member("Zoé"), hexchat("hexy")
    person.enter()
    zoe.send("PRIVMSG #Line-3 :heard")
    person.wait_for("<Zoé> heard")
    person.type("quote QUIT")
    zoe.expect("QUIT")
    zoe.send("PRIVMSG #Line-3 :missed")
    assert zoe.expect("JOIN").nick == "hexy"
    zoe.send("PRIVMSG #Line-3 :heard again")
    person.wait_for("<Zoé> heard again")
    assert since(person.shown(), "<Zoé> heard")[-4:] == [
        "* earlier here, hh:mm to hh:mm UTC:",
        "<Zoé> [hh:mm UTC] missed",
        "* now:",
        "<Zoé> heard again",
    ]
    assert sum(line.endswith(" heard") for line in person.shown()) == 1


def test_the_end_of_the_room_is_told(host: HostProcess, hexchat: Start) -> None:
    person = hexchat("hexy")
    person.enter()
    host.end()
    person.wait_for("* The host has closed the room Line 3", _SERVER)
