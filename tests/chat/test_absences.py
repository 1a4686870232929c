"""Who is back soon has read what was said before, also where the host was gone, not they."""

from lanchat.chat.state.absences import Absences
from lanchat.chat.state.history import Event
from lanchat.chat.state.people import Channel
from lanchat.protocol.message import Message
from tests.chat.rig import Rig

NOW = 10_000.0


def event(number: int, source: str, command: str, *params: str, account: str = "") -> Event:
    tags = {"account": account} if account else {}
    return Event(number, f"m{number}", (9_000 + number) * 1000, "by", Message(command, params, source, tags))


def left_at(events: list[Event], nick: str, *, account: str = "", down_s: float = 60.0) -> float:
    rig = Rig()
    client = rig.client(nick, account=account) if account else rig.client(nick)
    channel, absences = Channel("#Line-3", NOW, "room x", "Line 3"), Absences()
    absences.restore(channel, events, NOW - down_s)
    user = client.session.user
    assert user
    return absences.left_at(user, channel, NOW)


def test_who_stayed_to_the_end_has_read_all() -> None:
    events = [event(1, "zoe!~username@10.0.0.9", "JOIN", "#Line-3"), event(2, "ben!u@h", "PRIVMSG", "#Line-3", "one")]
    assert left_at(events, "zoe") == 9_002.0
    assert left_at(events, "ann") == 0.0


def test_who_left_before_has_read_up_to_then_and_only_if_that_was_not_long_ago() -> None:
    events = [event(900, "zoe!~username@10.0.0.9", "QUIT", "bye"), event(950, "ben!u@h", "PRIVMSG", "#Line-3", "one")]
    assert left_at(events, "zoe") == 9_900.0
    early = [event(1, "zoe!~username@10.0.0.9", "QUIT", "bye"), event(950, "ben!u@h", "PRIVMSG", "#Line-3", "one")]
    assert left_at(early, "zoe") == 0.0


def test_a_host_that_was_gone_for_long_is_found_with_what_was_said() -> None:
    events = [event(1, "zoe!~username@10.0.0.9", "JOIN", "#Line-3")]
    assert left_at(events, "zoe", down_s=3_600.0) == 0.0


def test_people_are_meant_by_their_account_or_by_name_and_address() -> None:
    renamed = [event(1, "zed!~username@10.0.0.9", "JOIN", "#Line-3"), event(2, "zed!~username@10.0.0.9", "NICK", "zoe")]
    assert left_at(renamed, "zoe") == 9_002.0
    assert left_at(renamed, "zed") == 0.0
    assert left_at([event(1, "zoe!~username@10.0.0.77", "JOIN", "#Line-3")], "zoe") == 0.0
    elsewhere = [event(1, "zoe!~username@10.0.0.77", "JOIN", "#Line-3", account="zoe")]
    assert left_at(elsewhere, "zoe", account="zoe") == 9_001.0


def test_where_nothing_happened_nobody_was() -> None:
    assert left_at([], "zoe") == 0.0
