"""A phone that sleeps does not leave: for some minutes its person is a member, asleep."""

from __future__ import annotations

import pytest

from lanchat.limits import ASLEEP_S, GONE_AFTER_S, MAX_ASLEEP_OF_ADDRESS, PING_AFTER_S
from lanchat.protocol.irc_wire import IrcWire
from lanchat.protocol.message import Message
from tests.chat.rig import ROOM, Client, Rig

AWAY = "away-notify"


class PageWire(IrcWire):
    """A page's wire that can be read as lines."""

    sleeps = True


def page(rig: Rig, nick: str = "maria", *, account: str = "maria", address: str = "10.0.0.7", caps: str = "") -> Client:
    """Return somebody in the room whose device is a phone."""
    client = rig.client(wire=PageWire(), address=address)
    client.register(nick, caps, account, "sesame")
    client.send(f"JOIN {ROOM.channel}")
    client.read()
    return client


def room(rig: Rig, caps: str = AWAY) -> Client:
    """Return somebody who sees what the room is told."""
    zoe = rig.client("zoe", caps=caps)
    zoe.send(f"JOIN {ROOM.channel}")
    zoe.read()
    return zoe


def told(client: Client) -> list[tuple[str, ...]]:
    return [(message.command, message.nick, *message.params) for message in client.read()]


def test_a_page_that_breaks_is_away_asleep_and_nobody_is_told_that_its_person_left() -> None:
    rig = Rig()
    zoe, phone = room(rig), page(rig)
    zoe.read()
    phone.drop()
    assert told(zoe) == [("AWAY", "maria", "asleep")]
    zoe.send("NAMES #Line-3", "WHOIS maria", "PRIVMSG maria :are you there?")
    answers = told(zoe)
    assert ("353", rig.network.name, "zoe", "=", ROOM.channel, "zoe maria") in answers
    assert answers.count(("301", rig.network.name, "zoe", "maria", "asleep")) == 2  # WHOIS, and the message
    assert [event.kind for event in rig.happened if event.nick == "maria"] == ["join"]


def test_back_within_the_time_nobody_is_told_that_they_came() -> None:
    rig = Rig()
    zoe = room(rig)
    page(rig).drop()
    zoe.read()
    rig.tick(ASLEEP_S)
    zoe.send("PONG x")
    zoe.read()
    page(rig)
    assert told(zoe) == [("AWAY", "maria")]
    assert [event.kind for event in rig.happened if event.nick == "maria"] == ["join"]
    assert not len(rig.network.sleepers)


def test_after_the_time_they_have_left() -> None:
    rig = Rig()
    page(rig).drop()
    zoe = room(rig)
    rig.tick(ASLEEP_S)
    assert rig.network.user("maria")
    rig.tick(1)
    assert ("QUIT", "maria", "Asleep for too long") in told(zoe)
    assert rig.network.user("maria") is None
    assert rig.happened[-1].kind == "leave"


def test_a_page_that_is_silent_sleeps_once_it_does_not_answer() -> None:
    rig = Rig()
    page(rig)
    rig.tick(PING_AFTER_S)
    rig.tick(GONE_AFTER_S)
    user = rig.network.user("maria")
    assert user is not None
    assert (user.away, user.sessions) == ("asleep", [])


@pytest.mark.parametrize("how", ["quit", "no account", "irc", "bot", "nowhere"])
def test_others_leave_at_once(how: str) -> None:
    rig = Rig()
    zoe = room(rig)
    if how == "irc":
        client = rig.client("maria", account="maria")
        client.send(f"JOIN {ROOM.channel}")
    else:
        client = page(rig, account="" if how == "no account" else "maria")
    client.send(*{"quit": ["QUIT :bye"], "bot": ["MODE maria +B"], "nowhere": [f"PART {ROOM.channel}"]}.get(how, []))
    zoe.read()
    client.drop()
    assert rig.network.user("maria") is None


def test_the_session_that_broke_last_decides() -> None:
    rig = Rig()
    phone = page(rig)
    desk = rig.client("maria", account="maria", address="10.0.0.7")
    phone.drop()
    assert rig.network.user("maria").away == ""  # type: ignore[union-attr]
    desk.drop()
    assert rig.network.user("maria") is None


def test_another_device_of_the_account_takes_over_with_all_that_they_are() -> None:
    rig = Rig(operators={"root": "toor"})
    zoe = room(rig)
    phone = page(rig)
    phone.send("OPER root toor", "JOIN #own")
    phone.drop()
    zoe.read()
    desk = rig.client("maria", account="maria", address="10.0.0.7")
    assert told(zoe) == [("AWAY", "maria")]
    user = rig.network.user("maria")
    assert user is not None
    assert list(user.channels) == ["#line-3", "#own"]
    assert user.sessions == [desk.session]
    assert user.is_operator


def test_back_from_another_address_they_are_seen_there_and_bans_mean_where_they_are() -> None:
    rig = Rig()
    zoe = room(rig, caps=f"{AWAY} chghost")
    page(rig).drop()
    zoe.read()
    page(rig, address="10.0.0.99")
    assert told(zoe) == [("AWAY", "maria"), ("CHGHOST", "maria", "~username", "10.0.0.99")]


def test_ones_own_absence_is_kept() -> None:
    rig = Rig()
    zoe, phone = room(rig), page(rig)
    phone.send("AWAY :lunch")
    zoe.read()
    phone.drop()
    page(rig)
    assert told(zoe) == []
    assert rig.network.user("maria").away == "lunch"  # type: ignore[union-attr]


def test_what_was_said_meanwhile_is_replayed_and_nothing_twice() -> None:
    rig = Rig(is_exact=True)
    zoe, phone = room(rig), page(rig)
    zoe.send("PRIVMSG #Line-3 :before")
    rig.now += 1
    phone.send("PING x")
    phone.drop()
    rig.now += 5
    zoe.send("PRIVMSG #Line-3 :meanwhile")
    desk = rig.client(address="10.0.0.7")
    desk.send("CAP REQ :sasl")
    desk.login("maria")
    told_on_return = desk.ask("NICK maria", "USER maria 0 * :Maria", "CAP END")
    said = [message.params[-1] for message in told_on_return if message.command == "PRIVMSG"]
    assert len(said) == 1
    assert said[0].endswith("meanwhile")


def test_nobody_else_has_the_name_meanwhile() -> None:
    rig = Rig()
    page(rig).drop()
    other = rig.client()
    other.send("USER u 0 * :u")
    assert other.numerics("NICK maria")[0][0] == "433"


def test_who_sleeps_is_removed_banned_and_killed_as_others_are() -> None:
    rig = Rig(operators={"root": "toor"})
    zoe = room(rig)
    page(rig).drop()
    page(rig, "ana", account="ana").drop()
    zoe.send("OPER root toor", f"KICK {ROOM.channel} maria :enough", "KILL ana :enough")
    answers = told(zoe)
    assert ("KICK", "zoe", ROOM.channel, "maria", "enough") in answers
    assert ("QUIT", "ana", "Killed (zoe (enough))") in answers
    assert rig.network.user("ana") is None
    maria = rig.network.user("maria")
    assert maria is not None
    assert not maria.channels
    zoe.send(f"MODE {ROOM.channel} +b maria!*@*")
    back = page(rig)
    assert back.numerics(f"JOIN {ROOM.channel}")[0][0] == "474"


def test_who_sleeps_keeps_nobody_out_of_a_full_room() -> None:
    rig = Rig(max_clients=3)
    page(rig).drop()
    page(rig, "ana", account="ana").drop()
    room(rig)
    rig.client("bo")
    assert rig.network.users.keys() == {"ana", "zoe", "bo"}


def test_few_sleep_of_one_address() -> None:
    rig = Rig()
    for number in range(MAX_ASLEEP_OF_ADDRESS + 2):
        page(rig, f"m{number}", account=f"m{number}").drop()
    page(rig, "ana", account="ana", address="10.0.0.8").drop()
    assert len(rig.network.users) == MAX_ASLEEP_OF_ADDRESS + 1
    assert rig.network.user("m1") is None
    assert rig.network.user("m2")


def test_a_clock_that_is_put_back_keeps_nobody_asleep_for_good() -> None:
    rig = Rig()
    page(rig).drop()
    rig.tick(-86_400)
    assert rig.network.user("maria") is None


def test_a_host_that_ends_is_not_held_up_by_who_sleeps() -> None:
    rig = Rig()
    page(rig).drop()
    zoe = room(rig)
    rig.perform(rig.chat.stop("The host has closed the room"))
    assert zoe.is_closed
    assert zoe.read() == [Message("ERROR", ("The host has closed the room",))]
