"""The port speaks HTTP to who speaks HTTP to it."""

import json
import ssl
from collections.abc import Callable, Mapping
from urllib.request import urlopen

import pytest

from lanchat import __version__
from lanchat.chat.state.settings import Room
from lanchat.limits import MAX_HTTP_REQUEST_BYTES
from lanchat.server.web.pages import read
from tests.server.peer import DEADLINE_S
from tests.server.serving import ROOM, Serving
from tests.server.web import read_answer


def ask(room: Serving, request: bytes) -> tuple[int, Mapping[str, str], bytes]:
    """Return the answer to a request: its status, its headers, their names in lower case, its body."""
    peer = room.peer()
    peer.send(request)
    answer = read_answer(peer, is_head=request.startswith(b"HEAD"))
    return answer.status, answer.headers, answer.body


def test_a_probe_is_told_what_room_this_is(room: Serving) -> None:
    room.member("zoe").fence()
    status, headers, body = ask(room, b"GET /room.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (status, headers["content-type"], headers["content-length"]) == (200, "application/json", str(len(body)))
    facts = {
        "id": ROOM.id,
        "name": "Line 3",
        "channel": "#Line-3",
        "topic": "Line 3",
        "members": 1,
        "auth": "none",
        "version": __version__,
    }
    told = json.loads(body)
    assert len(told.pop("host")) == 16
    assert len(told.pop("run")) == 16
    assert told.pop("web") == read().hash
    assert told.pop("addresses") == []
    assert 0 <= told.pop("up") < 60
    assert told == {**facts, "rooms": [facts]}


def test_a_probe_is_told_of_all_rooms_and_of_the_password(serve: Callable[..., Serving]) -> None:
    bridge = Room("Brücke", "#Brücke", "ffeeddccbbaa9988", "Watch B")
    told = json.loads(
        ask(serve(rooms=(ROOM, bridge), password="secret"), b"GET /room.json HTTP/1.0\r\nHost: 10.0.0.1\r\n\r\n")[2]
    )
    assert told["id"] == ROOM.id
    assert [(one["name"], one["topic"], one["auth"]) for one in told["rooms"]] == [
        ("Line 3", "Line 3", "pw"),
        ("Brücke", "Watch B", "pw"),
    ]


def test_a_probe_never_counts_as_somebody(room: Serving) -> None:
    ask(room, b"GET /room.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert room.call(lambda: (dict(room.server.chat.network.users), room.server.chat.network.unknown_count)) == ({}, 0)
    assert room.happened == []


def test_head_is_answered_without_a_body(room: Serving) -> None:
    status, headers, body = ask(room, b"HEAD /room.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 100


def test_somebody_elses_http_client_understands_the_answers(room: Serving) -> None:
    with urlopen(f"http://127.0.0.1:{room.port}/room.json?x=1", timeout=DEADLINE_S) as answer:
        assert json.load(answer)["name"] == "Line 3"


def test_a_browser_is_shown_a_page_with_the_rooms_name(serve: Callable[..., Serving]) -> None:
    room = serve(rooms=(Room("<Line> & 3", "#Line-3", ROOM.id),))
    status, headers, body = ask(room, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<h1>&lt;Line&gt; &amp; 3</h1>" in body
    assert b"<title>&lt;Line&gt; &amp; 3 \xc2\xb7 lanchat</title>" in body
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_request_that_comes_byte_by_byte_is_answered(room: Serving) -> None:
    peer = room.peer()
    peer.send_slowly(b"GET /room.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert read_answer(peer).status == 200


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"POST /room.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", 405),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 405),
        (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"CONNECT example.org:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/9\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET / \r\nJOIN #Line-3\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n broken\r\nno header\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20 * MAX_HTTP_REQUEST_BYTES, 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: x\r\n" * MAX_HTTP_REQUEST_BYTES, 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 100_000, 405),
    ],
    ids=lambda value: value[:20].decode("latin-1") if isinstance(value, bytes) else str(value),
)
def test_a_request_that_cannot_be_met_is_answered_and_where_it_may_be_misread_that_is_the_end(
    request_bytes: bytes, status: int, room: Serving
) -> None:
    peer = room.peer()
    peer.send_in_vain(request_bytes)
    assert read_answer(peer).status == status
    if status == 400 or request_bytes.startswith(b"POST"):  # what follows might be read otherwise by others
        assert peer.is_closed_by_host()


@pytest.mark.parametrize(
    "name",
    [
        *("10.0.0.5:8100", "[fd00::5]:8100", "localhost:1", "Press-4.local:8100", "127.0.0.1", "[::1]"),
        *("[fe80::5]", "[fe80::5%eth0]:8100", "[FE80::5%2]:8100", "[fe80::5%25eth0]"),
    ],
)
def test_what_a_room_tells_is_told_under_names_that_lead_nowhere_else(name: str, room: Serving) -> None:
    assert ask(room, f"GET /room.json HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())[0] == 200


@pytest.mark.parametrize(
    "name", ["evil.example:8100", "10.0.0.5.evil.example", "localhost.evil.example", "a.local.b", "x;.local"]
)
def test_a_page_whose_name_was_made_to_lead_here_learns_nothing(name: str, room: Serving) -> None:
    """DNS rebinding: the browser of somebody in this network asks us in the name of a page from elsewhere."""
    status, _, body = ask(room, f"GET /room.json HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())

    assert status == 421
    assert ROOM.id.encode() not in body


def test_what_was_http_never_becomes_irc(room: Serving) -> None:
    peer = room.peer()
    peer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nNICK evil\r\nUSER evil 0 * :Evil\r\n")
    assert b" 001 " not in peer.read_to_end()


def test_a_tls_hello_is_closed(room: Serving) -> None:
    peer = room.peer()
    peer.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    assert peer.read_to_end() == b""


def test_who_asks_with_a_tls_client_is_not_left_waiting(room: Serving) -> None:
    context = ssl.create_default_context()
    with pytest.raises((ssl.SSLError, ConnectionError)):
        context.wrap_socket(room.peer().sock, server_hostname="room")
