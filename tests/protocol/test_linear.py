"""Nothing that a peer sends takes longer than its length: no reader looks again and again at the same bytes."""

import time
from collections.abc import Callable
from contextlib import suppress
from itertools import product

import pytest

from lanchat.errors import ProtocolError
from lanchat.limits import MAX_UNENDED_BYTES
from lanchat.protocol.irc_wire import IrcWire
from lanchat.protocol.plain_wire import PlainWire
from lanchat.protocol.sniff import sniff
from lanchat.protocol.web_wire import WebWire
from lanchat.protocol.websocket_wire import WebSocketWire

_LINE_BYTES = MAX_UNENDED_BYTES - 2
_SIZE = 300_000
_AT_MOST_S = 3.0  # for what takes up to 0.6 s on a quiet machine, and took 11 s when a reader was quadratic


def _read_plain(data: bytes) -> None:
    wire = PlainWire("Line 3", "#Line-3")
    wire.receive(b"Ada\r\n")
    wire.receive(data)


def _read_irc(data: bytes) -> None:
    IrcWire().receive(data)


def _read_web(data: bytes) -> None:
    with suppress(ProtocolError):
        WebWire(lambda _: 0).receive(b"GET / HTTP/1.1\r\nHost: a\r\n" + data)


def _read_websocket(data: bytes) -> None:
    WebSocketWire().receive(data)


# each reader with the bytes that it treats specially
READERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "plain": (_read_plain, b"\xff\xfa\xf0\xfbx\x01/"),
    "irc": (_read_irc, b"@:; =\\\xff"),
    "http": (_read_web, b": \r\n\xffx,"),
    "websocket": (_read_websocket, b"\x00\x01\x80\x81\x89\x8a"),
    "first bytes": (sniff, b" @:\r\nH/"),
}


@pytest.mark.parametrize("name", READERS)
def test_any_two_special_bytes_are_read_in_the_time_of_their_number(name: str) -> None:
    read, special = READERS[name]
    for one, other in product(special, repeat=2):
        line = bytes((one, other)) * (_LINE_BYTES // 2) + b"\r\n"
        started = time.thread_time()
        for _ in range(_SIZE // len(line) + 1):
            read(line)
        assert time.thread_time() - started < _AT_MOST_S, (one, other)
