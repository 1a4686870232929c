"""The row of tabs at any width."""

import pytest
from rich.cells import cell_len

from lanchat.client.screen.widgets.tabs import Tab, pieces


def tabs(count: int, current: int, *unread: tuple[int, int, int]) -> list[Tab]:
    counts = {index: (number, mentions) for index, number, mentions in unread}
    return [Tab(f"#{n}", f"Room {n}", *counts.get(n, (0, 0)), n == current) for n in range(1, count + 1)]


def row(shown: list[Tab], width: int) -> str:
    return "".join(piece.text for piece in pieces(shown, width))


@pytest.mark.parametrize(
    ("shown", "width", "expected"),
    [
        (tabs(2, 1), 40, " 1 Room 1  2 Room 2 "),
        (tabs(5, 1), 30, " 1 Room 1  2 Room 2  ›"),
        (tabs(5, 5), 30, "‹  4 Room 4  5 Room 5 "),
        (tabs(5, 3, (1, 1, 1), (5, 2, 0)), 22, "‹ 1!  3 Room 3  2 ›"),
        (tabs(5, 5, (1, 2, 0), (2, 1, 1), (5, 1, 0)), 24, "‹ 3!  5 Room 5 (1) "),
    ],
)
def test_what_does_not_fit_is_counted_at_the_edges(shown: list[Tab], width: int, expected: str) -> None:
    assert row(shown, width) == expected


@pytest.mark.parametrize("width", [1, 8, 12, 20, 38, 78, 198])
@pytest.mark.parametrize("current", range(1, 14))
def test_the_open_one_is_shown_and_all_unread_ones_are(width: int, current: int) -> None:
    unread = [one for one in ((2, 1, 1), (7, 12, 0), (12, 3, 0)) if one[0] != current]
    shown = tabs(13, current, *unread)
    row_pieces = pieces(shown, width)
    assert any(f" {current}" in piece.text for piece in row_pieces)
    if width >= 20:
        assert sum(cell_len(piece.text) for piece in row_pieces) <= width
        text = row(shown, width)
        assert ("!" in text) is (current != 2)
        assert all(piece.channel for piece in row_pieces)
