"""Peers that take too much, send too much or send nonsense: each meets its bound, and the others go on."""

import os
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.commands.table import COMMANDS
from lanchat.limits import (
    FLOOD_BURST,
    FLOOD_BURST_OF_ADDRESS,
    MAX_CONNECTIONS_PER_ADDRESS,
    MAX_SENDQ_BYTES,
    MAX_UNENDED_BYTES,
)
from lanchat.protocol.message import Message
from tests.hosting import HostProcess
from tests.server.peer import DEADLINE_S, Peer
from tests.server.serving import Serving

_MIB = 2**20
_NOTICED_S = 1.0  # a person would notice; on a quiet machine the longest wait is some 10 ms
_GARBAGE_BYTES = 10_000_000


@contextmanager
def draining(peers: list[Peer]) -> Iterator[None]:
    """Read everything that comes to these peers, and throw it away."""
    ended, ending = socket.socketpair()
    with ended, ending, selectors.DefaultSelector() as selector:
        for sock in (ended, *(peer.sock for peer in peers)):
            selector.register(sock, selectors.EVENT_READ, sock)

        def drain() -> None:
            while True:
                for key, _ in selector.select():
                    if key.data is ended:
                        return
                    if not _is_read(key.data):
                        selector.unregister(key.data)

        thread = threading.Thread(target=drain)
        thread.start()
        yield
        ending.send(b"\0")
        thread.join()


def _is_read(sock: socket.socket) -> bool:
    try:
        return bool(sock.recv(1_000_000))
    except OSError:
        return False


# ---- Those who do not read ------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read from /proc")
def test_a_stalled_reader_in_a_room_of_50_delays_nobody_and_is_closed_at_its_bound(
    start_host: Callable[..., HostProcess],
) -> None:
    host = start_host("--name", "Line 3", "--no-flood-limits", "--quiet")
    speaker, hearer = host.member("speaker"), host.member("hearer")
    others = [host.member(f"other{number}") for number in range(47)]
    stalled = host.peer(receive_buffer_bytes=4_096).register("stalled", channel="#Line-3")
    hearer.fence()
    said = (b"PRIVMSG #Line-3 :%s\r\n" % (b"x" * 400)) * 200
    waits_s: list[float] = []
    before_bytes = host.resident_bytes()
    with draining(others):
        while not host.errors:
            started = time.monotonic()
            speaker.send(said, "PRIVMSG hearer :and that is all")
            hearer.read_until(b"and that is all\r\n")
            waits_s.append(time.monotonic() - started)
            speaker.fence()
            assert len(waits_s) < 500, "it was never closed"
    assert host.errors == "127.0.0.1 was disconnected: SendQ exceeded.\n"
    assert max(waits_s) < _NOTICED_S
    assert host.resident_bytes() - before_bytes < 2 * MAX_SENDQ_BYTES + 4 * _MIB
    assert stalled.is_closed_by_host()


def test_a_stalled_reader_has_left_as_soon_as_its_bound_is_met(serve: Callable[..., Serving]) -> None:
    room = serve(is_flood_limited=False, motd=["x" * 400] * 100)
    ada, stalled = room.member("ada"), room.peer(receive_buffer_bytes=4_096).register("stalled", channel="#Line-3")
    stalled.send(b"MOTD\r\n" * 400)  # 16 MB of answers
    assert ada.expect("QUIT").params == ("SendQ exceeded",)
    ada.send("NAMES #Line-3")
    assert ada.expect("353").params[-1] == "ada"


def test_who_reads_slowly_but_reads_gets_everything(serve: Callable[..., Serving]) -> None:
    room = serve(is_flood_limited=False)
    ada, slow = room.member("ada"), room.peer(receive_buffer_bytes=4_096).register("slow", channel="#Line-3")
    ada.send(b"".join(b"PRIVMSG #Line-3 :%d %s\r\n" % (number, b"x" * 400) for number in range(2_000)))
    ada.fence()
    said = [int(slow.expect("PRIVMSG").params[1].split()[0]) for _ in range(2_000)]
    assert said == list(range(2_000))


# ---- Those who send too much ----------------------------------------------------------------------------------------


def test_a_flooding_sender_is_slowed_by_not_reading_from_it_while_others_go_on(room: Serving) -> None:
    ada, bob, flooder = room.member("ada"), room.member("bob"), room.member("flooder")
    started = time.monotonic()
    accepted = _send_until_it_blocks(flooder, b"PRIVMSG #Line-3 :flood\r\n" * 1_000)
    ada.send("PRIVMSG #Line-3 :still here")
    heard = []
    for message in bob.messages():
        if message.nick == "ada":
            break
        heard.append(message)
    assert accepted < 100 * _MIB  # what the system's buffers hold
    assert len(heard) <= FLOOD_BURST + 1 + (time.monotonic() - started) * 5


@pytest.mark.skipif(sys.platform != "linux", reason="needs a second address of this machine")
def test_who_connects_again_and_again_is_heard_no_more_often_than_who_stays(room: Serving) -> None:
    bob = room.member("bob")
    started = time.monotonic()
    for number in range(12):
        loud = room.peer(source="127.0.0.2")
        loud.send(f"NICK l{number}", "USER l 0 * :l", "JOIN #Line-3", *["PRIVMSG #Line-3 :loud"] * 36)
        loud.end_sending()
    room.member("ada").send("PRIVMSG #Line-3 :still here")
    heard = 0
    for message in bob.messages():
        if message.nick == "ada" and message.command == "PRIVMSG":
            break
        heard += message.command == "PRIVMSG"
    assert heard <= FLOOD_BURST_OF_ADDRESS + (time.monotonic() - started) * 5


def test_an_address_that_owes_much_is_not_connected(room: Serving) -> None:
    ada = room.member("ada")
    room.peer(source="127.0.0.2").send(b"hello\r\n" + b"\n" * 1_000)
    deadline = time.monotonic() + DEADLINE_S
    while not _is_turned_away(room):
        assert time.monotonic() < deadline
    ada.fence()
    for _ in range(20):
        assert _is_turned_away(room)
    assert room.warnings.count("127.0.0.2 was turned away: it sends too much.") == 1, "told once a minute"


def _is_turned_away(room: Serving) -> bool:
    accepted = room.server._reception._accepted
    room.call(lambda: accepted(socket.socket(), "127.0.0.2", speaks_first=False))
    return "127.0.0.2 was turned away: it sends too much." in room.warnings


def test_putting_the_hosts_clock_back_leaves_nobody_unread(room: Serving) -> None:
    ada, bob = room.member("ada"), room.member("bob")
    ada.send(*["PING x"] * 150)
    ada.fence()
    room.clock_s -= 7_200.0
    ada.send("PRIVMSG #Line-3 :still here")
    assert bob.expect("PRIVMSG").params[1] == "still here"


def _send_until_it_blocks(peer: Peer, data: bytes) -> int:
    """Send until the host has not taken more for a quarter of a second; return how many bytes it took."""
    peer.sock.settimeout(0.25)
    accepted = 0
    with suppress(TimeoutError):
        while accepted < 100 * _MIB:
            accepted += peer.sock.send(data)
    return accepted


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read from /proc")
@pytest.mark.parametrize(
    "garbage",
    [
        os.urandom(_GARBAGE_BYTES),
        b"NICK a\r\n" + b"A\n" * (_GARBAGE_BYTES // 2),
        b"NICK a\r\n" + b"\xff\n" * (_GARBAGE_BYTES // 2),
        b"\n" * _GARBAGE_BYTES,
        b"\0" * _GARBAGE_BYTES,
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * (_GARBAGE_BYTES // 6),
    ],
    ids=["random", "short lines", "no UTF-8", "line ends", "no line end", "endless headers"],
)
def test_garbage_is_noticed_by_nobody_else(garbage: bytes, start_host: Callable[..., HostProcess]) -> None:
    host = start_host("--name", "Line 3", "--quiet")
    ada, sender = host.member("ada"), host.peer(source="127.0.0.2")
    before_bytes = host.resident_bytes()
    sending = threading.Thread(target=_send_all, args=(sender, garbage))
    waits_s: list[float] = []
    with draining([sender]):
        sending.start()
        for _ in range(10):
            started = time.monotonic()
            ada.fence()
            waits_s.append(time.monotonic() - started)
            sending.join(0.02)
        sender.shut()
        sending.join(DEADLINE_S)
    assert max(waits_s) < _NOTICED_S
    assert host.resident_bytes() - before_bytes < 8 * _MIB
    assert host.process.poll() is None


def _send_all(peer: Peer, data: bytes) -> None:
    with suppress(OSError):  # the host has seen enough
        peer.sock.sendall(data)


def test_a_line_without_end_is_cut_off_at_its_limit(room: Serving) -> None:
    ada, endless = room.member("ada"), room.member("endless")
    endless.send(b"PRIVMSG #Line-3 :" + b"x" * MAX_UNENDED_BYTES)
    assert endless.read_to_end() == b"ERROR :Line without end\r\n"
    assert ada.expect("QUIT").params == ("Line without end",)
    assert room.call(lambda: room.warnings) == ["127.0.0.1 was disconnected: Line without end."]


def test_a_plain_line_without_end_is_cut_off_in_words(room: Serving) -> None:
    nc = room.peer()
    nc.send("hello", "Ada")
    nc.read_until(b"In the room: Ada\r\n")
    nc.send(b"x" * (MAX_UNENDED_BYTES + 1))
    assert nc.read_to_end() == b"* Line without end\r\n"


def test_a_line_over_its_limit_is_refused_and_the_connection_stays(room: Serving) -> None:
    zoe = room.member("zoe")
    zoe.send("PRIVMSG #Line-3 :" + "x" * 600)
    zoe.expect("417")
    zoe.fence()


@pytest.mark.parametrize("line", [b"PRIVMSG #Line-3 :\xff\xfe", b"\xff", b":\xc3(\xff JOIN #x", b"PING \xed\xa0\x80"])
def test_what_is_no_utf8_is_refused_and_the_connection_stays(line: bytes, room: Serving) -> None:
    ada, zoe = room.member("ada"), room.member("zoe")
    ada.fence()
    zoe.send(line + b"\r\n")
    assert zoe.expect("FAIL").params[1] == "INVALID_UTF8"
    zoe.fence()
    assert ada.fence() == []


# ---- Too many -------------------------------------------------------------------------------------------------------


def test_a_full_room_says_so(serve: Callable[..., Serving]) -> None:
    room = serve(max_clients=2)
    ada = room.member("ada")
    room.member("bob")
    late = room.peer()
    late.send("NICK late", "USER late 0 * :Late")
    assert late.read_to_end() == b"ERROR :Closing link: (127.0.0.1) The room is full: 2 are in\r\n"
    ada.send("QUIT")
    ada.read_to_end()
    room.member("late")


def test_a_full_room_can_still_be_asked_what_it_is(serve: Callable[..., Serving]) -> None:
    room = serve(max_clients=1)
    room.member("ada")
    probe = room.peer()
    probe.send("GET /room.json HTTP/1.1", "Host: localhost", "")
    assert b'"members": 1' in probe.read_to_end()


def test_one_address_may_have_so_many_connections_and_no_more(room: Serving) -> None:
    peers = [room.peer() for _ in range(MAX_CONNECTIONS_PER_ADDRESS)]
    one_more = room.peer()
    assert one_more.is_closed_by_host()
    assert room.peer().is_closed_by_host()  # of which the host is told once a minute
    assert room.warnings == ["127.0.0.1 was turned away: it has 100 connections open."]
    peers[0].sock.close()
    room.wait_until(lambda: len(room.server.peers.connections) < MAX_CONNECTIONS_PER_ADDRESS)
    room.member("zoe")


def test_a_network_of_ipv6_leaves_connections_to_others(
    serve: Callable[..., Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In it a machine has as many addresses as it likes, each with its own bound. Here 127.0.7.0/24 stands for one."""
    prefix = {f"127.0.7.{last}": "2001:db8::/64" for last in range(256)}
    monkeypatch.setattr("lanchat.server.peers.prefix_of", lambda address: prefix.get(address, ""))
    room = serve(max_clients=20)
    for number in range(90):  # three quarters of 20 and of those that are spare
        room.peer(source=f"127.0.7.{number % 3}")
    assert room.peer(source="127.0.7.200").is_closed_by_host()
    told = "127.0.7.200 was turned away: its network (/64) has 90 connections open, and the rest is for others."
    assert room.warnings == [told]
    room.member("zoe")
    room.peers[0].sock.close()
    room.wait_until(lambda: len(room.server.peers.connections) < 91)
    room.peer(source="127.0.7.201").register("late", channel="#Line-3")


def test_more_connections_than_fit_are_turned_away(serve: Callable[..., Serving]) -> None:
    room = serve(max_clients=1, is_flood_limited=False)
    for _ in range(1 + 100):  # some are spare, for probes and browsers
        room.peer()
    assert room.peer().is_closed_by_host()
    assert room.warnings == ["127.0.0.1 was turned away: 101 connections are open, and no more fit."]


def test_a_fault_of_ours_costs_one_peer_and_not_the_room(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    zoe, ana = room.member("zoe"), room.member("ana")

    def broken(call: Call, message: Message) -> None:
        raise RuntimeError("not thought of")

    monkeypatch.setitem(COMMANDS, "TIME", Command(broken, "TIME", "Broken."))
    zoe.send("TIME")
    assert b"ERROR :Internal error\r\n" in zoe.read_to_end()
    ana.expect("QUIT", "Internal error")
    assert ana.fence() == []
    assert "RuntimeError at test_bounds.py" in room.warnings[0]
    assert "carrying out TIME" in room.warnings[0]
