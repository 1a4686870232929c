"""What two people said, in the talk between them, with a real host that keeps it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lanchat.client.state.changes import Mentioned
from tests.client.history import CHANNEL, cable, reading
from tests.server.serving import Serving, serving


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path, is_stored=True, is_flood_limited=False) as running:
        yield running


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.client.connection.link.FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr("lanchat.client.connection.link.MAX_PAUSE_S", 0.1)


async def test_what_was_missed_comes_once_and_in_order_also_more_than_a_page(host: Serving) -> None:
    async with (
        cable(host.port) as (way, port),
        reading(port, has_tabs=True) as ana,
        reading(host.port),  # her other terminal, as nobody can write to who is gone
        reading(host.port, "Ben", has_tabs=True) as ben,
        reading(host.port, "Carl", has_tabs=True) as carl,
    ):
        ben.conversation.submit("/msg Ana before")
        await ana.until(lambda: ana.said_with("Ben") == ["before"])
        way.pull()
        texts = [f"line {number}" for number in range(130)]
        for text in texts:
            ben.conversation.submit(f"/msg Ana {text}")
        carl.conversation.submit("/msg Ana hello")
        await ben.conversation.said()
        await carl.conversation.said()
        way.is_pulled = False
        ben.conversation.submit("/msg Ana after")
        await ana.until(lambda: "after" in ana.said_with("Ben"))
        assert ana.said_with("Ben") == ["before", *texts, "after"]
        assert ana.said_with("Carl") == ["hello"]
        assert ana.texts == []
        talk = ana.state.talk("Ben")
        assert talk is not None
        assert (talk.unread, talk.unread_mentions) == (132, 132)
        rung = [one.entry.text for one in ana.watcher.seen if isinstance(one, Mentioned)]
        assert sorted(rung) == sorted(["before", *texts, "after", "hello"])


async def test_after_a_restart_the_talk_of_late_is_there_and_what_was_not_read_counts(host: Serving) -> None:
    async with reading(host.port, "Ben", has_tabs=True) as ben:
        async with reading(host.port, has_tabs=True) as ana:
            ben.conversation.submit("/msg Ana read")
            await ana.until(lambda: ana.said_with("Ben") == ["read"])
            ana.conversation.open("Ben")
            await ana.until(lambda: ana.state.current.name == "Ben")
            ana.conversation.open(CHANNEL)
            ben.conversation.submit("/msg Ana not read")
            await ana.until(lambda: "not read" in ana.said_with("Ben"))
        async with reading(host.port, has_tabs=True) as ana:
            await ana.until(lambda: ana.said_with("Ben") == ["read", "not read"])
            talk = ana.state.talk("Ben")
            assert talk is not None
            assert (talk.unread, ana.state.current.name) == (1, CHANNEL)
            assert not any(isinstance(one, Mentioned) for one in ana.watcher.seen)
            ana.conversation.submit("/msg Ben here I am")
            await ana.until(lambda: ana.said_with("Ben") == ["read", "not read", "here I am"])
            assert ana.state.current.name == CHANNEL


async def test_query_brings_back_what_was_said(host: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.client.rooms.private_talk.RECENT_S", -60.0)  # nothing is of late
    async with reading(host.port, "Ben", has_tabs=True) as ben:
        async with reading(host.port, has_tabs=True) as ana:
            ben.conversation.submit("/msg Ana before")
            await ana.until(lambda: ana.said_with("Ben") == ["before"])
        async with reading(host.port, has_tabs=True) as ana:
            assert ana.state.talks == []
            ana.conversation.submit("/query Ben")
            assert ana.state.current.name == "Ben"
            await ana.until(lambda: ana.said_with("Ben") == ["before"])
            ana.conversation.submit("hello")
            await ben.until(lambda: ben.said_with("Ana") == ["before", "hello"])
            await ana.until(lambda: ana.said_with("Ben") == ["before", "hello"])
            await ana.conversation.said()
            ana.conversation.clear()
            ben.conversation.submit("/msg Ana again")
            await ana.until(lambda: ana.said_with("Ben") == ["again"])


async def test_a_talk_begun_by_a_message_has_what_was_said_before_above(host: Serving) -> None:
    async with reading(host.port, "Ben") as ben:
        async with reading(host.port) as ana:  # line by line: the talk has no place of its own
            ben.conversation.submit("/msg Ana before")
            await ana.sees("before")
        async with reading(host.port, has_tabs=True) as ana:
            await ana.until(lambda: ana.said_with("Ben") == ["before"])
            ana.conversation.submit("/close")
            ana.conversation.open("Ben")
            ana.conversation.submit("/close")
            assert ana.state.talk("Ben") is None
            ben.conversation.submit("/msg Ana now")
            await ana.until(lambda: ana.said_with("Ben") == ["now"])
            ana.conversation.open("Ben")
            ana.conversation.past.load_older(ana.state.current)
            await ana.until(lambda: ana.said_with("Ben") == ["before", "now"])


async def test_typing_is_told_to_who_it_is_for_alone(host: Serving) -> None:
    async with (
        reading(host.port, "Ben", has_tabs=True) as ben,
        reading(host.port, "Carl", has_tabs=True) as carl,
        reading(host.port, has_tabs=True) as ana,
    ):
        ben.conversation.submit("/msg Ana hello")
        await ana.until(lambda: ana.said_with("Ben") == ["hello"])
        ana.conversation.open("Ben")
        ben.conversation.submit("/query Ana")
        ana.conversation.typing("I th")
        await ben.until(lambda: bool(ben.state.current.typing))
        assert not any(channel.typing for channel in carl.state.channels.values())
