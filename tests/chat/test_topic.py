"""TOPIC. The sentences are from modern.ircdocs.horse, "TOPIC message", unless said otherwise."""

from lanchat.chat.rules.isupport import TOKENS
from lanchat.limits import MAX_TOPIC_BYTES
from tests.chat.rig import START, Rig


def test_every_member_hears_of_a_new_topic() -> None:
    """“every client in that channel (including the author of the topic change) will receive a TOPIC command with the
    new topic as argument”.
    """
    zoe, ana = Rig().channel("#chan", "zoe", "ana")
    assert zoe.numerics("TOPIC #CHAN :T0P1C") == [("TOPIC", "#chan", "T0P1C")]
    assert ana.lines() == [":zoe!~username@10.0.0.9 TOPIC #chan :T0P1C"]


def test_without_a_text_it_is_told_with_who_set_it_and_when() -> None:
    """“If RPL_TOPIC is returned to the client sending this command, RPL_TOPICWHOTIME SHOULD also be sent to that
    client.”; “<setat> is a unix timestamp”.
    """
    rig = Rig()
    zoe, ana = rig.channel("#chan", "zoe", "ana")
    assert ana.numerics("TOPIC #chan") == [("331", "ana", "#chan", "No topic is set")]
    rig.now += 61.5
    zoe.send("TOPIC #chan :T0P1C")
    ana.read()
    assert ana.numerics("TOPIC #chan") == [
        ("332", "ana", "#chan", "T0P1C"),
        ("333", "ana", "#chan", "zoe", str(int(START) + 61)),
    ]


def test_an_empty_text_clears_it() -> None:
    """“If <topic> is an empty string, the topic for the channel will be cleared.”; “or an empty argument if the topic
    was cleared”.
    """
    rig = Rig()
    zoe, ana = rig.channel("#chan", "zoe", "ana")
    zoe.send("TOPIC #chan :T0P1C")
    ana.read()
    assert zoe.numerics("TOPIC #chan :") == [("TOPIC", "#chan", "")]
    assert ana.lines() == [":zoe!~username@10.0.0.9 TOPIC #chan :"]
    assert [n[0] for n in rig.client("bar").numerics("JOIN #chan")] == ["JOIN", "353", "366"]


def test_the_same_topic_again_is_no_change() -> None:
    """“If the topic of a channel is changed or cleared”: it is not."""
    zoe, ana = Rig().channel("#chan", "zoe", "ana")
    zoe.send("TOPIC #chan :T0P1C")
    ana.read()
    assert zoe.numerics("TOPIC #chan :T0P1C") == []
    assert ana.lines() == []


def test_a_protected_topic_is_for_operators() -> None:
    """“If a client does not have appropriate channel permissions and tries to change the topic, the
    ERR_CHANOPRIVSNEEDED numeric is returned and the command will fail.”
    """
    zoe, ana = Rig().channel("#chan", "zoe", "ana")
    words = "Only operators may set the topic here (+t): ask zoe"
    assert ana.numerics("TOPIC #chan :mine") == [("482", "ana", "#chan", words)]
    zoe.send("MODE #chan +v ana")
    ana.read()
    assert ana.numerics("TOPIC #chan :mine") == [("482", "ana", "#chan", words)], "a voice is not enough"
    zoe.send("MODE #chan -t")
    ana.read()
    assert ana.numerics("TOPIC #chan :mine") == [("TOPIC", "#chan", "mine")]


def test_the_hosts_operator_may_set_every_topic() -> None:
    """“perform general maintenance functions on the network” — "Operators"."""
    _, chief = Rig(operators={"chief": "secret"}).channel("#chan", "zoe", "chief")
    chief.send("OPER chief secret")
    assert chief.numerics("TOPIC #chan :fire drill at ten") == [("TOPIC", "#chan", "fire drill at ten")]


def test_who_is_outside_neither_sees_nor_sets_it() -> None:
    """“If the client sending this command is not joined to the given channel, and tries to view its' topic, the server
    MAY return the ERR_NOTONCHANNEL numeric and have the command fail.”
    """
    rig = Rig()
    rig.channel("#chan", "zoe")
    out = rig.client("out")
    refused = [("442", "out", "#chan", "You are not in that channel")]
    assert out.numerics("TOPIC #chan") == out.numerics("TOPIC #chan :x") == refused
    assert out.numerics("TOPIC #none") == [("403", "out", "#none", "No such channel")]
    assert out.numerics("TOPIC") == [("461", "out", "TOPIC", "Not enough parameters")]


def test_a_topic_is_cut_to_the_length_announced() -> None:
    """“the maximum length of a topic that a client may set on a channel” — TOPICLEN."""
    assert f"TOPICLEN={MAX_TOPIC_BYTES}" in TOKENS
    (zoe,) = Rig().channel("#chan", "zoe")
    assert zoe.numerics("TOPIC #chan :" + "é" * 200) == [("TOPIC", "#chan", "é" * (MAX_TOPIC_BYTES // 2))]


def test_anybody_may_set_the_topic_of_a_hosted_room() -> None:
    zoe, ana = Rig().channel("#Line-3", "zoe", "ana")
    assert ana.numerics("MODE #Line-3")[0] == ("324", "ana", "#Line-3", "+n")
    assert ana.numerics("TOPIC #Line-3 :Press 4 is back") == [("TOPIC", "#Line-3", "Press 4 is back")]
    assert zoe.lines()[-1].endswith(" TOPIC #Line-3 :Press 4 is back")


def test_where_it_is_locked_the_refusal_says_what_to_do() -> None:
    def refusal(rig: Rig, *, chief: str = "") -> str:
        zoe, ana = rig.channel("#Line-3", "zoe", "ana")
        if chief:
            ana.send(f"OPER {chief}")
            zoe.read()
        return zoe.numerics("TOPIC #Line-3 :mine")[-1][-1]

    words = "Only operators may set the topic here (+t)"
    told = refusal(Rig(is_topic_locked=True))
    assert told == f"{words}, and there are none: ask who opened the room, whose --oper names some"
    operators = {"chief": "secret"}
    told = refusal(Rig(is_topic_locked=True, operators=operators))
    assert told == f"{words}, and none is in: /oper NAME PASSWORD makes you one"
    assert refusal(Rig(is_topic_locked=True, operators=operators), chief="chief secret") == f"{words}: ask ana"
