import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.protocol.text import clean, cut_to_bytes, is_harmful, strip_formatting


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("plain", "plain"),
        ("\x1b]52;c;aGk=\x07hi", "]52;c;aGk=hi"),
        ("a\tb\nc\r\nd", "a b c  d"),
        ("\x02bold\x02 \x0304,12red\x03 \x04ff0000hex\x0f", "bold red hex"),
        ("\x031 2", " 2"),
        ("abc\u202edcba", "abcdcba"),
        ("\u2066x\u2069", "x"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("\u3164\u2800", ""),
        ("👩\u200d🔧 می\u200cخواهم", "👩\u200d🔧 می\u200cخواهم"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 6),
        ("ཀ" + "\u0f90" * 9, "ཀ" + "\u0f90" * 6),  # a Tibetan letter below: category Mn, and of combining class 0
        ("a" + "\u20dd" * 9, "a" + "\u20dd" * 6),  # circles around: category Me, class 0
        ("a\u180bb\u2065c\ufff0d\U000e0fffe", "abcde"),  # all of Default_Ignorable_Code_Point
        ("葛\U000e0100 ❤\ufe0f", "葛\U000e0100 ❤\ufe0f"),  # but for what chooses how a sign looks
        ("a\u2028b\u2029c", "a b c"),
        ("\ue000\ud800", ""),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
    ],
)
def test_foreign_text_is_made_harmless(foreign: str, shown: str) -> None:
    assert clean(foreign) == shown


@given(st.text())
def test_clean_text_has_nothing_that_steers_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in cleaned)
    assert not any(is_harmful(char) for char in cleaned)
    assert clean(cleaned) == cleaned


def test_formatting_goes_and_the_text_stays() -> None:
    """modern.ircdocs.horse/formatting: the colour code is "followed by […] one or two digits", and a comma and more."""
    assert strip_formatting("\x0305,0099\x03,1 \x1dit\x1e\x11\x16\x1f") == "99,1 it"


@given(st.text(max_size=40), st.integers(0, 60))
def test_a_cut_text_fits_and_no_character_is_cut(text: str, limit: int) -> None:
    text = text.encode("utf-8", "ignore").decode()
    cut = cut_to_bytes(text, limit)
    assert text.startswith(cut)
    assert len(cut.encode()) <= limit
    assert cut == text or len(text[: len(cut) + 1].encode()) > limit
