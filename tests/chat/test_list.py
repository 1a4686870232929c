"""LIST and its conditions. Sentences are from modern.ircdocs.horse, "LIST message" and ELIST, unless said."""

import pytest

from lanchat.chat.rules.isupport import TOKENS
from tests.chat.rig import Client, Rig

START_LINE = ("321", "zoe", "Channel", "Users  Name")
END_LINE = ("323", "zoe", "End of LIST")


def listed(client: Client, *params: str) -> list[str]:
    """The channels that a LIST shows."""
    first, *rows, last = client.numerics("LIST " + " ".join(params) if params else "LIST")
    assert (first, last) == (START_LINE, END_LINE)
    assert all(row[0] == "322" for row in rows)
    return [row[2] for row in rows]


def with_channels(rig: Rig) -> Client:
    """Somebody who asks; #an1 with two people, #an2 with one, #bn1 with one."""
    rig.client("one").send("JOIN #an1,#an2,#bn1")
    rig.client("two").send("JOIN #an1")
    return rig.client("zoe")


def test_channels_are_listed_with_their_people_and_topics() -> None:
    """“"<client> <channel> <client count> :<topic>"” — RPL_LIST."""
    rig = Rig(hides_empty_rooms=True)
    one, two = rig.client("one"), rig.client("two")
    one.send("JOIN #chan,#other", "TOPIC #chan :Pumps and valves")
    two.send("JOIN #chan")
    assert rig.client("zoe").numerics("LIST") == [
        START_LINE,
        ("322", "zoe", "#chan", "2", "Pumps and valves"),
        ("322", "zoe", "#other", "1", ""),
        END_LINE,
    ]


def test_where_there_are_none_only_the_frame_is_sent() -> None:
    """“the server MAY send one RPL_LISTSTART numeric, MUST send back zero or more RPL_LIST numerics, and MUST send back
    one RPL_LISTEND numeric.” The host's own room, while nobody is in, is none.
    """
    assert listed(Rig(hides_empty_rooms=True).client("zoe")) == []


def test_the_hosts_room_is_listed_where_it_is_asked_for() -> None:
    """“the information for only the given channels is returned.”"""
    zoe = Rig(hides_empty_rooms=True).client("zoe")
    assert listed(zoe, "#line-3") == ["#Line-3"]
    assert listed(zoe, "*line*") == []
    zoe.send("JOIN #Line-3")
    assert listed(zoe) == listed(zoe, "*line*") == ["#Line-3"]


def test_channels_are_asked_for_by_name() -> None:
    """“LIST #twilight_zone,#42 ; Command to list the channels "#twilight_zone" and "#42".”"""
    zoe = with_channels(Rig(hides_empty_rooms=True))
    assert listed(zoe, "#AN1,#bn1") == ["#an1", "#bn1"]
    assert listed(zoe, "#nonexistent") == []
    assert listed(zoe, "an1") == [], "a name that no channel can have"


def test_a_secret_channel_is_listed_to_its_members_only() -> None:
    """“A channel that is set to secret will not show up in responses to the LIST or NAMES command unless the client
    sending the command is joined to the channel.” — "Secret Channel Mode".
    """
    rig = Rig(hides_empty_rooms=True)
    one, zoe = rig.client("one"), rig.client("zoe")
    one.send("JOIN #gen", "MODE #gen +s")
    assert one.numerics("LIST")[1] == ("322", "one", "#gen", "1", "")
    assert listed(zoe) == listed(zoe, "#gen") == []
    zoe.send("JOIN #gen")
    assert zoe.numerics("LIST")[1] == ("322", "zoe", "#gen", "2", "")


def test_a_mask_selects() -> None:
    """“M: Searching based on a mask.”"""
    zoe = with_channels(Rig(hides_empty_rooms=True))
    assert listed(zoe, "*an1") == ["#an1"]
    assert listed(zoe, "#??1") == ["#an1", "#bn1"]
    assert listed(zoe, "*an2,*bn*") == ["#an2", "#bn1"], "one of several is enough"


def test_a_mask_with_an_exclamation_mark_excludes() -> None:
    """“N: Searching based on a non-matching !mask. i.e., the opposite of M.”"""
    zoe = with_channels(Rig(hides_empty_rooms=True))
    assert listed(zoe, "!*an1") == ["#an2", "#bn1"]
    assert listed(zoe, "!*an1,!*an2") == ["#bn1"], "all must hold"
    assert listed(zoe, "*1,!#a*") == ["#bn1"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (">0", ["#an1", "#an2", "#bn1"]),
        (">1", ["#an1"]),
        (">2", []),
        ("<1", []),
        ("<2", ["#an2", "#bn1"]),
        ("<100", ["#an1", "#an2", "#bn1"]),
        (">0,<2", ["#an2", "#bn1"]),
    ],
)
def test_numbers_of_people_select(condition: str, names: list[str]) -> None:
    """“U: Searching based on user count within the channel, via the "<val" and ">val" modifiers to search for a channel
    that has less or more than val users, respectively.”
    """
    assert listed(with_channels(Rig(hides_empty_rooms=True)), condition) == names


def aged(rig: Rig) -> Client:
    """#old is 10 minutes old, its topic 3; #new is one minute old, its topic half a minute; #bare has no topic."""
    one = rig.client("one")
    one.send("JOIN #old")
    rig.now += 7 * 60
    one.send("TOPIC #old :x")
    rig.now += 2 * 60
    one.send("JOIN #new,#bare")
    rig.now += 30
    one.send("TOPIC #new :x")
    rig.now += 30
    return rig.client("zoe")


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("C>2", ["#old"]),
        ("c<2", ["#new", "#bare"]),
        ("C<0", []),
        ("C>0", ["#old", "#new", "#bare"]),
        ("C<11", ["#old", "#new", "#bare"]),
        ("T>2", ["#old"]),
        ("t<2", ["#new"]),
        ("T<0", []),
        ("T>0", ["#old", "#new"]),
    ],
)
def test_ages_in_minutes_select(condition: str, names: list[str]) -> None:
    """“a channel that was created either less than val minutes ago, or more than val minutes ago, respectively”; “a
    topic time that was set less than val minutes ago, or more”; “The letters MUST be treated as being
    case-insensitive.”
    """
    assert "ELIST=CMNTU" in TOKENS
    assert listed(aged(Rig(hides_empty_rooms=True)), condition) == names


def test_names_and_conditions_may_stand_in_two_parameters() -> None:
    """“Parameters: [<channel>{,<channel>}] [<elistcond>{,<elistcond>}]”."""
    zoe = with_channels(Rig(hides_empty_rooms=True))
    assert listed(zoe, "#an1,#bn1", ">1") == ["#an1"]
    assert listed(zoe, "#an1,#bn1", "<2,C<5") == ["#bn1"]


@pytest.mark.parametrize("asked", ["LIST", "LIST >4", "LIST *", "LIST *line*", "LIST >4,C>0"])
def test_the_hosts_rooms_are_listed_for_who_comes_first(asked: str) -> None:
    """Their dialogs (HexChat's asks for ">4") would show an empty network."""
    rig = Rig()
    zoe = rig.client("zoe")
    rig.now += 120
    assert ("322", "zoe", "#Line-3", "0", "Line 3") in zoe.numerics(asked)


@pytest.mark.parametrize("asked", ["LIST *other*", "LIST !*", "LIST #other", "LIST C<1"])
def test_but_not_for_who_asks_for_others(asked: str) -> None:
    rig = Rig()
    zoe = rig.client("zoe")
    rig.now += 120
    assert [numeric[0] for numeric in zoe.numerics(asked)] == ["321", "323"]
