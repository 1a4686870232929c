"""A browser without JavaScript: it reads, it says something, and it is told how else to join."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from lanchat.chat.state.settings import Room
from lanchat.limits import FLOOD_BURST
from lanchat.server.web.without_script import MAX_FORM_BYTES, MAX_TEXT_BYTES
from tests.server.serving import ROOM, Serving
from tests.server.web import Answer, read_answer, request

FORM = "application/x-www-form-urlencoded"


def get(room: Serving, path: str = "/", **headers: str) -> Answer:
    peer = room.peer()
    peer.send(request("GET", path, **headers))
    return read_answer(peer)


def post(room: Serving, fields: dict[str, str], path: str = "/Line-3?form=1", **headers: str) -> Answer:
    """Send the form as the page's own browser would."""
    peer = room.peer()
    own = {"Origin": "http://localhost", "Content_Type": FORM, "Accept": "text/html"}
    peer.send_in_vain(request("POST", path, urlencode(fields), **{**own, **headers}))
    return read_answer(peer)


def test_what_was_said_and_who_is_here_is_read(room: Serving) -> None:
    zoe = room.member("zoe")
    zoe.send(
        *[f"PRIVMSG {ROOM.channel} :line {number}." for number in range(25)],
        f"PRIVMSG {ROOM.channel} :\x01ACTION waves\x01",
    )
    zoe.fence()
    body = get(room).body.decode()
    shown = re.findall(r"<li><time datetime=\"[^\"]+\">[^<]+</time> <b>zoe</b>:? (.*)</li>", body)
    assert shown == [*[f"line {number}." for number in range(6, 25)], "waves"]
    assert "1 here: zoe" in body
    assert "lanchat join" in body
    assert f"/join {ROOM.channel}" in body


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "&lt;b&gt;", "</li></ol>"]
)
def test_whatever_is_said_is_text(evil: str, serve: Callable[..., Serving]) -> None:
    room = serve(rooms=(Room(evil, "#Line-3", ROOM.id, evil),))
    zoe = room.member("zoe")
    zoe.send(f"PRIVMSG #Line-3 :{evil}", f"TOPIC #Line-3 :{evil}")
    zoe.fence()
    said = post(room, {"name": evil, "text": evil})
    assert said.status == 303
    body = get(room, f"/?{urlencode({'name': evil, 'room': evil})}").body.decode()
    assert body.count(html.escape(evil)) >= 5  # title, heading, topic, message, name
    assert evil not in body


def test_a_form_says_something_and_leads_back_to_the_page_with_the_name_still_there(room: Serving) -> None:
    zoe = room.member("zoe")
    answer = post(room, {"name": "Maria López", "text": "Grüße\r\naus Halle 3"})
    assert (answer.status, answer.body) == (303, b"")
    first, second = zoe.expect("PRIVMSG"), zoe.expect("PRIVMSG")
    assert (first.nick, first.params[-1], second.params[-1]) == ("Maria_López", "Grüße", "aus Halle 3")
    body = get(room, answer.headers["location"]).body.decode()
    assert 'value="Maria López"' in body
    assert "Grüße<br>aus Halle 3" in body


@pytest.mark.parametrize("path", ["/line-3?form=1", f"/{ROOM.id}?form=1", "/rooms/Line-3?form=1"])
def test_a_room_is_named_by_its_channel_or_its_id(path: str, room: Serving) -> None:
    assert post(room, {"name": "Maria", "text": "hello"}, path).status == 303


def test_a_rooms_own_address_leads_to_the_page_that_shows_it(room: Serving) -> None:
    assert get(room, "/line-3").headers["location"] == "/?room=Line-3&name="
    assert get(room, "/other").status == 404


def test_a_room_whose_channel_makes_no_word_is_named_by_its_id(serve: Callable[..., Serving]) -> None:
    rooms = (ROOM, Room("Brücke", "#Brücke", "ffeeddccbbaa9988"), Room("web", "#web", "0123456789abcdef"))
    room = serve(rooms=rooms)
    assert b'href="/?room=ffeeddccbbaa9988' in get(room).body
    assert b'action="/0123456789abcdef?form=1"' in get(room, "/?room=0123456789abcdef").body
    ana = room.peer().register("ana", channel="#Brücke")
    assert post(room, {"name": "Maria", "text": "hello"}, "/ffeeddccbbaa9988?form=1").status == 303
    assert ana.expect("PRIVMSG").params == ("#Brücke", "hello")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "zoe", "text": "hello"}, "This name is in use. Choose another one."),
        ({"name": "", "text": "hello"}, "That cannot be a name here. Choose another one."),
        ({"name": "Maria", "text": "  "}, "There is nothing in it to say."),
        ({"text": "hello"}, "That cannot be a name here. Choose another one."),
    ],
)
def test_what_is_not_heard_is_told_on_the_page(fields: dict[str, str], why: str, room: Serving) -> None:
    room.member("zoe")
    answer = post(room, fields)
    assert answer.status == 409
    assert f"<strong>{why}</strong>".encode() in answer.body
    assert b"<form" in answer.body


@pytest.mark.parametrize(
    ("fields", "path", "headers", "status"),
    [
        ({"name": "Maria", "text": "x" * (MAX_TEXT_BYTES + 1)}, "/Line-3?form=1", {}, 413),
        ({"name": "Maria", "text": "x" * MAX_FORM_BYTES}, "/Line-3?form=1", {}, 413),
        ({"name": "Maria", "text": "hello"}, "/Line-3", {}, 400),
        ({"name": "Maria", "text": "hello"}, "/Line-3?form=1", {"Content_Type": "text/plain"}, 400),
        ({"name": "Maria", "text": "hello"}, "/other?form=1", {}, 404),
        ({"name": "Maria", "text": "hello"}, "/Line-3?form=1", {"Origin": "null"}, 403),
        ({"name": "Maria", "text": "hello"}, "/Line-3?form=1", {"Origin": "http://evil.example"}, 403),
        ({str(number): "x" for number in range(50)}, "/Line-3?form=1", {}, 400),
    ],
)
def test_what_is_no_form_of_ours_is_refused_and_says_nothing(
    fields: dict[str, str], path: str, headers: dict[str, str], status: int, room: Serving
) -> None:
    zoe = room.member("zoe")
    assert post(room, fields, path, **headers).status == status
    assert not [message for message in zoe.fence() if message.command == "PRIVMSG"]


@pytest.mark.parametrize("body", [b"name=%ff&text=hello", b"name=\xff&text=hello", b"\0", b"=&=&="])
def test_whatever_the_bytes_of_a_form_are_it_is_answered(body: bytes, room: Serving) -> None:
    peer = room.peer()
    peer.send(request("POST", "/Line-3?form=1", body, Content_Type=FORM))
    assert read_answer(peer).status in (303, 400, 409)
    assert room.warnings == []


def test_a_word_by_get_says_nothing(room: Serving) -> None:
    """An <img> of any page makes a browser GET, without an Origin."""
    zoe = room.member("zoe")
    for path in ("/Line-3?form=1&name=Maria&text=hello", "/?name=Maria&text=hello", "/Line-3/publish?message=x"):
        get(room, path)
    assert not [message for message in zoe.fence() if message.command == "PRIVMSG"]


def test_who_says_too_much_is_told_to_wait(room: Serving) -> None:
    peer = room.peer()
    word = request("POST", "/Line-3?form=1", "name=Maria&text=hello", Content_Type=FORM)
    peer.send_in_vain(word * int(FLOOD_BURST + 20))
    statuses = []
    while (status := read_answer(peer).status) != 429:
        statuses.append(status)
    assert set(statuses) == {303}
    assert len(statuses) <= FLOOD_BURST + 1


# ---- With a password -----------------------------------------------------------------------------------------------


@pytest.fixture
def closed(serve: Callable[..., Serving]) -> Serving:
    """Return a room with a password in which something was said."""
    room = serve(password="secret")
    zoe = room.peer()
    zoe.send("PASS secret")
    zoe.register("zoe", channel=ROOM.channel)
    zoe.send(f"PRIVMSG {ROOM.channel} :quite private")
    zoe.fence()
    return room


def test_nothing_is_read_or_said_before_the_password_is_given(closed: Serving) -> None:
    body = get(closed).body
    assert b"quite private" not in body
    assert b"zoe" not in body
    assert b'type="password"' in body
    assert post(closed, {"name": "Maria", "text": "hello"}).status == 403
    assert b"quite private" not in post(closed, {"name": "Maria", "text": "hello", "password": "guess"}).body


def test_with_the_password_a_browser_reads_and_speaks(closed: Serving) -> None:
    answer = post(closed, {"password": "secret"})
    assert answer.status == 303
    cookie, *attributes = answer.headers["set-cookie"].split("; ")
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Strict"}
    assert "secret" not in cookie
    assert b"quite private" in get(closed, Cookie=cookie).body
    assert post(closed, {"name": "Maria", "text": "hello"}, Cookie=f"other=1; {cookie}").status == 303
    assert b"quite private" not in get(closed, Cookie=f"{cookie}x").body


def test_who_guesses_has_to_wait(closed: Serving) -> None:
    for _ in range(5):
        post(closed, {"password": "guess"})
    answer = post(closed, {"password": "secret"})
    assert answer.status == 403
    assert b"Too many wrong passwords" in answer.body
