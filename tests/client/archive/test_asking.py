"""Asking a host page by page: what is asked for when, and what comes of it, without a socket."""

from __future__ import annotations

import pytest

from lanchat.client.archive.asking import Asking, at_of
from lanchat.protocol.message import Message, format_message, parse_message

ENABLED = ("draft/chathistory", "batch", "server-time", "draft/event-playback")
SINCE, UNTIL = 1_700_000_000_000, 1_700_000_060_000
QUESTION = "CHATHISTORY BETWEEN #a {} timestamp=2023-11-14T22:14:20.000Z 100"
FIRST = QUESTION.format("timestamp=2023-11-14T22:13:19.999Z")  # a millisecond earlier, as both ends are left out


def sent(messages: list[Message]) -> list[str]:
    return [format_message(message).decode().removesuffix("\r\n") for message in messages]


def hear(asking: Asking, *lines: str) -> list[str]:
    """Return what is sent after these lines of the host."""
    return [text for line in lines for text in sent(asking.hear(parse_message(line.encode(), 8_191)))]


def entered() -> Asking:
    asking = Asking("#a", SINCE, UNTIL)
    assert sent(asking.begin(ENABLED)) == ["JOIN #a"]
    assert hear(asking, ":h 353 me = #a :me", ":h 366 me #a :End") == [FIRST]
    return asking


def page(reference: str, *msgids: str, is_last: bool = False) -> list[str]:
    tag = "@draft/chathistory-end " if is_last else ""
    lines = [
        f"@batch={reference};msgid={msgid};time=2023-11-14T22:13:2{number % 10}.000Z :b!u@h PRIVMSG #a :{msgid}"
        for number, msgid in enumerate(msgids)
    ]
    return [f"{tag}:h BATCH +{reference} chathistory #a", *lines, f":h BATCH -{reference}"]


def texts(asking: Asking) -> list[list[str]]:
    return [[message.params[1] for message in one.messages] for one in asking.pages]


def test_pages_are_asked_for_behind_the_last_message_until_the_host_tells_the_end() -> None:
    asking = entered()
    assert hear(asking, *page("1", "x-1", "x-2")) == [QUESTION.format("msgid=x-2")]
    assert hear(asking, *page("2", "x-3", is_last=True)) == []
    assert asking.is_done
    assert texts(asking) == [["x-1", "x-2"], ["x-3"]]
    assert at_of(asking.pages[0].messages[1]) == 1_700_000_001_000


@pytest.mark.parametrize("last", [[], ["x-2"]])
def test_a_host_that_tells_no_end_is_asked_until_nothing_new_comes(last: list[str]) -> None:
    asking = entered()
    assert hear(asking, *page("1", "x-1", "x-2")) == [QUESTION.format("msgid=x-2")]
    assert hear(asking, *page("2", *last)) == []
    assert asking.is_done


def test_after_a_lost_connection_it_goes_on_behind_the_last_whole_page() -> None:
    asking = entered()
    hear(asking, *page("1", "x-1"), *page("2", "x-2", "x-3")[:2])
    assert sent(asking.begin(ENABLED)) == ["JOIN #a"]
    assert hear(asking, ":h 366 me #a :End") == [QUESTION.format("msgid=x-1")]
    assert hear(asking, *page("9", "x-2", "x-3", is_last=True)) == []
    assert texts(asking) == [["x-1"], ["x-2", "x-3"]]


def test_other_channels_of_ours_and_what_is_said_now_are_not_in_it() -> None:
    asking = Asking("#a", SINCE, UNTIL)
    asking.begin(ENABLED)
    assert hear(asking, ":h 366 me #b :End", ":h 366 me #A :End", ":h 366 me #a :End") == [FIRST]
    first, *rest = page("1", "x-1", is_last=True)
    now = ["@msgid=n :b!u@h PRIVMSG #a :now", ":b!u@h PRIVMSG me :to me"]
    other = [":h BATCH +z netsplit a b", "@batch=z :b!u@h QUIT :gone"]
    assert hear(asking, first, *now, *other, *rest) == []
    assert texts(asking) == [["x-1"]]


def test_several_lines_are_one_message_and_reactions_stand_apart() -> None:
    asking = entered()
    hear(
        asking,
        "@draft/chathistory-end :h BATCH +1 chathistory #a",
        "@batch=1;msgid=x-1;+lanchat/priority=5 :b!u@h BATCH +2 draft/multiline #a",
        "@batch=2 :b!u@h PRIVMSG #a :one",
        "@batch=2 :b!u@h PRIVMSG #a :two",
        "@batch=2;draft/multiline-concat :b!u@h PRIVMSG #a :three",
        "@batch=1 :h BATCH -2",
        "@batch=1;draft/chathistory-context;msgid=x-5;+reply=x-1;+draft/react=y :c!u@h TAGMSG #a",
        "@batch=1;msgid=x-2;+reply=x-0;+draft/react=y :c!u@h TAGMSG #a",
        ":h BATCH -1",
    )
    (one,) = asking.pages
    assert [message.params[1] for message in one.messages] == ["one\ntwothree"]
    assert one.messages[0].tags["+lanchat/priority"] == "5"
    assert [message.tags["msgid"] for message in one.reactions] == ["x-5", "x-2"]


def test_a_page_of_reactions_only_is_gone_on_behind() -> None:
    asking = entered()
    lines = [":h BATCH +1 chathistory #a", "@batch=1;msgid=x-2;+reply=x-0 :c!u@h TAGMSG #a", ":h BATCH -1"]
    assert hear(asking, *lines) == [QUESTION.format("msgid=x-2")]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (":h 474 me #a :Cannot join channel (+b)", "Cannot join channel (+b)"),
        (":h 403 me #a :No such channel", "No such channel"),
        (
            ":h FAIL CHATHISTORY MESSAGE_ERROR BETWEEN #a :It could not be looked up\x1b[2J",
            "It could not be looked up[2J",
        ),
    ],
)
def test_why_nothing_can_be_read_is_told(line: str, why: str) -> None:
    asking = Asking("#a", SINCE, UNTIL)
    asking.begin(ENABLED)
    hear(asking, line)
    assert asking.failure == why


def test_a_host_without_a_history_is_told_of() -> None:
    asking = Asking("#a", SINCE, UNTIL)
    assert asking.begin(("batch", "server-time")) == []
    assert asking.failure == "This host has no history that can be asked for."


def test_a_host_that_sends_without_end_is_not_listened_to() -> None:
    asking = entered()
    hear(asking, ":h BATCH +1 chathistory #a", *["@batch=1;msgid=x :b!u@h PRIVMSG #a :x"] * 1_001)
    assert asking.failure == "It sends more than it was asked for."
