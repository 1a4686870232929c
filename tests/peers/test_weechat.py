"""What somebody with WeeChat sees of the room."""

import re
import signal
from collections.abc import Callable
from pathlib import Path

from tests.conftest import require
from tests.hosting import HostProcess
from tests.peers.weechat import WeeChat
from tests.server.peer import Peer

Join = Callable[[str], WeeChat]


def test_the_topic_and_the_names_are_shown_on_entering(host: HostProcess, chief: Peer, weechat: Join) -> None:
    host.member("Zoé")
    person = weechat("wee")
    person.type("/names")
    person.wait_for("--", "Nicks #Line-3: [@chief wee Zoé]")
    assert ("--", "Channel #Line-3: 3 nicks (1 op, 0 voices, 2 normals)") in person.shown()


def test_what_was_said_before_reads_as_said_then(host: HostProcess, weechat: Join) -> None:
    zoe = host.member("Zoé")
    zoe.send("PRIVMSG #Line-3 :said before", "PRIVMSG #Line-3 :\x01ACTION waves\x01")
    zoe.fence()
    person = weechat("wee")
    person.wait_for("--", "Notice(line3.local): now:")
    shown = [(before, re.sub(r"\d\d:\d\d", "hh:mm", text)) for before, text in person.shown()]
    start = shown.index(("--", "Notice(line3.local): earlier here, hh:mm to hh:mm UTC:"))
    assert shown[start : start + 4] == [
        ("--", "Notice(line3.local): earlier here, hh:mm to hh:mm UTC:"),
        ("Zoé", "[hh:mm UTC] said before"),
        ("*", "Zoé [hh:mm UTC] waves"),
        ("--", "Notice(line3.local): now:"),
    ]


def test_both_sides_hear_each_other(host: HostProcess, weechat: Join) -> None:
    person, zoe = weechat("Işıl"), host.member("Zoé")
    person.type("Grüße an 田中 👋")
    assert zoe.expect("PRIVMSG").params == ("#Line-3", "Grüße an 田中 👋")
    zoe.send("PRIVMSG #Line-3 :Press 4 is back", "PRIVMSG Işıl :only you")
    person.wait_for("Zoé", "Press 4 is back")
    person.wait_for("Zoé", "only you", buffer="Zoé")
    person.type("/me waves")
    assert zoe.expect("PRIVMSG").params[1] == "\x01ACTION waves\x01"


def test_names_that_change_and_people_who_go_are_shown(host: HostProcess, chief: Peer, weechat: Join) -> None:
    person, zoe, ada = weechat("wee"), host.member("Zoé"), host.member("ada")
    zoe.send("NICK Zoë")
    person.wait_for("--", "Zoé is now known as Zoë")
    chief.send("KICK #Line-3 Zoë :be nice")
    person.wait_for("<--", "chief has kicked Zoë (be nice)")
    chief.send("TOPIC #Line-3 :Shift B")
    person.wait_for("--", 'chief has changed topic for #Line-3 from "Line 3" to "Shift B"')
    ada.send("QUIT :lunch")
    person.wait_for("<--", "ada (~username@127.0.0.1) has quit (Quit: lunch)")
    person.type("/nick wee2")
    person.wait_for("--", "You are now known as wee2")


def test_nothing_is_shown_as_unknown_or_as_an_error(host: HostProcess, chief: Peer, weechat: Join) -> None:
    person, tagged = weechat("wee"), host.member("tagged", caps="message-tags draft/multiline batch")
    tagged.send(
        "@+typing=active TAGMSG #Line-3",
        "@+draft/react=👍;+draft/reply=x TAGMSG #Line-3",
        "BATCH +1 draft/multiline #Line-3",
        "@batch=1 PRIVMSG #Line-3 :first line",
        "@batch=1 PRIVMSG #Line-3 :second line",
        "BATCH -1",
        "AWAY :lunch",
        "SETNAME :New Name",
    )
    person.wait_for("tagged", "second line")
    chief.send("MODE #Line-3 +mb *!*@evil", "INVITE wee #own", "NOTICE #Line-3 :note")
    person.type("/whois tagged")
    person.wait_for("--", "[tagged] End of WHOIS", buffer="server")
    person.type("/list")
    person.wait_for("--", "End of LIST", buffer="server")
    assert person.complaints() == []
    assert [said for before, said in person.shown() if before == "tagged"] == ["first line", "second line"]


def test_the_end_of_the_room_is_told(host: HostProcess, weechat: Join) -> None:
    person = weechat("wee")
    host.end()
    person.wait_for("=!=", "The host has closed the room Line 3", buffer="server")


def test_after_a_restart_of_the_host_only_what_came_since_is_shown(tmp_path: Path) -> None:
    require("weechat-headless")
    flags = ("--name", "Line 3", "--no-flood-limits")
    first = HostProcess(tmp_path / "host", *flags)
    port = first.port
    with WeeChat(tmp_path / "weechat", port, "wee", "#Line-3") as person:
        person.wait_for("--", 'Topic for #Line-3 is "Line 3"')
        first.member("Zoé").send("PRIVMSG #Line-3 :before")
        person.wait_for("Zoé", "before")
        first.end(signal.SIGKILL)
        second = HostProcess(tmp_path / "host", *flags, port=port)
        try:
            zoe = second.member("Zoé")
            zoe.send("PRIVMSG #Line-3 :since")
            person.wait_for_text("since")  # live, or as replay, by which of the two is back first
        finally:
            second.end(signal.SIGKILL)
        assert [text for who, text in person.shown() if who == "Zoé" and "before" in text] == ["before"]
