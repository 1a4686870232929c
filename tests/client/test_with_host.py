"""Two people in one room of a real host, each with the whole client but the screen."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from lanchat.client.connection.place import Person, Place
from lanchat.client.conversation import Conversation
from lanchat.client.state.changes import EntryChanged, MembersChanged, TopicChanged, TypingChanged
from lanchat.client.state.entries import Delivery, Entry, EntryKind, Reaction
from lanchat.errors import UserError
from tests.client.fakehost import DEADLINE_S, Watcher
from tests.server.serving import ROOM, Serving, serving


class Guest:
    """Somebody in the room, and what they see."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.state = conversation.state
        self.watcher = Watcher(conversation)

    def types(self, text: str) -> None:
        self.conversation.submit(text)

    async def sees(self, text: str) -> Entry:
        return await self.watcher.entry(text)

    async def sees_changed(self, serial: int) -> Entry:
        change = await self.watcher.until(lambda one: isinstance(one, EntryChanged) and one.entry.serial == serial)
        assert isinstance(change, EntryChanged)
        return change.entry


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path, operators={"chief": "sesame"}, is_flood_limited=False) as running:
        yield running


@asynccontextmanager
async def guest(host: Serving, nick: str, port: int = 0) -> AsyncIterator[Guest]:
    place = Place(("127.0.0.1",), port or host.port, ROOM.channel, ROOM.name, ROOM.id)
    one = Guest(Conversation(place, Person(nick, secret=f"secret of {nick}")))
    await one.conversation.connect()
    try:
        yield one
    finally:
        await one.conversation.close()
        await one.watcher.ended()


class Radio:
    """A way to the host that can be cut as Wi-Fi is: this side notices, the host does not."""

    def __init__(self, host: Serving) -> None:
        self._host = host
        self._near: list[asyncio.StreamWriter] = []
        self._far: list[asyncio.StreamWriter] = []
        self.is_deaf = False  # what the host says does not come through

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, onward = await asyncio.open_connection("127.0.0.1", self._host.port)
        self._near.append(writer)
        self._far.append(onward)
        await asyncio.gather(self._copy(reader, onward), self._copy(back, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if not (self.is_deaf and writer in self._near):
                    writer.write(data)

    def cut(self) -> None:
        while self._near:
            self._near.pop().transport.abort()

    def end(self) -> None:
        self.cut()
        for writer in self._far:
            writer.transport.abort()


@asynccontextmanager
async def radio(host: Serving) -> AsyncIterator[tuple[Radio, int]]:
    way = Radio(host)
    async with await asyncio.start_server(way.carry, "127.0.0.1", 0) as server:
        yield way, server.sockets[0].getsockname()[1]
        way.end()


@pytest.fixture
async def pair(host: Serving) -> AsyncIterator[tuple[Guest, Guest]]:
    async with AsyncExitStack() as stack:
        ana = await stack.enter_async_context(guest(host, "Ana"))
        maria = await stack.enter_async_context(guest(host, "Maria_López"))
        await ana.watcher.until(lambda one: isinstance(one, MembersChanged) and len(ana.state.current.members) == 2)
        yield ana, maria


Pair = tuple[Guest, Guest]


async def test_they_talk(pair: Pair) -> None:
    ana, maria = pair
    ana.types("hello maria lópez")
    entry = await maria.sees("hello")
    assert (entry.nick, entry.is_mention, entry.is_own) == ("Ana", True, False)
    own = await ana.sees("hello")
    assert (own.is_own, own.msgid) == (True, entry.msgid)
    assert entry.msgid


async def test_several_lines_stay_one_message(pair: Pair) -> None:
    ana, maria = pair
    text = "one\n\n  two\n" + "word " * 300 + "end"
    ana.types(text)
    assert (await maria.sees("one")).text == text
    assert (await ana.sees("one")).text == text


async def test_a_whisper_reaches_one_person_only(pair: Pair, host: Serving) -> None:
    ana, maria = pair
    async with guest(host, "Ben") as ben:
        ana.types("/msg maria lópez psst")
        assert (await maria.sees("psst")).kind is EntryKind.WHISPER
        ana.types("fence")
        await ben.sees("fence")
        assert "psst" not in ben.watcher.texts


async def test_an_answer_a_reaction_and_a_deletion(pair: Pair) -> None:
    ana, maria = pair
    ana.types("coffee?")
    question = await maria.sees("coffee?")
    maria.types("/reply yes")
    assert (await ana.sees("yes")).reply_to == question.msgid
    maria.types("/react 👍")
    own = await ana.sees("coffee?")
    assert (await ana.sees_changed(own.serial)).reactions == (Reaction("👍", ("Maria_López",)),)
    maria.types("/delete")
    answer = await ana.sees("yes")
    assert (await ana.sees_changed(answer.serial)).is_deleted


async def test_nobody_deletes_what_somebody_else_said(pair: Pair) -> None:
    ana, maria = pair
    ana.types("mine")
    await maria.sees("mine")
    maria.types("/delete Ana")
    await maria.watcher.until(lambda one: getattr(getattr(one, "entry", None), "kind", None) is EntryKind.ERROR)
    assert not any(isinstance(change, EntryChanged) for change in ana.watcher.seen)


async def test_typing_shows(pair: Pair) -> None:
    ana, maria = pair
    maria.conversation.typing("he")
    await ana.watcher.until(lambda one: isinstance(one, TypingChanged))
    assert len(ana.state.current.typing) == 1
    maria.types("hello")
    await ana.sees("hello")
    assert ana.state.current.typing == {}


async def test_names_topic_and_away(pair: Pair) -> None:
    ana, maria = pair
    maria.types("/nick Mary Ann")
    await ana.watcher.until(lambda one: getattr(one, "new", "") == "Mary_Ann")
    maria.types("/away lunch")
    await maria.sees("You are marked as away.")
    ana.types("/whois mary ann")
    assert "\n  away: lunch" in (await ana.sees("Mary Ann")).text
    member = ana.state.current.member("Mary_Ann")
    assert member is not None
    assert member.is_away
    assert ana.state.current.title == "Line 3"


async def test_an_operator_sets_the_topic_and_removes_somebody(pair: Pair) -> None:
    ana, maria = pair
    ana.types("/oper chief sesame")
    await ana.sees("You may moderate now.")
    ana.types("/topic Shift B")
    await maria.watcher.until(lambda one: isinstance(one, TopicChanged) and maria.state.current.topic == "Shift B")
    ana.types("/kick Maria López no flooding")
    assert (await maria.sees("no flooding")).is_mention
    assert not maria.state.current.is_joined


async def test_another_room_is_opened_and_left(pair: Pair) -> None:
    ana, maria = pair
    ana.types("/join Night watch")
    await ana.watcher.until(lambda one: getattr(one, "channel", "") == "#Night-watch")
    ana.types("/invite Maria López")
    assert (
        await maria.sees("invites you")
    ).text == "Ana invites you to Night-watch. Type /join Night-watch to go there."
    maria.types("/join Night-watch")
    await maria.watcher.until(lambda one: getattr(one, "channel", "") == "#Night-watch")
    ana.types("/part")
    await ana.watcher.until(lambda one: "#night-watch" not in ana.state.channels)
    assert ana.state.current.name == "#Line-3"


async def test_who_comes_late_sees_what_was_said(pair: Pair, host: Serving) -> None:
    ana, maria = pair
    ana.types("first\nof two lines")
    ana.types("second")
    await maria.sees("second")
    async with guest(host, "Ben") as ben:
        replayed = [(entry.text, entry.is_replayed) for entry in ben.state.current.entries if entry.is_spoken]
        assert replayed == [("first\nof two lines", True), ("second", True)]


async def test_a_name_comes_back_when_its_ghost_is_gone(host: Serving) -> None:
    ghost = host.peer().register("Ana", channel=ROOM.channel)
    async with guest(host, "Ana") as ana:
        assert ana.state.nick == "Ana2"
        ghost.send("QUIT")
        await ana.watcher.until(lambda one: getattr(one, "new", "") == "Ana")
    ghost.sock.close()


async def test_one_person_at_two_terminals_is_one_member(host: Serving) -> None:
    async with guest(host, "Ana") as here, guest(host, "Ana") as there:
        assert (here.state.nick, there.state.nick) == ("Ana", "Ana")
        here.types("said here")
        assert (await there.sees("said here")).is_own
        assert len(there.state.current.members) == 1


async def test_after_a_drop_the_name_taken_last_is_back_at_once_beside_its_ghost(host: Serving) -> None:
    async with radio(host) as (way, port), guest(host, "Ana", port) as ana, guest(host, "Ben") as ben:
        ana.types("/nick Anna")
        await ana.watcher.until(lambda one: getattr(one, "new", "") == "Anna")
        way.cut()
        ana.types("back again")
        assert (await ben.sees("back again")).nick == "Anna"
        assert ana.state.nick == "Anna"
        people = [entry.text for entry in ben.state.current.entries if "left" in entry.text or "joined" in entry.text]
        assert people == []


async def test_who_takes_another_name_at_one_terminal_comes_back_under_it_at_the_other(host: Serving) -> None:
    async with radio(host) as (way, port), guest(host, "Ana") as here, guest(host, "Ana", port) as there:
        here.types("/nick Anna")
        await there.watcher.until(lambda one: getattr(one, "new", "") == "Anna")
        way.cut()
        there.types("still me")
        assert (await here.sees("still me")).is_own
        assert there.state.nick == "Anna"
        assert list(host.call(lambda: dict(host.server.chat.network.users))) == ["anna"]


async def test_a_name_of_before_can_be_taken_again(host: Serving) -> None:
    async with guest(host, "Ana") as ana:
        for name in ("Anna", "Ana", "ANA"):
            ana.types(f"/nick {name}")
            await ana.watcher.until(lambda one, name=name: getattr(one, "new", "") == name)  # type: ignore[misc]
        assert host.call(lambda: sorted(one.name for one in host.server.chat.network.accounts.all())) == ["Ana", "Anna"]


async def test_a_name_that_got_free_is_owned_from_then_on(host: Serving) -> None:
    ghost = host.peer().register("Ana", channel=ROOM.channel)
    async with guest(host, "Ana") as ana:
        ghost.send("QUIT")
        await ana.watcher.until(lambda one: getattr(one, "new", "") == "Ana")
        ana.types("it is me")
        await ana.sees("it is me")
        find = host.server.chat.network.accounts.find
        await asyncio.to_thread(host.wait_until, lambda: find("Ana") is not None)
    ghost.sock.close()


async def test_everything_a_pipe_says_is_confirmed(pair: Pair) -> None:
    ana, maria = pair
    for number in range(200):
        await ana.conversation.wait_for_space()
        ana.types(f"line {number}")
    async with asyncio.timeout(DEADLINE_S):
        await ana.conversation.said()
    await maria.sees("line 199")
    assert ana.conversation.undelivered == []
    said = [entry.text for entry in maria.state.current.entries if entry.is_spoken]
    assert said == [f"line {number}" for number in range(200)]


async def test_what_arrived_and_what_did_not_is_there_once_each_after_a_cut(host: Serving) -> None:
    """The echo of the first was lost with the connection; the others were said while there was none."""
    async with radio(host) as (way, port), guest(host, "Maria") as maria, guest(host, "Ana", port) as ana:
        ana.types("first of all")
        await ana.sees("first of all")
        way.is_deaf = True
        ana.types("arrived")
        ana.types("two\nlines")
        await maria.sees("lines")
        way.cut()
        assert (await ana.sees("arrived")).delivery is Delivery.CUT_OFF
        ana.types("arrived")  # the same words again, offline
        ana.types("/me waves")
        maria.types("are you there?")
        way.is_deaf = False
        await maria.sees("waves")
        await ana.watcher.until(lambda _: all(one.delivery is Delivery.DONE for one in ana.state.current.entries))
        said = ["first of all", "arrived", "two\nlines", "arrived", "waves"]
        for state in (ana.state, maria.state):
            own = [one for one in state.current.entries if one.is_spoken and one.nick == "Ana"]
            assert [one.text for one in own] == said
            assert len({one.msgid for one in own}) == len(said)
        assert ana.conversation.undelivered == []


# ---- Who is the host ----------------------------------------------------------------------------------------------


async def test_who_comes_back_proves_the_name_without_showing_the_secret_and_so_does_the_host(host: Serving) -> None:
    async with guest(host, "Ana"):
        pass
    place = Place(("127.0.0.1",), host.port, ROOM.channel, ROOM.name)
    again = Conversation(place, Person("Ana", secret="secret of Ana", known=("Ana",)))
    await again.connect()
    assert again.state.nick == "Ana"
    assert host.call(lambda: host.server.chat.network.user("Ana").account) == "Ana"  # type: ignore[union-attr]
    await again.close()


async def test_a_host_that_does_not_know_us_is_left(host: Serving) -> None:
    place = Place(("127.0.0.1",), host.port, ROOM.channel, ROOM.name)
    with pytest.raises(UserError, match="does not prove that it knows Ana"):
        await Conversation(place, Person("Ana", secret="secret", known=("Ana",))).connect()
    assert host.call(lambda: host.server.chat.network.accounts.all()) == []
