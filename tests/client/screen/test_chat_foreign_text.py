"""Foreign text on the screen: shown, and obeyed by nothing."""

from dataclasses import replace

import pytest

from lanchat.client.state.channels import Member
from lanchat.client.state.entries import EntryKind, Reaction
from lanchat.protocol.text import is_harmful
from tests.client.screen.stage import (
    Rehearsal,
    numbered,
    rows,
    screen_text,
    stage_of,
    talk,
    until,
)
from tests.client.screen.talk import came, said

HOSTILE = (
    "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m",
    "[/x] [bold [red]x[/red] [@click=app.leave]y[/]",
    "\u202eevil\u2066\u200b\u2060\u00ad\ufeff",
    "e" + "\u0301" * 400,
    "👨‍👩‍👧‍👦" * 60,
    "ﷺ" * 200,
    "x" * 10_000,
    "田" * 5_000,
    "\u0e01\u0e33" * 300,
    "\U000e0041\U000f0000\ud83d",
    "\ttab\x00nul\x7f",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("size", [(80, 24), (40, 10), (12, 6)])
async def test_hostile_text_is_shown_harmless_everywhere(text: str, size: tuple[int, int]) -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=size) as pilot:
        nick = text[:40]
        conversation.here(Member(nick, "@"))
        conversation.topic(text[:300])
        conversation.hears(
            said(text, nick),
            replace(said(text, nick, kind=EntryKind.ACTION), is_mention=True, msgid="a"),
            replace(said("see above", nick), reply_to="a", reactions=(Reaction(text[:40], (nick,)),)),
            came(nick),
        )
        await until(pilot, lambda: talk(app).transcript.next_serial == 4)
        await pilot.press("f2", "home", "pagedown", "end")
        text_on_screen = screen_text(app)
        assert not any(is_harmful(char) for char in text_on_screen.replace("\n", ""))
        assert all(strip.cell_length == size[0] for strip in app.screen._compositor.render_strips())


async def test_narrow_and_low_screens_still_show_the_newest_message() -> None:
    conversation = Rehearsal()
    conversation.hears(*numbered(30))
    for size in ((40, 10), (20, 5), (10, 4)):
        app = stage_of(conversation)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda app=app: any("29" in row for row in rows(app)))  # type: ignore[misc]
