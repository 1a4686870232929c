import asyncio
import os

from lanchat.client.plain.typing_in import MAX_LINE_CHARS, ask_line, is_terminal, typed_lines
from lanchat.client.speaking.typing_out import AGAIN_S, TypingNotice

DEADLINE_S = 20.0


async def read(*chunks: bytes) -> list[str]:
    ours, theirs = os.pipe()
    try:
        for chunk in chunks:
            os.write(theirs, chunk)
        os.close(theirs)
        async with asyncio.timeout(DEADLINE_S):
            return [line async for line in typed_lines(ours)]
    finally:
        os.close(ours)


async def test_lines_come_without_their_ends() -> None:
    assert await read(b"one\ntw", b"o\r\n\nlast") == ["one", "two", "", "last"]


async def test_nothing_is_no_line() -> None:
    assert await read() == []


async def test_a_character_may_come_in_two_pieces() -> None:
    assert await read(b"Zo\xc3", b"\xa9\n") == ["Zoé"]


async def test_what_is_not_utf8_is_replaced() -> None:
    assert await read(b"\xff\n") == ["\ufffd"]


async def test_a_line_without_end_comes_in_pieces() -> None:
    lines = await read(b"x" * (MAX_LINE_CHARS + 10_000))
    assert [len(line) for line in lines] == [MAX_LINE_CHARS, 10_000]


async def test_a_descriptor_that_is_not_there_is_an_end() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    os.close(theirs)
    async with asyncio.timeout(DEADLINE_S):
        assert [line async for line in typed_lines(ours)] == []
    assert not is_terminal(ours)
    assert ask_line(ours) is None


def test_one_line_is_asked_for() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, "zoé\n".encode())
    os.close(theirs)
    assert [ask_line(ours), ask_line(ours)] == ["zoé", None]
    os.close(ours)


def test_typing_is_told_again_only_after_a_while() -> None:
    notice = TypingNotice()
    told = [notice.due("hello", at_s) for at_s in (100.0, 101.0, 100.0 + AGAIN_S)]
    assert told == ["active", "", "active"]


def test_after_sending_nothing_is_taken_back() -> None:
    notice = TypingNotice()
    notice.due("hello", 100.0)
    notice.sent()
    assert [notice.due("", 101.0), notice.due("again", 101.0)] == ["", "active"]
