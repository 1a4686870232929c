"""Whom a text calls: one rule, by script."""

import pytest

from lanchat.client.state.mentions import calls, is_mentioned


@pytest.mark.parametrize(
    ("nick", "text"),
    [
        ("Ana", "thanks Ana."),
        ("Ana", "Ana... are you there?"),
        ("Ana", "@Ana look"),
        ("Ana", "(@ana)"),
        ("Ana", "that is Ana's"),
        ("Ana", "Anaさん、止めて"),
        ("Ana", 'he said "Ana."'),
        ("田中", "「田中さん、止めて」"),
        ("田中", "これは田中の"),
        ("สมชาย", "คุณสมชายอยู่ไหม"),
        ("민수", "민수야 멈춰"),
        ("ガク", "カ\u3099クさん"),  # the accent on its own, as some keyboards and macOS send it
        ("🦊", "hi🦊!"),
        ("Иван", "Иван, стой"),
        ("Maria_López", "maria lópez: hi"),
        ("Maria_López", "Maria_López: hi"),
        ("Ana_", "hello Ana_"),
    ],
)
def test_these_are_calls(nick: str, text: str) -> None:
    assert is_mentioned(nick, text)


@pytest.mark.parametrize(
    ("nick", "text"),
    [
        ("Ana", "http://10.0.0.5/ana/log"),
        ("Ana", "Ana-Maria, look"),
        ("Ana", "look, Eva-Ana"),
        ("Ana", "ana.local is down"),
        ("Ana", "www.ana is down"),
        ("Ana", "mail ana@example.org"),
        ("Ana", "mail bo@ana"),
        ("Ana", r"C:\ana\log"),
        ("Ana", "join #ana"),
        ("Ana", "Banana, Ana2, Ana_2"),
        ("Ana", "Anás"),
        ("Ana", "hello Ana_"),
        ("Ana_", "hello Ana"),
        ("Иван", "Иванов"),
        ("", "anything"),
    ],
)
def test_these_are_none(nick: str, text: str) -> None:
    assert not is_mentioned(nick, text)


def test_a_call_is_found_where_it_stands_though_folding_changes_lengths() -> None:
    text = "ﬁne, straße: ＺＯÉ, e\u0301h Zoe\u0301!"
    assert [text[start:end] for start, end in calls("Zoé", text)] == ["ＺＯÉ", "Zoe\u0301"]
