"""What was said before, on the screen: pages that load while scrolling, gaps, and the rule above what is new."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from lanchat.client.connection.place import Person, Place
from lanchat.client.conversation import Conversation
from lanchat.client.screen.screens.found import FoundDialog
from lanchat.client.state.channels import Channel
from lanchat.client.state.entries import EntryKind
from tests.cli.programs import free_port
from tests.client.history import CHANNEL, cable, talk
from tests.client.screen.stage import Rehearsal, Stage, header, hints, rows, screen_text, stage_of, until
from tests.client.screen.talk import NOON, said
from tests.hosting import HostProcess
from tests.server.serving import ROOM, Serving, serving


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path, is_stored=True, is_flood_limited=False) as running:
        yield running


@asynccontextmanager
async def visiting(port: int, nick: str = "Zoé") -> AsyncIterator[Conversation]:
    place = Place(("127.0.0.1",), port, ROOM.channel, ROOM.name, ROOM.id, host_id="host")
    conversation = Conversation(place, Person(nick, secret=f"secret of {nick}"))
    await conversation.connect()
    try:
        yield conversation
    finally:
        await conversation.close()


async def scrolled_through(pilot: Pilot[None], app: Stage, oldest: str) -> list[str]:
    """Scroll back to a text; return all that was seen."""
    seen = said_on(app)
    while seen[0] != oldest:
        await pilot.press("pageup")
        now = said_on(app)
        assert seen[0] in now, "a row was passed over"
        seen = [*now[: now.index(seen[0])], *seen]
    return seen


def said_on(app: Stage) -> list[str]:
    """The texts of people on the screen, top to bottom."""
    return [row.partition("Ben  ")[2] for row in rows(app) if "Ben  " in row]


async def test_older_pages_load_while_scrolling_back_and_no_row_moves(host: Serving) -> None:
    texts = talk(host.member("Ben"), 450)
    async with visiting(host.port) as conversation:
        app = stage_of(conversation)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            assert await scrolled_through(pilot, app, texts[0]) == texts
            await pilot.press("end")
            await until(pilot, lambda: said_on(app)[-1] == texts[-1])


async def test_the_text_stands_still_while_a_page_is_loaded_above_it(host: Serving) -> None:
    texts = talk(host.member("Ben"), 300)
    async with visiting(host.port) as conversation:
        load = conversation.past.load_older
        wanted: list[Channel] = []
        conversation.past.load_older = wanted.append  # type: ignore[assignment, method-assign]
        app = stage_of(conversation)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            await pilot.press("ctrl+home")
            await until(pilot, lambda: bool(wanted))
            before = rows(app)
            assert before[0].startswith("──")  # the rule of the day, which goes
            load(wanted[0])
            await until(pilot, lambda: "Ben  " in rows(app)[0])
            assert rows(app)[1:] == before[1:]


async def test_a_gap_is_filled_when_it_is_scrolled_to(host: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.client.connection.link.FIRST_PAUSE_S", 0.05)
    ben = host.member("Ben")
    async with cable(host.port) as (way, port), visiting(port) as conversation:
        app = stage_of(conversation)
        log = conversation.state.current.entries
        async with app.run_test(size=(80, 24)) as pilot:
            texts = talk(ben, 3, word="before")
            await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            way.pull()
            texts += talk(ben, 900)
            way.is_pulled = False
            await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            assert any(entry.kind is EntryKind.GAP for entry in log)
            assert await scrolled_through(pilot, app, texts[0]) == texts
            assert not any(entry.kind is EntryKind.GAP for entry in log)


async def test_after_a_crash_of_the_host_every_message_is_on_the_screen_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lanchat.client.connection.link.FIRST_PAUSE_S", 0.05)
    port, flags = free_port(), ("--name", "Line 3", "--no-flood-limits", "--quiet")
    host = HostProcess(tmp_path, *flags, port=port)
    try:
        texts = talk(host.member("Ben"), 20)
        async with visiting(port) as conversation:
            app = stage_of(conversation)
            async with app.run_test(size=(80, 24)) as pilot:
                for round_ in range(3):
                    texts += talk(host.member(f"Ben{round_}"), 20, word=f"round {round_}, line")
                    await asyncio.to_thread(host.kill)
                    host = HostProcess(tmp_path, *flags, port=port)
                    assert host.port == port
                    texts += talk(host.member("Ben"), 20, word=f"after {round_}, line")
                await until(pilot, lambda: spoken(conversation)[-1:] == texts[-1:])
                assert spoken(conversation) == texts
                await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
    finally:
        await asyncio.to_thread(host.kill)


def spoken(conversation: Conversation) -> list[str]:
    return [entry.text for entry in conversation.state.current.entries if entry.is_spoken]


async def test_who_comes_back_finds_the_rule_above_what_is_new(host: Serving) -> None:
    ben = host.member("Ben")
    talk(ben, 5, word="old")
    async with visiting(host.port):
        pass  # having read all
    talk(ben, 3, word="new")
    async with visiting(host.port) as conversation:
        app = stage_of(conversation)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: said_on(app)[-1:] == ["new 2"])
            assert _under_rule(app) == "new 0"
            talk(ben, 1, word="live")
            await until(pilot, lambda: said_on(app)[-1:] == ["live 0"])
            assert _under_rule(app) == "new 0"  # nothing moves it …
            conversation.submit("good morning")
            await until(pilot, lambda: any(row.endswith("good morning") for row in rows(app)))
            assert _under_rule(app) == ""  # … until one speaks


async def test_who_comes_back_to_more_than_fits_is_told_and_a_key_leads_to_the_first(host: Serving) -> None:
    ben = host.member("Ben")
    talk(ben, 5, word="old")
    async with visiting(host.port):
        pass
    texts = talk(ben, 160, word="new")
    async with visiting(host.port) as conversation:
        app = stage_of(conversation)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            assert re.search(r"^\d+ messages new since \d\d:\d\d · Alt\+N shows the first", hints(app))
            await pilot.press("alt+n")  # of those that are loaded so far
            await until(pilot, lambda: said_on(app)[-1:] != texts[-1:])
            await until(pilot, lambda: conversation.state.current.entries.is_whole)
            await pilot.press("alt+n")
            await until(pilot, lambda: said_on(app)[:1] == texts[:1])
            assert "new since" in rows(app)[0]
            await pilot.press("end")
            await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            conversation.submit("hello")
            await until(pilot, lambda: any(row.endswith("hello") for row in rows(app)))
            await pilot.press("alt+n")
            await until(pilot, lambda: hints(app).startswith("Nothing is new here."))


def _under_rule(app: Stage) -> str:
    shown = rows(app)
    at = next((y for y, row in enumerate(shown) if "new since " in row), None)
    return "" if at is None else next(row.partition("Ben  ")[2] for row in shown[at:] if "Ben  " in row)


async def test_what_is_said_in_another_room_stands_below_a_rule_until_one_leaves_it_again() -> None:
    conversation = Rehearsal()
    conversation.hears(said("here"))
    conversation.enter("#Bridge")
    conversation.hears(said("one", "Ben"), said("two", "Ben"), channel=CHANNEL)
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("alt+1")
        await until(pilot, lambda: _under_rule(app) == "one")
        await pilot.press("alt+2")
        await pilot.press("alt+1")
        await until(pilot, lambda: said_on(app) == ["one", "two"])
        assert _under_rule(app) == ""


async def test_who_leaves_the_terminal_having_read_all_finds_a_new_rule() -> None:
    conversation = Rehearsal()
    conversation.hears(said("read", "Ben"))
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await _focus(pilot, is_there=False)
        conversation.hears(said("one", "Ben", at_s=NOON + 1), said("two", "Ben", at_s=NOON + 2))
        await until(pilot, lambda: said_on(app)[-1:] == ["two"])
        assert _under_rule(app) == "one"
        await _focus(pilot, is_there=True)
        await _focus(pilot, is_there=False)
        conversation.hears(said("three", "Ben", at_s=NOON + 3))
        await until(pilot, lambda: _under_rule(app) == "three")


async def _focus(pilot: Pilot[None], *, is_there: bool) -> None:
    pilot.app.app_focus = is_there
    await pilot.pause()


async def test_the_beginning_is_not_asked_for_again_on_a_cleared_screen(host: Serving) -> None:
    texts = talk(host.member("Ben"), 20)
    async with visiting(host.port) as conversation:
        app = stage_of(conversation)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            conversation.submit("/clear")
            await until(pilot, lambda: said_on(app) == [])
            conversation.submit("hello")
            await until(pilot, lambda: any("hello" in row for row in rows(app)))
            await pilot.press("pageup")
            await conversation.said()  # a page that was asked for would be here
            await pilot.pause()
            assert said_on(app) == []


async def test_a_result_is_chosen_opened_and_left_again(host: Serving) -> None:
    texts = talk(host.member("Ben"), 400)
    async with visiting(host.port) as conversation:
        app = stage_of(conversation)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            await pilot.press(*'/search "line 123"', "enter")
            await until(pilot, lambda: isinstance(app.screen, FoundDialog))
            assert '1 message found for "line 123".' in screen_text(app)
            assert "[Line 3] Ben: line 123" in screen_text(app)
            await pilot.press("enter")
            await until(pilot, lambda: "line 123" in said_on(app))
            shown = rows(app)
            assert "─ found ─" in shown[next(y for y, row in enumerate(shown) if row.endswith("line 123")) - 1]
            assert abs(said_on(app).index("line 123") - len(said_on(app)) // 2) <= 2  # in the middle
            assert header(app).startswith("Line 3 · 20")
            assert hints(app).startswith("Esc back to what is said now")
            seen = said_on(app)
            while seen[-1] != texts[-1]:  # pages load downwards, too, and nothing is passed over
                await pilot.press("pagedown")
                now = said_on(app)
                assert seen[-1] in now
                seen += now[now.index(seen[-1]) + 1 :]
            assert seen == texts[texts.index(seen[0]) :]
            await pilot.press("escape")
            await until(pilot, lambda: header(app).startswith("Line 3 "))
            assert "·" not in header(app).split("1 person")[0].split("2 people")[0]
            assert said_on(app)[-1] == texts[-1]


async def test_the_end_key_and_saying_something_lead_back_from_a_view(host: Serving) -> None:
    texts = talk(host.member("Ben"), 200)
    async with visiting(host.port) as conversation:
        app = stage_of(conversation)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            for key in ("end", "hello"):
                await pilot.press(*"/history 1h", "enter")
                await until(pilot, lambda: said_on(app)[:1] == texts[:1])
                await pilot.press(*(["end"] if key == "end" else [*key, "enter"]))
                await until(pilot, lambda: said_on(app)[-1:] == texts[-1:])
            await until(pilot, lambda: any(row.endswith("hello") for row in rows(app)))


async def test_a_dialog_of_results_shows_no_foreign_markup_and_closes(host: Serving) -> None:
    talk(host.member("Ben"), 1, word="[b]the [/x] valve[/b]")
    async with visiting(host.port) as conversation:
        app = stage_of(conversation)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: bool(said_on(app)))
            await pilot.press(*"/search valve", "enter")
            await until(pilot, lambda: isinstance(app.screen, FoundDialog))
            assert "[b]the [/x] valve[/b] 0" in screen_text(app)
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(app.screen, FoundDialog))
