"""Every route of the table, asked in every way that it must not answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lanchat.limits import FLOOD_BURST_OF_ADDRESS
from lanchat.server.web.site import Behind, Site
from tests.server.serving import ROOM, Serving
from tests.server.web import Answer, read_answer, request, upgrade

# a path for each pattern of the table; a new row needs one here
PATHS = {
    "/": "/",
    "/web/([0-9a-f]+)/(.+)": "/web/00/app.js",
    "/room\\.json": "/room.json",
    "/rooms\\.json": "/rooms.json",
    "/(?:rooms/)?([-_A-Za-z0-9]{1,64})": "/Line-3?form=1",
}
HOSTS = [
    "evil.example",
    "evil.example:8100",
    "10.0.0.5.evil.example",
    "[::1",
    "a b",
    "x;.local",
    "@localhost",
    "localhost:1:2",
    "é.local",
    "localhost; script-src *",
]
OWN_HOSTS = [
    "localhost",
    "127.0.0.1:8100",
    "[::1]:8100",
    "[fd00::5]",
    "10.77.1.11:8100",
    "Press.local",
    "room.test",
    "kiosk.lan",
]
FOREIGN = [
    "http://evil.example",
    "null",
    "",
    "https://localhost",
    "http://localhost:81",
    "http://localhost.evil.example",
]


def rows() -> list[tuple[str, str]]:
    """Every method and path of the table."""
    no = Behind(None, None, None, None, None, "")  # type: ignore[arg-type]  # only the table is read
    return [(method, PATHS[row.path]) for row in Site(no, ()).routes.rows for method in row.methods]


def ask(room: Serving, method: str, path: str, **headers: str) -> Answer:
    peer = room.peer()
    body = "name=Maria&text=hello" if method == "POST" else ""
    form = {"Content_Type": "application/x-www-form-urlencoded"} if body else {}
    peer.send(request(method, path, body, **{**form, **headers}))
    return read_answer(peer, is_head=method == "HEAD")


@pytest.fixture
def quiet(serve: Callable[..., Serving]) -> Serving:
    """Return a server that may be asked much, with a name of its own beside the machine's."""
    return serve(is_flood_limited=False, host_names=("kiosk.lan",))


@pytest.mark.parametrize(("method", "path"), rows())
def test_no_route_answers_under_a_name_that_is_not_ours(method: str, path: str, quiet: Serving) -> None:
    for host in HOSTS:
        answer = ask(quiet, method, path, Host=host)
        assert answer.status == 421, host
        assert ROOM.id.encode() not in answer.body
        assert host not in answer.headers["content-security-policy"]
    for host in OWN_HOSTS:
        assert ask(quiet, method, path, Host=host).status != 421, host


@pytest.mark.parametrize(("method", "path"), rows())
def test_no_route_lets_the_page_of_another_site_change_anything(method: str, path: str, quiet: Serving) -> None:
    zoe = quiet.member("zoe")
    for origin in FOREIGN:
        is_reading = method in ("GET", "HEAD")
        assert (ask(quiet, method, path, Origin=origin).status == 403) is not is_reading, origin
    assert not [message for message in zoe.fence() if message.command == "PRIVMSG"]
    assert ask(quiet, method, path, Origin="http://localhost").status != 403
    assert ask(quiet, method, path, Host="[::1]:8100", Origin="http://[::1]:8100").status != 403


@pytest.mark.parametrize(("method", "path"), rows())
def test_no_route_tells_what_was_said_or_lets_speak_without_the_password(
    method: str, path: str, serve: Callable[..., Serving]
) -> None:
    room = serve(password="secret")
    zoe = room.peer()
    zoe.send("PASS secret")
    zoe.register("zoe", channel=ROOM.channel)
    zoe.send(f"PRIVMSG {ROOM.channel} :quite private")
    zoe.fence()
    assert b"quite private" not in ask(room, method, path).body
    assert not [message for message in zoe.fence() if message.command == "PRIVMSG"]


@pytest.mark.parametrize(("method", "path"), [*rows(), ("GET", "/nothing/here"), ("BREW", "/")])
def test_every_answer_bears_what_keeps_browsers_safe(method: str, path: str, room: Serving) -> None:
    headers = ask(room, method, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "cache-control" in headers
    assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize(("method", "path"), rows())
def test_every_route_has_its_price(method: str, path: str, room: Serving) -> None:
    peer = room.peer()
    for _ in range(20 * int(FLOOD_BURST_OF_ADDRESS)):  # a file of the page costs a tenth
        peer.send_in_vain(request(method, path))
        answer = read_answer(peer, is_head=method == "HEAD")
        if answer.status == 429:
            break
        if "connection" in answer.headers:
            peer = room.peer()
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_websocket_is_opened_for_no_other_sites_page(origin: str, room: Serving) -> None:
    peer = room.peer()
    peer.send(upgrade(Origin=origin))
    assert read_answer(peer).status == 403
