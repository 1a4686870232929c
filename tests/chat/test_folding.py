"""What a person types finds what they mean, in any script. tests/store/test_search.py holds the index to this table."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.chat.state.folding import folded, phrases

# what is typed, what was said, and whether the one finds the other
TABLE = [
    # Chinese, Japanese: no spaces between words
    ("東京", "東京都に行く", True),
    ("京都", "東京都に行く", True),
    ("東京都", "東京都に行く", True),
    ("都", "東京都", True),
    ("東都", "東京都", False),
    ("東京大阪", "東京と大阪", False),
    ("東京 大阪", "大阪から東京", True),
    ("压力", "检查压力表", True),
    ("力压", "检查压力表", False),
    ("ﾎﾟﾝﾌﾟ", "ポンプ停止", True),
    ("ホンフ", "ポンプ停止", False),
    ("カタカナ", "かたかな", False),
    ("A棟", "A棟の鍵", True),
    ("A棟", "B棟とA室", False),
    ("東京A", "東京A棟", True),
    ("１２", "12号機", True),
    # Korean, Thai, Khmer, Burmese, Lao
    ("한국", "한국어로", True),
    ("국어", "한국어로", True),
    ("국한", "한국어로", False),
    ("สวัสดี", "สวัสดีครับ", True),
    ("ครับ", "สวัสดีครับ", True),
    ("ខ្មែរ", "ភាសាខ្មែរ", True),
    ("မြန်မာ", "မြန်မာစာ", True),
    ("ລາວ", "ພາສາລາວ", True),
    # German, Turkish, Polish, French, Spanish, Vietnamese, Danish
    ("strasse", "Hauptstr. oder Straße?", True),
    ("Straße", "STRASSE gesperrt", True),
    ("läuft", "Die Walze lauft", True),
    ("Walzen", "Walze", False),
    ("İstanbul", "istanbul'dan", True),
    ("istanbul", "İSTANBUL", True),
    ("ıstanbul", "Istanbul", True),
    ("Lodz", "Łódź", True),
    ("d'été", "les soirs d'ete", True),
    ("coeur", "Cœur", True),
    ("linea", "línea", True),
    ("tieng viet", "Tiếng Việt", True),
    ("smorrebrod", "Smørrebrød", True),
    # Greek, Russian, Arabic, Persian, Hebrew, Hindi
    ("ΟΔΟΣ", "οδός", True),
    ("еще", "ещё", True),
    ("أحمد", "احمد هنا", True),
    ("احمد", "قال أحمد", True),
    ("محمد", "مـحـمـد", True),
    ("كتاب", "كِتَابٌ", True),
    ("٤٧١١", "M12-4711", True),
    ("می‌روم", "میروم", True),
    ("שלום", "שָׁלוֹם", True),
    ("हिन्दी", "हिन्दी में", True),
    ("हिन्दी", "हनद", False),
    # Numbers of parts, signs, and what means something elsewhere
    ("M12-4711", "the M12-4711 is out", True),
    ("m12 4711", "the M12-4711 is out", True),
    ("M12-4711", "4711 before M12", False),
    ("m124711", "the M12-4711 is out", False),
    ("-x", "try rm -x", True),
    ("-x", "xylophone", False),
    ('"', 'he said "no"', False),
    ('""', 'he said "no"', False),
    ("*", "2*3", False),
    ("?!", "what?!", False),
    ("AND", "this and that", True),
    ("AND", "this that", False),
    ("x OR y", "only x", False),
    ("NEAR(a b)", "near a b", True),
    ("text:hello", "text: hello", True),
    ("text:hello", "hello", False),
    ("^hello", "so hello", True),
    ("{a}+(b)", "a b", True),
    ("hello'; --", "hello", True),
    # Words, phrases, beginnings
    ("press four", "four times press", True),
    ('"press four"', "four times press", False),
    ('"press four', "Press four again", True),
    ('say "press four" now', "now: press four, I say", True),
    ("pump*", "Pumps are back", True),
    ("pump", "Pumps are back", False),
    ("pum*s", "Pumps are back", False),
    ('"the pum*"', "all the pumps", True),
    ("東*", "京都", False),
    # What is not text
    ("👍", "done 👍🏽", True),
    ("👎", "done 👍", False),
    ("red", "\x0304red\x03 alert", True),
    ("waves", "\x01ACTION waves\x01", True),
    ("action", "\x01ACTION waves\x01", False),
    ("a​b", "ab", True),
    ("two", "one\ntwo\tthree", True),
]


def is_found(asked: str, text: str) -> bool:
    sought = phrases(asked)
    return bool(sought) and all(phrase.is_in(folded(text)) for phrase in sought)


@pytest.mark.parametrize(("asked", "text", "is_hit"), TABLE)
def test_what_is_typed_finds_what_is_meant(asked: str, text: str, *, is_hit: bool) -> None:
    assert is_found(asked, text) is is_hit


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    "aZ1 _-\"*'ßİıœé東京都かガｶﾞ한어สวัดأ\u0640\u0301\u3099\u200d👍", max_size=30
)


@given(_TEXTS)
def test_words_have_no_signs_and_one_space_between_them(text: str) -> None:
    words = folded(text)
    assert not set(words) & set(string.punctuation + string.ascii_uppercase + "\0\n\t")
    assert words == " ".join(words.split())
    for phrase in phrases(text):
        assert phrase.words
        assert not set(phrase.words) & set(string.punctuation + string.ascii_uppercase + "\0\n\t")


@given(_TEXTS)
def test_what_was_said_is_found_by_its_own_words(text: str) -> None:
    said = text.replace('"', " ")
    for word in said.split(" "):
        assert not phrases(word) or is_found(word, f"before {said} after")


@given(_TEXTS)
def test_capitals_do_not_count(text: str) -> None:
    assert folded(text.lower().casefold()) == folded(text.casefold()) == folded(text)
