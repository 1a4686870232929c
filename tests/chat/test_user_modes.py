"""MODE of oneself: i o w B. Sentences are from modern.ircdocs.horse, "MODE message", unless said otherwise."""

import pytest

from tests.chat.rig import Rig


@pytest.mark.parametrize("letter", ["i", "w", "B"])
def test_everybody_may_set_and_take_their_own(letter: str) -> None:
    """“a MODE message will be sent to the user containing the changed modes”."""
    zoe = Rig().client("zoe")
    assert zoe.numerics("MODE zoe") == [("221", "zoe", "+")]
    zoe.send(f"MODE ZOE +{letter}")
    assert zoe.lines() == [f":zoe!~username@10.0.0.9 MODE zoe +{letter}"]
    assert zoe.numerics("MODE zoe") == [("221", "zoe", f"+{letter}")]
    assert zoe.numerics(f"MODE zoe +{letter}") == [], "nothing changed"
    assert zoe.numerics(f"MODE zoe -{letter}") == [("MODE", "zoe", f"-{letter}")]


def test_several_are_told_in_one_message() -> None:
    """“a MODE message will be sent to the user containing the changed modes”."""
    zoe = Rig().client("zoe")
    zoe.send("MODE zoe +i")
    zoe.read()
    assert zoe.numerics("MODE zoe +wB-i") == [("MODE", "zoe", "+wB-i")]


def test_letters_that_are_no_modes_do_not_keep_the_others_back() -> None:
    """“If one or more modes sent are not implemented on the server, the server MUST apply the modes that are
    implemented, and then send the ERR_UMODEUNKNOWNFLAG in reply along with the MODE message.”
    """
    zoe = Rig().client("zoe")
    assert zoe.numerics("MODE zoe +xiy") == [("MODE", "zoe", "+i"), ("501", "zoe", "Unknown mode")]


def test_nobody_makes_themselves_an_operator() -> None:
    """“The OPER command is used by a normal user to obtain IRC operator privileges.” — "OPER message"; MODE is not."""
    zoe = Rig().client("zoe")
    assert zoe.numerics("MODE zoe +o") == []
    assert zoe.numerics("MODE zoe") == [("221", "zoe", "+")]


def test_an_operator_may_stop_being_one() -> None:
    """“If a user has this mode, this indicates that they are a network operator.” — "Oper User Mode"."""
    zoe = Rig(operators={"chief": "secret"}).client("zoe")
    zoe.send("OPER chief secret")
    zoe.read()
    assert zoe.numerics("MODE zoe -o") == [("MODE", "zoe", "-o")]
    assert zoe.numerics("WALLOPS :hi")[0][0] == "481"


def test_those_of_others_are_neither_seen_nor_changed() -> None:
    """“If <target> is a different nick than the user who sent the command, the ERR_USERSDONTMATCH numeric is
    returned.”; “If <target> is a nickname that does not exist on the network, the ERR_NOSUCHNICK numeric is returned.”
    """
    rig = Rig()
    zoe = rig.client("zoe")
    rig.client("ana")
    refused = [("502", "zoe", "You can only see and change your own modes")]
    assert zoe.numerics("MODE ana") == zoe.numerics("MODE ana +i") == refused
    assert zoe.numerics("MODE nobody +i") == [("401", "zoe", "nobody", "No such name")]
    assert zoe.numerics("MODE") == [("461", "zoe", "MODE", "Not enough parameters")]


def test_a_bot_is_marked_on_all_it_does() -> None:
    """“This tag SHOULD be added by the server to all commands sent by a bot […]. This tag MUST only be sent to users
    who have requested the message-tags capability. Servers MUST NOT send this tag with a value” — ircv3.net, bot-mode.
    """
    rig = Rig()
    eager, plain, bot = rig.client("eager", caps="message-tags"), rig.client("plain"), rig.client("bot")
    for client in (eager, plain):
        client.send("JOIN #chan")
    bot.send("MODE bot +B", "JOIN #chan", "PRIVMSG #chan :beep", "TOPIC #chan :x", "PRIVMSG eager :beep")
    marked = [message for message in eager.read() if message.nick == "bot"]
    assert [message.command for message in marked] == ["JOIN", "PRIVMSG", "PRIVMSG"]
    assert all(message.tags["bot"] == "" for message in marked)
    assert not any(line.startswith("@") for line in plain.lines())
