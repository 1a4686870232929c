"""What the plain screen prints in a pipe after a lost connection."""

import asyncio
import io

import pytest

from lanchat.client.connection.place import Person, Place
from lanchat.client.conversation import Conversation
from lanchat.client.plain.plain import Plain
from lanchat.client.plain.printer import Printer
from lanchat.client.state.changes import LinkStatus, StatusChanged
from tests.client.lines import message


async def test_what_was_missed_is_printed_in_a_pipe_and_what_is_old_is_not() -> None:
    conversation = Conversation(Place(("192.0.2.1",), 8100, "#Line-3", "Line 3"), Person("Ana"))
    out = io.StringIO()
    printer = Printer(out, is_terminal=False)
    plain = Plain(conversation, printer, printer, is_person=False, obeys_commands=False)
    replay = [":host BATCH +r chathistory #Line-3", "@batch=r;msgid={} :Ben!b@h PRIVMSG #Line-3 :{}", ":host BATCH -r"]
    for msgid, text in (("m1", "before I came"), ("m2", "while I was gone")):
        for line in (":Ana!a@h JOIN #Line-3", *replay):
            await conversation.hear(message(line.format(msgid, text)))
    await conversation.close()
    await plain._show()
    assert "while I was gone" in out.getvalue()
    assert "before I came" not in out.getvalue()


def plain_of(conversation: Conversation, out: io.StringIO, notes: io.StringIO, *, is_person: bool) -> Plain:
    printers = Printer(out, is_terminal=False), Printer(notes, is_terminal=False)
    return Plain(conversation, *printers, is_person=is_person, obeys_commands=is_person)


async def outage(*, is_person: bool) -> tuple[list[str], list[str]]:
    """Return what is printed, and noted, where two lines are said offline: the host takes the first and not the second.

    Without the times.
    """
    conversation = Conversation(Place(("192.0.2.1",), 8100, "#Line-3", "Line 3"), Person("Ana"))
    out, notes = io.StringIO(), io.StringIO()
    plain = plain_of(conversation, out, notes, is_person=is_person)
    await conversation.hear(message(":Ana!a@h JOIN #Line-3"))
    conversation.report(StatusChanged(LinkStatus.CONNECTED, "connected"))
    conversation.report(StatusChanged(LinkStatus.LOST, "connection lost (ended), again in 2 s"))
    for text in ("taken", "refused"):
        conversation.say(text)
    conversation.report(StatusChanged(LinkStatus.LOST, "connection lost (ended), again in 1 s"))
    for pending, _ in conversation._sender._outbox.due(lambda _: True, has_labels=True, has_echo=True):
        answer = ":Ana!a@h PRIVMSG #Line-3 taken" if pending.part.text == "taken" else ":host 404 Ana #Line-3 :No"
        await conversation.hear(message(f"@label=say{pending.number} {answer}"))
    await conversation.close()
    await plain._show()
    return [line[6:] for line in out.getvalue().splitlines() if line[2] == ":"], notes.getvalue().splitlines()


async def test_a_person_is_told_once_what_is_not_sent_and_once_what_became_of_it() -> None:
    _, notes = await outage(is_person=True)
    assert [line for line in notes if '"' in line] == [
        '-- Not sent yet: "taken"',
        '-- Not sent yet: "refused"',
        '-- Sent now: "taken"',
        '-- Not delivered: "refused"',
    ]


async def test_a_pipe_gets_the_line_once_it_is_sent() -> None:
    printed, notes = await outage(is_person=False)
    assert [line for line in printed if "Ana" in line] == ["Ana: taken"]
    told = [line for line in notes if "sent" in line and "Your message was not sent" not in line]
    assert told == ["-- There is no connection; what is said is sent as soon as it is back."], "once"


async def left_over(confirmed: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what of twelve lines counts as not sent: one is confirmed each 20 ms, and 100 ms are waited for."""
    monkeypatch.setattr("lanchat.client.plain.plain.DELIVER_WITHIN_S", 0.1)
    conversation = Conversation(Place(("192.0.2.1",), 8100, "#Line-3", "Line 3"), Person("Ana"))
    plain = plain_of(conversation, io.StringIO(), io.StringIO(), is_person=False)
    await conversation.hear(message(":Ana!a@h JOIN #Line-3"))
    for number in range(12):
        conversation.say(f"line {number}")
    conversation._sender._outbox.due(lambda _: True, has_labels=True, has_echo=True)
    delivering = asyncio.create_task(plain._deliver())
    for number in range(confirmed):
        await asyncio.sleep(0.02)
        await conversation.hear(message(f"@label=say{number + 1} :Ana!a@h PRIVMSG #Line-3 :line {number}"))
    await delivering
    await conversation.close()
    return [part.text for part in conversation.undelivered]


async def test_as_long_as_lines_are_taken_a_pipe_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await left_over(12, monkeypatch) == []


async def test_where_no_line_is_taken_any_more_a_pipe_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await left_over(5, monkeypatch) == [f"line {number}" for number in range(5, 12)]
