"""A ban or a mute stays with whom it was set on, and a secret channel does not show that it is there."""

import pytest

from tests.chat.rig import Rig


def test_a_ban_by_name_is_not_shaken_off_with_another_name() -> None:
    rig = Rig()
    (chanop,) = rig.channel("#chan", "chanop")
    zoe = rig.client("zoe")
    chanop.send("MODE #chan +b zoe")
    zoe.send("NICK other")
    zoe.read()
    assert zoe.numerics("JOIN #chan") == [("474", "other", "#chan", "Cannot join: you are banned")]
    chanop.send("MODE #chan -b zoe")
    assert zoe.numerics("JOIN #chan")[0] == ("JOIN", "#chan")


@pytest.mark.parametrize("mute", ["m:zoe", "~mute:zoe!*@*"])
def test_nor_is_a_mute(mute: str) -> None:
    rig = Rig()
    chanop, zoe = rig.channel("#chan", "chanop", "zoe")
    chanop.send(f"MODE #chan +b {mute}")
    zoe.send("NICK other")
    assert zoe.numerics("PRIVMSG #chan :hi")[-1][0] == "404"
    zoe.send("PART #chan")
    zoe.read()
    assert zoe.numerics("JOIN #chan")[0] == ("JOIN", "#chan"), "a mute is no ban"


def test_a_mask_of_an_address_remembers_nobody() -> None:
    rig = Rig()
    (chanop,) = rig.channel("#chan", "chanop")
    rig.client("bo", address="10.0.0.66")
    chanop.send("MODE #chan +b *!*@10.0.0.66", "MODE #chan +b bo")
    channel = rig.network.channel("#chan")
    assert channel is not None
    assert [len(entry.met) for entry in channel.lists["b"].values()] == [0, 1]


def test_an_account_can_be_banned_under_whatever_name() -> None:
    rig = Rig()
    (chanop,) = rig.channel("#chan", "chanop")
    assert chanop.numerics("MODE #chan +b a:Zoe") == [("MODE", "#chan", "+b", "a:Zoe")]
    zoe, bo = rig.client("zoe", account="zoe"), rig.client("bo")
    assert zoe.numerics("JOIN #chan")[0][0] == "474"
    assert bo.numerics("JOIN #chan")[0] == ("JOIN", "#chan"), "nobody without an account is meant"
    zoe.send("NICK ana")
    zoe.read()
    assert zoe.numerics("JOIN #chan")[0][0] == "474"


def test_an_account_can_be_muted() -> None:
    rig = Rig()
    (chanop,) = rig.channel("#chan", "chanop")
    zoe = rig.client("zoe", account="zoe")
    zoe.send("JOIN #chan")
    zoe.read()
    chanop.send("MODE #chan +b m:a:zoe")
    assert zoe.numerics("PRIVMSG #chan :hi")[-1][0] == "404"


@pytest.mark.parametrize(
    "question",
    [
        "MODE #chan",
        "MODE #chan +b",
        "MODE #chan +m",
        "PART #chan",
        "INVITE bo #chan",
        "TOPIC #chan",
        "TOPIC #chan :x",
        "KICK #chan bo",
        "PRIVMSG #chan :hello",
        "TAGMSG #chan",
        "PRIVMSG @#chan :hello",
    ],
)
def test_a_secret_channel_answers_outsiders_like_one_that_is_not_there(question: str) -> None:
    rig = Rig()
    (chanop,) = rig.channel("#chan", "chanop")
    chanop.send("MODE #chan +s")
    out = rig.client("out", caps="message-tags")
    rig.client("bo")
    there = out.numerics(question)
    not_there = out.numerics(question.replace("#chan", "#nope"))
    assert [tuple(param.replace("#nope", "#chan") for param in numeric) for numeric in not_there] == there
    assert there[0][0] == "403"
