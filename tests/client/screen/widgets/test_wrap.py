from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lanchat.client.screen.widgets.wrap import cut, pad, signs, wrap


def rows(text: str, first: int, width: int) -> list[str]:
    return [text[start:end] for start, end in wrap(text, first, width)]


def test_short_text_is_one_row() -> None:
    assert rows("good morning", 12, 12) == ["good morning"]


def test_rows_break_at_spaces_and_leave_them_out() -> None:
    assert rows("is press 4 back again", 10, 10) == ["is press 4", "back again"]


def test_first_row_may_be_narrower() -> None:
    assert rows("is press 4 back again", 4, 10) == ["is", "press 4", "back again"]


def test_first_row_stays_empty_where_nothing_fits() -> None:
    assert rows("press", 0, 10) == ["", "press"]


def test_long_word_is_cut_at_the_edge() -> None:
    assert rows("x" * 25, 10, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_line_ends_break_and_empty_lines_stay() -> None:
    assert rows("one\n\ntwo", 10, 10) == ["one", "", "two"]


def test_wide_letters_count_two_cells() -> None:
    assert rows("圧力は大丈夫ですか", 8, 8) == ["圧力は大", "丈夫です", "か"]


def test_wide_letter_does_not_stand_half_over_the_edge() -> None:
    assert rows("圧力は大", 5, 5) == ["圧力", "は大"]


def test_text_with_wide_letters_breaks_at_spaces_too() -> None:
    assert rows("press 四 is back", 9, 9) == ["press 四", "is back"]


def test_row_after_a_break_is_measured_anew() -> None:
    assert rows("a a👍", 3, 2) == ["a", "a", "👍"]


def test_several_spaces_at_a_break_are_all_left_out() -> None:
    assert rows("日本   語です", 5, 6) == ["日本 ", "語です"]


@pytest.mark.parametrize("sign", ["👨‍👩‍👧", "🇩🇪", "👍🏽", "e\u0301", "❤️", "1️⃣", "🚶‍♀️"])
def test_what_a_person_sees_as_one_sign_is_not_cut(sign: str) -> None:
    text = sign * 9
    for width in (2, 3, 5):
        assert all(len(row) % len(sign) == 0 for row in rows(text, width, width))
    assert [text[start:end] for start, end, _ in signs(text, 0, len(text))] == [sign] * 9


def test_word_of_ten_kilobytes_takes_its_rows() -> None:
    assert len(wrap("ä" * 10_000, 40, 40)) == 250
    assert len(wrap("大" * 10_000, 40, 40)) == 500


@given(
    st.text(alphabet="ab zäé日本👍🇩🇪\u0301\u200d\ufe0fسلا\n", max_size=80),
    st.integers(0, 12),
    st.integers(2, 12),
)
def test_rows_fit_lose_nothing_but_spaces_and_stay_in_order(text: str, first: int, width: int) -> None:
    spans = wrap(text, first, width)
    assert all(start <= end for start, end in spans)
    for number, (start, end) in enumerate(spans):
        room = first if number == 0 and first >= 1 else width
        row = text[start:end]
        assert cell_len(row.rstrip(" ")) <= room or len(list(signs(row, 0, len(row)))) == 1
    between = [text[a:b] for (_, a), (b, _) in pairwise(spans)]
    assert all(not gap.strip(" \n") for gap in between)
    assert not text[: spans[0][0]].strip()
    assert spans[-1][1] == len(text)


def test_cut_ends_with_dots_and_fits() -> None:
    assert cut("Maria López", 20) == "Maria López"
    assert cut("Maria López", 7) == "Maria…"
    assert cut("圧力は大丈夫", 6) == "圧力…"
    assert cut("abc", 0) == ""


def test_pad_puts_text_at_the_right_edge() -> None:
    assert pad("田中", 6) == "  田中"
    assert pad("Maria", 3) == "Maria"
