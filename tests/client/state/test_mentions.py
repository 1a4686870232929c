"""Who is called by a text, in many scripts."""

import pytest

from lanchat.client.state.mentions import calls, is_mentioned


@pytest.mark.parametrize(
    ("nick", "text"),
    [
        ("Ana", "Ana"),
        ("Ana", "ana, come"),
        ("Ana", "thank you, Ana."),
        ("Ana", "@Ana look"),
        ("Ana", "(ana)"),
        ("Ana", "Ana's turn"),
        ("Ana", "Ana - or somebody else"),
        ("Ana", "really?-Ana"),
        ("Ana", "no ana@host, but Ana!"),
        ("田中", "田中さん、止めて"),
        ("田中", "これは田中のです"),
        ("田中", "ask 田中"),
        ("Ana", "Anaさん、止めて"),
        ("สมชาย", "คุณสมชายครับ"),
        ("민수", "민수야 멈춰"),
        ("Зоя", "Привет, зоя!"),
        ("أحمد", "يا أحمد، توقف"),
        ("Maria_López", "MARIA LÓPEZ: hi"),
        ("Maria_López", "maria_lópez: hi"),
        ("Strauß", "STRAUSS, please"),
        ("Zoé", "Zoe\u0301, please"),
    ],
)
def test_these_are_called(nick: str, text: str) -> None:
    assert is_mentioned(nick, text)


@pytest.mark.parametrize(
    ("nick", "text"),
    [
        ("Ana", "Banana"),
        ("Ana", "Ana_2 and Ana2"),
        ("Ana", "http://10.0.0.5/ana/log"),
        ("Ana", "see /ana"),
        ("Ana", "Ana-Maria said so"),
        ("Ana", "Maria-Ana said so"),
        ("Ana", "ana.log is full"),
        ("Ana", "mail to x@ana or ana@x"),
        ("Ana", "Ana\u0301"),
        ("Зоя", "Зояна"),
        ("أحمد", "محأحمد"),
        ("Zoé", "Zoe, please"),
        ("", "anybody"),
    ],
)
def test_these_are_not(nick: str, text: str) -> None:
    assert not is_mentioned(nick, text)


def test_the_places_are_those_of_the_text_as_it_was_written() -> None:
    text = "ß STRAUSS and Strauß, Zoe\u0301"
    assert [text[start:end] for start, end in calls("Strauß", text)] == ["STRAUSS", "Strauß"]
    assert [text[start:end] for start, end in calls("Zoé", text)] == ["Zoe\u0301"]
