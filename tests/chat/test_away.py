"""AWAY and away-notify, SETNAME. Sentences are from modern.ircdocs.horse, "AWAY message", unless said otherwise."""

import pytest

from lanchat.chat.rules.isupport import TOKENS
from lanchat.limits import MAX_AWAY_BYTES, MAX_REALNAME_BYTES
from tests.chat.rig import Rig

TEXT = "I'm not here right now"
GONE = ("306", "bar", "You have been marked as being away")
BACK = ("305", "bar", "You are no longer marked as being away")


def test_being_away_and_back_is_confirmed() -> None:
    """“The server acknowledges the change in away status by returning the RPL_NOWAWAY and RPL_UNAWAY numerics.”"""
    bar = Rig().client("bar")
    assert bar.numerics(f"AWAY :{TEXT}") == [GONE]
    assert bar.numerics("AWAY") == [BACK]
    assert bar.numerics("AWAY") == [BACK], "also where nothing changed"


def test_an_empty_reason_is_being_back() -> None:
    """“If this command is sent with no parameters, the user is no longer away.”; an empty reason is none."""
    rig = Rig()
    bar, qux = rig.client("bar"), rig.client("qux")
    bar.send(f"AWAY :{TEXT}")
    bar.read()
    assert bar.numerics("AWAY :") == [BACK]
    assert "301" not in [n[0] for n in qux.numerics("WHOIS bar")]


def test_who_writes_to_the_absent_is_told() -> None:
    """“RPL_AWAY, with the away message, when a PRIVMSG command is directed at the away user (not to a channel they are
    on).”
    """
    rig = Rig()
    bar, qux = rig.client("bar"), rig.client("qux")
    assert qux.numerics("PRIVMSG bar :hi") == []
    bar.send(f"AWAY :{TEXT}", "JOIN #chan")
    qux.send("JOIN #chan")
    qux.read()
    assert qux.numerics("PRIVMSG bar :hi") == [("301", "qux", "bar", TEXT)]
    assert qux.numerics("PRIVMSG #chan :hi") == []
    assert qux.numerics("NOTICE bar :hi") == [], "a NOTICE is never answered"
    bar.send("AWAY")
    assert qux.numerics("PRIVMSG bar :hi") == []


def test_a_reason_is_cut_to_the_length_announced() -> None:
    """“it may be silently truncated by the server before being passed on to other clients” — AWAYLEN."""
    assert f"AWAYLEN={MAX_AWAY_BYTES}" in TOKENS
    rig = Rig()
    bar, qux = rig.client("bar"), rig.client("qux")
    for length in (MAX_AWAY_BYTES, MAX_AWAY_BYTES + 50):
        assert bar.numerics(f"AWAY :{'x' * length}") == [GONE]
        assert qux.numerics("PRIVMSG bar :hi") == [("301", "qux", "bar", "x" * MAX_AWAY_BYTES)]


def test_those_who_asked_see_who_goes_and_comes_back() -> None:
    """“clients will be sent an AWAY message when a user sharing a channel with them sets, changes or removes their away
    state”; “If the message is not present, the user is removing their away message/state.” — ircv3.net, away-notify.
    """
    rig = Rig()
    foo, plain = rig.client("foo", caps="away-notify"), rig.client("plain")
    elsewhere = rig.client("else", caps="away-notify")
    bar = rig.client("bar", caps="away-notify")
    for client in (foo, plain, bar):
        client.send("JOIN #a,#b")
    for client in (foo, plain, bar, elsewhere):
        client.read()
    bar.send("AWAY :i'm going away", "AWAY :i'm going away", "AWAY :longer", "AWAY")
    source = ":bar!~username@10.0.0.9"
    assert foo.lines() == [f"{source} AWAY :i'm going away", f"{source} AWAY :longer", f"{source} AWAY"]
    assert plain.lines() == elsewhere.lines() == []
    assert [message.command for message in bar.read()] == ["306", "306", "306", "305"], "no echo of one's own"


# ---- SETNAME; ircv3.net, setname -------------------------------------------------------------------------------------


def test_members_who_asked_see_a_new_real_name() -> None:
    """“they MUST send the server-to-client version of the SETNAME message to all clients in common channels, as well as
    to the client from which it originated. The SETNAME message MUST NOT be sent to clients which do not have the […]
    capability negotiated.”
    """
    rig = Rig()
    bar, foo, plain = rig.client("bar", caps="setname"), rig.client("foo", caps="setname"), rig.client("plain")
    for client in (bar, foo, plain):
        client.send("JOIN #chan")
    for client in (bar, foo, plain):
        client.read()
    assert bar.numerics("SETNAME :Bruce Wayne") == [("SETNAME", "Bruce Wayne")]
    assert foo.lines() == [":bar!~username@10.0.0.9 SETNAME :Bruce Wayne"]
    assert plain.lines() == []
    assert plain.numerics("WHOIS bar")[0][-1] == "Bruce Wayne"


def test_without_the_capability_it_is_silent() -> None:
    """“If a client sends a SETNAME command without having negotiated the capability, the server SHOULD handle it
    silently”.
    """
    bar = Rig().client("bar")
    assert bar.numerics("SETNAME Batman") == []
    assert bar.numerics("WHOIS bar")[0][-1] == "Batman"


@pytest.mark.parametrize("name", ["", "   ", "x" * (MAX_REALNAME_BYTES + 1)])
def test_a_real_name_that_cannot_be_is_refused(name: str) -> None:
    """“If the server rejects the realname due to invalidity, it MUST send a FAIL message of the following format: FAIL
    SETNAME INVALID_REALNAME :Realname is not valid”.
    """
    bar = Rig().client("bar", caps="setname standard-replies")
    words = f"A name of 1 to {MAX_REALNAME_BYTES} bytes is needed"
    assert bar.numerics(f"SETNAME :{name}") == [("FAIL", "SETNAME", "INVALID_REALNAME", words)]
    assert bar.numerics("WHOIS bar")[0][-1] == "Real Name"
