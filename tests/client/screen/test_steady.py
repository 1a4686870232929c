"""Emoji of several code points, on terminals that draw them narrower or wider than they are here."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lanchat.client.screen.steady import steady

SEVERAL = {
    "family": "👨\u200d👩\u200d👧\u200d👦",
    "flag": "🇩🇪",
    "tone": "👍🏽",
    "heart": "❤\ufe0f",
    "keycap": "1\ufe0f\u20e3",
    "firefighter": "👩🏽\u200d🚒",
    "England": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
}
SINGLE = {"one code point": "👍", "letters": "田中 é", "accent": "e\u0301"}


class Terminal:
    """A terminal that gives each code point so many cells as it thinks right."""

    def __init__(self, width: int, cells: int) -> None:
        self.width = width
        self.cells = cells
        self.rows = [["x"] * width for _ in range(4)]  # what stood there before
        self.y = self.x = 0
        self.is_wrapping = True

    def take(self, data: str) -> None:
        for part in re.finditer(r"\x1b\[(\??)([0-9;]*)([A-Za-z])|([^\x1b])", data):
            private, numbers, final, character = part.groups()
            if character:
                self._put(character)
            elif final == "H":
                self.y, self.x = (int(number) - 1 for number in numbers.split(";"))
            elif final == "G":
                self.x = int(numbers) - 1
            elif private:
                self.is_wrapping = final == "h"

    def _put(self, character: str) -> None:
        emoji = not character.isalnum() and ord(character) > 0x2000
        for number in range(self.cells if emoji else cell_len(character)):
            if self.x >= self.width and self.is_wrapping:
                self.y, self.x = self.y + 1, 0
            self.x = min(self.x, self.width - 1)
            self.rows[self.y][self.x] = character if number == 0 else ""
            self.x += 1


@pytest.mark.parametrize("cells", [1, 2])
@pytest.mark.parametrize("sign", SEVERAL.values(), ids=SEVERAL)
def test_what_follows_stands_where_it_should(sign: str, cells: int) -> None:
    terminal = Terminal(20, cells)
    steadied = steady(f"\x1b[2;3H\x1b[1m{sign} ok\x1b[0m{' ' * 13}", 20)
    terminal.take(steadied.text)
    assert "".join(terminal.rows[1][5:]).rstrip() == "ok"
    assert steadied.torn_rows == set()
    assert set(terminal.rows[0] + terminal.rows[2]) == {"x"}


@pytest.mark.parametrize("cells", [1, 2])
@pytest.mark.parametrize("sign", SEVERAL.values(), ids=SEVERAL)
def test_at_the_end_of_what_is_written_the_row_is_painted_once_more(sign: str, cells: int) -> None:
    terminal = Terminal(12, cells)
    steadied = steady(f"\x1b[2;3H{sign}", 12)
    terminal.take(steadied.text)
    assert steadied.torn_rows == {1}
    again = steady(f"\x1b[2;1H  {sign}{'|' * 8}", 12)
    terminal.take(again.text)
    assert "".join(terminal.rows[1][4:]) == "|" * 8
    assert again.torn_rows == set()


@pytest.mark.parametrize("sign", SEVERAL.values(), ids=SEVERAL)
def test_at_the_edge_of_the_screen_nothing_goes_on_in_the_next_row(sign: str) -> None:
    terminal = Terminal(12, 2)
    terminal.take(steady(f"\x1b[2;1H{'a' * 10}{sign}", 12).text)
    assert "".join(terminal.rows[1][:10]) == "a" * 10
    assert set(terminal.rows[2]) == {"x"}
    assert terminal.is_wrapping


@pytest.mark.parametrize("text", SINGLE.values(), ids=SINGLE)
def test_other_texts_are_written_as_they_are(text: str) -> None:
    data = f"\x1b[2;3H{text}\x1b[0m"
    assert steady(data, 20).text == data
    assert steady(f"{data}{SEVERAL['flag']}", 20).text.startswith(data)


@given(
    st.lists(st.sampled_from([*SEVERAL.values(), *SINGLE.values(), "\x1b[1m", "\x1b[4;2H", "\n", "a b"]), max_size=12)
)
def test_nothing_is_lost_and_nothing_foreign_comes_in(parts: list[str]) -> None:
    data = "".join(parts)
    steadied = steady(data, 30).text
    added = re.compile(r" *\x1b\[[0-9]+G|\x1b\[\?7[hl]")
    assert added.sub("", steadied).replace(" ", "") == data.replace(" ", "")
