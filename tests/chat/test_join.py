"""JOIN, and what its capabilities make of it. Sentences are from modern.ircdocs.horse, "JOIN message", unless said."""

import pytest

from lanchat.chat.rules.isupport import TOKENS
from lanchat.limits import MAX_CHANNEL_BYTES, MAX_CHANNELS, MAX_CHANNELS_PER_USER
from lanchat.protocol.names import fold
from tests.chat.rig import SERVER, START, Rig


def test_who_opens_a_channel_is_its_operator_and_sees_the_names() -> None:
    """“If the channel doesn't exist prior to joining, the channel is created and the creating user becomes a channel
    operator.” — "Channels".
    """
    zoe = Rig().client("zoe")
    assert zoe.numerics("JOIN #chan") == [
        ("JOIN", "#chan"),
        ("353", "zoe", "=", "#chan", "@zoe"),
        ("366", "zoe", "#chan", "End of names"),
    ]


def test_members_see_who_comes_and_who_comes_sees_them() -> None:
    """“These RPL_NAMREPLY messages sent by the server MUST include the requesting client that has just joined”."""
    rig = Rig()
    zoe, ana = rig.client("zoe"), rig.client("ana")
    zoe.send("JOIN #chan")
    zoe.read()
    assert ("353", "ana", "=", "#chan", "@zoe ana") in ana.numerics("JOIN #CHAN")
    assert zoe.lines() == [":ana!~username@10.0.0.9 JOIN #chan"]


def test_the_topic_comes_between_the_join_and_the_names() -> None:
    """“the server MUST send, in this order: 1. A JOIN message […] 2. The channel's topic (with RPL_TOPIC and optionally
    RPL_TOPICWHOTIME), and no message if the channel does not have a topic. 3. A list of users”.
    """
    rig = Rig()
    zoe = rig.client("zoe")
    zoe.send("JOIN #chan", "TOPIC #chan :Pumps and valves")
    assert rig.client("ana").numerics("JOIN #chan") == [
        ("JOIN", "#chan"),
        ("332", "ana", "#chan", "Pumps and valves"),
        ("333", "ana", "#chan", "zoe", str(int(START))),
        ("353", "ana", "=", "#chan", "@zoe ana"),
        ("366", "ana", "#chan", "End of names"),
    ]


def test_several_channels_are_joined_one_by_one() -> None:
    """“Servers SHOULD NOT send multiple channels in this message to clients, and SHOULD distribute these
    multiple-channel JOIN messages as a series of messages with a single channel name on each.”
    """
    zoe = Rig().client("zoe")
    commands = [(n[0], *(p for p in n if p.startswith("#"))) for n in zoe.numerics("JOIN #a,#b,,#c")]
    assert commands == [(code, name) for name in ("#a", "#b", "#c") for code in ("JOIN", "353", "366")]


def test_keys_belong_to_the_channels_in_order() -> None:
    """“the first <key> being used for the first <channel>, the second <key> being used for the second <channel>”."""
    rig = Rig()
    op = rig.client("op")
    op.send("JOIN #a,#b,#c", "MODE #a +k one", "MODE #b +k two")
    zoe = rig.client("zoe")
    assert [n[0] for n in zoe.numerics("JOIN #a,#b one")] == ["JOIN", "353", "366", "475"]
    assert [n[0] for n in zoe.numerics("JOIN #c,#b none,two,toomany")] == ["JOIN", "353", "366"] * 2


def test_joining_again_does_nothing() -> None:
    """A JOIN tells that somebody came: who is there already does not come."""
    rig = Rig()
    zoe, ana = rig.client("zoe"), rig.client("ana")
    zoe.send("JOIN #chan")
    ana.send("JOIN #chan")
    zoe.read()
    assert ana.numerics("JOIN #Chan") == []
    assert zoe.lines() == []


def test_zero_leaves_all_channels() -> None:
    """“The server will process this command as though the client had sent a PART command for each channel they are a
    member of.”
    """
    rig = Rig()
    zoe, ana = rig.client("zoe"), rig.client("ana")
    zoe.send("JOIN #a,#b")
    ana.send("JOIN #a")
    assert ana.read()
    assert zoe.numerics("JOIN 0") == [("PART", "#a"), ("PART", "#b")]
    assert ana.lines() == [":zoe!~username@10.0.0.9 PART #a"]


@pytest.mark.parametrize("written", ["JOIN", "JOIN :", "JOIN ,"])
def test_without_a_channel_it_says_so(written: str) -> None:
    """“If a command is sent from a client to a server with less parameters than the command requires […], the server
    will reply with an ERR_NEEDMOREPARAMS numeric” — "Client Messages".
    """
    assert Rig().client("zoe").numerics(written) == [("461", "zoe", "JOIN", "Not enough parameters")]


@pytest.mark.parametrize("name", ["inv@lid", "#", "&local", "#bell\x07", "#a:b", "#a*", "#раypal"])
def test_what_cannot_be_a_channel_is_refused(name: str) -> None:
    """“Indicates that no channel can be found for the supplied channel name.” — ERR_NOSUCHCHANNEL."""
    assert Rig().client("zoe").numerics(f"JOIN {name}") == [("403", "zoe", name, "No such channel")]


def test_a_wrong_name_keeps_nobody_from_the_others() -> None:
    """“Servers MUST process the parameters of this command as lists”."""
    codes = [n[:3] for n in Rig().client("zoe").numerics("JOIN #valid,inv@lid")]
    assert codes[-1] == ("403", "zoe", "inv@lid")
    assert [code[0] for code in codes] == ["JOIN", "353", "366", "403"]


def test_a_name_may_be_as_long_as_announced_and_no_longer() -> None:
    """“the maximum length of a channel name that a client may join” — CHANNELLEN."""
    assert f"CHANNELLEN={MAX_CHANNEL_BYTES}" in TOKENS
    zoe = Rig().client("zoe")
    longest = "#" + "a" * (MAX_CHANNEL_BYTES - 1)
    assert zoe.numerics(f"JOIN {longest}")[0] == ("JOIN", longest)
    assert zoe.numerics(f"JOIN {longest}b") == [("403", "zoe", f"{longest}b", "No such channel")]


def test_nobody_is_in_more_channels_than_announced() -> None:
    """“If the client cannot join this channel because they would be over their limit, they will receive an
    ERR_TOOMANYCHANNELS reply and the command will fail.”
    """
    assert f"CHANLIMIT=#:{MAX_CHANNELS_PER_USER}" in TOKENS
    zoe = Rig().client("zoe")
    for number in range(MAX_CHANNELS_PER_USER):
        assert zoe.numerics(f"JOIN #chan{number}")[0] == ("JOIN", f"#chan{number}")
    assert zoe.numerics("JOIN #more") == [("405", "zoe", "#more", "You are in too many channels")]


def test_there_are_not_more_channels_than_a_list_can_show() -> None:
    """“the server ensures that a client may perform the LIST command without being disconnected” — SAFELIST."""
    assert "SAFELIST" in TOKENS
    rig = Rig(rooms=())
    for number in range(MAX_CHANNELS // MAX_CHANNELS_PER_USER):
        first = number * MAX_CHANNELS_PER_USER
        for at in range(first, first + MAX_CHANNELS_PER_USER, 25):
            rig.client(f"z{at}", address=f"10.0.1.{at // 100}").send(
                "JOIN " + ",".join(f"#{n}" for n in range(at, at + 25))
            )
    assert len(rig.network.channels) == MAX_CHANNELS
    assert rig.client("late").numerics("JOIN #more")[0][0] == "405"


@pytest.mark.parametrize(("first", "second"), [("#Foo", "#foo"), ("#Zoé", "#ZOÉ"), ("#ﬁ", "#fi")])
def test_a_name_written_otherwise_is_the_same_channel(first: str, second: str) -> None:
    """“Names of IRC entities (clients, servers, channels) are casemapped.” — "Client-to-Server Protocol Structure"."""
    rig = Rig()
    foo, bar = rig.client("foo"), rig.client("bar")
    foo.send(f"JOIN {first}")
    foo.read()
    bar.send(f"JOIN {second}")
    assert foo.lines() == [f":bar!~username@10.0.0.9 JOIN {first}"]


@pytest.mark.parametrize("other", ["#fooa", "#f]oo", "#foó"])
def test_a_name_that_folds_otherwise_is_another_channel(other: str) -> None:
    """“ascii: Defines the characters a to z to be considered the lower-case equivalents of the characters A to Z
    only.” — CASEMAPPING.
    """
    assert "CASEMAPPING=ascii" in TOKENS
    assert "UTF8MAPPING=rfc8265" in TOKENS, "for those who fold more than ASCII"
    rig = Rig()
    foo = rig.client("foo")
    foo.send("JOIN #foo,#f}oo")
    foo.read()
    rig.client("bar").send(f"JOIN {other}")
    assert foo.lines() == []


def test_a_channel_is_gone_with_its_last_member() -> None:
    """“the channel ceases to exist when the last client leaves it.” — "Channels"."""
    rig = Rig()
    zoe, ana = rig.client("zoe"), rig.client("ana")
    zoe.send("JOIN #chan", "MODE #chan +ik key", "TOPIC #chan :old")
    zoe.drop()
    assert fold("#chan") not in rig.network.channels
    assert ana.numerics("JOIN #chan") == [
        ("JOIN", "#chan"),
        ("353", "ana", "=", "#chan", "@ana"),
        ("366", "ana", "#chan", "End of names"),
    ]


# ---- Capabilities --------------------------------------------------------------------------------------------------


def test_extended_join_tells_account_and_real_name() -> None:
    """“:nick!user@host JOIN #channelname accountname :Real Name”; “* […] represents that the user has not logged in to
    an account” — ircv3.net, extended-join.
    """
    rig = Rig()
    foo = rig.client("foo", caps="extended-join")
    assert foo.numerics("JOIN #chan")[0] == ("JOIN", "#chan", "*", "Real Name")
    plain = rig.client("plain")
    plain.send("JOIN #chan")
    foo.read()
    bar = rig.client("bar")
    bar.send("REGISTER * * sesame", "JOIN #chan")
    assert foo.lines() == [":bar!~username@10.0.0.9 JOIN #chan bar :Real Name"]
    assert plain.lines()[-1] == ":bar!~username@10.0.0.9 JOIN #chan"


def test_away_notify_tells_of_who_comes_in_away() -> None:
    """“as well as when a user joins and has an away message set. (Note that AWAY will not be sent for joining users
    with no away message set.)” — ircv3.net, away-notify.
    """
    rig = Rig()
    foo, plain = rig.client("foo", caps="away-notify"), rig.client("plain")
    foo.send("JOIN #chan")
    plain.send("JOIN #chan")
    bar, qux = rig.client("bar"), rig.client("qux")
    bar.send("AWAY :i'm already away")
    foo.read()
    plain.read()
    bar.send("JOIN #chan")
    qux.send("JOIN #chan")
    assert foo.lines() == [
        ":bar!~username@10.0.0.9 JOIN #chan",
        ":bar!~username@10.0.0.9 AWAY :i'm already away",
        ":qux!~username@10.0.0.9 JOIN #chan",
    ]
    assert [line.split()[1] for line in plain.lines()] == ["JOIN", "JOIN"]


def test_no_implicit_names_leaves_the_names_away() -> None:
    """“servers MUST NOT send an implicit NAMES reply after sending a JOIN message. Servers MUST reply to explicit NAMES
    commands sent by the client as usual.” — ircv3.net, no-implicit-names.
    """
    zoe = Rig().client("zoe", caps="no-implicit-names")
    assert zoe.numerics("JOIN #chan") == [("JOIN", "#chan")]
    assert [n[0] for n in zoe.numerics("NAMES #chan")] == ["353", "366"]


def test_the_read_marker_comes_before_the_end_of_the_names() -> None:
    """“the server MUST send a MARKREAD command for that channel. The command MUST be sent before the RPL_ENDOFNAMES
    reply for that channel following the JOIN.” — ircv3.net, read-marker.
    """
    zoe = Rig().client("zoe", caps="draft/read-marker")
    at = "timestamp=2019-01-04T14:33:26.123Z"
    first = zoe.numerics("JOIN #test")
    assert first.index(("MARKREAD", "#test", "*")) < [n[0] for n in first].index("366")
    assert zoe.numerics(f"MARKREAD #test {at}") == [("MARKREAD", "#test", at)]
    zoe.send("PART #test")
    again = zoe.numerics("JOIN #test")
    assert again.index(("MARKREAD", "#test", at)) < [n[0] for n in again].index("366")


def test_a_read_marker_is_nobody_elses() -> None:
    """“The read markers sent by a user MUST NOT be disclosed to other users” — ircv3.net, read-marker. A name is not
    the person: who takes it next has read nothing.
    """
    rig = Rig()
    zoe = rig.client("zoe", caps="draft/read-marker")
    zoe.send("MARKREAD #test timestamp=2019-01-04T14:33:26.123Z", "NICK elsewhere")
    assert rig.client("zoe").numerics("MARKREAD #test") == [("MARKREAD", "#test", "*")]
    assert zoe.numerics("MARKREAD #test")[0][2].startswith("timestamp=2019"), "and goes with the person"


def test_under_a_label_the_whole_of_it_is_one_batch() -> None:
    """“If a response consists of more than one message, a batch MUST be used” — ircv3.net, labeled-response."""
    zoe = Rig().client("zoe", caps="batch labeled-response")
    first, *inner, last = zoe.ask("@label=l1 JOIN #valid,inv@lid")
    assert (first.command, first.params[1:], first.tags["label"]) == ("BATCH", ("labeled-response",), "l1")
    reference = first.params[0][1:]
    assert last.params == (f"-{reference}",)
    assert [message.command for message in inner] == ["JOIN", "353", "366", "403"]
    assert all(message.tags == {"batch": reference} for message in inner)


def test_ranks_on_arrival_are_told_by_the_server() -> None:
    """“:irc.example.com MODE #foobar +o bunny ; The irc.example.com server gave channel operator privileges to bunny on
    #foobar.” — "MODE message".
    """
    rig = Rig(operators={"chief": "secret"})
    zoe, chief = rig.client("zoe"), rig.client("chief")
    zoe.send("JOIN #Line-3")
    zoe.read()
    chief.send("OPER chief secret", "JOIN #Line-3")
    assert zoe.lines() == [
        ":chief!~username@10.0.0.9 JOIN #Line-3",
        f":{SERVER} MODE #Line-3 +o chief",
    ]
