"""MARKREAD: how far somebody has read. Sentences are from ircv3.net/specs/extensions/read-marker."""

import pytest

from tests.chat.rig import SERVER, Client, Rig

EARLIER = "timestamp=2019-01-04T14:33:26.123Z"
LATER = "timestamp=2019-01-04T14:33:27.000Z"


def reader(rig: Rig, nick: str = "zoe", account: str = "") -> Client:
    """Somebody who keeps track of what they read."""
    return rig.client(nick, caps="draft/read-marker sasl", account=account)


@pytest.mark.parametrize("target", ["#nosuchtarget", "bob"])
def test_what_was_never_read_has_no_time(target: str) -> None:
    """“If there is no known last message read timestamp, the timestamp parameter is a literal *.”"""
    assert reader(Rig()).numerics(f"MARKREAD {target}") == [("MARKREAD", target, "*")]


@pytest.mark.parametrize("target", ["#test", "bob"])
def test_it_is_set_and_told(target: str) -> None:
    """“The server MUST reply to a successful MARKREAD client set command using a MARKREAD server command”."""
    zoe = reader(Rig())
    zoe.send(f"MARKREAD {target} {EARLIER}")
    assert zoe.lines() == [f":{SERVER} MARKREAD {target} {EARLIER}"]
    assert zoe.numerics(f"MARKREAD {target.upper()}") == [("MARKREAD", target.upper(), EARLIER)]


def test_it_only_ever_grows() -> None:
    """“If a client sends a MARKREAD command with a timestamp that is below or equal to the current known timestamp of
    the server, the server SHOULD reply with a MARKREAD command with the newer, previous value that was stored”.
    """
    zoe = reader(Rig())
    zoe.send(f"MARKREAD #test {LATER}")
    assert zoe.numerics(f"MARKREAD #test {EARLIER}")[-1] == ("MARKREAD", "#test", LATER)
    assert zoe.numerics("MARKREAD #test") == [("MARKREAD", "#test", LATER)]


def test_all_clients_of_somebody_hear_of_it_and_nobody_else() -> None:
    """“the server SHOULD send a MARKREAD command for that target to all the clients of the user.”; “The read markers
    sent by a user MUST NOT be disclosed to other users by the server”.
    """
    rig = Rig()
    one, two, ana = reader(rig, account="zoe"), reader(rig, account="zoe"), reader(rig, "ana")
    deaf = rig.client("zoe", account="zoe")
    one.send(f"MARKREAD #test {EARLIER}")
    assert two.lines() == [f":{SERVER} MARKREAD #test {EARLIER}"]
    assert deaf.lines() == ana.lines() == []
    assert ana.numerics("MARKREAD #test") == [("MARKREAD", "#test", "*")]


def test_with_an_account_it_is_there_the_next_time() -> None:
    """“adjust their behaviour accordingly (e.g. not send highlight notifications for messages that have already been
    read by the user)”.
    """
    rig = Rig()
    zoe = reader(rig, account="zoe")
    zoe.send(f"MARKREAD #test {EARLIER}", "QUIT")
    assert reader(rig, account="zoe").numerics("MARKREAD #test") == [("MARKREAD", "#test", EARLIER)]


def test_who_comes_back_is_told_all_that_was_read_with_the_welcome() -> None:
    """“signals to the client that the last message read by the user, to the best knowledge of the server, has the
    specified timestamp”: a private conversation has no JOIN to be told on.
    """
    rig = Rig()
    zoe = reader(rig, account="zoe")
    zoe.send(f"MARKREAD Maria_López {LATER}", f"MARKREAD #test {EARLIER}", "QUIT")
    back, deaf = rig.client(), rig.client()
    for client, caps in ((back, "draft/read-marker sasl"), (deaf, "sasl")):
        client.send(f"CAP REQ :{caps}")
        client.login("zoe")
        client.send("NICK zoe", "USER zoe 0 * :Zoé", "CAP END")
    told = [line for line in back.lines() if "MARKREAD" in line]
    assert told == [f":{SERVER} MARKREAD Maria_López {LATER}", f":{SERVER} MARKREAD #test {EARLIER}"]
    assert [line for line in deaf.lines() if "MARKREAD" in line] == []


def test_without_an_account_it_is_forgotten_with_its_person() -> None:
    """“MUST NOT be disclosed to other users”: whoever takes the name next is somebody else."""
    rig = Rig()
    zoe = reader(rig)
    zoe.send(f"MARKREAD #test {EARLIER}", "QUIT")
    assert reader(rig).numerics("MARKREAD #test") == [("MARKREAD", "#test", "*")]


@pytest.mark.parametrize("written", ["MARKREAD", "MARKREAD :"])
def test_without_a_target_it_fails(written: str) -> None:
    """“If the server receives a MARKREAD command with missing parameters, the NEED_MORE_PARAMS error code MUST be
    returned.”
    """
    failed = [("FAIL", "MARKREAD", "NEED_MORE_PARAMS", "Not enough parameters")]
    assert reader(Rig()).numerics(written) == failed


@pytest.mark.parametrize(
    "time",
    [
        "not-a-timestamp",
        "timestamp=not-a-timestamp",
        "*",
        "2019-01-04T14:33:26.123Z",
        "timestamp=2019-01-04T14:33:26Z",
        "timestamp=2019-13-45T99:33:26.123Z",
    ],
)
def test_a_time_that_is_none_fails(time: str) -> None:
    """“The timestamp MUST correspond to a previous message time tag. The timestamp MUST NOT be a literal *.”; “If the
    selectors were invalid, the INVALID_PARAMS error code SHOULD be returned.”
    """
    zoe = reader(Rig())
    assert zoe.numerics(f"MARKREAD #test {time}")[0][:3] == ("FAIL", "MARKREAD", "INVALID_PARAMS")
    assert zoe.numerics("MARKREAD #test") == [("MARKREAD", "#test", "*")]


def test_nobody_has_read_what_is_not_said_yet() -> None:
    """“it can clamp it between the last read timestamp and the current time”."""
    zoe = reader(Rig())
    now = "timestamp=2023-11-14T22:13:20.000Z"
    assert zoe.numerics("MARKREAD #test timestamp=9999-01-01T00:00:00.000Z") == [("MARKREAD", "#test", now)]


@pytest.mark.parametrize("target", ["#", "@x", "#a,#b"])
def test_a_target_that_is_none_fails(target: str) -> None:
    """“The target parameter specifies a single buffer (channel or nickname).”"""
    answer = reader(Rig()).numerics(f"MARKREAD {target} {EARLIER}")
    assert answer == [("FAIL", "MARKREAD", "INVALID_PARAMS", target, "Neither a channel nor a name")]
