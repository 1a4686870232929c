"""Conversations whose connection breaks, and comes back."""

import asyncio
import re

import pytest

from lanchat.client.connection.place import Person, Place
from lanchat.client.conversation import Conversation
from lanchat.client.state.changes import ChannelJoined, LinkStatus, Mentioned, StatusChanged
from lanchat.client.state.entries import Delivery, EntryKind
from tests.client.fakehost import DEADLINE_S, MODERN, FakeHost, Visit, Watcher, conversing, lost, tag
from tests.client.lines import message


async def test_a_lost_connection_is_made_again_and_the_room_joined(host: FakeHost) -> None:
    async with conversing(host) as (_, visit, watcher):
        visit.drop()
        assert (await lost(watcher)).text == "connection lost (closed the connection), again in 1 s"
        again = await host.visit()
        await again.welcome()
        await watcher.until(lambda one: one == ChannelJoined("#Line-3", is_again=True))


async def test_what_was_typed_meanwhile_is_sent_afterwards(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, _, watcher):
        await host.stop()
        await lost(watcher)
        conversation.submit("are you there?")
        assert (await watcher.entry("are you there?")).delivery is Delivery.WAITING
        await host.start()
        again = await host.visit()
        await again.welcome(*MODERN)
        assert (await again.expect("PRIVMSG")).endswith("PRIVMSG #Line-3 :are you there?")


async def test_what_was_on_its_way_is_sent_again_unless_it_arrived(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        conversation.submit("arrived")
        conversation.submit("did not")
        await visit.expect("PRIVMSG")
        await visit.expect("PRIVMSG")
        visit.drop()
        replay = (
            ":host BATCH +r chathistory #Line-3",
            "@batch=r;msgid=m7 :Ana!ana@10.0.0.7 PRIVMSG #Line-3 arrived",
            ":host BATCH -r",
        )
        again = await host.visit()
        await again.welcome(*MODERN, replay=replay)
        assert (await again.expect("PRIVMSG")).endswith("PRIVMSG #Line-3 :did not")
        assert (await watcher.delivered("arrived")).is_replayed


def replayed(*lines: str) -> tuple[str, ...]:
    return (":host BATCH +r chathistory #Line-3", *(f"@batch=r;{line}" for line in lines), ":host BATCH -r")


async def test_the_same_text_said_again_is_not_taken_for_the_first_nor_is_what_was_cleared_back(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        conversation.submit("ok")
        label = tag(await visit.expect("PRIVMSG"), "label")
        visit.say(f"@label={label};msgid=m1 :Ana!ana@10.0.0.7 PRIVMSG #Line-3 ok")
        await watcher.entry("ok")
        conversation.submit("/clear")
        conversation.submit("ok")
        await visit.expect("PRIVMSG")
        visit.drop()
        again = await host.visit()
        await again.welcome(*MODERN, replay=replayed("msgid=m1 :Ana!ana@10.0.0.7 PRIVMSG #Line-3 ok"))
        assert (await again.expect("PRIVMSG")).endswith("PRIVMSG #Line-3 :ok")
        spoken = [entry for entry in conversation.state.current.entries if entry.is_spoken]
        assert [(entry.text, entry.msgid) for entry in spoken] == [("ok", "")], "the second, which waits"


async def test_a_whisper_on_its_way_is_not_said_twice_but_told(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        conversation.submit("/msg Ben psst")
        await visit.expect("PRIVMSG Ben")
        visit.drop()
        again = await host.visit()
        await again.welcome(*MODERN)
        await watcher.entry('The connection broke while Ben was sent "psst"; it may not have arrived.')
        conversation.submit("fence")
        assert (await again.expect("PRIVMSG")).endswith("PRIVMSG #Line-3 :fence")
        assert [one.text for one in conversation.undelivered] == ["psst"]


async def test_a_call_missed_while_the_connection_was_lost_rings_once(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (_, visit, watcher):
        visit.say("@msgid=m1 :Ben!b@h PRIVMSG #Line-3 :first")
        await watcher.entry("first")
        for _ in range(2):
            visit.drop()
            lines = ("msgid=m1 :Ben!b@h PRIVMSG #Line-3 :first", "msgid=m2 :Ben!b@h PRIVMSG #Line-3 :Ana, stop it")
            visit = await host.visit()
            await visit.welcome(*MODERN, replay=replayed(*lines))
        visit.say(":Ben!b@h PRIVMSG #Line-3 :fence")
        await watcher.entry("fence")
        rung = [one.entry.text for one in watcher.seen if isinstance(one, Mentioned)]
        assert rung == ["Ana, stop it"]
        assert not any("missing" in text for text in watcher.texts)


async def test_a_hole_that_the_host_does_not_fill_is_told(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (_, visit, watcher):
        visit.say("@msgid=m1;time=2026-03-03T12:05:00.000Z :Ben!b@h PRIVMSG #Line-3 :first")
        await watcher.entry("first")
        visit.drop()
        again = await host.visit()
        await again.welcome(
            *MODERN, replay=replayed("msgid=m90;time=2026-03-03T12:09:00.000Z :Ben!b@h PRIVMSG #Line-3 :later")
        )
        await watcher.entry("later")
        [hole] = [text for text in watcher.texts if "missing" in text]
        assert re.fullmatch(r"Some messages between \d\d:05 and \d\d:09 are missing\.", hole)


async def test_a_key_is_shown_again_when_the_connection_is_back(host: FakeHost) -> None:
    async with conversing(host) as (conversation, visit, watcher):
        conversation.submit("/join Bridge key=sesame")
        await visit.expect("JOIN #Bridge sesame")
        visit.say(":Ana!ana@10.0.0.7 JOIN #Bridge")
        await watcher.until(lambda one: one == ChannelJoined("#Bridge"))
        visit.drop()
        again = await host.visit()
        await again.welcome()
        assert [line for line in again.lines if line.startswith("JOIN")] == ["JOIN #Line-3", "JOIN #Bridge sesame"]


async def test_a_name_chosen_meanwhile_is_the_name_afterwards(host: FakeHost) -> None:
    async with conversing(host) as (conversation, visit, watcher):
        conversation.submit("/nick Zoé")
        await visit.expect("NICK")
        visit.say(":Ana!ana@10.0.0.7 NICK Zoé")
        await watcher.until(lambda change: getattr(change, "new", "") == "Zoé")
        visit.drop()
        again = await host.visit()
        await again.welcome(nick="Zoé")
        assert [message(line).params for line in again.lines if line.startswith("NICK")] == [("Zoé",)]


async def test_the_room_is_looked_for_at_its_new_place(host: FakeHost) -> None:
    async with FakeHost() as new:
        asked: list[Place] = []

        async def relocate(place: Place) -> Place | None:
            asked.append(place)
            return new.place() if len(asked) > 1 else None

        async with conversing(host, relocate=relocate) as (conversation, _, watcher):
            await host.stop()
            again: Visit = await new.visit()
            await again.welcome()
            await watcher.until(lambda one: one == ChannelJoined("#Line-3", is_again=True))
            assert conversation.place.port == new.port
            assert len(asked) == 2
            looked = [one.text for one in watcher.statuses if one.status in (LinkStatus.LOOKING, LinkStatus.LOST)]
            assert looked[:3] == [
                "connection lost (closed the connection), again in 1 s",
                "looking for the room",
                "connection lost (was not found), again in 1 s",
            ]
    await host.start()


async def test_a_host_that_is_full_is_tried_again(host: FakeHost) -> None:
    async with conversing(host) as (_, visit, watcher):
        visit.drop()
        again = await host.visit()
        await again.expect("USER")
        again.say("ERROR :Closing link (full)")
        await (await host.visit()).welcome()
        await watcher.until(lambda one: one == ChannelJoined("#Line-3", is_again=True))


async def test_a_refusal_on_the_way_back_ends_the_conversation(host: FakeHost) -> None:
    async with conversing(host) as (conversation, visit, watcher):
        visit.drop()
        again = await host.visit()
        await again.expect("USER")
        again.say(":host 465 Ana :You are banned")
        await watcher.ended()
        assert conversation.is_over
        assert watcher.statuses[-1] == StatusChanged(LinkStatus.CLOSED, "The host does not let you in: You are banned")


async def test_a_silent_host_is_asked_and_then_given_up(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.client.connection.stream.QUIET_S", 0.05)
    monkeypatch.setattr("lanchat.client.connection.stream.ANSWER_S", 0.05)
    async with conversing(host) as (_, visit, watcher):
        await visit.expect("PING")
        assert "did not answer" in (await lost(watcher)).text


async def test_a_line_without_end_is_not_collected_for_ever(host: FakeHost) -> None:
    async with conversing(host) as (_, visit, watcher):
        visit.say("x" * 20_000)
        assert "a line without end" in (await lost(watcher)).text


async def test_nonsense_of_the_host_is_passed_over(host: FakeHost) -> None:
    async with conversing(host) as (_, visit, watcher):
        visit._writer.write(b"\xff\xfe\r\n\r\n:\r\n@\r\n: PRIVMSG\r\n\x00\r\n@a PRIVMSG\r\n")
        visit.say(":Ben!b@h PRIVMSG #Line-3 :fence")
        await watcher.entry("fence")


async def test_a_ping_of_the_host_is_answered(host: FakeHost) -> None:
    async with conversing(host) as (_, visit, _):
        visit.say("PING :are you there")
        assert await visit.expect("PONG") == "PONG :are you there"


async def test_a_screen_that_takes_nothing_stops_the_reading(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.client.state.backlog.MAX_CHANGES", 10)
    conversation = Conversation(host.place(), Person("Ana"))
    connecting = asyncio.create_task(conversation.connect())
    visit = await host.visit()
    await visit.welcome()
    await asyncio.wait_for(connecting, DEADLINE_S)
    visit.say(*[f":Ben!b@h PRIVMSG #Line-3 :{number}" for number in range(100)])
    visit.say("PING :behind it all")
    watcher = Watcher(conversation)
    await visit.expect("PONG")
    await watcher.entry("99")
    assert len(conversation.state.current.entries) == 100
    await conversation.close()


# ---- at another address ------------------------------------------------------------------------------------------


async def elsewhere(person: Person) -> tuple[Conversation, Visit, Watcher, FakeHost, FakeHost]:
    """Return a conversation whose host was lost, and that finds its room at another one."""
    first, other = FakeHost(), FakeHost()
    await first.start()
    await other.start()

    async def relocate(_place: Place) -> Place | None:
        return other.place()

    conversation = Conversation(first.place(), person, relocate=relocate)
    watcher = Watcher(conversation)
    connecting = asyncio.create_task(conversation.connect())
    visit = await first.visit()
    await visit.welcome()
    await asyncio.wait_for(connecting, DEADLINE_S)
    visit.drop()
    return conversation, await other.visit(), watcher, first, other


async def test_a_room_at_another_address_that_proves_nothing_is_said_to_be_there() -> None:
    conversation, visit, watcher, first, other = await elsewhere(Person("Ana"))
    await visit.welcome()
    await watcher.entry(f"Line 3 is at 127.0.0.1:{other.port} now; nothing proves that it is the same host.")
    await conversation.close()
    await first.stop()
    await other.stop()


async def test_a_room_at_another_address_that_proves_nothing_is_not_given_the_password() -> None:
    conversation, visit, watcher, first, other = await elsewhere(Person("Ana", "the password"))
    assert await visit.ended() == []
    status = await watcher.until(lambda one: "does not prove to be the host" in getattr(one, "text", ""))
    assert isinstance(status, StatusChanged)
    assert conversation.place.port == first.port, "the old place is not forgotten for it"
    await conversation.close()
    await first.stop()
    await other.stop()


async def test_a_hurry_ends_the_pause_and_coming_back_says_after_how_long(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lanchat.client.connection.link.JITTER", 0.0)
    async with conversing(host) as (conversation, visit, watcher):
        conversation._link._pause_s = 1_000.0
        visit.drop()
        assert "again in 1000 s" in (await lost(watcher)).text
        conversation.hurry()
        await (await host.visit()).welcome()
        assert (await watcher.entry("Connected again after 1 s.")).kind is EntryKind.INFO
