import pytest

from lanchat.client.screen.widgets.palette import darker, is_light
from lanchat.client.words.colour import OKABE_ITO


def light_of(colour: str) -> float:
    """Relative luminance, 0 to 1; WCAG 2.2."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("value", "light"), [("0;15", True), ("0;default;15", True), ("0;7", True), ("15;0", False), ("", False)]
)
def test_light_background_is_known_where_the_terminal_says_so(value: str, light: bool) -> None:
    assert is_light({"COLORFGBG": value}) is light
    assert is_light({}) is False


@pytest.mark.parametrize("colour", OKABE_ITO)
def test_names_can_be_read_on_white(colour: str) -> None:
    assert 1.05 / (light_of(darker(colour)) + 0.05) >= 3.0  # bold text; WCAG 2.2, 1.4.3


@pytest.mark.parametrize("colour", OKABE_ITO)
def test_names_can_be_read_on_black(colour: str) -> None:
    assert (light_of(colour) + 0.05) / 0.05 >= 3.0
