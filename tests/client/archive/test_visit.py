"""A visit that reads: over a lost connection, and where the host does not answer or says no."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from lanchat.client.archive import visit as visiting
from lanchat.client.archive.asking import Asking, Page
from lanchat.client.archive.visit import Visit
from lanchat.client.connection import link
from lanchat.client.connection.link import Refused
from lanchat.client.connection.place import Person, Place
from lanchat.errors import UserError
from tests.client.archive.test_asking import ENABLED, SINCE, UNTIL, page
from tests.client.fakehost import FakeHost
from tests.client.fakehost import Visit as Seen

WANTED = (*ENABLED, "labeled-response", "message-tags")


@pytest.fixture
async def host() -> AsyncIterator[FakeHost]:
    async with FakeHost() as fake:
        yield fake


class Reading:
    """A visit to a fake host, under way."""

    def __init__(self, host: FakeHost) -> None:
        self.asking = Asking("#a", SINCE, UNTIL)
        self.pages: list[Page] = []
        place = Place(("127.0.0.1",), host.port, "#a", "Line 3")
        self._visit = Visit(place, Person("Ana"), self.asking, self.pages.append, None)
        self.task = asyncio.create_task(self._visit.read())

    @property
    def texts(self) -> list[str]:
        return [message.params[1] for one in self.pages for message in one.messages]


async def let_in(host: FakeHost, *capabilities: str) -> Seen:
    """Return the client's next connection, registered; what it joins is still to be read."""
    seen = await host.visit()
    await seen.expect("CAP LS")
    seen.say(f":host CAP * LS :{' '.join(capabilities)}")
    if capabilities:
        names = (await seen.expect("CAP REQ")).removeprefix("CAP REQ ").removeprefix(":")
        seen.say(f":host CAP * ACK :{names}")
    await seen.expect("CAP END")
    seen.say(":host 001 Ana :Welcome")
    return seen


async def enter(seen: Seen) -> str:
    """Let the client into its channel; return what it asks for there."""
    assert await seen.expect("JOIN") == "JOIN #a"
    seen.say(":Ana!u@h JOIN #a", ":host 366 Ana #a :End")
    return await seen.expect("CHATHISTORY")


async def test_it_enters_reads_and_leaves_and_says_nothing(host: FakeHost) -> None:
    reading = Reading(host)
    seen = await let_in(host, *WANTED)
    await enter(seen)
    seen.say(*page("1", "x-1", "x-2", is_last=True))
    await reading.task
    assert reading.texts == ["x-1", "x-2"]
    assert await seen.ended() == ["QUIT"]
    assert {line.split()[0] for line in seen.lines} == {"CAP", "NICK", "USER", "JOIN", "CHATHISTORY"}


async def test_after_a_lost_connection_nothing_is_missing_and_nothing_twice(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "FIRST_PAUSE_S", 0.01)
    reading = Reading(host)
    seen = await let_in(host, *WANTED)
    await enter(seen)
    seen.say(*page("1", "x-1", "x-2"), *page("2", "x-3", "x-4")[:2])
    assert "msgid=x-2" in await seen.expect("CHATHISTORY")
    seen.drop()
    again = await let_in(host, *WANTED)
    assert "msgid=x-2" in await enter(again)
    again.say(*page("7", "x-3", "x-4", is_last=True))
    await reading.task
    assert reading.texts == ["x-1", "x-2", "x-3", "x-4"]


async def test_a_host_that_does_not_answer_is_given_up(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "_PATIENCE_S", 0.1)
    reading = Reading(host)
    await enter(await let_in(host, *WANTED))
    with pytest.raises(UserError, match="Line 3 has not answered for a minute; try again later"):
        await reading.task


async def test_a_host_without_a_history_is_left(host: FakeHost) -> None:
    reading = Reading(host)
    seen = await let_in(host, "batch")
    with pytest.raises(UserError, match=r"Line 3 cannot be read: This host has no history that can be asked for\."):
        await reading.task
    assert await seen.ended() == ["QUIT"]


async def test_who_is_not_let_in_is_told_why(host: FakeHost) -> None:
    reading = Reading(host)
    seen = await host.visit()
    await seen.expect("CAP LS")
    seen.say(":host 465 Ana :You are banned")
    with pytest.raises(Refused, match="You are banned"):
        await reading.task


async def test_a_host_that_is_not_there_is_told() -> None:
    async with FakeHost() as gone:
        pass
    reading = Reading(gone)
    with pytest.raises(UserError, match=r"Line 3 at 127\.0\.0\.1:\d+ refuses connections"):
        await reading.task
