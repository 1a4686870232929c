"""Names that look alike."""

import pytest

from lanchat.protocol.skeleton import skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Max", "Мах"),  # Cyrillic
        ("PAY", "ΡΑΥ"),  # Greek
        ("Alan", "AIan"),
        ("Bo10", "BolO"),
        ("LISU", "ꓡꓲꓢꓴ"),
        ("DRAW", "ᎠᎡᎪᎳ"),  # Cherokee
        ("zoe", "ＺＯＥ"),
        ("Éva", "E\u0301va"),
    ],
)
def test_names_that_a_person_could_take_for_each_other(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Zoe", "Zoé"), ("Ana", "Anna"), ("Ana", "Ana_"), ("Мария", "Maria"), ("田中", "田申"), ("Tom", "Torn")],
)
def test_names_that_nobody_would(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)
