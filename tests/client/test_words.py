from dataclasses import replace

import pytest

from lanchat.client.colour import OKABE_ITO, colour_of
from lanchat.client.entries import Entry, EntryKind, EntryLog, Reaction
from lanchat.client.heard import clean_lines, time_of
from lanchat.client.mentions import is_mentioned
from lanchat.client.notices import sentence
from lanchat.client.widgets.clock import moment
from lanchat.client.wording import arrival, change_of, line_of
from lanchat.limits import MULTILINE_MAX_LINES
from tests.client.lines import NOW_S

AT = moment(NOW_S).hour


def plain(entry: Entry, room: str = "") -> str:
    return "".join(text for text, _ in line_of(entry, room))


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


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (entry(EntryKind.MESSAGE, text="hello"), f"{AT} Maria López: hello"),
        (entry(EntryKind.ACTION, text="waves"), f"{AT} * Maria López waves"),
        (entry(EntryKind.WHISPER, text="psst", to="Ana"), f"{AT} Maria López (only to you): psst"),
        (entry(EntryKind.WHISPER, text="psst", to="Ben", is_own=True), f"{AT} Maria López (only to Ben): psst"),
        (entry(EntryKind.ACTION, text="winks", to="Ana"), f"{AT} * (only to you) Maria López winks"),
        (entry(EntryKind.JOIN), f"{AT} -- Maria López has joined"),
        (entry(EntryKind.ERROR, nick="", text="No."), f"{AT} -- No."),
    ],
)
def test_the_plain_screen_writes_lines(one: Entry, line: str) -> None:
    assert plain(one) == line


def test_nobody_can_write_a_line_that_looks_like_somebody_elses() -> None:
    lines = plain(entry(EntryKind.MESSAGE, text="hello\n14:02 Ben: I quit\n-- Ben has left")).split("\n")
    assert lines[1:] == ["      14:02 Ben: I quit", "      -- Ben has left"]


def test_a_room_that_is_not_the_open_one_is_named() -> None:
    assert plain(entry(EntryKind.MESSAGE, text="hello"), "Bridge") == f"{AT} [Bridge] Maria López: hello"


def test_changes_of_messages_are_told() -> None:
    deleted = Entry(EntryKind.MESSAGE, NOW_S, "Ben", is_deleted=True)
    assert "".join(text for text, _ in change_of(deleted)) == "-- A message of Ben was deleted"
    reacted = Entry(EntryKind.MESSAGE, NOW_S, "Ben", "x" * 50, reactions=(Reaction("👍", ("Ana", "Bo")),))
    assert "".join(text for text, _ in change_of(reacted)) == f'-- Reactions to Ben, "{"x" * 40}…": 👍 2'


@pytest.mark.parametrize(
    ("others", "text"),
    [
        ([], "You are Ana, alone in Line 3 so far."),
        (["Ben"], "You are Ana, in Line 3 with Ben."),
        (["Ben", "Carl", "Dora"], "You are Ana, in Line 3 with Ben, Carl and Dora."),
        ([str(number) for number in range(11)], "You are Ana, in Line 3 with 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 10."),
        (["x"] * 14, f"You are Ana, in Line 3 with {', '.join('x' * 10)} and 4 others."),
    ],
)
def test_who_is_here_is_told_on_arrival(others: list[str], text: str) -> None:
    assert arrival("Ana", "Line 3", others) == text


# ---- colours, times, texts ---------------------------------------------------------------------------------------


def test_a_name_has_one_colour_on_every_machine_and_in_every_run() -> None:
    colours = [colour_of(name) for name in ("Ana", "ana", "Ben", "Zoé", "ZOÉ")]
    assert colours == ["#56B4E9", "#56B4E9", "#D55E00", "#E69F00", "#E69F00"]


def test_all_colours_are_used() -> None:
    assert {colour_of(f"person{number}") for number in range(100)} == set(OKABE_ITO)


def test_times_of_the_host() -> None:
    assert time_of("2026-03-03T12:00:00.000Z", 0.0) == NOW_S
    assert time_of("2026-03-03T12:00:00.000+02:00", 7.0) == 7.0


def test_a_foreign_text_has_a_bound_on_its_lines() -> None:
    assert len(clean_lines("\n" * 10_000).split("\n")) == MULTILINE_MAX_LINES


def test_nobody_is_mentioned_by_an_empty_name() -> None:
    assert not is_mentioned("", "hello")
    assert not is_mentioned("", "")


# ---- the log -----------------------------------------------------------------------------------------------------


def test_a_full_log_drops_the_oldest_and_serials_stay() -> None:
    log = EntryLog(limit=100)
    for number in range(150):
        log.add(Entry(EntryKind.MESSAGE, NOW_S, text=str(number), msgid=f"m{number}"))
    assert len(log) <= 100
    assert log[0].serial == log.first_serial
    assert log.by_msgid("m0") is None
    assert log.by_msgid("m149") == log.by_serial(149) == log[-1]
    assert log.by_serial(0) is None
    log.put(Entry(EntryKind.MESSAGE, NOW_S, text="changed", serial=0))  # gone already: nothing happens
    assert log[0].text == str(log.first_serial)
