"""PART. The sentences are from modern.ircdocs.horse, "PART message"."""

from lanchat.limits import MAX_LINE_BYTES
from tests.chat.rig import Rig


def test_all_members_see_who_leaves_and_why() -> None:
    """“On sending a successful PART command, the user will receive a PART message from the server for each channel they
    have been removed from. <reason> is the reason that the client has left the channel(s).”
    """
    rig = Rig()
    zoe, ana = rig.client("zoe"), rig.client("ana")
    zoe.send("JOIN #chan")
    ana.send("JOIN #chan")
    zoe.read()
    assert ana.numerics("PART #CHAN :bye everyone") == [("PART", "#chan", "bye everyone")]
    assert zoe.lines() == [":ana!~username@10.0.0.9 PART #chan :bye everyone"]
    zoe.send("PRIVMSG #chan :gone?")
    assert ana.lines() == []


def test_each_channel_gets_its_own_message_with_the_reason() -> None:
    """“SHOULD distribute these multiple-channel PART messages as a series of messages with a single channel name on
    each. If a PART message is distributed in this way, <reason> (if it exists) should be on each of these messages.”
    """
    zoe = Rig().client("zoe")
    zoe.send("JOIN #a,#b")
    assert zoe.numerics("PART #a,#b :bye") == [("PART", "#a", "bye"), ("PART", "#b", "bye")]


def test_no_reason_and_an_empty_one_are_left_away() -> None:
    """“Parameters: <channel>{,<channel>} [<reason>]”."""
    zoe = Rig().client("zoe")
    zoe.send("JOIN #a,#b")
    assert zoe.numerics("PART #a", "PART #b :") == [("PART", "#a"), ("PART", "#b")]


def test_who_is_not_in_a_channel_cannot_leave_it_but_the_others() -> None:
    """“if the channel exists and the client is not joined to it, they will receive an ERR_NOTONCHANNEL reply and that
    channel will be ignored. If the channel does not exist, the client will receive an ERR_NOSUCHCHANNEL reply and that
    channel will be ignored.”
    """
    rig = Rig()
    zoe, ana = rig.client("zoe"), rig.client("ana")
    zoe.send("JOIN #theirs")
    ana.send("JOIN #mine")
    assert ana.numerics("PART #theirs,#none,#mine") == [
        ("442", "ana", "#theirs", "You are not in that channel"),
        ("403", "ana", "#none", "No such channel"),
        ("PART", "#mine"),
    ]


def test_without_a_channel_it_says_so() -> None:
    """“ERR_NEEDMOREPARAMS”."""
    assert Rig().client("zoe").numerics("PART") == [("461", "zoe", "PART", "Not enough parameters")]


def test_of_a_long_reason_others_hear_what_a_line_has_space_for() -> None:
    """“Most IRC servers limit messages to 512 bytes in length” — "Message Format"; it cannot go on in a second PART."""
    zoe = Rig().client("zoe")
    zoe.send("JOIN #chan")
    zoe.read()
    zoe.send("PART #chan :" + "é" * 200, "JOIN #chan", "PART #chan :" + "é" * 245)
    parts = [line for line in zoe.lines() if " PART " in line]
    assert [line.count("é") for line in parts] == [200, 237]
    assert len(parts[1].encode()) + 2 <= MAX_LINE_BYTES
