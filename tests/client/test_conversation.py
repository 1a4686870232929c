import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.connection.link import Refused
from lanchat.client.connection.place import Person, Place
from lanchat.client.connection.registration import RefusalKind
from lanchat.client.conversation import Conversation
from lanchat.client.speaking.actions import LocalAction
from lanchat.client.state.changes import LinkStatus
from lanchat.client.state.entries import EntryKind
from lanchat.client.words.qr import qr_lines
from lanchat.errors import UserError
from lanchat.protocol.message import Message
from tests.client.fakehost import DEADLINE_S, MODERN, FakeHost, Watcher, conversing, tag
from tests.client.lines import MESSAGES, message

# ---- getting in ---------------------------------------------------------------------------------------------------


async def test_connecting_ends_in_the_room(host: FakeHost) -> None:
    async with conversing(host) as (conversation, visit, _):
        assert conversation.state.current.name == "#Line-3"
        assert [member.nick for member in conversation.state.current.ranked_members()] == ["Ben", "Ana"]
        assert (await visit.expect("WHO")) == "WHO #Line-3"


async def test_leaving_says_goodbye(host: FakeHost) -> None:
    async with conversing(host) as (conversation, visit, watcher):
        await conversation.close("good night")
        assert await visit.ended() == ["WHO #Line-3", "QUIT :good night"]
        await watcher.ended()
        assert watcher.statuses[-1].status is LinkStatus.CLOSED


async def refused(host: FakeHost, *answers: str, person: Person | None = None) -> UserError:
    conversation = Conversation(host.place(), person or Person("Ana"))
    connecting = asyncio.create_task(conversation.connect())
    visit = await host.visit()
    await visit.expect("USER")
    visit.say(*answers)
    with pytest.raises(UserError) as caught:
        await asyncio.wait_for(connecting, DEADLINE_S)
    assert conversation.is_over
    return caught.value


async def test_a_wrong_password_is_told_by_its_kind(host: FakeHost) -> None:
    error = await refused(host, ":host 464 Ana :Password incorrect", "ERROR :Closing", person=Person("Ana", "x"))
    assert isinstance(error, Refused)
    assert (error.kind, str(error)) == (RefusalKind.PASSWORD, "The password is wrong.")


async def test_a_room_that_lets_nobody_in_is_told(host: FakeHost) -> None:
    error = await refused(host, ":host 001 Ana :Hi", ":host 473 Ana #Line-3 :Cannot join channel (+i)")
    assert str(error) == "Line 3 is closed: somebody in it has to invite you."


async def test_a_host_that_hangs_up_is_told(host: FakeHost) -> None:
    conversation = Conversation(host.place(), Person("Ana"))
    connecting = asyncio.create_task(conversation.connect())
    (await host.visit()).drop()
    with pytest.raises(UserError, match=rf"^Line 3 at 127\.0\.0\.1:{host.port} closed the connection\.$"):
        await asyncio.wait_for(connecting, DEADLINE_S)
    assert conversation.is_over


async def test_nobody_there_is_told(host: FakeHost) -> None:
    await host.stop()
    with pytest.raises(UserError, match="refuses connections: nothing listens there"):
        await Conversation(host.place(), Person("Ana")).connect()
    await host.start()


async def test_the_next_address_is_tried_where_the_first_is_silent(host: FakeHost) -> None:
    # 192.0.2.0/24 is for documentation, RFC 5737: nobody is there
    place = Place(("192.0.2.1", "127.0.0.1"), host.port, "#Line-3", "Line 3")
    conversation = Conversation(place, Person("Ana"))
    connecting = asyncio.create_task(conversation.connect())
    await (await host.visit()).welcome()
    await asyncio.wait_for(connecting, DEADLINE_S)
    await conversation.close()


async def test_a_taken_name_is_varied_and_taken_back_later(host: FakeHost) -> None:
    conversation = Conversation(host.place(), Person("Ana"))
    watcher = Watcher(conversation)
    connecting = asyncio.create_task(conversation.connect())
    visit = await host.visit()
    await visit.expect("USER")
    visit.say(":host CAP * LS :", ":host 433 * Ana :Nickname is already in use")
    await visit.expect("NICK Ana2")
    visit.say(":host 001 Ana2 :Welcome")
    await visit.enter("Ana2")
    await asyncio.wait_for(connecting, DEADLINE_S)
    await watcher.entry("You are Ana2, since somebody else here is called Ana; /nick NAME changes it.")
    visit.say(":Ana!x@h QUIT :bye")
    await visit.expect("NICK Ana")
    visit.say(":Ana2!ana@10.0.0.7 NICK Ana")
    await watcher.until(lambda change: getattr(change, "new", "") == "Ana")
    assert conversation.state.nick == "Ana"
    await conversation.close()


async def test_an_attempt_to_get_the_name_back_fails_in_silence(host: FakeHost) -> None:
    conversation = Conversation(host.place(), Person("Ana"))
    watcher = Watcher(conversation)
    connecting = asyncio.create_task(conversation.connect())
    visit = await host.visit()
    await visit.expect("USER")
    visit.say(":host CAP * LS :", ":host 433 * Ana :in use", ":host 001 Ana2 :Welcome")
    await visit.enter("Ana2")
    await asyncio.wait_for(connecting, DEADLINE_S)
    visit.say(":Ana!x@h NICK Zoe")
    await visit.expect("NICK Ana")
    visit.say(":host 433 Ana2 Ana :Nickname is already in use", ":Ben!b@h PRIVMSG #Line-3 :fence")
    await watcher.entry("fence")
    assert not any("taken" in text for text in watcher.texts if "you are" not in text)
    await conversation.close()


@given(st.lists(MESSAGES, max_size=40))
def test_no_message_makes_a_conversation_raise(messages: list[Message]) -> None:
    async def listen() -> None:
        conversation = Conversation(Place(("192.0.2.1",), 8100, "#Line-3", "Line 3"), Person("Ana"))
        conversation.welcomed("Ana", "")
        conversation.submit("hello")
        for one in messages:
            await conversation.hear(one)
        await conversation.close()

    asyncio.run(listen())


# ---- saying -------------------------------------------------------------------------------------------------------


async def test_what_is_said_is_confirmed_by_its_echo(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        assert conversation.submit("hello") == []
        line = await visit.expect("PRIVMSG")
        said = asyncio.create_task(conversation.said())
        visit.say(f"@label={tag(line, 'label')};msgid=m1 :Ana!ana@10.0.0.7 PRIVMSG #Line-3 hello")
        visit.say(f":host PONG host {(await visit.expect('PING')).split()[1]}")
        await asyncio.wait_for(said, DEADLINE_S)
        assert (await watcher.entry("hello")).is_own
        assert conversation.undelivered == []


async def test_without_an_echo_it_is_shown_at_once_and_confirmed_by_a_ping(host: FakeHost) -> None:
    async with conversing(host) as (conversation, visit, watcher):
        conversation.submit("hello")
        assert (await watcher.entry("hello")).is_own
        assert message(await visit.expect("PRIVMSG")).params == ("#Line-3", "hello")
        said = asyncio.create_task(conversation.said())
        for _ in range(2):  # behind the message, and the barrier of `said`
            visit.say(f":host PONG host {(await visit.expect('PING')).split()[1]}")
        await asyncio.wait_for(said, DEADLINE_S)


async def test_what_is_refused_is_undelivered_and_told(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        conversation.submit("hello")
        label = tag(await visit.expect("PRIVMSG"), "label")
        visit.say(f"@label={label} :host 404 Ana #Line-3 :Cannot send to channel (+m)")
        assert (await watcher.entry("Your message was not sent to Line 3")).kind is EntryKind.ERROR
        assert [part.text for part in conversation.undelivered] == ["hello"]


async def test_several_lines_leave_as_a_batch(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, watcher):
        conversation.submit("one\n\n\ttwo")
        opening = await visit.expect("BATCH +")
        await visit.expect("BATCH -")
        assert [message(line).params[1] for line in visit.lines[-4:-1]] == ["one", "", "    two"]
        reference = opening.split()[2].lstrip("+")
        visit.say(
            f"@label={tag(opening, 'label')} :Ana!ana@10.0.0.7 BATCH +{reference} draft/multiline #Line-3",
            f"@batch={reference} :Ana!ana@10.0.0.7 PRIVMSG #Line-3 one",
            f"@batch={reference} :Ana!ana@10.0.0.7 PRIVMSG #Line-3 :two",
            f":Ana!ana@10.0.0.7 BATCH -{reference}",
        )
        assert (await watcher.entry("one\ntwo")).is_own


async def test_a_text_of_many_lines_leaves_whole_and_in_order(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, _):
        conversation.submit("\n".join(f"line {number}" for number in range(250)))
        for _ in range(3):
            await visit.expect("BATCH -")
        said = [message(line).params[1] for line in visit.lines if " PRIVMSG " in line]
        assert said == [f"line {number}" for number in range(250)]


async def test_a_text_that_cannot_wait_to_be_sent_is_kept_whole(host: FakeHost) -> None:
    async with conversing(host) as (conversation, _, watcher):
        text = "\n".join(f"line {number}" for number in range(501))
        assert conversation.messages_for(text) == 0
        conversation.submit(text)
        await watcher.entry("this was not kept")
        assert len(conversation.undelivered) == 501
        assert conversation.history.older("") == text


async def test_typing_is_told_once_in_a_while_and_taken_back(host: FakeHost) -> None:
    async with conversing(host, *MODERN) as (conversation, visit, _):
        for text in ("h", "he", "", "/h", "x"):
            conversation.typing(text)
        conversation.submit("/whois Ben")
        await visit.expect("WHOIS")
        tags = [line.partition(" ")[0] for line in visit.lines if "TAGMSG" in line]
        assert tags == ["@+typing=active", "@+typing=done", "@+typing=active"]


async def test_the_rooms_page_is_shown_as_a_code_for_phones(host: FakeHost) -> None:
    async with conversing(host) as (conversation, _, watcher):
        assert conversation.submit("/qr") == [LocalAction.QR]
        page = f"http://{conversation.place.where}/"
        await watcher.entry("\n".join([f"The page of this host, {page}", *qr_lines(page)]))


async def test_the_bell_and_the_log_are_the_conversations_own(host: FakeHost) -> None:
    async with conversing(host) as (conversation, _, watcher):
        assert conversation.submit("/bell") == [LocalAction.BELL]
        assert not conversation.is_bell_on
        await watcher.entry("The bell is off.")
        assert conversation.submit("/clear") == [LocalAction.CLEAR]
        assert len(conversation.state.current.entries) == 0
        assert conversation.submit("/quit so long") == [LocalAction.QUIT]
        assert conversation.last_words == "so long"


async def test_a_password_for_operators_is_not_kept_among_typed_lines(host: FakeHost) -> None:
    async with conversing(host) as (conversation, visit, _):
        conversation.submit("/oper chief secret")
        conversation.submit("/names")
        await visit.expect("OPER chief secret")
        assert [conversation.history.older(""), conversation.history.older("")] == ["/names", "/names"]


async def test_a_room_one_was_kicked_out_of_takes_no_words(host: FakeHost) -> None:
    async with conversing(host) as (conversation, visit, watcher):
        visit.say(":Ben!b@h KICK #Line-3 Ana :out")
        await watcher.entry("out")
        conversation.submit("hello?")
        await watcher.entry("You are not in Line 3 any more.")


async def test_a_room_one_was_kicked_out_of_is_not_joined_again_by_itself(host: FakeHost) -> None:
    async with conversing(host) as (_, visit, watcher):
        visit.say(":Ana!ana@10.0.0.7 JOIN #Bridge", ":Ben!b@h KICK #Line-3 Ana :out")
        await watcher.entry("out")
        visit.drop()
        again = await host.visit()
        await again.welcome()
        assert [line for line in again.lines if line.startswith("JOIN")] == ["JOIN #Bridge"]
