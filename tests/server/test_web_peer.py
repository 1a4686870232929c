"""One HTTP connection by itself, its loop and clock in the test's hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from lanchat.chat.state.flood import Allowance, Bucket
from lanchat.limits import FLOOD_BURST, HTTP_BODY_PAUSE_S, HTTP_HEAD_WITHIN_S, HTTP_IDLE_S
from lanchat.protocol.irc_wire import Wire
from lanchat.protocol.web_wire import Request, Response
from lanchat.server.net.connection import Peer
from lanchat.server.net.loop import Timer
from lanchat.server.web.routes import Asked, Route, Routes
from lanchat.server.web.web_peer import WebPeer
from tests.server.web import request


@dataclass
class Line:
    """A connection without a socket."""

    address: str = "10.0.0.7"
    sent: bytes = b""
    is_finished: bool = False
    is_read: bool = True
    left_s: float = 1.0
    is_crowded: bool = False
    faults: list[Exception] = field(default_factory=list)
    worked_s: float = 0.0
    timers: list[tuple[float, Timer]] = field(default_factory=list)

    def send(self, data: bytes) -> None:
        self.sent += data

    def finish(self) -> None:
        self.is_finished = True

    def lose(self, error: Exception) -> None:
        self.faults.append(error)

    def call_later(self, delay_s: float, call: Callable[[], None]) -> Timer:
        self.timers.append((delay_s, Timer(call)))
        return self.timers[-1][1]

    def turn_left_s(self) -> float:
        return self.left_s

    def worked(self, seconds: float) -> None:
        self.worked_s += seconds

    def read(self, *, is_wanted: bool) -> None:
        self.is_read = is_wanted

    def talk(self, wire: Wire) -> Peer:
        raise AssertionError

    @property
    def running(self) -> list[float]:
        """For how long the timers that were not cancelled were set."""
        return [delay_s for delay_s, timer in self.timers if not timer.is_cancelled]


class Site:
    """Two routes: one is read, the other takes a body."""

    def __init__(self) -> None:
        rows = [Route(("GET",), "/", self.page), Route(("POST",), "/word", self.page, body_bytes=10)]
        self.routes = Routes(rows, ())
        self.asked: list[Request] = []

    def page(self, asked: Asked) -> Response:
        self.asked.append(asked.request)
        return Response(200, "text/plain", b"page")


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def site() -> Site:
    return Site()


def peer_on(line: Line, site: Site) -> tuple[WebPeer, Bucket]:
    """Return a peer, and the bucket it draws on."""
    bucket = Bucket(0.0)
    return WebPeer(site, line, Allowance(bucket)), bucket  # type: ignore[arg-type]  # it asks for the routes only


GET = request("GET", "/")


def test_an_address_that_had_its_share_of_a_turn_goes_on_in_the_next(line: Line, site: Site) -> None:
    peer, _ = peer_on(line, site)
    line.left_s = -1.0
    peer.received(GET * 3)
    assert (len(site.asked), line.is_read, line.running) == (1, False, [0.0])
    assert line.worked_s > 0
    line.left_s = 1.0
    line.timers[-1][1].call()
    assert (len(site.asked), line.is_read, line.sent.count(b"HTTP/1.1 200")) == (3, True, 3)


def test_a_head_has_its_time_from_its_first_byte_on_whatever_drips_in(line: Line, site: Site) -> None:
    peer, _ = peer_on(line, site)
    for byte in GET[:-1]:
        peer.received(bytes((byte,)))
    assert line.running == [HTTP_HEAD_WITHIN_S]
    assert len(line.timers) <= 2  # that of the connection, that of the head
    peer.received(GET[-1:])
    assert line.running == [HTTP_IDLE_S]
    peer.received(GET[:4])
    assert line.running == [HTTP_HEAD_WITHIN_S]


def test_each_piece_of_a_body_has_a_time_of_its_own(line: Line, site: Site) -> None:
    peer, _ = peer_on(line, site)
    head = request("POST", "/word", "12345")[:-5]
    for piece in (head, b"1", b"2"):
        peer.received(piece)
        assert line.running == [HTTP_BODY_PAUSE_S]
    assert len(line.timers) == 4
    peer.received(b"345")
    assert [one.body for one in site.asked] == [b"12345"]


def test_who_asks_whether_to_send_a_body_is_told_so_after_all_checks(line: Line, site: Site) -> None:
    peer, _ = peer_on(line, site)
    peer.received(request("POST", "/word", "12345", Expect="100-continue")[:-5])
    assert line.sent == b"HTTP/1.1 100 \r\n\r\n"
    for wrong in ({"Origin": "null"}, {"Host": "evil.example"}, {"Content_Length": "11"}):
        refused = Line()
        peer_on(refused, site)[0].received(request("POST", "/word", Expect="100-continue", **wrong))
        assert b"HTTP/1.1 100" not in refused.sent
        if "Content_Length" in wrong:
            assert refused.is_finished


@pytest.mark.parametrize(
    "asked",
    [GET, request("GET", "/nothing"), request("BREW", "/"), request("GET", "/", Host="evil.example")],
    ids=["answered", "404", "405", "421"],
)
def test_every_request_is_charged_be_it_answered_or_not_and_behind_the_last_is_nothing(
    asked: bytes, line: Line, site: Site
) -> None:
    peer, bucket = peer_on(line, site)
    peer.received(asked * int(FLOOD_BURST + 20))
    assert FLOOD_BURST / 2 < line.sent.count(b"HTTP/1.1 ") <= FLOOD_BURST + 2
    assert line.sent.count(b"HTTP/1.1 429") == 1
    assert line.is_finished
    assert bucket.wait_s(0.0) > 0


def test_where_an_address_has_many_connections_none_is_kept_for_later(line: Line, site: Site) -> None:
    peer, _ = peer_on(line, site)
    line.is_crowded = True
    peer.received(GET)
    assert line.sent.startswith(b"HTTP/1.1 200")
    assert b"Connection: close" in line.sent
    assert line.is_finished


def test_a_fault_of_ours_costs_one_connection_also_in_a_later_turn(line: Line, site: Site) -> None:
    peer, _ = peer_on(line, site)
    line.left_s = -1.0
    peer.received(GET * 2)
    site.routes = None  # type: ignore[assignment]
    line.timers[-1][1].call()
    assert [type(fault) for fault in line.faults] == [AttributeError]


def test_a_peer_that_is_gone_has_no_timer_left(line: Line, site: Site) -> None:
    peer, _ = peer_on(line, site)
    peer.received(GET)
    peer.gone("Connection closed")
    assert line.running == []
    assert (peer.parting_words("x"), peer.farewell()) == (b"", b"")
