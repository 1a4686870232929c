"""What is fuzzed: one function a target, which raises for bytes that break a promise, and bytes to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from lanchat.chat.state.eras import Eras
from lanchat.chat.state.folding import phrases
from lanchat.chat.state.history import Event, Kind, Query, Sought
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.client.state.apply import apply
from lanchat.client.state.state import ClientState
from lanchat.discovery.probe import ProbeError, read_answer
from lanchat.errors import LineTooLong, ProtocolError, WireEnded
from lanchat.limits import MAX_TAG_BYTES, MAX_UNENDED_BYTES
from lanchat.protocol.capabilities import CAPABILITIES
from lanchat.protocol.irc_wire import IrcWire, Wire
from lanchat.protocol.message import Message, format_message, parse_message
from lanchat.protocol.plain_wire import PlainWire
from lanchat.protocol.text import clean, is_harmful
from lanchat.protocol.web_wire import Response, WebWire
from lanchat.protocol.websocket_wire import WebSocketWire
from lanchat.store.history import StoredHistory
from tests.chat.rig import Client, Rig

_MAX_SHOWN = 10_000  # entries of one channel that a client keeps, with room to spare
_ALL = " ".join(CAPABILITIES)


def pieces(data: bytes) -> Iterator[bytes]:
    """Cut bytes into pieces as a network does: each first byte says how long the piece behind it is."""
    while data:
        size = data[0] + 1
        yield data[1 : size + 1]
        data = data[size + 1 :]


def _receive(wire: Wire, data: bytes) -> None:
    for piece in pieces(data):
        try:
            received = wire.receive(piece)
        except LineTooLong:
            return
        assert all(isinstance(one, Message | ProtocolError) for one in received)
        for one in received:
            if isinstance(one, Message):
                assert one.command
        assert len(wire.answer()) < MAX_UNENDED_BYTES


def irc_wire(data: bytes) -> None:
    """What an IRC client sends is messages and errors, and a message is written as it can be read again."""
    _receive(IrcWire(), data)
    try:
        message = parse_message(data, MAX_TAG_BYTES)
        line = format_message(message)
    except ProtocolError:
        return
    if message.command.isalnum():  # others are unknown commands, which nobody relays
        assert parse_message(line.removesuffix(b"\r\n"), len(line)) == message


def plain_wire(data: bytes) -> None:
    """What somebody types at nc is messages that a wire can carry."""
    wire = PlainWire("Line 3", "#Line-3", is_password_needed=bool(data[:1] > b"\x7f"))
    _receive(wire, data)
    for message in wire.receive_pause():
        assert isinstance(message, Message)
        format_message(message)


def web_wire(data: bytes) -> None:
    """What a browser sends is a request, an error with an answer, or not whole yet."""
    wire = WebWire(lambda _: 100)
    for piece in pieces(data):
        try:
            request = wire.receive(piece)
            while request:
                assert request.method
                wire.encode(Response(200, "text/plain", b"hello"))
                request = None if wire.is_over else wire.receive(b"")
        except ProtocolError:
            wire.encode(Response(400, "text/plain", b"no"), is_last=True)
            return


def websocket_wire(data: bytes) -> None:
    """Frames of whatever kind are messages, errors or the end, and the peer is told in whole frames."""
    wire = WebSocketWire(is_binary=bool(data[:1] > b"\x7f"))
    for piece in pieces(data):
        received = wire.receive(piece)
        assert all(isinstance(one, Message | ProtocolError) for one in received)
        assert not any(isinstance(one, WireEnded) for one in received[:-1])
        wire.answer()
    assert wire.farewell()[0] == 0x88  # FIN and Close; RFC 6455, section 5.2


def chat(data: bytes) -> None:
    """The chat never raises, and whatever it says can be read by those whom it is said to."""
    rig = Rig(operators={"root": "toor"})
    clients = [rig.client("alice", caps=_ALL, account="alice"), rig.client("bob"), rig.client()]
    clients.append(rig.client(wire=PlainWire("Line 3", "#Line-3")))
    clients[0].send("JOIN #a", "MODE #a +b carol", "PRIVMSG #a :said")
    for line in data.split(b"\n"):
        who = clients[line[0] % len(clients)] if line else clients[0]
        who.send(line[1:])
        for client in clients:
            _read_all(client)
    rig.tick(100)
    for client in clients:
        client.drop()
    assert not rig.network.users
    assert not rig.network.sessions


def _read_all(client: Client) -> None:
    *lines, rest = client.raw.split(b"\r\n")
    client.raw = b""
    assert rest == b""
    for line in lines:
        if isinstance(client.session.wire, IrcWire):
            parse_message(line, MAX_TAG_BYTES)
        else:
            assert clean(line.decode()) == line.decode()


def search(data: bytes) -> None:
    """Whatever is asked, of whatever was said, is no language to anybody: a file finds what memory finds."""
    asked, *texts = data.decode("utf-8", "ignore").split("\n")
    with TemporaryDirectory() as folder, closing(StoredHistory(Path(folder), "run")) as stored:
        memory = MemoryHistory("run", eras=Eras((), "run", stored.last_id + 1))
        for text in texts[:100]:
            stamp = stored.stamp(1_700_000_000.0)
            event = Event(*stamp, "visit 1", Message("PRIVMSG", ("#a", text), "zoe!u@h", {"msgid": stamp.msgid}))
            stored.record(["room 1"], event)
            memory.record(["room 1"], event)
        assert stored.commit() is None
        query = Query(Kind.SEARCH, ("room 1",), 100, until=stored.last_id, sought=Sought(phrases(asked)))
        with closing(stored.open_reader()) as reader:
            found, expected = reader.answer(query), memory.answer(query)
    assert expected
    assert [event.id for event in found.events] == [event.id for event in expected.events]


def client(data: bytes) -> None:
    """Whatever a host says, the client's state takes it, keeps its bounds, and holds nothing that steers a terminal."""
    state = ClientState(nick="zoe")
    for line in data.split(b"\n"):
        try:
            message = parse_message(line, MAX_TAG_BYTES)
        except ProtocolError:
            continue
        apply(state, message, 1_700_000_000.0)
    for channel in [state.lobby, *state.channels.values()]:
        assert len(channel.entries) <= _MAX_SHOWN
        for entry in channel.entries:
            assert not any(is_harmful(char) for char in entry.text if char != "\n"), entry


def probe(data: bytes) -> None:
    """An answer to a probe is rooms, or no room; their names are safe to show."""
    for answer in (data, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(data), data)):
        try:
            rooms = read_answer(answer, "10.0.0.5", 8100)
        except ProbeError:
            continue
        for room in rooms:
            assert clean(room.name) == room.name
            assert clean(room.topic) == room.topic


@dataclass(frozen=True, slots=True)
class Target:
    """A function that must not raise, and bytes that are known to reach far into it."""

    run: Callable[[bytes], None]
    seeds: list[bytes] = field(default_factory=list)


_ROOM = b'{"id":"00112233445566ff","name":"Line 3","channel":"#Line-3","members":2,"rooms":[{"id":1}]}'

TARGETS: dict[str, Target] = {
    "irc_wire": Target(irc_wire, [b"\x20@label=1;+a=b\\: :zoe!u@h PRIVMSG #a :hi\r\n", b"\xff" + b"x" * 255]),
    "plain_wire": Target(
        plain_wire, [b"\x09hi\nzoe\n/me x\n", b"\x20\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0zoe\r\0", b"\xff\xff\xfa\n"]
    ),
    "web_wire": Target(
        web_wire, [b"\x80GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x80POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"]
    ),
    "websocket_wire": Target(
        websocket_wire, [b"\x20\x81\x84\0\0\0\0PING", b"\x20\x01\x82\0\0\0\0hi\x80\x80\0\0\0\0\x88\x80\0\0\0\0"]
    ),
    "chat": Target(
        chat,
        [
            b"\x00BATCH +1 draft/multiline #a\n\x00@batch=1 PRIVMSG #a :x\n\x00BATCH -1",
            b"\x02NICK carol\n\x02USER c 0 * :c\n\x02JOIN #a\n\x01WHO * %tcuihsnfdlaor,1\n\x03hello\n\x03dora",
            b"\x00MODE #a +bk-l+o *!*@* key bob\n\x01LIST <5,!*a*,T>1\n\x00REDACT #a id1",
        ],
    ),
    "search": Target(
        search,
        [
            b'"press four" -x\nPress four: rm -x\nfour press\n',
            '東京 straße*\n東京都の Strassen\nAND OR NOT NEAR( text:\n"'.encode(),
            b"\0*\n\0\n\xef\xbc\x8a",
        ],
    ),
    "client": Target(
        client,
        [
            b":h 001 zoe :hi\n:zoe!u@h JOIN #a\n:h 353 zoe = #a :@bob zoe\n:bob!u@h PRIVMSG #a :zoe: \x1b[2J",
            b":h BATCH +1 chathistory #a\n@batch=1;time=2026-01-01T00:00:00.000Z :b!u@h PRIVMSG #a :x\n:h BATCH -1",
        ],
    ),
    "probe": Target(probe, [_ROOM, b"[" * 2_000, b'{"id":"00112233445566ff","name":"\\ud800\\u001b","channel":"#a"}']),
}
