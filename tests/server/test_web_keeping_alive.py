"""One connection, many requests: in order, not without end, and never faster than an address may."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from lanchat.limits import (
    FLOOD_BURST,
    HTTP_BODY_PAUSE_S,
    HTTP_HEAD_WITHIN_S,
    HTTP_IDLE_S,
    MAX_CONNECTIONS_PER_ADDRESS,
    MAX_HTTP_REQUESTS,
)
from lanchat.server.net.loop import Timer
from tests.server.serving import Serving
from tests.server.web import read_answer, request


def waits_s(room: Serving) -> list[float]:
    """Return how long each timer of the server's loop was set for, from now on."""
    set_for: list[float] = []
    later = room.server.loop.call_later

    def call_later(delay_s: float, call: Callable[[], None]) -> Timer:
        set_for.append(delay_s)
        return later(0.0 if delay_s in (HTTP_IDLE_S, HTTP_HEAD_WITHIN_S, HTTP_BODY_PAUSE_S) else delay_s, call)

    room.call(lambda: setattr(room.server.loop, "call_later", call_later))
    return set_for


def test_requests_at_once_are_answered_in_order(room: Serving) -> None:
    peer = room.peer()
    paths = ["/room.json", "/other", "/", "/room.json", "/web/0/x.js"]
    peer.send(b"".join(request("GET", path) for path in paths))
    assert [read_answer(peer).status for _ in paths] == [200, 404, 200, 200, 404]


def test_a_request_that_is_refused_by_its_head_ends_the_connection(room: Serving) -> None:
    peer = room.peer()
    peer.send(request("GET", "/room.json") + request("POST", "/room.json", "hello") + request("GET", "/room.json"))
    assert [read_answer(peer).status, read_answer(peer).status] == [200, 405]
    assert peer.is_closed_by_host()


def test_after_so_many_requests_the_connection_is_closed(serve: Callable[..., Serving]) -> None:
    peer = serve(is_flood_limited=False).peer()
    peer.send(request("HEAD", "/room.json") * (MAX_HTTP_REQUESTS + 1))
    answers = [read_answer(peer, is_head=True) for _ in range(MAX_HTTP_REQUESTS)]
    assert "connection" not in answers[-2].headers
    assert answers[-1].headers["connection"] == "close"
    assert peer.is_closed_by_host()


def test_who_asks_too_fast_is_told_when_to_ask_again(room: Serving) -> None:
    peers = [room.peer() for _ in range(3)]
    answers = []
    for peer in peers:
        peer.send(request("GET", "/rooms.json") * int(FLOOD_BURST + 10))
        while (answer := read_answer(peer)).status == 200:
            answers.append(answer)
        assert answer.status == 429
        assert int(answer.headers["retry-after"]) >= 1
        assert json.loads(answer.body)["http"] == 429
    assert len(answers) <= 3 * FLOOD_BURST + 5


@pytest.mark.parametrize(
    ("sent", "within_s"),
    [
        (request("GET", "/room.json"), HTTP_IDLE_S),
        (b"GET / HTTP/1.1\r\nHost: local", HTTP_HEAD_WITHIN_S),
        (request("GET", "/room.json") + b"GET / HT", HTTP_HEAD_WITHIN_S),
    ],
    ids=["nothing more", "half a head", "half of the second"],
)
def test_what_does_not_come_is_not_waited_for(sent: bytes, within_s: float, room: Serving) -> None:
    peer = room.peer()
    set_for = waits_s(room)
    peer.send(sent)
    assert peer.is_closed_by_host()
    assert within_s in set_for


def test_a_hundred_half_heads_of_one_address_keep_nobody_else_out(room: Serving) -> None:
    for _ in range(99):
        room.peer(source="127.0.0.2").send(b"GET / HTTP/1.1\r\nX: ")
    peer = room.peer()
    peer.send(request("GET", "/room.json"))
    assert read_answer(peer).status == 200


@pytest.mark.parametrize("size", [20_000, 900_000])
def test_who_sends_a_body_that_is_refused_reads_why_though_it_goes_on_sending(size: int, room: Serving) -> None:
    peer = room.peer()
    peer.send_in_vain(request("POST", "/Line-3?form=1", b"x" * size, Content_Type="application/x-www-form-urlencoded"))
    answer = read_answer(peer)
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert json.loads(answer.body)["error"] == "That is too much: 16384 bytes at most fit here."


def test_of_many_browsers_behind_one_router_only_some_connections_are_kept(room: Serving) -> None:
    """Each keeps six: those of seventeen would fill what an address may have, and nobody else there came in."""
    for peer in [room.peer(source="127.0.0.2") for _ in range(MAX_CONNECTIONS_PER_ADDRESS - 1)]:
        peer.send(request("GET", "/web/0/x.js"))
        assert read_answer(peer).status == 404
    half = MAX_CONNECTIONS_PER_ADDRESS // 2
    room.wait_until(lambda: room.server.peers.connections_of("127.0.0.2") <= half)
    assert room.warnings == []
