import pytest
import segno

from lanchat.client.words.qr import QUIET, qr_lines

DOTS = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}


@pytest.mark.parametrize("text", ["http://10.77.1.11:8100/", "http://[fd00::1234:5678:9abc:def0]:8100/"])
@pytest.mark.parametrize("is_ground_dark", [True, False])
def test_what_is_drawn_is_the_code_of_the_text(text: str, *, is_ground_dark: bool) -> None:
    lines = qr_lines(text, is_ground_dark=is_ground_dark)
    drawn = [[DOTS[char][row] for char in line] for line in lines for row in (0, 1)]
    dark = [[dot ^ is_ground_dark for dot in row] for row in drawn]
    wanted = [list(row) for row in segno.make(text, error="l", micro=False).matrix_iter(border=QUIET)]
    assert dark[: len(wanted)] == wanted
    assert not any(map(any, dark[len(wanted) :]))


def test_a_usual_address_fits_a_small_terminal() -> None:
    lines = qr_lines("http://192.168.178.100:8100/")
    assert len(lines) <= 18
    assert {len(line) for line in lines} <= set(range(36))
