"""Searching what was said, and views of it, in the whole client with a real host; and with one that cannot."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from lanchat.client.state.changes import Found, Recalled
from lanchat.client.state.entries import EntryKind
from lanchat.client.state.found import VIEW
from tests.client.fakehost import MODERN, FakeHost, conversing
from tests.client.history import CHANNEL, Reader, reading, talk
from tests.server.serving import Serving, serving


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path, is_stored=True, is_flood_limited=False) as running:
        yield running


def hits(reader: Reader) -> list[tuple[str, str, str]]:
    return [(hit.room, hit.entry.name, hit.entry.text) for hit in reader.state.hits]


def in_view(reader: Reader) -> list[str]:
    view = reader.state.view
    return [] if view is None else [entry.text for entry in view.channel.entries if entry.is_spoken]


async def find(reader: Reader, typed: str) -> None:
    seen = sum(isinstance(change, Found) for change in reader.watcher.seen)
    reader.conversation.submit(typed)
    await reader.until(lambda: sum(isinstance(change, Found) for change in reader.watcher.seen) > seen)


async def test_results_are_opened_where_they_were_said_and_one_goes_back(stored: Serving) -> None:
    ben = stored.member("Ben")
    said = [*talk(ben, 150, word="before"), *talk(ben, 1, word="the valve is open"), *talk(ben, 150, word="after")]
    async with reading(stored.port) as ana:
        await find(ana, '/search VALVE open from:ben in:"line 3"')
        assert hits(ana) == [("Line 3", "Ben", "the valve is open 0")]
        now = ana.texts
        ana.conversation.submit("/open 1")
        await ana.until(lambda: bool(in_view(ana)))
        view = ana.state.view
        assert view is not None
        assert (view.channel.name, view.target) == (VIEW, CHANNEL)
        assert "the valve is open 0" in in_view(ana)
        rule = view.channel.entries.by_serial(view.channel.entries.rule_at or 0)
        assert rule is not None
        assert rule.text == "the valve is open 0"
        looking = ana.conversation.past.looking
        while not view.channel.entries.is_whole or not view.is_complete:
            looking.load_older(view)
            looking.load_newer(view)
            await asyncio.sleep(0.01)
        assert in_view(ana) == said
        looking.close()
        assert (ana.state.view, ana.texts) == (None, now)


async def test_whispers_and_messages_of_several_lines_are_found(stored: Serving) -> None:
    async with reading(stored.port) as ana, reading(stored.port, "Ben") as ben:
        ben.conversation.submit("/msg Ana the needle is in the drawer")
        ana.conversation.submit("/msg Ben which needle?")
        ben.conversation.say("a needle\nin two lines")
        await ana.sees("a needle\nin two lines")
        await ana.sees("which needle?")
        before = ana.texts
        await find(ana, "/search needle")
        assert sorted(hits(ana)) == [
            ("Ben", "Ana", "which needle?"),
            ("Ben", "Ben", "the needle is in the drawer"),
            ("Line 3", "Ben", "a needle\nin two lines"),
        ]
        assert ana.texts == before
        ana.conversation.submit("/open 1")
        await ana.until(lambda: in_view(ana) == ["the needle is in the drawer", "which needle?"])


async def test_history_shows_what_was_said_from_a_time_on(stored: Serving) -> None:
    ben = stored.member("Ben")
    stored.clock_s = -7_200
    old = talk(ben, 5, word="old")
    stored.clock_s = 0
    new = talk(ben, 150, word="new")
    async with reading(stored.port) as ana:
        ana.conversation.submit("/history 3h-1h")
        await ana.until(lambda: in_view(ana) == old)
        ana.conversation.submit("/history 1h")
        await ana.until(lambda: in_view(ana)[:1] == new[:1])
        assert in_view(ana) == new[: len(in_view(ana))]
        ana.conversation.submit("/history 30h-20h")
        await ana.until(lambda: any("Nothing was said then: Line 3 · 30h-20h." in text for text in ana.watcher.texts))


async def test_line_by_line_all_of_a_period_is_printed(stored: Serving) -> None:
    said = talk(stored.member("Ben"), 250)
    async with reading(stored.port) as ana:
        ana.conversation.past.looking.is_line_by_line = True
        ana.conversation.submit("/history 1h")
        recalled = await ana.watcher.until(lambda change: isinstance(change, Recalled))
        assert isinstance(recalled, Recalled)
        assert [entry.text for entry in recalled.entries if entry.is_spoken] == said
        await find(ana, '/search "line 125"')
        ana.conversation.submit("/open")
        around = await ana.watcher.until(lambda change: isinstance(change, Recalled) and change is not recalled)
        assert isinstance(around, Recalled)
        assert "line 125" in [entry.text for entry in around.entries]
        assert len(around.entries) <= 21
        assert ana.state.view is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("/search xyzzy", "Nothing was found for xyzzy."),
        ("/search from:", "Say what stands behind from: it is empty."),
        ("/search x after:noonish", "“noonish” is not a time;"),
        ("/search x in:Elsewhere", "The host could not look it up: You are not in that channel"),
        ("/open", "There are no results to open; /search WORDS looks for some."),
        ("/history early-late", "“early-late” is not a time;"),
    ],
)
async def test_what_cannot_be_looked_at_is_told(stored: Serving, typed: str, sentence: str) -> None:
    async with reading(stored.port) as ana:
        ana.conversation.submit(typed)
        await ana.watcher.entry(sentence)


async def test_line_by_line_too_a_time_when_nothing_was_said_is_told(stored: Serving) -> None:
    async with reading(stored.port) as ana:
        ana.conversation.past.looking.is_line_by_line = True
        ana.conversation.submit("/history 30h-20h")
        assert (await ana.watcher.entry("Nothing was said then: Line 3 · 30h-20h.")).kind is EntryKind.REPLY


async def test_a_result_that_is_not_there_is_told(stored: Serving) -> None:
    talk(stored.member("Ben"), 2)
    async with reading(stored.port) as ana:
        await find(ana, "/search line")
        ana.conversation.submit("/open 3")
        assert (await ana.watcher.entry("There is no result 3")).kind is EntryKind.ERROR
        ana.conversation.submit("/open ٣")
        await ana.watcher.entry("There is no result ٣; they go from 1 to 2.")


async def test_a_host_without_a_search_says_so_and_one_that_keeps_nothing_too(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, _, watcher):
        for typed in ("/search valve", "/history 06:00", "/open 1"):
            conversation.submit(typed)
            await watcher.entry(f"This host does not do {typed.split()[0]}.")
