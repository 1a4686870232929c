"""Whatever fails in the host costs one peer: one line is told, and the room goes on."""

from collections.abc import Callable

import pytest

from lanchat.protocol.plain_wire import PlainWire
from lanchat.server.server import Server
from lanchat.server.web.web_peer import WebPeer
from tests.server.serving import Serving


def _fails(*_args: object, **_options: object) -> None:
    raise RuntimeError("a fault made by a test")


def _told(room: Serving) -> list[str]:
    return [line for line in room.warnings if line.startswith("A fault of lanchat's own")]


def _goes_on(room: Serving, ada: object) -> None:
    room.member("bob").send("PRIVMSG #Line-3 :still here")
    assert ada.expect("PRIVMSG").params[1] == "still here"  # type: ignore[attr-defined]


def test_a_fault_in_answering_http_costs_that_peer(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = room.member("ada")
    monkeypatch.setattr(WebPeer, "received", _fails)
    browser = room.peer()
    browser.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert browser.sock.recv(1) == b""
    _goes_on(room, ada)
    assert len(_told(room)) == 1


def test_a_fault_at_a_pause_costs_that_peer(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = room.member("ada")
    monkeypatch.setattr(PlainWire, "receive_pause", _fails)
    plain = room.greeted_peer()
    plain.send(b"Zoe")
    plain.read_until(b"Internal error")
    _goes_on(room, ada)
    assert len(_told(room)) == 1


def test_a_fault_in_reading_bytes_costs_that_peer(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = room.member("ada")
    monkeypatch.setattr(PlainWire, "receive", _fails)
    room.peer().send(b"hello\r\n")
    room.wait_until(lambda: len(_told(room)) == 1)
    _goes_on(room, ada)


def test_a_fault_in_the_tick_is_told_once_and_costs_those_it_concerns(
    room: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = room.member("ada"), room.member("bob")
    check = room.server.chat.check
    of_bob = next(s for s in room.server.chat.network.sessions if s.user and s.user.nick == "bob")
    with monkeypatch.context() as broken:
        broken.setattr(room.server.chat, "check", lambda s, now: _fails() if s is of_bob else check(s, now))
        for _ in range(3):
            room.call(room.server._tick)
    bob.expect("ERROR")
    assert ada.expect("QUIT").nick == "bob"
    assert len(_told(room)) == 1


def test_a_fault_in_a_logins_end_costs_that_peer(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob = room.member("ada"), room.member("bob")
    session = next(s for s in room.server.chat.network.sessions if s.user and s.user.nick == "bob")
    monkeypatch.setattr(room.server.chat, "derived", _fails)
    room.call(lambda: room.server._derived(session, b""))
    bob.expect("ERROR")
    assert ada.expect("QUIT").nick == "bob"
    assert len(_told(room)) == 1


def test_a_fault_in_a_call_or_timer_ends_nothing(room: Serving) -> None:
    ada = room.member("ada")
    room.server.loop.call_from_thread(_fails)
    room.call(lambda: room.server.loop.call_later(0.0, _fails))
    room.wait_until(lambda: bool(_told(room)))
    _goes_on(room, ada)


def test_a_fault_while_a_peer_is_disconnected_still_ends_it(serve: Callable[..., Serving]) -> None:
    room = serve()
    ada, bob = room.member("ada"), room.member("bob")

    def breaks(server: Server) -> None:
        server.chat.disconnect = _fails  # type: ignore[assignment,method-assign]

    room.call(lambda: breaks(room.server))
    bob.sock.close()
    room.wait_until(lambda: len(room.server.peers.connections) == 1)
    ada.fence()
    assert len(_told(room)) == 1


def test_many_connections_of_one_address_take_no_more_of_a_turn_than_one(room: Serving) -> None:
    peers = [room.peer() for _ in range(3)]
    room.wait_until(lambda: len(room.server.peers.connections) == len(peers))
    sources = room.call(lambda: {connection.source for connection in room.server.peers.connections})
    assert len(sources) == 1
    (source,) = sources
    source.left_s(7, 0.005)
    source.used_s += 0.004
    assert source.left_s(7, 0.005) == pytest.approx(0.001)
    assert source.left_s(8, 0.005) == 0.005
