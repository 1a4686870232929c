"""The host's own rooms: opened by the host, kept when empty, moderated by the host's operators only. docs/irc.md."""

from lanchat.chat.state.settings import Room
from tests.chat.rig import ROOM, SERVER, START, Client, Rig


def chief_of(rig: Rig) -> Client:
    """Somebody who has become an operator of the host."""
    chief = rig.client("chief")
    chief.send("OPER chief secret")
    chief.read()
    return chief


def test_nobody_is_operator_by_coming_first() -> None:
    """“the first client who joins a normal channel is made a channel operator”; but “on servers that support the
    concept of 'channel ownership' […], clients may not receive channel operator priveledges on joining an otherwise
    empty channel.” — modern.ircdocs.horse, "Regular Channels".
    """
    rig = Rig()
    zoe = rig.client("zoe")
    assert zoe.numerics("JOIN #line-3") == [
        ("JOIN", "#Line-3"),
        ("332", "zoe", "#Line-3", "Line 3"),
        ("333", "zoe", "#Line-3", "My", str(int(START))),
        ("353", "zoe", "=", "#Line-3", "zoe"),
        ("366", "zoe", "#Line-3", "End of names"),
    ]
    assert zoe.numerics("MODE #Line-3 +m")[0][0] == "482"


def test_the_room_stays_as_it_was_when_everybody_has_left() -> None:
    """“Networks that support the concept of 'channel ownership' may persist specific channels in some way while no
    clients are connected to them.” — modern.ircdocs.horse, "Channels".
    """
    rig = Rig(operators={"chief": "secret"})
    chief = chief_of(rig)
    chief.send("JOIN #Line-3", "MODE #Line-3 +k key", "TOPIC #Line-3 :Press 4 is down", "PART #Line-3")
    zoe = rig.client("zoe")
    assert zoe.numerics("JOIN #Line-3")[0][0] == "475"
    assert ("332", "zoe", "#Line-3", "Press 4 is down") in zoe.numerics("JOIN #Line-3 key")


def test_a_topic_given_by_the_host_stands_from_the_start() -> None:
    """The room's name is its topic until someone sets another, unless the host gave one."""
    rig = Rig(rooms=(Room("Line 3", "#Line-3", "0011", "Shift plan: board 2"),))
    assert rig.client("zoe").numerics("JOIN #Line-3")[1] == ("332", "zoe", "#Line-3", "Shift plan: board 2")


def test_one_host_may_have_several_rooms() -> None:
    """Each is a channel of its own."""
    rig = Rig(rooms=(ROOM, Room("Dock", "#Dock", "0022")))
    zoe = rig.client("zoe")
    assert [n[0] for n in zoe.numerics("JOIN #line-3,#dock")].count("JOIN") == 2
    assert zoe.numerics("LIST")[1:-1] == [
        ("322", "zoe", "#Line-3", "1", "Line 3"),
        ("322", "zoe", "#Dock", "1", "Dock"),
    ]


def test_the_hosts_operator_is_operator_in_them_from_the_start() -> None:
    """“other messages may be sent” — modern.ircdocs.horse, "OPER message"."""
    rig = Rig(operators={"chief": "secret"})
    zoe, chief = rig.client("zoe"), rig.client("chief")
    zoe.send("JOIN #Line-3,#mine")
    chief.send("JOIN #Line-3,#mine")
    zoe.read()
    chief.read()
    chief.send("OPER chief secret")
    assert zoe.lines() == [f":{SERVER} MODE #Line-3 +o chief"], "in the host's rooms, not in others' channels"
    chief.send("PART #Line-3", "JOIN #Line-3")
    assert ("353", "chief", "=", "#Line-3", "zoe @chief") in [(m.command, *m.params) for m in chief.read()]


def test_who_is_no_longer_the_hosts_operator_is_none_in_its_rooms() -> None:
    """A rank that came with the host's goes with it."""
    rig = Rig(operators={"chief": "secret"})
    chief, zoe = chief_of(rig), rig.client("zoe")
    chief.send("JOIN #Line-3,#own")
    zoe.send("JOIN #Line-3")
    zoe.read()
    assert chief.numerics("MODE chief -o")[-2:] == [("MODE", "chief", "-o"), ("MODE", "#Line-3", "-o", "chief")]
    assert zoe.lines() == [f":{SERVER} MODE #Line-3 -o chief"]
    assert chief.numerics("MODE #own +i") == [("MODE", "#own", "+i")], "their own channel is theirs"


def test_the_hosts_operator_may_make_others_operators() -> None:
    """“set other users to operator (or lower) status” — modern.ircdocs.horse, "Operator Prefix"."""
    rig = Rig(operators={"chief": "secret"})
    chief, zoe = chief_of(rig), rig.client("zoe")
    chief.send("JOIN #Line-3")
    zoe.send("JOIN #Line-3")
    chief.send("MODE #Line-3 +o zoe")
    zoe.read()
    assert zoe.numerics("MODE zoe +i") == [("MODE", "zoe", "+i")]
    assert zoe.numerics("MODE #Line-3 +m") == [("MODE", "#Line-3", "+m")], "and they stay it"


def test_no_door_is_closed_to_the_hosts_operator() -> None:
    """Who looks after the rooms can look into them."""
    rig = Rig(operators={"chief": "secret"})
    chief, zoe = chief_of(rig), rig.client("zoe")
    zoe.send("JOIN #mine", "MODE #mine +bikl *!*@* key 1")
    assert chief.numerics("JOIN #mine")[0] == ("JOIN", "#mine")


def test_a_channel_of_a_members_own_has_that_member_as_operator() -> None:
    """“If the channel doesn't exist prior to joining, the channel is created and the creating user becomes a channel
    operator.” — modern.ircdocs.horse, "Channels".
    """
    zoe = Rig().client("zoe")
    assert ("353", "zoe", "=", "#mine", "@zoe") in zoe.numerics("JOIN #mine")
