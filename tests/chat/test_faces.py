"""Nobody can look like somebody else: names are compared by what people see, too."""

import pytest

from lanchat.protocol.names import nick_from
from tests.chat.rig import Rig


@pytest.mark.parametrize("disguise", ["Мах", "ΜΑΧ", "ꓟꓮꓫ"])
def test_who_looks_like_somebody_who_is_in_does_not_come_in(disguise: str) -> None:
    rig = Rig()
    rig.client("MAX")
    other = rig.client()
    other.send("USER u 0 * :u")
    assert other.numerics(f"NICK {disguise}") == [("433", "*", disguise, "This name looks like MAX's, who is in")]
    other.send("NICK Bo")
    assert rig.network.user("Bo")


def test_nor_does_a_member_take_such_a_name_later() -> None:
    rig = Rig()
    rig.client("Alan")
    other = rig.client("Bo")
    assert other.numerics("NICK AIan") == [("433", "Bo", "AIan", "This name looks like Alan's, who is in")]


def test_a_face_is_free_again_when_its_owner_has_left_or_is_called_otherwise() -> None:
    rig = Rig()
    alan, bo, cem = rig.client("Alan"), rig.client("Bo"), rig.client("Cem")
    alan.send("NICK Alex")
    assert ("NICK", "AIan") in bo.numerics("NICK AIan")
    bo.drop()
    assert ("NICK", "Alan") in cem.numerics("NICK Alan")


def test_who_owns_a_name_is_safe_from_its_likes_while_away() -> None:
    rig = Rig()
    rig.client("Alan", account="Alan").drop()
    other = rig.client()
    other.send("USER u 0 * :u")
    assert other.numerics("NICK AIan") == [("433", "*", "AIan", "This name looks like Alan's, who is not in")]


def test_two_that_owned_their_names_before_look_alike_and_both_come_in() -> None:
    """Their accounts may be older than the rule. While one is in, the other is not."""
    rig = Rig()
    rig.client("Alan", account="Alan").drop()
    twin = rig.network.accounts.find("Alan")
    assert twin
    rig.network.accounts.add(type(twin)(**{**{name: getattr(twin, name) for name in twin.__slots__}, "name": "AIan"}))
    rig.client("AIan", account="AIan").drop()
    rig.client("Alan", account="Alan")


def test_one_may_write_ones_own_name_otherwise() -> None:
    rig = Rig()
    alan = rig.client("Alan", account="Alan")
    assert alan.numerics("NICK AIan") == [("NICK", "AIan")]


def test_a_person_at_the_keyboard_loses_what_shows_nothing() -> None:
    assert nick_from("Ana\u200d\ufe0f María\u180b") == "Ana_María"
