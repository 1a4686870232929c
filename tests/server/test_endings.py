"""How peers go: well, badly, or not at all."""

import selectors
import socket
from collections.abc import Callable

import pytest

from lanchat.server import ending, reception
from tests.server.peer import Peer
from tests.server.serving import Serving


def test_who_quits_is_told_so_before_the_connection_ends(room: Serving) -> None:
    zoe = room.member("zoe")
    zoe.send("QUIT :for lunch")
    assert zoe.read_to_end() == b"ERROR :Closing link: (127.0.0.1) Quit: for lunch\r\n"


def test_bytes_after_a_quit_do_not_take_its_answer_away(room: Serving) -> None:
    zoe = room.member("zoe")
    zoe.send(b"QUIT\r\n" + b"PRIVMSG #Line-3 :still talking\r\n" * 20_000)
    said = zoe.read_to_end()
    assert said.startswith(b"ERROR :Closing link: (127.0.0.1) Quit")
    assert said.endswith(b"\r\n")


def test_who_quits_before_registering_is_told_so(room: Serving) -> None:
    stranger = room.peer()
    stranger.send("QUIT")
    assert stranger.read_to_end().startswith(b"ERROR :")


def test_the_answers_to_the_last_lines_arrive_where_a_peer_ends_its_sending(room: Serving) -> None:
    zoe = room.member("zoe")

    def end() -> None:
        zoe.send("PING last")
        zoe.sock.shutdown(socket.SHUT_WR)

    room.call(end)  # in the server's thread: it finds both in one turn
    assert zoe.read_to_end().endswith(b"PONG room.test :last\r\n")


@pytest.mark.parametrize(
    "leave", [lambda peer: peer.sock.close(), lambda peer: peer.reset()], ids=["by closing", "by a reset"]
)
def test_who_is_gone_without_a_word_has_left(room: Serving, leave: Callable[[Peer], None]) -> None:
    ada, zoe = room.member("ada"), room.member("zoe")
    leave(zoe)
    assert ada.expect("QUIT").source.startswith("zoe!")
    ada.send("NAMES #Line-3")
    assert ada.expect("353").params[-1] == "ada"


def test_who_ends_in_the_middle_of_a_line_says_nothing(room: Serving) -> None:
    ada, zoe = room.member("ada"), room.member("zoe")
    zoe.send(b"PRIVMSG #Line-3 :half a mess")
    zoe.sock.close()
    assert "PRIVMSG" not in [message.command for message in ada.until("QUIT")]


def test_peers_that_end_while_they_are_told_something_end_nobody_else(room: Serving) -> None:
    ada = room.member("ada")
    for number in range(20):
        peer = room.member(f"peer{number}")
        ada.send("PRIVMSG #Line-3 :hello")
        peer.reset()
    ada.send("PING still")
    ada.expect("PONG")
    room.wait_until(lambda: len(room.server.chat.network.users) == 1)


def test_a_reset_of_a_peer_that_was_not_reading_ends_nobody_else(serve: Callable[..., Serving]) -> None:
    room = serve(is_flood_limited=False, motd=["x" * 400] * 100)
    ada, stalled = room.member("ada"), room.peer(receive_buffer_bytes=4_096).register("stalled", channel="#Line-3")
    while not room.call(lambda: is_waiting_to_write(room)):
        stalled.send("MOTD", "PRIVMSG ada :that was one")
        ada.expect("PRIVMSG")
    stalled.send("PING unanswered")  # so that the reset meets a socket that is readable as well
    stalled.reset()
    assert ada.expect("QUIT").params[0] in {"Connection reset by peer", "Broken pipe"}  # which one is a race
    ada.fence()


def is_waiting_to_write(room: Serving) -> bool:
    return any(key.events & selectors.EVENT_WRITE for key in room.server.loop._selector.get_map().values())


def test_who_says_nothing_is_asked_and_then_let_go(room: Serving) -> None:
    zoe = room.member("zoe")
    room.pass_time(29)
    assert zoe.fence() == []
    room.pass_time(30)
    zoe.expect("PING", "room.test")
    room.pass_time(29)
    assert "PONG" not in [message.command for message in zoe.messages_waiting()]
    room.pass_time(12)
    assert zoe.read_to_end() == b"ERROR :Closing link: (127.0.0.1) Ping timeout: 71 seconds\r\n"


def test_who_answers_stays(room: Serving) -> None:
    zoe = room.member("zoe")
    for _ in range(5):
        room.pass_time(30)
        zoe.expect("PING")
        zoe.send("PONG room.test")
        zoe.fence()


def test_people_at_plain_lines_may_be_silent(room: Serving) -> None:
    nc = room.peer()
    nc.send("hello", "Ada")
    nc.read_until(b"In the room: Ada\r\n")
    room.pass_time(3_600)
    nc.send("\\q")
    assert nc.read_to_end() == b"* You have left.\r\n"


def test_who_does_not_register_is_let_go(room: Serving) -> None:
    stranger = room.peer()
    stranger.send("NICK zoe")
    room.wait_until(lambda: room.server.chat.network.unknown_count == 1)
    room.pass_time(61)
    assert stranger.read_to_end() == b"ERROR :Closing link: (127.0.0.1) Nobody registered\r\n"


@pytest.mark.parametrize("said", [b"", b"GE", b"GET / HTTP/1.1\r\nHost: x\r\n", b"@tag"], ids=repr)
def test_a_connection_that_never_says_what_it_is_is_closed(
    said: bytes, serve: Callable[..., Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "REGISTER_WITHIN_S", 0.01)
    half_open = serve().peer()
    half_open.send(said)
    assert half_open.is_closed_by_host()


def test_who_does_not_end_after_its_last_words_is_ended(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_LINGER_S", 0.01)
    zoe = room.member("zoe")
    zoe.send("QUIT")
    room.wait_until(lambda: not room.server.peers.connections)
