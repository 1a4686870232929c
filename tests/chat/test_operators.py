"""OPER, KILL, WALLOPS. Sentences are from modern.ircdocs.horse, the sections of these messages, unless said."""

import pytest

from lanchat.limits import LOGIN_ATTEMPTS, LOGIN_ATTEMPTS_PER_S, MAX_LINE_BYTES
from tests.chat.rig import Client, Rig

CHIEF = {"chief": "secret"}
NOT_ALLOWED = "Permission denied: you are not an operator of this host"


def operator(rig: Rig, nick: str = "boss") -> Client:
    """Somebody who has become an operator."""
    client = rig.client(nick)
    client.send("OPER chief secret")
    client.read()
    return client


def test_name_and_password_make_an_operator() -> None:
    """“the RPL_YOUREOPER message is sent to the user. The user will also receive a MODE message indicating their new
    user modes”.
    """
    zoe = Rig(operators=CHIEF).client("zoe")
    assert zoe.numerics("OPER chief secret") == [
        ("381", "zoe", "You are now an operator of this host"),
        ("MODE", "zoe", "+o"),
    ]
    assert zoe.numerics("OPER chief secret") == [("381", "zoe", "You are now an operator of this host")]


@pytest.mark.parametrize("login", ["chief wrong", "nobody secret", "chief :", "Chief secret"])
def test_anything_else_does_not(login: str) -> None:
    """“If the client does not send the correct password for the given name, the server replies with an
    ERR_PASSWDMISMATCH message and the request is not successful.”
    """
    zoe = Rig(operators=CHIEF).client("zoe")
    assert zoe.numerics(f"OPER {login}") == [("464", "zoe", "That is not the password of an operator")]
    assert zoe.numerics("MODE zoe") == [("221", "zoe", "+")]


def test_both_parameters_are_needed() -> None:
    """“Both parameters are required for the command to be successful.”"""
    zoe = Rig(operators=CHIEF).client("zoe")
    assert zoe.numerics("OPER chief") == [("461", "zoe", "OPER", "Not enough parameters")]


def test_passwords_cannot_be_tried_out() -> None:
    """After some wrong ones an address has to wait, and the right one does not help either."""
    rig = Rig(operators=CHIEF, is_flood_limited=True)
    zoe, far = rig.client("zoe"), rig.client("far", address="10.0.0.8")
    for _ in range(LOGIN_ATTEMPTS):
        zoe.send("OPER chief wrong")
    assert zoe.numerics("OPER chief secret") == [("464", "zoe", "Too many wrong passwords; try again in a few minutes")]
    assert far.numerics("OPER chief secret")[0][0] == "381"
    rig.now += LOGIN_ATTEMPTS_PER_S
    assert zoe.numerics("OPER chief secret")[0][0] == "381"


# ---- KILL ------------------------------------------------------------------------------------------------------------


def test_an_operator_closes_somebodys_connection_and_all_hear_why() -> None:
    """“the client being killed receives the KILL message, and the <source> of the message SHOULD be the operator”;
    “every user sharing a channel with them receives a QUIT message […]. The <reason> on this QUIT message typically has
    the form: "Killed (<killer> (<reason>))"”; “The user being killed then receives the ERROR message”.
    """
    rig = Rig(operators=CHIEF)
    boss, ana, bob = operator(rig), rig.client("ana"), rig.client("bob")
    for client in (ana, bob):
        client.send("JOIN #chan")
    for client in (ana, bob):
        client.read()
    assert boss.numerics("KILL ANA :too loud") == []
    assert ana.lines() == [
        ":boss!~username@10.0.0.9 KILL ana :too loud",
        "ERROR :Closing link: (10.0.0.9) Killed (boss (too loud))",
    ]
    assert ana.is_closed
    assert bob.lines() == [":ana!~username@10.0.0.9 QUIT :Killed (boss (too loud))"]
    assert rig.network.user("ana") is None


def test_a_reason_need_not_be_given() -> None:
    """“it is up to the user to provide an adequate reason.”"""
    rig = Rig(operators=CHIEF)
    boss, ana = operator(rig), rig.client("ana")
    boss.send("KILL ana")
    assert ana.lines()[-1] == "ERROR :Closing link: (10.0.0.9) Killed (boss (No reason given))"


def test_all_sessions_of_somebody_are_closed() -> None:
    """A person with two devices is one person."""
    rig = Rig(operators=CHIEF)
    boss, one, two = operator(rig), rig.client("ana", account="ana"), rig.client("ana", account="ana")
    boss.send("KILL ana :x")
    assert one.is_closed
    assert two.is_closed


def test_an_operator_may_close_their_own() -> None:
    """“used to close the connection between a given client and the server they are connected to”: any."""
    boss = operator(Rig(operators=CHIEF))
    boss.send("KILL boss :bye")
    assert boss.is_closed


@pytest.mark.parametrize("nick", ["ana", "bob", "nobody", "My.Little.Server"])
def test_nobody_else_may_kill(nick: str) -> None:
    """“KILL is a privileged command and is available only to IRC Operators.”; “"<client> :Permission Denied- You're not
    an IRC operator"” — ERR_NOPRIVILEGES.
    """
    rig = Rig(operators=CHIEF)
    ana, bob = rig.client("ana"), rig.client("bob")
    assert ana.numerics(f"KILL {nick} :x") == [("481", "ana", NOT_ALLOWED)]
    assert not ana.is_closed
    assert not bob.is_closed


def test_only_people_can_be_killed() -> None:
    """“"<client> :You cant kill a server!"” — ERR_CANTKILLSERVER; “no client can be found for the supplied nickname” —
    ERR_NOSUCHNICK.
    """
    boss = operator(Rig(operators=CHIEF))
    assert boss.numerics("KILL nobody :x") == [("401", "boss", "nobody", "No such name")]
    assert boss.numerics("KILL my.little.server :x") == [("483", "boss", "You cannot kill the server")]
    assert boss.numerics("KILL") == [("461", "boss", "KILL", "Not enough parameters")]


# ---- WALLOPS ---------------------------------------------------------------------------------------------------------


def test_who_wants_to_hear_an_operators_word_hears_it() -> None:
    """“to send a message to all currently connected users who have set the 'w' user mode for themselves.”; “Servers MAY
    echo WALLOPS messages to their sender even if they don't have the 'w' user mode.”
    """
    rig = Rig(operators=CHIEF)
    boss, other = operator(rig), operator(rig, "other")
    ana, bob = rig.client("ana"), rig.client("bob")
    ana.send("MODE ana +w")
    ana.read()
    assert boss.numerics("WALLOPS :hi everyone") == [("WALLOPS", "hi everyone")]
    assert ana.lines() == [":boss!~username@10.0.0.9 WALLOPS :hi everyone"]
    assert bob.lines() == other.lines() == []


def test_nobody_else_may_speak_to_all() -> None:
    """“MAY allow operators to send them”; “ERR_NOPRIVILEGES”."""
    ana = Rig(operators=CHIEF).client("ana")
    ana.send("MODE ana +w")
    ana.read()
    assert ana.numerics("WALLOPS :hi everyone") == [("481", "ana", NOT_ALLOWED)]


def test_a_word_to_all_must_be_there() -> None:
    """“The <text> SHOULD be non-empty.”; “ERR_NEEDMOREPARAMS”."""
    boss = operator(Rig(operators=CHIEF))
    needed = [("461", "boss", "WALLOPS", "Not enough parameters")]
    assert boss.numerics("WALLOPS") == boss.numerics("WALLOPS :") == needed


def test_a_word_to_all_that_fits_its_own_line_is_heard_whole_in_two_lines() -> None:
    """A legal line is never refused, though the sender's name before it makes it too long."""
    rig = Rig(operators=CHIEF)
    boss, ana = operator(rig), rig.client("ana")
    ana.ask("MODE ana +w")
    text = "田" * 10 + " word" * 90
    line = f"WALLOPS :{text}"
    assert len(line.encode()) + 2 <= MAX_LINE_BYTES
    boss.send(line)
    heard = ana.lines()
    assert all(len(line.encode()) + 2 <= MAX_LINE_BYTES for line in heard)
    assert len(heard) == 2
    assert "".join(line.partition(" WALLOPS :")[2] for line in heard) == text
