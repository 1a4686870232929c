"""Nobody sits alone in a channel that is nearly the host's room."""

import pytest

from lanchat.chat.state.settings import Room
from tests.chat.rig import Rig


@pytest.mark.parametrize("typed", ["#Line 3", "#line3", "#Line_3", "#LINE.3", "#line 3", "#-Line-3-"])
def test_what_amounts_to_the_room_enters_it_and_says_so(typed: str) -> None:
    rig = Rig()
    zoe = rig.client("zoe")
    asked = typed.partition(" ")[0]
    first, second, *_ = zoe.numerics(f"JOIN {typed}")
    words = "You are taken to the room Line 3, whose channel is #Line-3"
    assert first == ("470", "zoe", asked, "#Line-3", words)
    assert second == ("JOIN", "#Line-3")
    assert set(rig.network.channels) == {"#line-3"}


@pytest.mark.parametrize("typed", ["#Line", "#Line-33", "#Line 4", "#3", "#own"])
def test_what_does_not_is_a_channel_of_its_own(typed: str) -> None:
    rig = Rig()
    zoe = rig.client("zoe")
    assert zoe.numerics(f"JOIN {typed}")[0] == ("JOIN", typed.partition(" ")[0])


def test_a_channel_that_is_there_is_entered_as_it_is_called() -> None:
    """Another room of the host's may be called so."""
    rig = Rig(rooms=(Room("Line 3", "#Line-3", "0"), Room("Line3", "#Line3", "1")))
    zoe = rig.client("zoe")
    assert zoe.numerics("JOIN #line3")[0] == ("JOIN", "#Line3")


def test_the_rooms_key_is_still_asked_for() -> None:
    rig = Rig(operators={"chief": "secret"})
    chief, zoe = rig.client("chief"), rig.client("zoe")
    chief.send("OPER chief secret", "JOIN #Line-3", "MODE #Line-3 +k sesame")
    assert [numeric[0] for numeric in zoe.numerics("JOIN #line3")] == ["470", "475"]
    assert [numeric[0] for numeric in zoe.numerics("JOIN #line3 sesame")][:2] == ["470", "JOIN"]


def test_who_is_in_already_is_told_where() -> None:
    rig = Rig()
    zoe = rig.client("zoe")
    zoe.send("JOIN #Line-3")
    assert [numeric[0] for numeric in zoe.numerics("JOIN #line3")] == ["470"]
