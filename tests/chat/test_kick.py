"""KICK. The sentences are from modern.ircdocs.horse, "KICK message", unless said otherwise."""

import pytest

from lanchat.chat.rules.isupport import TOKENS
from lanchat.limits import MAX_KICK_BYTES, MAX_LINE_BYTES, MAX_TARGETS
from tests.chat.rig import Rig


def test_all_members_see_who_is_removed_by_whom_and_why() -> None:
    """“It causes the <user> to be removed from the <channel> by force.”"""
    foo, bar, baz = Rig().channel("#chan", "foo", "bar", "baz")
    foo.send("KICK #CHAN BAR :bye bye")
    line = ":foo!~username@10.0.0.9 KICK #chan bar :bye bye"
    assert foo.lines() == bar.lines() == baz.lines() == [line]
    assert bar.numerics("PRIVMSG #chan :hi")[0][0] == "404"


@pytest.mark.parametrize("written", ["KICK #chan bar", "KICK #chan bar :"])
def test_without_a_reason_it_is_the_name_of_who_did_it(written: str) -> None:
    """“If no comment is given, the server SHOULD use a default message instead.”"""
    foo, _ = Rig().channel("#chan", "foo", "bar")
    assert foo.numerics(written) == [("KICK", "#chan", "bar", "foo")]


def test_only_operators_may() -> None:
    """“ERR_CHANOPRIVSNEEDED”, “ERR_NOTONCHANNEL”."""
    rig = Rig()
    foo, bar, _ = rig.channel("#chan", "foo", "bar", "baz")
    out = rig.client("out")
    assert bar.numerics("KICK #chan baz :no") == [("482", "bar", "#chan", "You are not an operator here")]
    assert out.numerics("KICK #chan baz :no") == [("442", "out", "#chan", "You are not in that channel")]
    assert foo.lines() == []


def test_an_operator_may_remove_another_and_itself() -> None:
    """“Users with this mode may perform channel moderation tasks such as kicking users” — "Operator Prefix"."""
    foo, bar = Rig().channel("#chan", "foo", "bar")
    foo.send("MODE #chan +o bar")
    bar.read()
    assert bar.numerics("KICK #chan foo :out", "KICK #chan bar :me too") == [
        ("KICK", "#chan", "foo", "out"),
        ("KICK", "#chan", "bar", "me too"),
    ]


def test_the_hosts_operator_may_in_every_channel() -> None:
    """“perform general maintenance functions on the network” — "Operators"."""
    foo, chief = Rig(operators={"chief": "secret"}).channel("#chan", "foo", "chief")
    chief.send("OPER chief secret", "KICK #chan foo :out")
    assert foo.lines() == [":chief!~username@10.0.0.9 KICK #chan foo :out"]


def test_who_is_not_there_cannot_be_removed() -> None:
    """“when the nick isn't joined to the channel” — ERR_USERNOTINCHANNEL."""
    rig = Rig()
    (foo,) = rig.channel("#chan", "foo")
    rig.client("bar")
    assert foo.numerics("KICK #chan bar") == [("441", "foo", "bar", "#chan", "They are not in that channel")]
    assert foo.numerics("KICK #chan nobody") == [("401", "foo", "nobody", "No such name")]
    assert foo.numerics("KICK #none bar") == [("403", "foo", "#none", "No such channel")]
    assert foo.numerics("KICK #chan") == [("461", "foo", "KICK", "Not enough parameters")]


@pytest.mark.parametrize("targets", ["#chan bar,baz", "#chan,#chan bar,baz"])
def test_several_are_removed_one_by_one(targets: str) -> None:
    """“there MUST be either one channel parameter and multiple user parameter, or as many channel parameters as there
    are user parameters. The server MUST NOT send KICK messages with multiple channels or users to clients.”
    """
    foo, _, _, qux = Rig().channel("#chan", "foo", "bar", "baz", "qux")
    foo.send(f"KICK {targets} :bye")
    assert qux.lines() == [f":foo!~username@10.0.0.9 KICK #chan {nick} :bye" for nick in ("bar", "baz")]


def test_channels_and_people_that_do_not_pair_are_refused() -> None:
    """“For the message to be syntactically correct, there MUST be […] as many channel parameters as there are user
    parameters.”
    """
    foo, bar = Rig().channel("#chan", "foo", "bar")
    words = "Name one channel, or one for each person"
    assert foo.numerics("KICK #chan,#other bar") == [("461", "foo", "KICK", words)]
    assert bar.lines() == []


def test_more_than_announced_are_passed_over() -> None:
    """“Servers MAY limit the number of target users per KICK command via the TARGMAX parameter of RPL_ISUPPORT, and
    silently drop targets if the number of targets exceeds the limit.”
    """
    assert any(token.startswith("TARGMAX=") and f"KICK:{MAX_TARGETS}" in token for token in TOKENS)
    nicks = [f"n{number}" for number in range(MAX_TARGETS + 1)]
    foo, *others = Rig().channel("#chan", "foo", *nicks)
    assert [n[2] for n in foo.numerics(f"KICK #chan {','.join(nicks)}")] == nicks[:MAX_TARGETS]
    assert others[-1].numerics("PRIVMSG #chan :still here") == []


def test_a_long_reason_is_cut_and_the_longest_line_fits() -> None:
    """“it may be silently truncated by the server before being passed on to other clients” — KICKLEN."""
    assert f"KICKLEN={MAX_KICK_BYTES}" in TOKENS
    rig = Rig()
    name = "#" + "c" * 63
    foo = rig.client("f" * 40, address="2001:0db8:aaaa:bbbb:cccc:dddd:eeee:ffff")
    bar = rig.client("b" * 40)
    foo.send(f"JOIN {name}")
    bar.send(f"JOIN {name}")
    foo.read()
    foo.send(f"KICK {name} {'b' * 40} :{'x' * 390}")
    assert len(foo.raw) <= MAX_LINE_BYTES
    assert foo.read()[0].params[2] == "x" * MAX_KICK_BYTES
