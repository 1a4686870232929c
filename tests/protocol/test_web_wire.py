import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.errors import ProtocolError
from lanchat.limits import MAX_HTTP_BODY_BYTES, MAX_HTTP_HEADERS, MAX_HTTP_REQUEST_BYTES, MAX_HTTP_TARGET_BYTES
from lanchat.protocol.web_wire import Request, Response, WebWire
from tests.protocol.chunks import bytewise

GET = b"GET /room.json?x=1 HTTP/1.1\r\nHost: 10.0.0.5:8100\r\nX-A: caf\xe9\r\n\r\n"
READ = Request("GET", "/room.json?x=1", {"host": "10.0.0.5:8100", "x-a": "café"})
POST = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
PAGE = Response(200, "text/plain; charset=utf-8", b"hello")


def test_a_whole_request_comes_back() -> None:
    assert WebWire().receive(GET) == READ


def test_it_comes_back_with_its_last_byte() -> None:
    web = WebWire()
    *before, last = [web.receive(byte) for byte in bytewise(GET)]
    assert last == READ
    assert not any(before)


def test_what_stands_behind_a_request_is_left_alone() -> None:
    assert WebWire().receive(GET + GET) == READ
    assert WebWire().receive(GET + b"NICK bob\r\n") == READ


def test_a_body_is_read_and_dropped() -> None:
    web = WebWire()
    assert web.receive(POST[:-2]) is None
    request = web.receive(POST[-2:])
    assert request is not None
    assert (request.method, request.target) == ("POST", "/x")


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
    ],
)
def test_what_is_no_request_is_refused(data: bytes) -> None:
    """RFC 9112, section 3.2: without one Host field, "a server MUST respond with a 400 (Bad Request)"."""
    web = WebWire()
    with pytest.raises(ProtocolError):
        web.receive(data)
    assert web.refusal().startswith(b"HTTP/1.1 400 ")


def test_a_body_over_its_limit_is_refused() -> None:
    web = WebWire()
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (MAX_HTTP_BODY_BYTES + 1)
    assert web.receive(head) is None
    assert web.receive(b"x" * MAX_HTTP_BODY_BYTES) is None
    with pytest.raises(ProtocolError):
        web.receive(b"x")


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_protocol_error(data: bytes) -> None:
    web = WebWire()
    try:
        web.receive(data)
    except ProtocolError:
        web.refusal()


def test_an_answer_has_its_length_and_what_keeps_browsers_safe() -> None:
    web = WebWire()
    web.receive(GET)
    head, _, body = web.encode(PAGE).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"content-length: 5" in head.lower()
    assert b"x-content-type-options: nosniff" in head.lower()
    assert b"connection: close" in head.lower()
    assert body == b"hello"


def test_head_is_answered_without_the_body() -> None:
    """RFC 9110, section 9.3.2: "the server MUST NOT send content in the response"."""
    web = WebWire()
    web.receive(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    head, _, body = web.encode(PAGE).partition(b"\r\n\r\n")
    assert b"content-length: 5" in head.lower()
    assert body == b""


def test_what_comes_after_an_answer_is_not_answered_again() -> None:
    web = WebWire()
    web.receive(GET)
    web.encode(PAGE)
    assert web.refusal() == b""


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
    web = WebWire()
    with pytest.raises(ProtocolError):
        web.receive(request_line_and_headers + b"\r\n")
    assert web.refusal().startswith(b"HTTP/1.1 400")


def test_a_head_within_its_bounds_is_read() -> None:
    target = "/" + "x" * (MAX_HTTP_TARGET_BYTES - 1)
    request = WebWire().receive(f"propfind {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert request is not None
    assert (request.method, request.target) == ("propfind", target)
