"""What somebody with The Lounge sees of the room, in their browser."""

from collections.abc import Callable
from datetime import datetime

from tests.hosting import HostProcess
from tests.peers.lounge import Lounge

_DISCONNECTED = "Disconnected from the network, and will not reconnect. Use /connect to reconnect again."
Start = Callable[[str], Lounge]


def test_who_comes_first_finds_the_room_in_its_list(lounge: Start) -> None:
    person = lounge("lou")
    assert person.listed() == ["#Line-3"]


def test_the_topic_its_setter_the_names_and_what_was_said_before_are_shown_on_entering(
    host: HostProcess, lounge: Start
) -> None:
    zoe = host.member("Zoé")
    zoe.send("PRIVMSG #Line-3 :said before", "PRIVMSG #Line-3 :\x01ACTION waves\x01")
    zoe.fence()
    person = lounge("lou")
    person.enter()
    person.wait_for("Zoé", "waves")
    assert person.shown()[:5] == [  # behind them, the modes, which it has asked for
        ("lou", ""),  # has joined
        ("", "Line 3"),
        ("line3", ""),  # has set the topic
        ("Zoé", "said before"),
        ("Zoé", "waves"),
    ]
    assert sorted(person.names()) == ["Zoé", "lou"]
    (joined,), (said,) = person.of_type("join"), person.of_type("message")
    assert _at(said) < _at(joined), "with the time at which it was said"
    assert [msg["from"]["nick"] for msg in person.of_type("topic_set_by")] == ["line3"]


def _at(message: dict[str, str]) -> datetime:
    return datetime.fromisoformat(message["time"])


def test_both_sides_hear_each_other(host: HostProcess, lounge: Start) -> None:
    zoe, person = host.member("Zoé"), lounge("lou")
    person.enter()
    person.type("Grüße an 田中 👋")
    assert zoe.expect("PRIVMSG").params == ("#Line-3", "Grüße an 田中 👋")
    person.wait_for("lou", "Grüße an 田中 👋")
    zoe.send("PRIVMSG #Line-3 :lou: Press 4 is back", "PRIVMSG lou :only you")
    person.wait_for("Zoé", "lou: Press 4 is back")
    person.wait_for("Zoé", "only you", "Zoé")
    assert [msg["highlight"] for msg in person.of_type("message")] == [False, True]
    person.type("/me waves")
    assert zoe.expect("PRIVMSG").params[1] == "\x01ACTION waves\x01"


def test_after_a_lost_connection_what_was_missed_comes_once_and_nothing_again(host: HostProcess, lounge: Start) -> None:
    zoe, person = host.member("Zoé"), lounge("lou")
    person.enter()
    zoe.send("PRIVMSG #Line-3 :heard")
    person.wait_for("Zoé", "heard")
    person.type("/disconnect")
    zoe.expect("QUIT")
    zoe.send("PRIVMSG #Line-3 :missed")
    zoe.fence()
    person.wait_for("", _DISCONNECTED, "server")  # it obeys /connect only then
    person.type("/connect")
    assert zoe.expect("JOIN").nick == "lou"
    zoe.send("PRIVMSG #Line-3 :heard again")
    person.wait_for("Zoé", "heard again")
    assert [msg["text"] for msg in person.of_type("message")] == ["heard", "missed", "heard again"]
