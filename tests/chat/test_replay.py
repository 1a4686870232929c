import pytest

from lanchat.limits import REPLAY_MESSAGES
from lanchat.protocol.message import Message
from tests.chat.rig import Client, Rig

THEN = "2023-11-14T22:13:20.000Z"


def heard(client: Client, line: str = "JOIN #a") -> list[Message]:
    """Return what comes after the end of the names."""
    messages = client.ask(line)
    end = [message.command for message in messages].index("366")
    return messages[end + 1 :]


def replayed(client: Client, line: str = "JOIN #a") -> list[Message]:
    """Return what people said that comes after the end of the names, without what stands around it."""
    return [message for message in heard(client, line) if "!" in message.source]


def spoken(rig: Rig, *lines: str) -> Client:
    """Return somebody who has sent lines in #a, an hour ago."""
    bob = rig.client("bob", caps="message-tags batch draft/multiline")
    bob.ask("JOIN #a", *lines)
    rig.now += 3_600
    return bob


def test_who_comes_in_gets_what_was_said_before_with_its_time() -> None:
    """IRCv3 server-time: "a client SHOULD treat the message as having occurred at the given time"."""
    rig = Rig()
    spoken(rig, "PRIVMSG #a :one", "NOTICE #a :two")
    one, two = replayed(rig.client("late", caps="batch server-time"))
    assert (one.command, one.params, one.tags["time"]) == ("PRIVMSG", ("#a", "one"), THEN)
    assert (two.command, two.params, two.tags["time"]) == ("NOTICE", ("#a", "two"), THEN)


def test_where_times_cannot_be_told_they_stand_in_the_text() -> None:
    """The profile: "Clients without [chathistory] get the last lines replayed on JOIN"."""
    rig = Rig()
    spoken(rig, "PRIVMSG #a :one", "PRIVMSG #a :\x01ACTION waves\x01")
    late = rig.client("late")
    late.send("JOIN #a")
    assert late.lines()[-4:] == [
        ":My.Little.Server NOTICE #a :earlier here, 22:13 to 22:13 UTC:",
        ":bob!~username@10.0.0.9 PRIVMSG #a :[22:13 UTC] one",
        ":bob!~username@10.0.0.9 PRIVMSG #a :\x01ACTION [22:13 UTC] waves\x01",
        ":My.Little.Server NOTICE #a :now:",
    ]


def test_times_that_a_client_asks_for_and_does_not_show_stand_in_the_text_too() -> None:
    """So does irssi: it negotiates server-time, and prints the time of arrival."""
    rig = Rig()
    spoken(rig, "PRIVMSG #a :one")
    (one,) = replayed(rig.client("late", caps="server-time"))
    assert one.params[1] == "[22:13 UTC] one"


def test_who_is_back_soon_gets_only_what_came_since() -> None:
    rig = Rig()
    bob = spoken(rig, "PRIVMSG #a :one")
    zoe = rig.client("zoe")
    zoe.ask("JOIN #a")
    zoe.drop()
    rig.now += 60
    bob.send("PRIVMSG #a :two")
    rig.now += 60
    assert [message.params[1] for message in replayed(rig.client("zoe"))] == ["[23:14 UTC] two"]
    stranger = rig.client("zoe2", address="10.0.0.8")
    assert len(replayed(stranger)) == 2, "who was not in gets all"


def test_so_does_an_account_under_whatever_name_and_nobody_else_under_the_same() -> None:
    rig = Rig()
    spoken(rig, "PRIVMSG #a :one")
    zoe = rig.client("zoe", account="zoe")
    zoe.ask("JOIN #a")
    zoe.drop()
    rig.now += 60
    assert heard(rig.client("anna", account="zoe")) == []
    ana = rig.client("ana")
    ana.ask("JOIN #a")
    ana.drop()
    rig.now += 60
    assert len(replayed(rig.client("ana", address="10.0.0.8"))) == 1


def test_after_a_quarter_of_an_hour_all_is_shown_again_and_no_earlier_where_batches_are_known_either() -> None:
    rig = Rig()
    spoken(rig, "PRIVMSG #a :one")
    for caps, away_s, count in (("", 60, 0), ("", 900, 1), ("batch", 60, 0), ("batch", 900, 1)):
        zoe = rig.client("zoe", caps=caps)
        zoe.ask("JOIN #a")
        zoe.drop()
        rig.now += away_s
        back = rig.client("zoe", caps=caps)
        assert len(replayed(back)) == count
        back.drop()
        rig.now += 3_600


def test_a_bot_gets_none() -> None:
    rig = Rig()
    spoken(rig, "PRIVMSG #a :!reset")
    bot = rig.client("bot")
    bot.ask("MODE bot +B")
    assert heard(bot) == []


def test_it_stands_in_a_batch_where_batches_are_understood() -> None:
    """IRCv3 chathistory batch: "SHOULD put all PRIVMSGs and NOTICEs into a single `chathistory` batch"."""
    rig = Rig()
    spoken(rig, "PRIVMSG #a :one", "PRIVMSG #a :two")
    start, *inner, end = heard(rig.client("late", caps="batch server-time"))
    assert start.params[1:] == ("chathistory", "#a")
    assert [message.tags for message in inner] == [{"batch": start.params[0][1:], "time": THEN}] * 2
    assert end.params == ("-" + start.params[0][1:],)


def test_ids_tags_and_accounts_are_what_they_were() -> None:
    """IRCv3 message-ids: "if a message is re-transmitted as-is […] the ID SHOULD be reused"."""
    rig = Rig()
    bob = rig.client("bob", caps="sasl message-tags echo-message account-tag", account="bob")
    bob.ask("JOIN #a")
    (echo,) = bob.ask("@+draft/reply=x PRIVMSG #a :one")
    (again,) = replayed(rig.client("late", caps="message-tags account-tag"))
    assert again.tags == echo.tags
    assert set(again.tags) == {"account", "msgid", "+draft/reply"}


def test_a_message_of_several_lines_is_replayed_as_one() -> None:
    rig = Rig()
    spoken(
        rig,
        "BATCH +1 draft/multiline #a",
        "@batch=1 PRIVMSG #a :one",
        "@batch=1 PRIVMSG #a :",
        "@batch=1 PRIVMSG #a :two",
        "BATCH -1",
    )
    late = rig.client("late", caps="batch server-time message-tags draft/multiline")
    outer, start, *inner, end, last = heard(late)
    assert outer.params[1:] == ("chathistory", "#a")
    assert start.params[1:] == ("draft/multiline", "#a")
    assert start.tags["batch"] == end.tags["batch"] == outer.params[0][1:]
    assert start.tags["time"] == THEN
    assert [message.tags for message in inner] == [{"batch": start.params[0][1:]}] * 3
    assert [message.params[1] for message in inner] == ["one", "", "two"]
    assert last.params == ("-" + outer.params[0][1:],)


@pytest.mark.parametrize("caps", ["batch server-time message-tags"])
def test_or_line_by_line_where_that_is_not_understood(caps: str) -> None:
    rig = Rig()
    spoken(
        rig,
        "BATCH +1 draft/multiline #a",
        "@batch=1 PRIVMSG #a :one",
        "@batch=1 PRIVMSG #a :",
        "@batch=1 PRIVMSG #a :two",
        "BATCH -1",
    )
    lines = [message for message in heard(rig.client("late", caps=caps)) if message.command == "PRIVMSG"]
    assert [message.params[1] for message in lines] == ["one", "two"]
    assert [message.tags["time"] for message in lines] == [THEN, THEN]
    assert ["msgid" in message.tags for message in lines] == [True, False]


def test_several_lines_without_times_are_each_told_when() -> None:
    rig = Rig()
    spoken(rig, "BATCH +1 draft/multiline #a", "@batch=1 PRIVMSG #a :one", "@batch=1 PRIVMSG #a :two", "BATCH -1")
    late = rig.client("late", caps="batch draft/multiline")
    texts = [message.params[1] for message in heard(late) if message.command == "PRIVMSG"]
    assert texts == ["[22:13 UTC] one", "[22:13 UTC] two"]


def test_a_long_text_with_its_time_before_it_takes_two_lines() -> None:
    rig = Rig()
    text = "word " * 94
    spoken(rig, f"PRIVMSG #a :{text}")
    late = rig.client("late")
    late.send("JOIN #a")
    lines = [line for line in late.lines() if "PRIVMSG" in line]
    assert len(lines) == 2
    assert all(len(line.encode()) <= 510 for line in lines)
    said = [line.partition(" :")[2] for line in lines]
    assert all(part.startswith("[22:13 UTC] ") for part in said), "what bears no time would look as if it were said now"
    assert "".join(part.removeprefix("[22:13 UTC] ") for part in said) == text


def test_what_programs_ask_programs_is_not_asked_again() -> None:
    rig = Rig()
    spoken(rig, "PRIVMSG #a :\x01VERSION\x01", "PRIVMSG #a :one", "@+typing=active TAGMSG #a")
    late = rig.client("late", caps="batch server-time message-tags")
    assert [message.params[1] for message in replayed(late)] == ["one"]


def test_only_so_much_is_replayed() -> None:
    rig = Rig()
    spoken(rig, *[f"PRIVMSG #a :{number}" for number in range(REPLAY_MESSAGES + 10)])
    texts = [message.params[1] for message in replayed(rig.client("late", caps="batch server-time"))]
    assert texts == [str(number) for number in range(10, REPLAY_MESSAGES + 10)]


def test_nothing_is_replayed_where_nothing_was_said_or_the_host_wants_none() -> None:
    """The profile: "unless `--no-join-replay`"."""
    rig = Rig()
    spoken(rig)
    assert heard(rig.client("late", caps="batch")) == []
    quiet = Rig(is_replaying=False)
    spoken(quiet, "PRIVMSG #a :one")
    assert heard(quiet.client("late", caps="batch")) == []


def test_what_was_said_to_operators_alone_is_not_replayed() -> None:
    rig = Rig()
    spoken(rig, "PRIVMSG @#a :psst")
    assert heard(rig.client("late")) == []


def test_a_channel_that_everybody_left_is_forgotten() -> None:
    rig = Rig()
    spoken(rig, "PRIVMSG #a :one").send("QUIT")
    assert heard(rig.client("late")) == []


def test_the_hosts_own_rooms_are_not() -> None:
    rig = Rig()
    bob = rig.client("bob")
    bob.ask("JOIN #Line-3", "PRIVMSG #Line-3 :one")
    bob.send("QUIT")
    late = rig.client("late", caps="batch server-time")
    assert [message.params[1] for message in replayed(late, "JOIN #Line-3")] == ["one"]


def test_a_further_session_of_somebody_is_shown_it_too() -> None:
    rig = Rig()
    zoe = rig.client("zoe", account="zoe")
    zoe.ask("JOIN #a", "PRIVMSG #a :one")
    phone = rig.client()
    phone.ask("CAP LS 302", "CAP REQ :sasl server-time")
    phone.login("zoe")
    phone.send("NICK zoe", "USER u 0 * :r", "CAP END")
    assert phone.lines()[-2] == f"@time={THEN} :zoe!~username@10.0.0.9 PRIVMSG #a :[22:13 UTC] one"


def test_who_wants_no_names_gets_what_was_said_nevertheless() -> None:
    """IRCv3 no-implicit-names: "servers MUST NOT send an implicit NAMES reply after sending a JOIN message"."""
    rig = Rig()
    spoken(rig, "PRIVMSG #a :one")
    late = rig.client("late", caps="no-implicit-names batch server-time")
    assert [message.command for message in late.ask("JOIN #a")] == ["JOIN", "BATCH", "PRIVMSG", "BATCH"]


def test_what_went_to_a_dead_connection_is_shown_to_who_comes_back() -> None:
    rig = Rig()
    bob = spoken(rig, "PRIVMSG #a :one")
    zoe = rig.client("zoe")
    zoe.ask("JOIN #a")
    rig.now += 30
    bob.send("PRIVMSG #a :two")
    rig.now += 40
    zoe.drop("Ping timeout")
    assert [message.params[1] for message in replayed(rig.client("zoe"))] == ["[23:13 UTC] two"]
