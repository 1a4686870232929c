import pytest

from lanchat.client.plain.wording import arrival, change_of, line_of
from lanchat.client.state.clock import moment
from lanchat.client.state.entries import Entry, EntryKind, Reaction
from tests.client.lines import NOW_S

AT = moment(NOW_S).hour


def plain(entry: Entry, room: str = "") -> str:
    return "".join(text for text, _ in line_of(entry, room))


def entry(kind: EntryKind, nick: str = "Maria_López", text: str = "", to: str = "", *, is_own: bool = False) -> Entry:
    return Entry(kind, NOW_S, nick, text, to, is_own=is_own)


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
