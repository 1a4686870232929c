"""Channels' keys (+k) are guessed no faster than passwords are."""

import pytest

from lanchat.limits import LOGIN_ATTEMPTS, LOGIN_ATTEMPTS_PER_S
from tests.chat.rig import Client, Rig

WRONG = ("475", "bar", "#chan", "Cannot join: the key is missing or wrong (+k)")
TOO_MANY = ("475", "bar", "#chan", "Cannot join: too many wrong keys; try again in a few minutes")


@pytest.fixture
def rig() -> Rig:
    rig = Rig(is_flood_limited=True, operators={"chief": "secret"})
    rig.client("ana", address="10.0.0.1").send("JOIN #chan", "MODE #chan +k beer")
    return rig


def guess(client: Client, times: int = LOGIN_ATTEMPTS) -> None:
    """Try wrong keys."""
    for number in range(times):
        assert client.numerics(f"JOIN #chan beer{number}") == [WRONG]


def test_after_five_wrong_keys_the_right_one_is_refused_for_a_while(rig: Rig) -> None:
    bar = rig.client("bar")
    guess(bar)
    assert bar.numerics("JOIN #chan beer") == bar.numerics("JOIN #chan wine") == [TOO_MANY]
    rig.now += LOGIN_ATTEMPTS_PER_S
    assert bar.numerics("JOIN #chan beer")[0] == ("JOIN", "#chan")


def test_a_new_connection_and_another_name_have_no_more_guesses(rig: Rig) -> None:
    guess(rig.client("bar"), 3)
    other = rig.client("baz")
    assert [numeric[3] for numeric in other.numerics("JOIN #chan,#chan 1", "JOIN #chan 2")] == [WRONG[3]] * 2
    assert other.numerics("JOIN #chan beer")[0][3] == TOO_MANY[3]
    assert rig.client("far", address="10.0.0.7").numerics("JOIN #chan beer")[0] == ("JOIN", "#chan")


def test_to_come_without_a_key_is_no_guess_and_neither_is_a_key_that_is_not_asked_for(rig: Rig) -> None:
    bar = rig.client("bar")
    for _ in range(LOGIN_ATTEMPTS + 1):
        assert bar.numerics("JOIN #chan") == [WRONG]
        bar.ask("JOIN #Line-3 spare", "PART #Line-3")
    assert bar.numerics("JOIN #chan beer")[0] == ("JOIN", "#chan")


def test_who_is_invited_or_an_operator_of_the_host_comes_in_all_the_same(rig: Rig) -> None:
    bar, ana = rig.client("bar"), rig.client("chief", address="10.0.0.2")
    guess(bar)
    ana.send("OPER chief secret")
    assert ana.numerics("JOIN #chan wrong")[0] == ("JOIN", "#chan")
    rig.client("out", address="10.0.0.3")
    ana.send("INVITE bar #chan")
    assert bar.numerics("JOIN #chan")[0] == ("JOIN", "#chan")
