from dataclasses import replace

import pytest

from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.words.colour import ON_ANY, colour_of, hue_of
from lanchat.client.words.notices import sentence
from tests.client.lines import NOW_S


def entry(kind: EntryKind, nick: str = "Maria_López", text: str = "", to: str = "", *, is_own: bool = False) -> Entry:
    return Entry(kind, NOW_S, nick, text, to, is_own=is_own)


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (entry(EntryKind.JOIN), "Maria López has joined"),
        (entry(EntryKind.LEAVE), "Maria López has left"),
        (entry(EntryKind.LEAVE, text="tea"), "Maria López has left (tea)"),
        (entry(EntryKind.KICK, text="flood", to="Ben"), "Maria López was removed by Ben (flood)"),
        (replace(entry(EntryKind.KICK, text="Ben", to="Ben"), is_mention=True), "You were removed by Ben"),
        (entry(EntryKind.NICK, to="Mary_Ann"), "Maria López is now Mary Ann"),
        (entry(EntryKind.NICK, to="Mary", is_own=True), "You are now Mary"),
        (entry(EntryKind.TOPIC, text="Shift B"), "Maria López set the topic: Shift B"),
        (entry(EntryKind.TOPIC, nick=""), "The host removed the topic"),
        (entry(EntryKind.INFO, text="as it is"), "as it is"),
        (entry(EntryKind.MESSAGE, text="as it is"), "as it is"),
    ],
)
def test_notices_are_sentences(one: Entry, text: str) -> None:
    assert sentence(one) == text


def test_a_name_has_one_colour_on_every_machine_and_in_every_run() -> None:
    assert [hue_of(name) for name in ("Ana", "ana", "Ben", "Zoé", "ZOÉ")] == [1, 1, 5, 0, 0]


def test_all_colours_are_used() -> None:
    assert {colour_of(f"person{number}") for number in range(100)} == set(ON_ANY)
