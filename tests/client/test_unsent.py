"""What is said and not confirmed stands in the log, in its place, and becomes the normal line there."""

import time

import pytest

from lanchat.client.conversation import Conversation
from lanchat.client.state.entries import Delivery, Entry, EntryKind
from lanchat.client.state.heard import OWN_PART
from tests.client.fakehost import MODERN, FakeHost, Visit, conversing, lost, tag

ANA = ":Ana!ana@10.0.0.7"


def spoken(conversation: Conversation) -> list[Entry]:
    return [entry for entry in conversation.state.current.entries if entry.is_spoken]


def texts(conversation: Conversation) -> list[tuple[str, Delivery]]:
    return [(entry.text, entry.delivery) for entry in spoken(conversation)]


def replayed(*lines: str) -> tuple[str, ...]:
    return (":host BATCH +r chathistory #Line-3", *(f"@batch=r;{line}" for line in lines), ":host BATCH -r")


async def back(host: FakeHost, *capabilities: str, replay: tuple[str, ...] = ()) -> Visit:
    await host.start()
    again = await host.visit()
    await again.welcome(*capabilities, replay=replay)
    return again


async def echo(visit: Visit, msgid: str, *, stamp: str = "2030-01-01T00:00:00.000Z") -> str:
    """Confirm the next thing said, as our host does; return its line."""
    line = await visit.expect("PRIVMSG")
    said = line.partition(" ")[2]
    visit.say(f"@label={tag(line, 'label')};msgid={msgid};time={stamp} {ANA} {said}")
    return said


async def test_what_is_said_offline_is_there_at_once_and_becomes_the_echo_in_its_place(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, _, watcher):
        await host.stop()
        await lost(watcher)
        before_s = time.time()
        conversation.submit("one")
        conversation.submit("/me waves")
        conversation.submit("two\nlines")
        waiting = [("one", Delivery.WAITING), ("waves", Delivery.WAITING), ("two\nlines", Delivery.WAITING)]
        assert texts(conversation) == waiting
        said = spoken(conversation)

        again = await back(host, *MODERN, replay=replayed("msgid=m1 :Ben!b@h PRIVMSG #Line-3 :while you were gone"))
        await echo(again, "m2")
        await echo(again, "m3")
        opening = await again.expect("BATCH")
        await again.expect("BATCH")
        again.say(
            f"@label={tag(opening, 'label')};msgid=m4 {ANA} BATCH +b draft/multiline #Line-3",
            f"@batch=b {ANA} PRIVMSG #Line-3 two",
            f"@batch=b {ANA} PRIVMSG #Line-3 lines",
            ":host BATCH -b",
        )
        await watcher.delivered("two\nlines")

        now = spoken(conversation)
        assert texts(conversation) == [(text, Delivery.DONE) for text, _ in waiting] + [
            ("while you were gone", Delivery.DONE)
        ], "each once, in its place"
        assert [entry.msgid for entry in now] == ["m2", "m3", "m4", "m1"]
        assert [entry.at_s for entry in now[:3]] == [entry.at_s for entry in said], "the time it was said"
        assert abs(now[0].at_s - before_s) < 10
        by_id = conversation.state.current.entries.by_msgid("m2")
        assert by_id == now[0], "it can be answered, and taken back"


async def test_what_was_out_when_the_connection_broke_is_shown_and_never_twice(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        conversation.submit("ok")
        conversation.submit("lost on its way")
        await visit.expect("PRIVMSG")
        await visit.expect("PRIVMSG")
        await host.stop()
        await watcher.entry("lost on its way")
        conversation.submit("ok")
        assert texts(conversation) == [
            ("ok", Delivery.CUT_OFF),
            ("lost on its way", Delivery.CUT_OFF),
            ("ok", Delivery.WAITING),
        ]
        again = await back(host, *MODERN, replay=replayed(f"msgid=m1 {ANA} PRIVMSG #Line-3 ok"))
        assert (await echo(again, "m2")).endswith(":lost on its way")
        assert (await echo(again, "m3")).endswith("ok")
        await watcher.until(lambda _: len([one for one in spoken(conversation) if one.msgid]) == 3)
        assert texts(conversation) == [
            ("ok", Delivery.DONE),
            ("lost on its way", Delivery.DONE),
            ("ok", Delivery.DONE),
        ]
        assert [entry.msgid for entry in spoken(conversation)] == ["m1", "m2", "m3"]


async def test_what_the_host_was_just_echoing_when_the_connection_broke_is_not_there_twice(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        await host.stop()
        await lost(watcher)
        conversation.submit("two\nlines")
        visit = await back(host, *MODERN)
        opening = await visit.expect("BATCH")
        visit.say(f"@label={tag(opening, 'label')};msgid=m1 {ANA} BATCH +b draft/multiline #Line-3")
        visit.say(f"@batch=b {ANA} PRIVMSG #Line-3 two", f"{ANA} PRIVMSG #Line-3 fence")
        await watcher.entry("fence")
        visit.drop()
        again = await host.visit()
        inner = (f"@batch=b {ANA} PRIVMSG #Line-3 two", f"@batch=b {ANA} PRIVMSG #Line-3 lines")
        batch = (f"@batch=r;msgid=m1 {ANA} BATCH +b draft/multiline #Line-3", *inner, "@batch=r :host BATCH -b")
        await again.welcome(*MODERN, replay=(":host BATCH +r chathistory #Line-3", *batch, ":host BATCH -r"))
        await watcher.delivered("two\nlines")
        assert texts(conversation) == [("two\nlines", Delivery.DONE), ("fence", Delivery.DONE)]


async def test_what_is_refused_stands_there_as_not_delivered(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, _, watcher):
        await host.stop()
        await lost(watcher)
        conversation.submit("hello")
        again = await back(host, *MODERN)
        label = tag(await again.expect("PRIVMSG"), "label")
        again.say(f"@label={label} :host 404 Ana #Line-3 :Cannot send to channel (+m)")
        await watcher.delivered("hello", Delivery.FAILED)
        assert texts(conversation) == [("hello", Delivery.FAILED)]
        assert [part.text for part in conversation.undelivered] == ["hello"]


async def test_also_what_is_refused_at_once_stays_on_the_screen(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        conversation.submit("a long thought")
        label = tag(await visit.expect("PRIVMSG"), "label")
        visit.say(f"@label={label} :host 404 Ana #Line-3 :Cannot send to channel (+m)")
        assert (await watcher.entry("a long thought")).delivery is Delivery.FAILED


async def test_a_whisper_of_a_broken_connection_says_that_it_may_not_have_arrived(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        conversation.submit("/msg Ben psst")
        await visit.expect("PRIVMSG Ben")
        await host.stop()
        shown = await watcher.entry("psst")
        assert (shown.kind, shown.to, shown.delivery) == (EntryKind.WHISPER, "Ben", Delivery.CUT_OFF)
        await back(host, *MODERN)
        await watcher.delivered("psst", Delivery.DOUBTFUL)


async def test_what_is_never_sent_ends_as_not_delivered(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, _, watcher):
        await host.stop()
        await lost(watcher)
        conversation.submit("hello")
        await conversation.close()
        await watcher.delivered("hello", Delivery.FAILED)
        await host.start()


async def test_where_nothing_is_echoed_it_is_not_there_twice_either(host: FakeHost) -> None:
    async with conversing(host) as (conversation, visit, watcher):
        conversation.submit("on its way")
        await visit.expect("PRIVMSG")
        await host.stop()
        await watcher.delivered("on its way", Delivery.CUT_OFF)
        conversation.submit("offline")
        again = await back(host)
        await again.expect("PRIVMSG")
        again.say(f":host PONG host {(await again.expect('PING')).split()[1]}")
        await again.expect("PRIVMSG")
        again.say(f":host PONG host {(await again.expect('PING')).split()[1]}")
        await watcher.delivered("offline")
        assert texts(conversation) == [("on its way", Delivery.DONE), ("offline", Delivery.DONE)]


async def test_what_takes_long_to_be_confirmed_is_shown_as_on_its_way(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lanchat.client.speaking.showing.SLOW_S", 0.0)
    monkeypatch.setattr("lanchat.client.connection.link.TICK_S", 0.01)
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        conversation.submit("hello")
        assert (await watcher.entry("hello")).delivery is Delivery.UNDER_WAY
        await echo(visit, "m1")
        await watcher.delivered("hello")
        assert texts(conversation) == [("hello", Delivery.DONE)]


async def test_what_was_cleared_does_not_come_back_but_as_its_echo(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, _, watcher):
        await host.stop()
        await lost(watcher)
        conversation.submit("hello")
        conversation.submit("/clear")
        assert texts(conversation) == []
        again = await back(host, *MODERN)
        await echo(again, "m1")
        await watcher.until(lambda _: bool(texts(conversation)))
        assert [(entry.text, entry.msgid) for entry in spoken(conversation)] == [("hello", "m1")]


async def test_a_host_cannot_mark_an_echo_itself(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        visit.say(f"@own\\spart=1;own=1;part=x {ANA} PRIVMSG #Line-3 :from another terminal")
        await watcher.entry("from another terminal")
        assert " " in OWN_PART, "which no tag of a host has"
        assert texts(conversation) == [("from another terminal", Delivery.DONE)]
