"""What somebody with irssi sees of the room, on their screen."""

import re
from collections.abc import Callable

from tests.hosting import HostProcess
from tests.server.peer import Peer
from tests.terminal import Terminal

Join = Callable[[str], Terminal]


def talk(screen: str) -> list[str]:
    """Return the lines of the talk on a screen, without their times."""
    return [line[6:] for line in screen.splitlines() if re.match(r"\d\d:\d\d ", line)]


def test_the_topic_the_names_and_what_was_said_before_are_shown_on_entering(
    host: HostProcess, chief: Peer, irssi: Join
) -> None:
    zoe = host.member("Zoé")
    zoe.send("PRIVMSG #Line-3 :said before", "PRIVMSG #Line-3 :\x01ACTION waves\x01")
    zoe.fence()
    screen = irssi("irs").wait_for_text("now:")
    assert "Topic for #Line-3: Line 3" in screen
    assert [re.sub(r"\d\d:\d\d", "hh:mm", line) for line in talk(screen)[-7:]] == [
        "[Users #Line-3]",
        "[@chief] [ irs] [ Zoé]",
        "-!- Irssi: #Line-3: Total of 3 nicks [1 ops, 0 halfops, 0 voices, 2 normal]",
        "!line3.local earlier here, hh:mm to hh:mm UTC:",
        "< Zoé> [hh:mm UTC] said before",
        " * Zoé [hh:mm UTC] waves",
        "!line3.local now:",
    ]


def test_both_sides_hear_each_other(host: HostProcess, irssi: Join) -> None:
    person, zoe = irssi("Işıl"), host.member("Zoé")
    person.type("Grüße an 田中")
    assert zoe.expect("PRIVMSG").params == ("#Line-3", "Grüße an 田中")
    zoe.send("PRIVMSG #Line-3 :Press 4 is back")
    person.wait_for_text("< Zoé> Press 4 is back")
    person.type("/me waves")
    assert zoe.expect("PRIVMSG").params[1] == "\x01ACTION waves\x01"


def test_what_happens_in_the_room_reads_well(host: HostProcess, chief: Peer, irssi: Join) -> None:
    person, zoe, ada = irssi("irs"), host.member("Zoé"), host.member("ada")
    zoe.send("NICK Zoë")
    zoe.fence()
    chief.send("KICK #Line-3 Zoë :be nice", "TOPIC #Line-3 :Shift B", "MODE #Line-3 +m")
    chief.fence()
    ada.send("QUIT :lunch")
    assert talk(person.wait_for_text("ada [~username@127.0.0.1] has quit"))[-7:] == [
        "-!- Zoé [~username@127.0.0.1] has joined #Line-3",
        "-!- ada [~username@127.0.0.1] has joined #Line-3",
        "-!- Zoé is now known as Zoë",
        "-!- Zoë was kicked from #Line-3 by chief [be nice]",
        "-!- chief changed the topic of #Line-3 to: Shift B",
        "-!- mode/#Line-3 [+m] by chief",
        "-!- ada [~username@127.0.0.1] has quit [Quit: lunch]",
    ]


def test_tags_and_batches_of_others_are_not_shown(host: HostProcess, irssi: Join) -> None:
    person, tagged = irssi("irs"), host.member("tagged", caps="message-tags draft/multiline batch")
    tagged.send(
        "@+typing=active TAGMSG #Line-3",
        "BATCH +1 draft/multiline #Line-3",
        "@batch=1;+draft/reply=x PRIVMSG #Line-3 :first line",
        "@batch=1 PRIVMSG #Line-3 :second line",
        "BATCH -1",
    )
    assert talk(person.wait_for_text("second line"))[-3:] == [
        "-!- tagged [~username@127.0.0.1] has joined #Line-3",
        "< tagged> first line",
        "< tagged> second line",
    ]


def test_the_end_of_the_room_is_told(host: HostProcess, irssi: Join) -> None:
    person = irssi("irs")
    host.end()
    person.press("M-1")
    person.wait_for_text("The host has closed the room Line 3")
