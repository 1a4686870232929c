"""What the plain screen prints in a pipe after a lost connection."""

import io

from lanchat.client.connection.place import Person, Place
from lanchat.client.conversation import Conversation
from lanchat.client.plain.plain import Plain
from lanchat.client.plain.printer import Printer
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
