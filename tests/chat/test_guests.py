"""Who says a word from a browser's plain form: heard and kept as others are, and no member."""

import pytest

from lanchat.chat.rules.guests import Saying
from lanchat.limits import MULTILINE_MAX_LINES
from tests.chat.rig import ROOM, Rig


def say(rig: Rig, text: str, name: str = "Maria López", address: str = "10.0.0.7") -> str:
    """Return why a guest was not heard."""
    channel = rig.network.channels["#line-3"]
    refusal, effects = rig.chat.guest_says(Saying(channel, address, name, text), rig.now)
    rig.perform(effects)
    return refusal


def test_a_guest_is_heard_by_all_and_kept_and_told_to_the_host() -> None:
    rig = Rig()
    (zoe,) = rig.channel(ROOM.channel, "zoe")
    assert say(rig, "hello") == ""
    (heard,) = zoe.read()
    assert (heard.command, heard.params, heard.source) == (
        "PRIVMSG",
        (ROOM.channel, "hello"),
        "Maria_López!~web@10.0.0.7",
    )
    (kept,) = rig.network.history.recent(rig.network.channels["#line-3"].kept_as, 1)
    assert kept.message.params == (ROOM.channel, "hello")
    assert kept.address == "10.0.0.7"
    assert [event.text for event in rig.happened if event.kind == "message"] == ["hello"]


def test_a_guest_is_nobody_who_is_here() -> None:
    rig = Rig()
    (zoe,) = rig.channel(ROOM.channel, "zoe")
    say(rig, "hello")
    zoe.read()
    zoe.send(f"NAMES {ROOM.channel}", "WHOIS Maria_López", "LUSERS")
    told = zoe.read()
    assert [message.params[-1] for message in told if message.command == "353"] == ["zoe"]
    assert "401" in [message.command for message in told]
    assert list(rig.network.users) == ["zoe"]
    assert len(rig.network.sessions) == 1


def test_several_lines_are_one_message() -> None:
    rig = Rig()
    zoe = rig.client("zoe", caps="batch draft/multiline message-tags")
    zoe.send(f"JOIN {ROOM.channel}")
    zoe.read()
    say(rig, "one\r\n\r\ntwo \x1b[31m three")
    begin, first, second, end = zoe.read()
    assert (begin.command, end.command) == ("BATCH", "BATCH")
    assert [first.params[-1], second.params[-1]] == ["one", "two [31m three"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("", "hello", "cannot be a name"),
        ("***", "hello", "cannot be a name"),
        ("zoe", "hello", "in use"),
        ("ZOE", "hello", "in use"),
        ("AIan", "hello", "looks like Alan's"),
        ("Ana", "hello", "belongs to somebody"),
        ("Maria", "", "nothing in it"),
        ("Maria", " \r\n\t\x00", "nothing in it"),
        ("Maria", "x\n" * MULTILINE_MAX_LINES, "too long"),
        ("Maria", "\x01VERSION\x01", ""),  # without its signs it is a word like others
    ],
)
def test_what_is_not_heard_is_told_why(name: str, text: str, why: str) -> None:
    rig = Rig()
    rig.own("Ana")
    rig.client("Alan")
    (zoe,) = rig.channel(ROOM.channel, "zoe")
    refusal = say(rig, text, name)
    assert (why in refusal) if why else not refusal
    assert len(zoe.read()) == (0 if why else 1)


@pytest.mark.parametrize("mode", ["+k key", "+i", "+m", "+b *!*@10.0.0.7", "+b m:*!*@10.0.0.7", "+l 1"])
def test_what_keeps_others_out_or_silent_does_so_with_guests(mode: str) -> None:
    rig = Rig(operators={"root": "toor"})
    (zoe,) = rig.channel(ROOM.channel, "zoe")
    zoe.send("OPER root toor", f"MODE {ROOM.channel} {mode}")
    assert mode.split()[0] in " ".join(" ".join(message.params) for message in zoe.read())
    assert say(rig, "hello").startswith("Cannot ")
    assert zoe.read() == []


@pytest.mark.parametrize(
    ("mode", "is_hidden"), [("+k key", True), ("+i", True), ("+b *!*@10.0.0.7", True), ("+m", False)]
)
def test_what_is_said_in_a_room_that_one_may_not_enter_is_not_read_from_outside(mode: str, *, is_hidden: bool) -> None:
    rig = Rig(operators={"root": "toor"})
    (zoe,) = rig.channel(ROOM.channel, "zoe")
    zoe.send("OPER root toor", f"MODE {ROOM.channel} {mode}")
    refusal = rig.chat.guest_reading_refusal("10.0.0.7", rig.network.channels["#line-3"], rig.now)
    assert bool(refusal) is is_hidden


def test_who_guesses_the_password_has_to_wait_and_irc_clients_of_that_address_with_them() -> None:
    rig = Rig(password="secret", is_flood_limited=True)
    assert rig.chat.guest_password_refusal("10.0.0.7", "secret", rig.now) == ""
    for _ in range(5):
        assert "wrong" in rig.chat.guest_password_refusal("10.0.0.7", "guess", rig.now)
    assert "Too many" in rig.chat.guest_password_refusal("10.0.0.7", "secret", rig.now)
    client = rig.client(address="10.0.0.7")
    client.send("PASS secret", "NICK ana", "USER ana 0 * :Ana")
    assert "Too many" in client.read()[0].params[-1]
    assert rig.chat.guest_password_refusal("10.0.0.8", "secret", rig.now) == ""
