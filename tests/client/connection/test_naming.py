from lanchat.client.connection.naming import FIRST_PAUSE_S, MAX_TRIES, Naming
from lanchat.protocol.message import Message
from tests.client.lines import message


def varied() -> Naming:
    naming = Naming("Ana")
    naming.welcome("Ana2", 0.0)
    return naming


NICK_ANA = [Message("NICK", ("Ana",))]


def test_the_name_is_taken_when_its_holder_leaves_or_changes_it() -> None:
    assert varied().hear(message(":Ana!x@h QUIT :bye")) == NICK_ANA
    assert varied().hear(message(":ana!x@h NICK Zoe")) == NICK_ANA
    assert varied().hear(message(":Ben!x@h QUIT :bye")) == []


def test_the_name_is_tried_at_growing_intervals_and_not_for_ever() -> None:
    naming = varied()
    assert naming.tick(FIRST_PAUSE_S - 1) == []
    assert naming.tick(FIRST_PAUSE_S) == NICK_ANA
    assert naming.tick(FIRST_PAUSE_S + 59) == []
    assert naming.tick(FIRST_PAUSE_S + 60) == NICK_ANA
    tries = [naming.tick(number * 1_000.0) for number in range(1, 2 * MAX_TRIES)]
    assert tries.count(NICK_ANA) == MAX_TRIES - 2


def test_our_own_attempts_are_refused_in_silence_and_no_others() -> None:
    naming = varied()
    refusal = message(":h 433 Ana2 Ana :Nickname is already in use")
    assert not naming.swallow(refusal)
    naming.tick(FIRST_PAUSE_S)
    assert not naming.swallow(message(":h 433 Ana2 Zoe :Nickname is already in use"))
    assert naming.swallow(refusal)
    assert not naming.swallow(refusal)


def test_with_the_name_back_there_is_nothing_to_try() -> None:
    naming = varied()
    naming.hear(message(":Ana2!x@h NICK Ana"))
    assert naming.has_wanted
    assert naming.tick(1e9) == []


def test_a_name_chosen_anew_is_the_wanted_one() -> None:
    naming = varied()
    naming.hear(message(":Ana2!x@h NICK Zoe"))
    naming.choose("Zoe")
    assert naming.hear(message(":Ana!x@h QUIT")) == []
