"""F1, /help, and the commands that fit while one types."""

import pytest
from rich.cells import cell_len

from lanchat.client.conversation import Conversation
from lanchat.client.screen.screens.help import KEYS, HelpPanel, help_rows
from lanchat.client.screen.widgets.bars import Hints
from lanchat.client.screen.widgets.offers import Offers
from lanchat.client.speaking.actions import LocalAction
from tests.client.screen.stage import Rehearsal, editor, hints, press_bytes, rows, screen_text, stage_of, until


class Unrehearsed(Rehearsal):
    """A conversation that carries out what is typed."""

    def submit(self, text: str) -> list[LocalAction]:
        return Conversation.submit(self, text)


F1, ESC = "\x1bOP", "\x1b"


@pytest.mark.parametrize("opened", [F1, "/help\r", "/help \r"])
@pytest.mark.parametrize("closed", [ESC, F1, "\r"])
async def test_help_is_one_panel_with_keys_first(opened: str, closed: str) -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, opened)
        await until(
            pilot, lambda: isinstance(app.screen, HelpPanel) and "a new line in the message" in screen_text(app)
        )
        assert "Writing" in screen_text(app)
        await press_bytes(pilot, "\x1b[F")
        await until(pilot, lambda: "/quit [LAST WORDS]" in screen_text(app))
        await press_bytes(pilot, closed)
        await until(pilot, lambda: not isinstance(app.screen, HelpPanel))
        await press_bytes(pilot, "x")
        await until(pilot, lambda: editor(app).text == "x")


@pytest.mark.parametrize("width", [12, 38, 78, 200])
def test_help_is_wrapped_and_never_cut(width: int) -> None:
    rows = help_rows(KEYS, width)
    assert max(cell_len(left + right) for left, right, _ in rows) <= max(width, 12)
    shown = " ".join(word for _, right, _ in rows for word in right.split())
    if width > 12:
        assert all(does in shown for _, pairs in KEYS for _, does in pairs)


async def test_a_slash_shows_the_commands_that_fit_with_what_they_take() -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        offers = app.screen.query_one(Offers)
        assert not offers.display
        await press_bytes(pilot, "/")
        await until(pilot, lambda: "more; F1 shows all" in screen_text(app))
        await press_bytes(pilot, "ms")
        await until(pilot, lambda: offers.commands == [("/msg NAME TEXT", "say something to one person only")])
        assert "/msg NAME TEXT  say something to one person only" in screen_text(app)
        await press_bytes(pilot, "g Bo hi")
        await pilot.pause()
        assert offers.display
        await press_bytes(pilot, "\x15/W Bo")
        await until(pilot, lambda: [usage for usage, _ in offers.commands] == ["/msg NAME TEXT"])
        await press_bytes(pilot, "\x15//me")
        await until(pilot, lambda: not offers.display)


@pytest.mark.parametrize("size", [(80, 24), (40, 20)])
async def test_what_was_wrong_with_a_command_stands_where_the_hints_are_and_goes(size: tuple[int, int]) -> None:
    conversation = Unrehearsed()
    app = stage_of(conversation)
    async with app.run_test(size=size) as pilot:
        await press_bytes(pilot, "/nosuch\r")
        await until(pilot, lambda: "There is no command /nosuch." in " ".join(hints(app).split()))
        assert hints(app).endswith("type //nosuch.")
        assert not any("nosuch" in row for row in rows(app))
        assert len(conversation.state.current.entries) == 0
        app.screen.query_one(Hints)._end_note()
        await until(pilot, lambda: hints(app).startswith("Enter send"))


async def test_the_next_note_takes_the_place_of_an_error() -> None:
    app = stage_of(Unrehearsed())
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, "/msg\r")
        await until(pilot, lambda: "/msg NAME TEXT: say something to one person only." in hints(app))
        await press_bytes(pilot, "\x1bn")
        await until(pilot, lambda: hints(app) == "Nothing is new here.")
