import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.protocol.split import split_text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200), st.integers(4, 60))
def test_the_pieces_are_the_text_and_fit(text: str, limit_bytes: int) -> None:
    pieces = split_text(text, limit_bytes)
    assert "".join(pieces) == text
    assert all(0 < len(piece.encode()) <= limit_bytes for piece in pieces)


@pytest.mark.parametrize(
    ("text", "limit_bytes", "pieces"),
    [
        ("short", 5, ["short"]),
        ("", 5, []),
        ("one two three", 8, ["one two ", "three"]),
        ("a verylongword", 8, ["a verylo", "ngword"]),  # a space in the first half would waste too much
        ("ééé", 4, ["éé", "é"]),
        ("e\u0301e\u0301", 4, ["e\u0301", "e\u0301"]),  # no accent without its letter
        ("👩‍🔧👩‍🔧", 16, ["👩‍🔧", "👩‍🔧"]),  # 11 bytes each: the joined woman mechanic stays whole
    ],
)
def test_pieces_end_at_words_and_never_inside_a_character(text: str, limit_bytes: int, pieces: list[str]) -> None:
    assert split_text(text, limit_bytes) == pieces
