"""MONITOR. Sentences are from ircv3.net/specs/extensions/monitor and extended-monitor."""

import pytest

from lanchat.chat.rules.isupport import TOKENS
from lanchat.limits import MAX_LINE_BYTES, MAX_MONITORED
from tests.chat.rig import SERVER, Client, Rig

BAR = "bar!~username@10.0.0.9"


def test_coming_and_going_is_told() -> None:
    """“730 <nick> :target[!user@host]”, where “a target has just become online”; 731 where one “has just left the irc
    network”.
    """
    rig = Rig()
    zoe = rig.client("zoe")
    assert zoe.numerics("MONITOR + bar") == [("731", "zoe", "bar")]
    bar = rig.client("BAR")
    assert zoe.lines() == [f":{SERVER} 730 zoe {BAR.replace('bar', 'BAR')}"]
    bar.send("QUIT")
    assert zoe.lines() == [f":{SERVER} 731 zoe BAR"]
    rig.client("bar")
    assert zoe.lines() == [f":{SERVER} 730 zoe {BAR}"]


def test_who_is_there_already_and_who_is_not_is_the_answer() -> None:
    """“If any of the targets being added are online, the server will generate RPL_MONONLINE numerics listing those
    targets that are online. If any […] are offline, […] RPL_MONOFFLINE”.
    """
    rig = Rig()
    rig.client("bar")
    zoe = rig.client("zoe")
    assert zoe.numerics("MONITOR + bar,baz,qux") == [("730", "zoe", BAR), ("731", "zoe", "baz,qux")]


def test_what_is_taken_from_the_list_is_told_no_more() -> None:
    """“Removes the given list of targets from the list of targets being monitored. No output will be returned for use
    of this command.”
    """
    rig = Rig()
    zoe = rig.client("zoe")
    zoe.send("MONITOR + bar,baz")
    assert zoe.numerics("MONITOR - BAR,never") == []
    rig.client("bar")
    assert zoe.lines() == []
    rig.client("baz")
    assert len(zoe.lines()) == 1


def test_the_list_is_cleared() -> None:
    """“Clears the list of targets being monitored. No output will be returned for use of this command.”"""
    rig = Rig()
    zoe = rig.client("zoe")
    zoe.send("MONITOR + bar,baz")
    assert zoe.numerics("MONITOR C") == []
    rig.client("bar")
    assert zoe.lines() == []
    assert zoe.numerics("MONITOR L") == [("733", "zoe", "End of MONITOR list")]


def test_the_list_is_shown() -> None:
    """“All output will use RPL_MONLIST, and the output will be terminated with RPL_ENDOFMONLIST.”"""
    zoe = Rig().client("zoe")
    zoe.send("MONITOR + Bar,baz", "MONITOR + bar")
    assert zoe.numerics("MONITOR l") == [("732", "zoe", "Bar,baz"), ("733", "zoe", "End of MONITOR list")]


def test_the_state_of_all_is_shown() -> None:
    """“Outputs for each target in the list being monitored, whether the client is online or offline.”"""
    rig = Rig()
    rig.client("bar")
    zoe = rig.client("zoe")
    zoe.send("MONITOR + bar,baz")
    assert zoe.numerics("MONITOR S") == [("730", "zoe", BAR), ("731", "zoe", "baz")]


def test_another_name_is_a_going_and_a_coming() -> None:
    """“either a target has just left the irc network”: under the name as it was last written."""
    rig = Rig()
    zoe, bar = rig.client("zoe"), rig.client("bar")
    zoe.send("MONITOR + qux")
    zoe.read()
    bar.send("NICK qux")
    assert zoe.lines() == [f":{SERVER} 730 zoe qux!~username@10.0.0.9"]
    bar.send("NICK QUX")
    assert zoe.lines() == [], "the same name in capitals"
    bar.send("NICK bar")
    assert zoe.lines() == [f":{SERVER} 731 zoe QUX"]


@pytest.mark.parametrize("mask", ["*!username@localhost", "*", "#chan"])
def test_what_is_no_name_is_not_watched(mask: str) -> None:
    """“'target' MUST be a valid nick as determined by the IRC daemon.”; “disallowing subscription to hostmasks”."""
    rig = Rig()
    zoe = rig.client("zoe")
    assert zoe.numerics(f"MONITOR + {mask}", f"MONITOR + {mask}") == []
    rig.client("bar")
    assert zoe.lines() == []


def test_no_more_than_announced_are_watched() -> None:
    """“The <limit> parameter is the maximum number of targets a client may have in their list, the <targets> parameter
    is the list of targets, as the client sent them, that cannot be added.”
    """
    assert f"MONITOR={MAX_MONITORED}" in TOKENS
    zoe = Rig().client("zoe")
    for start in range(0, MAX_MONITORED - 2, 7):
        zoe.send("MONITOR + " + ",".join(f"n{n}" for n in range(start, min(start + 7, MAX_MONITORED - 2))))
    assert zoe.numerics("MONITOR + A,n0,B,a,C,D") == [
        ("734", "zoe", str(MAX_MONITORED), "C,D", "You cannot watch more names"),
        ("731", "zoe", "A,n0,B"),
    ]


@pytest.mark.parametrize("written", ["MONITOR", "MONITOR +", "MONITOR -", "MONITOR x", "MONITOR LS"])
def test_a_command_that_is_none_is_said_to_be(written: str) -> None:
    """“Only one special modifier may be used per MONITOR command.”"""
    ((code, _, command, _),) = Rig().client("zoe").numerics(written)
    assert (code, command) == ("461", "MONITOR")


def test_long_lists_take_several_lines() -> None:
    """“the length of the target list is limited only by the buffer size of 512 chars”."""
    zoe = Rig().client("zoe")
    nicks = [f"{'n' * 30}{number}" for number in range(40)]
    for nick in nicks:
        zoe.send(f"MONITOR + {nick}")
    zoe.read()
    zoe.send("MONITOR L")
    assert all(len(line) + 2 <= MAX_LINE_BYTES for line in zoe.raw.split(b"\r\n"))
    assert ",".join(message.params[1] for message in zoe.read()[:-1]).split(",") == nicks


def test_a_watcher_that_leaves_is_forgotten() -> None:
    """The list belongs to the connection."""
    rig = Rig()
    zoe = rig.client("zoe")
    zoe.send("MONITOR + bar")
    zoe.drop()
    assert rig.network.monitors.watchers("bar") == ()


# ---- extended-monitor ------------------------------------------------------------------------------------------------


def watcher(rig: Rig, caps: str) -> Client:
    """Somebody who watches bar without sharing a channel."""
    client = rig.client("watcher", caps=caps)
    client.send("MONITOR + bar")
    client.read()
    return client


def test_absence_is_told_to_who_watches() -> None:
    """“If away-notify is also enabled, the client will get AWAY notifications for monitored nicks.”"""
    rig = Rig()
    bar = rig.client("bar")
    eager = watcher(rig, "extended-monitor away-notify")
    bar.send("AWAY :afk")
    assert eager.lines() == [f":{BAR} AWAY :afk"]
    bar.send("AWAY")
    assert eager.lines() == [f":{BAR} AWAY"]


def test_real_names_are_told_to_who_watches() -> None:
    """“If setname is also enabled, the client will get SETNAME notifications for monitored nicks.”"""
    rig = Rig()
    bar = rig.client("bar")
    eager = watcher(rig, "extended-monitor setname")
    bar.send("SETNAME :new name")
    assert eager.lines() == [f":{BAR} SETNAME :new name"]


def test_accounts_are_told_to_who_watches() -> None:
    """“If account-notify is also enabled, the client will get ACCOUNT notifications for monitored nicks.”"""
    rig = Rig()
    bar = rig.client("bar")
    eager = watcher(rig, "extended-monitor account-notify")
    bar.send("REGISTER * * sesame")
    assert eager.lines() == [f":{BAR} ACCOUNT bar"]


@pytest.mark.parametrize("caps", ["extended-monitor", "away-notify setname account-notify"])
def test_each_needs_both_capabilities(caps: str) -> None:
    """“When enabled by the client: If away-notify is also enabled […]”."""
    rig = Rig()
    bar = rig.client("bar")
    eager = watcher(rig, caps)
    bar.send("AWAY :afk", "SETNAME :new name", "REGISTER * * sesame")
    assert eager.lines() == []
