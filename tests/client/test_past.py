"""What was said before, in the whole client but the screen, with a real host that keeps it."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lanchat.client.state.changes import Mentioned
from lanchat.client.state.clock import moment
from lanchat.client.state.entries import EntryKind
from tests.cli.programs import free_port
from tests.client.history import CHANNEL, cable, reading, talk
from tests.hosting import HostProcess
from tests.server.serving import Serving, serving


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path, is_stored=True, is_flood_limited=False) as running:
        yield running


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.client.connection.link.FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr("lanchat.client.connection.link.MAX_PAUSE_S", 0.1)


async def test_who_comes_in_is_shown_the_last_hundred_messages_and_older_ones_on_demand(host: Serving) -> None:
    said = talk(host.member("Ben"), 250)
    async with reading(host.port) as ana:
        assert ana.texts == said[151:]  # her own coming in is the hundredth
        ana.conversation.past.load_older(ana.state.current)
        await ana.until(lambda: len(ana.texts) == 199)
        ana.conversation.past.load_older(ana.state.current)
        ana.conversation.past.load_older(ana.state.current)  # asked for already
        await ana.until(lambda: len(ana.texts) == 250)
        assert ana.texts == said
        ana.conversation.past.load_older(ana.state.current)
        await ana.until(lambda: ana.log.is_whole)
        assert ana.texts == said


async def test_what_was_missed_comes_once_and_in_order_before_what_is_said_now(host: Serving) -> None:
    ben = host.member("Ben")
    async with cable(host.port) as (way, port), reading(port) as ana:
        said = talk(ben, 5)
        await ana.sees("line 4")
        way.pull()
        said += talk(ben, 320, first=5)
        way.is_pulled = False
        said += talk(ben, 40, first=325, word="while coming back")
        await ana.sees(said[-1])
        said += talk(ben, 1, word="after")
        await ana.sees("after 0")
        assert ana.texts == said
        assert not any("missing" in text for text in ana.watcher.texts)


async def test_too_much_leaves_a_gap_that_is_filled_from_below(host: Serving) -> None:
    ben = host.member("Ben")
    async with cable(host.port) as (way, port), reading(port) as ana:
        before = talk(ben, 3, word="before")
        await ana.sees("before 2")
        way.pull()
        said = before + talk(ben, 850)
        way.is_pulled = False
        await ana.sees("line 849")
        above = ana.texts.index("…")
        below = len(ana.texts) - above - 1
        assert (above > 490, below > 90) == (True, True)
        assert ana.texts == [*said[:above], "…", *said[-below:]]
        gap = next(entry.serial for entry in ana.log if entry.kind is EntryKind.GAP)
        for _ in range(3):
            shown = len(ana.texts)
            ana.conversation.past.fill_gap(ana.state.current, gap)
            await ana.until(lambda shown=shown: len(ana.texts) > shown)  # type: ignore[misc]
        assert ana.texts == said


async def test_a_message_the_host_keeps_no_longer_leads_to_the_last_ones(host: Serving) -> None:
    ben = host.member("Ben")
    async with cable(host.port) as (way, port), reading(port) as ana:
        said = talk(ben, 150)
        await ana.sees("line 149")
        way.pull()
        ana.state.current.continuity.last_msgid = "gone-1"
        said += talk(ben, 20, first=150)
        way.is_pulled = False
        await ana.sees("line 169")
        assert ana.texts == said  # the last hundred reach back to what is known


async def test_a_gap_in_a_room_that_was_silent_begins_when_this_person_was_there(host: Serving) -> None:
    host.clock_s = -7_200.0
    ben = host.member("Ben")
    async with cable(host.port) as (way, port), reading(port) as ana:
        came = {moment(host.now() - ago_s).hour for ago_s in (0, 60)}
        way.pull()
        ana.state.current.continuity.last_msgid = "gone-1"
        host.clock_s = 0.0
        said = talk(ben, 150)
        way.is_pulled = False
        await ana.sees("line 149")
        below = len(ana.texts) - 1
        assert ana.texts == ["…", *said[-below:]]
        (gap,) = [entry.text for entry in ana.log if entry.kind is EntryKind.GAP]
        began, ended = re.findall(r"\d\d:\d\d", gap)
        assert began in came
        assert ended not in came


async def test_a_call_that_was_missed_rings_once(host: Serving) -> None:
    ben = host.member("Ben")
    async with cable(host.port) as (way, port), reading(port) as ana:
        way.pull()
        talk(ben, 1, word="Ana, come here")
        way.is_pulled = False
        await ana.sees("Ana, come here 0")
        way.pull()
        way.is_pulled = False
        talk(ben, 1, word="fence")
        await ana.sees("fence 0")
        rung = [one.entry.text for one in ana.watcher.seen if isinstance(one, Mentioned)]
        assert rung == ["Ana, come here 0"]


async def test_reactions_and_messages_taken_back_meanwhile_are_caught_up_with(host: Serving) -> None:
    ben = host.member("Ben", caps="message-tags draft/message-redaction echo-message")
    async with cable(host.port) as (way, port), reading(port) as ana:
        talk(ben, 2)
        await ana.sees("line 1")
        first, second = (entry.msgid for entry in ana.log if entry.is_spoken)
        way.pull()
        ben.send(f"REDACT {CHANNEL} {first}", f"@+draft/react=👍;+draft/reply={second} TAGMSG {CHANNEL}")
        talk(ben, 1, first=2)
        way.is_pulled = False
        await ana.sees("line 2")
        shown = [(entry.is_deleted, [one.text for one in entry.reactions]) for entry in ana.log if entry.is_spoken]
        assert shown == [(True, []), (False, ["👍"]), (False, [])]


async def test_what_was_said_as_the_connection_broke_is_neither_lost_nor_said_twice(host: Serving) -> None:
    async with cable(host.port) as (way, port), reading(port) as ana, reading(host.port, "Ben") as ben:
        for number in range(40):
            ana.conversation.submit(f"mine {number}")
            if number % 10 == 7:
                await asyncio.sleep(0.02)
                way.pull()
                await asyncio.sleep(0.02)
                way.is_pulled = False
        await ben.sees("mine 39")
        await ana.sees("mine 39")
        await ana.conversation.said()
        assert sorted(ben.texts) == sorted(ana.texts) == sorted(f"mine {number}" for number in range(40))
        assert ana.conversation.undelivered == []


async def test_what_was_whispered_meanwhile_is_heard_once(host: Serving) -> None:
    async with cable(host.port) as (way, port), reading(port) as ana, reading(host.port, "Ben") as ben:
        ben.conversation.submit("/msg Ana before")
        await ana.sees("before")
        way.pull()
        ben.conversation.submit("/msg Ana where are you?")
        ben.conversation.submit("gone for lunch")
        await ben.sees("gone for lunch")
        way.is_pulled = False
        await ana.sees("where are you?")
        ben.conversation.submit("/msg Ana there you are")
        await ana.sees("there you are")
        assert sorted(ana.texts) == sorted(["before", "gone for lunch", "where are you?", "there you are"])
        rung = [one.entry.text for one in ana.watcher.seen if isinstance(one, Mentioned)]
        assert rung == ["before", "where are you?", "there you are"]


async def test_a_whisper_that_arrived_as_the_connection_broke_is_not_called_undelivered(host: Serving) -> None:
    async with cable(host.port) as (way, port), reading(port) as ana, reading(host.port, "Ben") as ben:
        ana.conversation.submit("/msg Ben hello")
        await ana.sees("hello")
        way.is_deaf = True  # what Ana says arrives, and its echo does not
        ana.conversation.submit("/msg Ben psst")
        await ben.sees("psst")
        way.pull()
        way.is_deaf = way.is_pulled = False
        await ana.sees("psst")
        await ana.conversation.said()
        assert ana.conversation.undelivered == []
        assert not any("may not have arrived" in text for text in ana.watcher.texts)
        assert [text for text in ben.texts if text == "psst"] == ["psst"]


@pytest.mark.parametrize("is_killed", [False, True])
async def test_a_host_that_restarts_leaves_no_gap_and_no_duplicate(tmp_path: Path, *, is_killed: bool) -> None:
    port = free_port()
    flags = ("--name", "Line 3", "--no-flood-limits", "--quiet")
    host = HostProcess(tmp_path, *flags, port=port)
    said: list[str] = []
    try:
        ben = host.member("Ben")
        async with reading(port) as ana:
            for round_ in range(3):
                said += talk(ben, 30, word=f"round {round_}, line")
                await ana.sees(said[-1])
                await asyncio.to_thread(host.kill if is_killed else host.end)
                host = HostProcess(tmp_path, *flags, port=port)
                assert host.port == port
                ben = host.member("Ben")
                said += talk(ben, 30, word=f"after {round_}, line")
            await ana.sees(said[-1])
            assert ana.texts == said
    finally:
        await asyncio.to_thread(host.kill)
