import pytest
from rich.color import Color, ColorSystem

from lanchat.client.screen.widgets.palette import Ground, Hues, NameStyles, ground_said, ground_told, light_of
from lanchat.client.words.colour import HUES, colour_of, hue_of

GROUNDS = {
    Ground.DARK: ["#000000", "#1e1e1e", "#002b36"],  # the last: Solarized dark, "base03"
    Ground.LIGHT: ["#ffffff", "#fdf6e3"],  # Solarized light, "base3"
}
ALL = [colour for grounds in GROUNDS.values() for colour in grounds]
PEOPLE = [f"person{number}" for number in range(60)]


def light(colour: str) -> float:
    return light_of(*(int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_standard_has_it() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize(("ground", "behind"), [(ground, one) for ground, ones in GROUNDS.items() for one in ones])
def test_names_can_be_read_on_every_ground(ground: Ground, behind: str) -> None:
    assert min(contrast(colour, behind) for colour in ground.value) >= 4.5  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("behind", ALL)
def test_where_the_ground_is_unknown_names_can_be_read_on_all(behind: str) -> None:
    assert min(contrast(colour, behind) for colour in Ground.UNKNOWN.value) >= 3.0  # bold; WCAG 2.2, 1.4.3
    assert contrast(colour_of("Ana"), behind) >= 3.0  # of the plain screen and `lanchat log`, which ask no terminal


@pytest.mark.parametrize("ground", Ground)
def test_no_two_hues_become_one_on_terminals_of_256_colours(ground: Ground) -> None:
    shown = [
        Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex.upper() for colour in ground.value
    ]
    assert shown == list(ground.value)
    assert len(set(shown)) == HUES


@pytest.mark.parametrize("ground", Ground)
def test_terminals_of_sixteen_colours_get_seven_of_theirs(ground: Ground) -> None:
    styles = [NameStyles(ground, is_poor=True).style("#a", name) for name in PEOPLE]
    colours = {style.color for style in styles}
    assert len(colours) == HUES
    assert all(colour is not None and (colour.is_default or (colour.number or 0) < 16) for colour in colours)


@pytest.mark.parametrize(
    ("value", "ground"),
    [
        ("0;15", "LIGHT"),
        ("0;default;15", "LIGHT"),
        ("0;7", "LIGHT"),
        ("15;0", "DARK"),
        ("", "UNKNOWN"),
        ("x", "UNKNOWN"),
    ],
)
def test_ground_is_known_where_the_environment_says_so(value: str, ground: str) -> None:
    assert ground_said({"COLORFGBG": value}) is Ground[ground]
    assert ground_said({}) is Ground.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "ground"),
    [
        ("rgb:fdfd/f6f6/e3e3", "LIGHT"),
        ("rgb:f/f/f", "LIGHT"),
        ("rgba:ff/ff/ff/80", "LIGHT"),
        ("rgb:0000/2b2b/3636", "DARK"),
        ("rgb:000/000/000", "DARK"),
        ("#ffffff", "UNKNOWN"),
        ("rgb:fffff/0/0", "UNKNOWN"),
        ("", "UNKNOWN"),
    ],
)
def test_ground_is_read_from_what_terminals_answer(answer: str, ground: str) -> None:
    assert ground_told(answer) is Ground[ground]


def test_hues_of_a_room_are_spread_before_they_repeat() -> None:
    hues = Hues()
    worn = [hues.of(name) for name in PEOPLE[: 3 * HUES]]
    assert [sorted(worn[start : start + HUES]) for start in range(0, 3 * HUES, HUES)] == [list(range(HUES))] * 3
    assert [hues.of(name.upper()) for name in PEOPLE[: 3 * HUES]] == worn
    assert worn[0] == hue_of(PEOPLE[0])  # one's own, where nobody wears it


def test_each_room_spreads_for_itself() -> None:
    styles = NameStyles(Ground.DARK)
    for name in PEOPLE:
        styles.style("#a", name)
    assert styles.style("#b", "Ana").color == Color.parse(Ground.DARK.value[hue_of("Ana")])
