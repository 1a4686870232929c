"""Hosts that answer questions about what was said before in their own way, late, or not at all."""

import asyncio

from lanchat.client.connection.place import Person
from lanchat.client.conversation import Conversation
from lanchat.client.state.changes import ChannelJoined
from tests.client.fakehost import DEADLINE_S, MODERN, FakeHost, Visit, Watcher, conversing, lost, tag

KEEPS = (*MODERN, "draft/chathistory")
BEN = ":Ben!b@h PRIVMSG #Line-3"


async def answered(visit: Visit, *lines: str, question: str = "CHATHISTORY") -> str:
    """Answer a question in a batch, and the barrier behind it; return the question."""
    asked = await visit.expect(question)
    label = tag(asked, "label")
    visit.say(f"@label={label};draft/chathistory-end BATCH +p chathistory #Line-3")
    visit.say(*(f"@batch=p;{line}" for line in lines), "BATCH -p")
    visit.say(f":host PONG host {(await visit.expect('PING')).split()[1]}")
    return asked.partition(" ")[2]


class Entered:
    """Somebody in Line 3 of a host that keeps what is said; both ends."""

    def __init__(self, host: FakeHost) -> None:
        self.host = host
        self.conversation = Conversation(host.place(), Person("Ana"))
        self.watcher = Watcher(self.conversation)

    async def __aenter__(self) -> "Entered":
        self.connecting = asyncio.create_task(self.conversation.connect())
        self.visit = await self.host.visit()
        await self.visit.welcome(*KEEPS)
        return self

    async def entered(self) -> None:
        async with asyncio.timeout(DEADLINE_S):
            await self.connecting

    async def __aexit__(self, *_: object) -> None:
        await self.conversation.close()
        await self.watcher.ended()
        self.connecting.cancel()

    @property
    def texts(self) -> list[str]:
        return [entry.text for entry in self.conversation.state.current.entries if entry.is_spoken]


async def test_the_question_follows_the_join_and_what_is_said_meanwhile_its_answer(host: FakeHost) -> None:
    async with Entered(host) as ana:
        ana.visit.say(f"@msgid=m3 {BEN} :live", f"@msgid=m4 {BEN} :later")
        asked = await answered(ana.visit, f"msgid=m1 {BEN} :one", f"msgid=m2 {BEN} :two", f"msgid=m3 {BEN} :live")
        assert asked == "CHATHISTORY LATEST #Line-3 * 100"
        await ana.entered()
        assert ana.texts == ["one", "two", "live", "later"]
        is_old = {entry.text: entry.is_old for entry in ana.conversation.state.current.entries}
        assert (is_old["two"], is_old["live"]) == (True, False)


async def test_a_host_that_leaves_the_question_unanswered_is_not_waited_for(host: FakeHost) -> None:
    async with Entered(host) as ana:
        await ana.visit.expect("CHATHISTORY")
        ana.visit.say(f"{BEN} :live", f":host PONG host {(await ana.visit.expect('PING')).split()[1]}")
        await ana.entered()
        assert ana.texts == ["live"]
        ana.conversation.submit("hello")
        await ana.visit.expect("PRIVMSG")


async def test_a_host_that_refuses_the_question_shows_no_error(host: FakeHost) -> None:
    async with Entered(host) as ana:
        label = tag(await ana.visit.expect("CHATHISTORY"), "label")
        ana.visit.say(f"@label={label} FAIL CHATHISTORY INVALID_TARGET LATEST #Line-3 :Messages could not be retrieved")
        ana.visit.say(f":host PONG host {(await ana.visit.expect('PING')).split()[1]}")
        await ana.entered()
        assert not any("retrieved" in text for text in ana.watcher.texts)


async def test_who_comes_and_goes_meanwhile_is_known_afterwards(host: FakeHost) -> None:
    async with Entered(host) as ana:
        ana.visit.say(":Cy!c@h JOIN #Line-3", ":Dee!d@h JOIN #Line-3", ":Cy!c@h QUIT", ":Dee!d@h NICK Dora")
        await answered(ana.visit, f"msgid=m1 {BEN} :one")
        await ana.entered()
        names = {member.nick for member in ana.conversation.state.current.members.values()}
        assert names == {"Ana", "Ben", "Dora"}


async def test_a_connection_lost_in_the_middle_of_it_begins_again_from_what_was_heard(host: FakeHost) -> None:
    async with Entered(host) as ana:
        await answered(ana.visit, f"msgid=m1;time=2026-03-03T12:00:00.000Z {BEN} :one")
        await ana.entered()
        ana.visit.drop()
        again = await host.visit()
        await again.welcome(*KEEPS)
        await again.expect("CHATHISTORY TARGETS")
        again.say(f"@msgid=m9 {BEN} :live, and lost with the connection", "@batch=none PING x")
        await again.expect("PONG")
        again.drop()
        third = await host.visit()
        await third.welcome(*KEEPS)
        await answered(third, question="CHATHISTORY TARGETS")
        asked = await answered(third, f"msgid=m2 {BEN} :two", f"msgid=m9 {BEN} :live, and lost with the connection")
        assert asked == "CHATHISTORY AFTER #Line-3 msgid=m1 100"
        await ana.watcher.entry("live, and lost")
        assert ana.texts == ["one", "two", "live, and lost with the connection"]


async def test_a_room_joined_later_is_caught_up_with_by_itself(host: FakeHost) -> None:
    async with Entered(host) as ana:
        await answered(ana.visit)
        await ana.entered()
        ana.conversation.submit("/join Bridge")
        await ana.visit.expect("JOIN #Bridge")
        ana.visit.say(":Ana!a@h JOIN #Bridge", f"{BEN} :in the other room")
        asked = await answered(ana.visit, "msgid=b1 :Ben!b@h PRIVMSG #Bridge :old on the bridge")
        assert asked == "CHATHISTORY LATEST #Bridge * 100"
        await ana.watcher.until(lambda one: one == ChannelJoined("#Bridge"))
        await ana.watcher.entry("in the other room")
        assert ana.texts == ["old on the bridge"]
        assert ana.conversation.state.current.read_s == ana.conversation.state.current.last_spoken_s > 0


async def test_a_refusal_for_now_is_no_end_and_a_message_kept_no_longer_is_one(host: FakeHost) -> None:
    async with Entered(host) as ana:
        asked = await ana.visit.expect("CHATHISTORY")
        ana.visit.say(f"@label={tag(asked, 'label')} BATCH +p chathistory #Line-3", f"@batch=p;msgid=m5 {BEN} :five")
        ana.visit.say("BATCH -p", f":host PONG host {(await ana.visit.expect('PING')).split()[1]}")
        await ana.entered()
        log = ana.conversation.state.current.entries
        for code, is_whole in (("MESSAGE_ERROR", False), ("INVALID_TARGET", False), ("UNKNOWN_MSGID", True)):
            ana.conversation.past.load_older(ana.conversation.state.current)
            asked = await ana.visit.expect("CHATHISTORY BEFORE #Line-3 msgid=m5 100")
            ana.visit.say(
                f"@label={tag(asked, 'label')} FAIL CHATHISTORY {code} BEFORE #Line-3 :No", f"{BEN} :after {code}"
            )
            await ana.watcher.entry(f"after {code}")
            assert log.is_whole == is_whole


async def test_pages_of_what_makes_no_entry_are_passed_over(host: FakeHost) -> None:
    async with Entered(host) as ana:
        asked = await ana.visit.expect("CHATHISTORY")
        ana.visit.say(f"@label={tag(asked, 'label')} BATCH +p chathistory #Line-3", f"@batch=p;msgid=m5 {BEN} :five")
        ana.visit.say("BATCH -p", f":host PONG host {(await ana.visit.expect('PING')).split()[1]}")
        await ana.entered()
        ana.conversation.past.load_older(ana.conversation.state.current)
        for msgid, line in (
            ("m5", ":Ben!b@h TAGMSG #Line-3"),
            ("m4", ":Ben!b@h MODE #Line-3 +m"),
            ("m3", f"{BEN} :two"),
        ):
            asked = await ana.visit.expect(f"CHATHISTORY BEFORE #Line-3 msgid={msgid} 100")
            older = f"m{int(msgid[1]) - 1}"
            ana.visit.say(
                f"@label={tag(asked, 'label')} BATCH +q chathistory #Line-3", f"@batch=q;msgid={older} {line}"
            )
            ana.visit.say("BATCH -q")
        ana.visit.say(f"{BEN} :fence")
        await ana.watcher.entry("fence")
        assert ana.texts == ["two", "five", "fence"]


async def test_a_host_that_keeps_what_is_said_but_knows_no_labels_is_left_to_replay_it(host: FakeHost) -> None:
    offered = [name for name in KEEPS if name != "labeled-response"]
    async with conversing(host, *offered) as (_, visit, _watcher):
        asked = next(line for line in visit.lines if line.startswith("CAP REQ"))
        assert "draft/chathistory" not in asked
        assert "echo-message" in asked


async def test_what_was_missed_and_cannot_be_had_is_told(host: FakeHost) -> None:
    async with Entered(host) as ana:
        await answered(ana.visit, f"msgid=m1;time=2026-03-03T12:05:00.000Z {BEN} :one")
        await ana.entered()
        ana.visit.drop()
        await lost(ana.watcher)
        again = await host.visit()
        await again.welcome(*KEEPS)
        await answered(again, question="CHATHISTORY TARGETS")
        label = tag(await again.expect("CHATHISTORY AFTER"), "label")
        again.say(
            f"@label={label} FAIL CHATHISTORY UNKNOWN_MSGID AFTER #Line-3 msgid=m1 :No such message is kept there"
        )
        asked = await answered(
            again, f"msgid=m7;time=2026-03-03T12:09:00.000Z {BEN} :seven", question="CHATHISTORY LATEST"
        )
        assert asked == "CHATHISTORY LATEST #Line-3 * 100"
        await ana.watcher.entry("seven")
        assert sum("are missing." in text for text in ana.watcher.texts) == 1
