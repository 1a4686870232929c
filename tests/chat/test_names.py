"""NAMES. The sentences are from modern.ircdocs.horse, "NAMES message" and RPL_NAMREPLY, unless said otherwise."""

import pytest

from lanchat.limits import MAX_LINE_BYTES
from tests.chat.rig import Rig


def test_the_names_in_a_channel_stand_with_their_highest_prefix() -> None:
    """“<nick> is the nickname of a client joined to that channel, and <prefix> is the highest channel membership prefix
    that client has in the channel, if they have one.”
    """
    zoe, ana = Rig().channel("#chan", "zoe", "ana")
    zoe.send("MODE #chan +v zoe", "MODE #chan +v ana")
    assert ana.numerics("NAMES #chan") == [
        ("353", "ana", "=", "#chan", "@zoe +ana"),
        ("366", "ana", "#chan", "End of names"),
    ]


def test_multi_prefix_shows_all_prefixes() -> None:
    """“cause the IRC server to send all possible prefixes which apply to a user in NAMES and WHO output. These prefixes
    MUST be in order of 'rank', from highest to lowest.” — ircv3.net, multi-prefix.
    """
    rig = Rig()
    foo = rig.client("foo", caps="multi-prefix")
    foo.send("JOIN #chan", "MODE #chan +v foo")
    assert foo.numerics("NAMES #chan")[0] == ("353", "foo", "=", "#chan", "@+foo")


def test_userhost_in_names_shows_all_of_the_source() -> None:
    """“extends the NAMES reply messages (RPL_NAMREPLY) to contain the full hostmask (nick!user@host) of every user
    listed.” — ircv3.net, userhost-in-names.
    """
    rig = Rig()
    foo = rig.client("foo", caps="userhost-in-names multi-prefix")
    assert foo.numerics("JOIN #chan")[1] == ("353", "foo", "=", "#chan", "@foo!~username@10.0.0.9")


def test_several_channels_are_told_with_one_end() -> None:
    """“The param of this command is a list of channel names”; “Servers MAY allow more than one target channel.”"""
    rig = Rig()
    zoe, ana = rig.channel("#a", "zoe", "ana")
    zoe.send("JOIN #b")
    assert ana.numerics("NAMES #a,#b,#A") == [
        ("353", "ana", "=", "#a", "@zoe ana"),
        ("353", "ana", "=", "#b", "@zoe"),
        ("366", "ana", "#a,#b,#A", "End of names"),
    ]


@pytest.mark.parametrize("name", ["invalid", "#none", "@zoe"])
def test_a_channel_that_is_not_there_has_no_names_and_no_error(name: str) -> None:
    """“If the channel name is invalid or the channel does not exist, one RPL_ENDOFNAMES numeric containing the given
    channel name should be returned.”
    """
    assert Rig().client("zoe").numerics(f"NAMES {name}") == [("366", "zoe", name, "End of names")]


def test_a_secret_channel_shows_its_names_to_members_only() -> None:
    """“If the given channel has the secret channel mode set and the user is not joined to that channel, one
    RPL_ENDOFNAMES numeric is returned.”; “("@", 0x40) - Secret channel”.
    """
    rig = Rig()
    (zoe,) = rig.channel("#chan", "zoe")
    zoe.send("MODE #chan +s")
    ana = rig.client("ana")
    assert ana.numerics("NAMES #chan") == [("366", "ana", "#chan", "End of names")]
    assert ana.numerics("JOIN #chan")[1] == ("353", "ana", "@", "#chan", "@zoe ana")
    assert ana.numerics("NAMES #chan")[0] == ("353", "ana", "@", "#chan", "@zoe ana")


def test_the_invisible_are_shown_to_members_only() -> None:
    """“Users with the invisible user mode set are not shown in channel responses unless the requesting client is also
    joined to that channel.”
    """
    rig = Rig()
    zoe, _ = rig.channel("#chan", "zoe", "ana")
    zoe.send("MODE zoe +i")
    out = rig.client("out")
    assert out.numerics("NAMES #chan")[0] == ("353", "out", "=", "#chan", "ana")
    assert ("353", "out", "=", "#chan", "@zoe ana out") in out.numerics("JOIN #chan")


def test_without_a_channel_all_that_can_be_seen_are_told() -> None:
    """“If no parameter is given for this command, servers SHOULD return one RPL_ENDOFNAMES numeric with the <channel>
    parameter set to an asterisk character […] MAY also choose to return information about every single channel”.
    """
    rig = Rig(hides_empty_rooms=True)
    rig.channel("#a", "zoe")
    (ana,) = rig.channel("#b", "ana")
    ana.send("MODE #b +s")
    assert rig.client("out").numerics("NAMES") == [
        ("353", "out", "=", "#a", "@zoe"),
        ("366", "out", "*", "End of names"),
    ]


def test_a_room_of_the_hosts_is_shown_with_nobody_in_it() -> None:
    """“<symbol> […] "=" Public channel”; who comes first learns that the room is there, and what it is called."""
    zoe = Rig().client("zoe")
    empty, end = ("353", "zoe", "=", "#Line-3", ""), "End of names"
    assert zoe.numerics("NAMES #line-3") == [empty, ("366", "zoe", "#line-3", end)]
    assert zoe.numerics("NAMES") == [empty, ("366", "zoe", "*", end)]


def test_a_room_of_the_hosts_is_shown_while_only_people_are_in_who_cannot_be_seen() -> None:
    rig = Rig()
    rig.client("ana").send("MODE ana +i", "JOIN #Line-3")
    assert rig.client("zoe").numerics("NAMES #Line-3")[0] == ("353", "zoe", "=", "#Line-3", "")


def test_the_other_questions_about_an_empty_room_of_the_hosts_tell_that_it_is_there() -> None:
    """WHO has a line a person, so nobody is no line; MODE and LIST speak of the channel itself."""
    zoe = Rig().client("zoe")
    assert zoe.numerics("WHO #Line-3") == [("315", "zoe", "#Line-3", "End of WHO")]
    assert zoe.numerics("MODE #Line-3")[0] == ("324", "zoe", "#Line-3", "+n")
    assert zoe.numerics("TOPIC #Line-3") == [("442", "zoe", "#Line-3", "You are not in that channel")]
    assert ("322", "zoe", "#Line-3", "0", "Line 3") in zoe.numerics("LIST #Line-3")


def test_an_empty_room_of_the_hosts_is_not_shown_to_a_harness_nor_a_secret_one_to_anybody() -> None:
    """“one RPL_ENDOFNAMES numeric is returned” for a secret channel that one is not in."""
    end = [("366", "zoe", "#Line-3", "End of names")]
    assert Rig(hides_empty_rooms=True).client("zoe").numerics("NAMES #Line-3") == end
    rig = Rig()
    rig.network.channels["#line-3"].modes.add("s")
    assert rig.client("zoe").numerics("NAMES #Line-3") == end


def test_many_names_take_several_lines_each_within_its_limit() -> None:
    """“the server returns one of more RPL_NAMREPLY numerics containing the users joined to the channel and a single
    RPL_ENDOFNAMES numeric.”
    """
    rig = Rig()
    nicks = [f"{'田' * 10}{number:03}" for number in range(60)]
    first, *_ = rig.channel("#chan", *nicks)
    first.send("NAMES #chan")
    lines = first.raw.split(b"\r\n")[:-1]
    assert all(len(line) + 2 <= MAX_LINE_BYTES for line in lines)
    *names, end = first.read()
    assert end.command == "366"
    assert " ".join(message.params[3] for message in names).replace("@", "").split() == nicks
    assert len(names) == 5  # as many as are needed
