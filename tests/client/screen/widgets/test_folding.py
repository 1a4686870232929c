from lanchat.client.screen.widgets.folding import fold_entries
from tests.client.screen.talk import came, went


def test_one_join() -> None:
    assert fold_entries([came("Ann")]) == ("→", "Ann has joined")


def test_one_leave_keeps_its_reason() -> None:
    assert fold_entries([went("Ann", "Ping timeout")]) == ("←", "Ann has left (Ping timeout)")


def test_several_joins_are_one_sentence() -> None:
    assert fold_entries([came("Ann"), came("Bo"), came("Cy")]) == ("→", "Ann, Bo and Cy have joined")


def test_joins_and_leaves_are_told_apart() -> None:
    assert fold_entries([came("Ann"), went("Bo"), came("Cy")]) == ("·", "Ann and Cy have joined · Bo has left")


def test_who_came_and_went_is_told_once() -> None:
    assert fold_entries([came("Ann"), went("Ann")]) == ("·", "Ann has joined and left")


def test_who_left_and_came_back_is_told_once() -> None:
    assert fold_entries([went("Ann"), came("Ann")]) == ("·", "Ann has left and come back")


def test_many_are_counted_rather_than_named() -> None:
    _, sentence = fold_entries([came(f"u{number}") for number in range(40)])
    assert sentence == "u0, u1, u2, u3, u4 and 35 others have joined"
