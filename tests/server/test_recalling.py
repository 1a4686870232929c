"""CHATHISTORY through real sockets: answers keep the order of what was asked."""

from tests.server.serving import Serving

CAPS = "draft/chathistory batch message-tags server-time"


def test_what_is_asked_for_comes_before_the_answers_to_later_commands(room: Serving) -> None:
    zoe = room.member("zoe", caps=CAPS)
    zoe.send("PRIVMSG #Line-3 :one", "PART #Line-3", "JOIN #Line-3", "CHATHISTORY LATEST #Line-3 * 9", "PING after")
    before = zoe.until("PONG")
    assert [message.params[-1] for message in before if message.command == "PRIVMSG"] == ["one"]
    assert [message.command for message in before][-3:] == ["BATCH", "PRIVMSG", "BATCH"]


def test_what_is_said_after_it_was_asked_is_not_in_the_answer(room: Serving) -> None:
    zoe = room.member("zoe", caps=f"{CAPS} echo-message")
    zoe.send(*["CHATHISTORY LATEST #Line-3 * 9", "PRIVMSG #Line-3 :later"] * 3)
    told = [message for message in zoe.fence() if message.command == "PRIVMSG"]
    assert ["batch" in message.tags for message in told] == [False, True, False, True, True, False]


def test_who_leaves_while_it_is_looked_up_holds_up_nobody(room: Serving) -> None:
    zoe, ana = room.member("zoe", caps=CAPS), room.member("ana")
    zoe.send("CHATHISTORY LATEST #Line-3 * 9")
    zoe.reset()
    ana.expect("QUIT")
    assert ana.fence() == []
