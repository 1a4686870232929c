import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.errors import ProtocolError
from lanchat.limits import MAX_HTTP_HEADERS, MAX_HTTP_REQUEST_BYTES, MAX_HTTP_TARGET_BYTES
from lanchat.protocol.web_wire import Refused, Request, Response, TooLarge, WebWire
from tests.protocol.chunks import bytewise

GET = b"GET /room.json?x=1 HTTP/1.1\r\nHost: 10.0.0.5:8100\r\nX-A: caf\xe9\r\n\r\n"
READ = Request("GET", "/room.json?x=1", {"host": "10.0.0.5:8100", "x-a": "café"})
POST = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
REFUSAL = Response(400, "text/plain", b"no\n")
BOUND = 50
PAGE = Response(200, "text/plain; charset=utf-8", b"hello")


def web() -> WebWire:
    return WebWire(lambda _: BOUND)


def test_a_whole_request_comes_back() -> None:
    assert web().receive(GET) == READ


def test_it_comes_back_with_its_last_byte() -> None:
    wire = web()
    *before, last = [wire.receive(byte) for byte in bytewise(GET)]
    assert last == READ
    assert not any(before)


def test_what_stands_behind_a_request_is_read_once_it_is_answered() -> None:
    wire = web()
    assert wire.receive(GET + POST) == READ
    assert wire.receive(b"") is None
    wire.encode(PAGE)
    second = wire.receive(b"")
    assert second is not None
    assert second.body == b"hello"


def test_a_body_comes_with_its_request() -> None:
    wire = web()
    assert wire.receive(POST[:-2]) is None
    assert wire.is_body_awaited
    request = wire.receive(POST[-2:])
    assert request is not None
    assert (request.method, request.target, request.body) == ("POST", "/x", b"hello")


def test_a_chunked_body_comes_whole() -> None:
    head = b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    request = web().receive(head + b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
    assert request is not None
    assert request.body == b"hello"


def test_headers_of_one_name_are_one_header() -> None:
    request = web().receive(b"GET / HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nOrigin: http://b\r\n\r\n")
    assert request is not None
    assert request.headers["origin"] == "http://a, http://b"


@pytest.mark.parametrize(
    "data",
    [
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * MAX_HTTP_REQUEST_BYTES,
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"\x00\x01\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"PRI / HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(data: bytes) -> None:
    """RFC 9112, section 3.2: without one Host field, "a server MUST respond with a 400 (Bad Request)"."""
    wire = web()
    with pytest.raises(ProtocolError):
        wire.receive(data)
    assert wire.encode(REFUSAL, is_last=True).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Length: %d\r\n\r\n" % (BOUND + 1),
        b"Content-Length: 99999999999999999999\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n33\r\n" + b"x" * 0x33,
        b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * (BOUND + 1),
    ],
    ids=["told", "told beyond reason", "one chunk", "many chunks"],
)
def test_a_body_over_its_bound_is_refused_as_soon_as_it_is_known(data: bytes) -> None:
    wire = web()
    with pytest.raises(TooLarge):
        wire.receive(b"POST / HTTP/1.1\r\nHost: a\r\n" + data)
    assert b"connection: close" in wire.encode(REFUSAL, is_last=True).lower()
    assert wire.is_over


def test_a_request_may_be_refused_by_its_head_before_its_body_has_come() -> None:
    def refuse(_: Request) -> int:
        raise Refused(REFUSAL)

    wire = WebWire(refuse)
    with pytest.raises(Refused):
        wire.receive(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
    assert wire.encode(REFUSAL, is_last=True).startswith(b"HTTP/1.1 400 ")


def test_who_asks_whether_to_send_a_body_is_told_to_go_on_once_the_head_is_accepted() -> None:
    wire = web()
    wire.receive(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
    assert wire.go_on() == b"HTTP/1.1 100 \r\n\r\n"
    assert wire.go_on() == b""


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_protocol_error(data: bytes) -> None:
    wire = web()
    try:
        wire.receive(data)
    except ProtocolError:
        wire.encode(REFUSAL, is_last=True)


def test_an_answer_has_its_length_and_its_own_headers() -> None:
    wire = web()
    wire.receive(GET)
    head, _, body = wire.encode(Response(200, "text/plain", b"hello", (("ETag", '"x"'),))).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"content-length: 5" in head.lower()
    assert b'etag: "x"' in head.lower()
    assert b"connection: close" not in head.lower()
    assert not wire.is_over
    assert body == b"hello"


@pytest.mark.parametrize(
    "request_bytes", [GET.replace(b"1.1", b"1.0"), GET.replace(b"Host", b"Connection: close\r\nHost")]
)
def test_a_peer_that_wants_one_answer_gets_one_and_the_connection_ends(request_bytes: bytes) -> None:
    wire = web()
    wire.receive(request_bytes)
    assert b"connection: close" in wire.encode(PAGE).lower()
    assert wire.is_over


def test_a_page_that_is_known_already_has_no_body_and_no_length() -> None:
    wire = web()
    wire.receive(GET)
    assert b"content-length" not in wire.encode(Response(304, "", b"")).lower()
    assert not wire.is_over


def test_what_switched_to_another_protocol_hands_over_the_bytes_that_came_behind() -> None:
    wire = web()
    wire.receive(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + b"x" * 2_000)
    answer, rest = wire.switch([("Upgrade", "websocket"), ("Connection", "Upgrade")])
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert rest == b"x" * 2_000


def test_head_is_answered_without_the_body() -> None:
    """RFC 9110, section 9.3.2: "the server MUST NOT send content in the response"."""
    wire = web()
    wire.receive(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    head, _, body = wire.encode(PAGE).partition(b"\r\n\r\n")
    assert b"content-length: 5" in head.lower()
    assert body == b""


def test_what_comes_after_the_last_answer_is_not_answered() -> None:
    wire = web()
    wire.receive(GET + GET)
    wire.encode(PAGE, is_last=True)
    assert wire.encode(REFUSAL, is_last=True) == b""


@pytest.mark.parametrize(
    "request_line_and_headers",
    [
        b"GET /" + b"x" * MAX_HTTP_TARGET_BYTES + b" HTTP/1.1\r\nHost: a\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * MAX_HTTP_HEADERS,
        b"GET / HTTP/1.1\r\nHost: a\r\na: " + b"b" * MAX_HTTP_REQUEST_BYTES + b"\r\n",
        b"PROPFIND / HTTP/1.1\r\nHost: a\r\na: " + b"b" * 60_000 + b"\r\n",
    ],
    ids=["target", "headers", "a header", "another verb"],
)
def test_a_head_over_its_bounds_is_refused_also_in_one_segment(request_line_and_headers: bytes) -> None:
    wire = web()
    with pytest.raises(ProtocolError):
        wire.receive(request_line_and_headers + b"\r\n")
    assert wire.encode(REFUSAL, is_last=True).startswith(b"HTTP/1.1 400")


def test_a_head_within_its_bounds_is_read() -> None:
    target = "/" + "x" * (MAX_HTTP_TARGET_BYTES - 1)
    request = web().receive(f"propfind {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert request is not None
    assert (request.method, request.target) == ("propfind", target)
