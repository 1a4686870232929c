"""A page's WebSocket, on the one port: what an IRC client can do, it can."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from lanchat.limits import ASLEEP_S, FLOOD_BURST, GONE_AFTER_S, MAX_SENDQ_BYTES, PING_AFTER_S
from lanchat.protocol.message import Message
from tests.protocol.test_websocket_wire import frame
from tests.server.peer import DEADLINE_S
from tests.server.serving import ROOM, Serving
from tests.server.web import Page, read_answer, request, upgrade

HOST = "localhost"


@pytest.mark.parametrize("protocol", ["text.ircv3.net", "binary.ircv3.net", ""])
def test_a_page_and_an_irc_client_talk_to_each_other(protocol: str, room: Serving) -> None:
    zoe = room.member("zoe")
    page = Page(room.peer(), protocol, Origin=f"http://{HOST}").register("maria", ROOM.channel)
    assert page.answer.headers.get("sec-websocket-protocol", "") == protocol
    zoe.send(f"PRIVMSG {ROOM.channel} :Grüße")
    assert page.expect("PRIVMSG").params == (ROOM.channel, "Grüße")
    page.send(f"PRIVMSG {ROOM.channel} :dich auch")
    assert zoe.expect("PRIVMSG").params == (ROOM.channel, "dich auch")


def test_lines_sent_before_the_answer_to_the_upgrade_are_read(room: Serving) -> None:
    peer = room.peer()
    peer.send(upgrade() + frame("NICK maria") + frame("USER maria 0 * :Maria"))
    assert read_answer(peer).status == 101
    assert b" 001 maria " in peer.read_until(b" 001 maria ")


def test_capabilities_shape_what_a_page_is_sent(room: Serving) -> None:
    before = ("CAP LS 302", "CAP REQ :server-time message-tags echo-message")
    page = Page(room.peer()).register("maria", ROOM.channel, *before)
    page.send(f"PRIVMSG {ROOM.channel} :hello")
    assert page.expect("PRIVMSG").tags.keys() >= {"time", "msgid"}


def test_somebody_elses_websocket_client_joins_the_room(room: Serving) -> None:
    zoe = room.member("zoe")
    address = f"ws://127.0.0.1:{room.port}/"
    offer = [Subprotocol("text.ircv3.net")]
    with connect(address, subprotocols=offer, open_timeout=DEADLINE_S, max_queue=None) as client:
        assert client.subprotocol == "text.ircv3.net"
        assert client.protocol.extensions == []  # it offered to compress
        for line in ("NICK maria", "USER maria 0 * :Maria", f"JOIN {ROOM.channel}", f"PRIVMSG {ROOM.channel} :hello"):
            client.send(line)
        assert zoe.expect("PRIVMSG").nick == "maria"
        assert client.ping().wait(DEADLINE_S)
    assert zoe.expect("QUIT").nick == "maria"


def test_a_silent_page_is_asked_and_let_go_of_as_others_are(room: Serving) -> None:
    page = Page(room.peer()).register("maria")
    room.pass_time(PING_AFTER_S + 1)
    page.expect("PING")
    room.pass_time(GONE_AFTER_S)
    assert page.expect("ERROR").params[-1].endswith("seconds")
    assert page.close_code() == 1000


def test_a_page_that_quits_is_told_and_closed(room: Serving) -> None:
    page = Page(room.peer()).register("maria")
    page.send("QUIT :bye")
    page.expect("ERROR")
    assert page.close_code() == 1000


def test_a_page_that_closes_is_answered_and_its_person_leaves(room: Serving) -> None:
    zoe = room.member("zoe")
    page = Page(room.peer()).register("maria", ROOM.channel)
    page.send_raw(frame(struct.pack("!H", 1001), 8))
    assert page.close_code() == 1001
    assert zoe.expect("QUIT").nick == "maria"
    assert room.warnings == []


def test_a_phone_that_is_put_away_is_missed_by_nobody_for_ten_minutes(room: Serving) -> None:
    zoe = room.member("zoe", caps="away-notify")
    phone = Page(room.peer())
    phone.send("CAP REQ :sasl", "NICK maria", "USER maria 0 * :Maria", "AUTHENTICATE PLAIN")
    phone.expect("AUTHENTICATE", "+")
    phone.send(f"AUTHENTICATE {base64.b64encode(b'maria' + bytes(1) + b'maria' + bytes(1) + b'sesame').decode()}")
    phone.expect("903")
    phone.send("CAP END", f"JOIN {ROOM.channel}")
    phone.expect("366")
    zoe.expect("JOIN")
    phone.peer.reset()
    assert zoe.expect("AWAY").params == ("asleep",)
    room.pass_time(ASLEEP_S - 1)
    zoe.send("PONG x")
    assert not [message for message in zoe.fence() if message.command == "QUIT"]
    room.pass_time(2)
    assert zoe.expect("QUIT").nick == "maria"


def test_a_breach_is_answered_with_its_code_and_told_to_the_host(room: Serving) -> None:
    page = Page(room.peer()).register("maria", ROOM.channel)
    page.send_raw(b"\x81\x01x")
    assert page.close_code() == 1002
    assert [warning.split(": ")[0] for warning in room.warnings] == ["127.0.0.1 was disconnected"]


def test_a_flood_of_frames_is_read_as_slowly_as_a_flood_of_lines(room: Serving) -> None:
    page = Page(room.peer()).register("maria", ROOM.channel)
    zoe = room.member("zoe")
    page.send(*[f"PRIVMSG {ROOM.channel} :{number}" for number in range(int(3 * FLOOD_BURST))])
    zoe.expect("PRIVMSG", ROOM.channel, "30")
    zoe.fence()
    heard = [message for message in zoe.messages_waiting() if message.command == "PRIVMSG"]
    assert len(heard) < FLOOD_BURST


@pytest.mark.parametrize("nothing", [frame(b"", 9), frame(b"", 10), frame("")], ids=["ping", "pong", "empty"])
def test_frames_that_say_nothing_cost_as_much_as_lines(nothing: bytes, room: Serving) -> None:
    page = Page(room.peer()).register("maria")
    page.send_raw(nothing * 500)
    page.send("PING late")
    session = next(iter(room.server.chat.network.sessions))
    assert session.allowance is not None
    room.wait_until(lambda: session.allowance is not None and session.allowance.wait_s(0.0) > 0)


def test_a_page_that_does_not_read_is_closed_and_nothing_is_put_behind_half_a_frame(
    serve: Callable[..., Serving],
) -> None:
    room = serve(is_flood_limited=False)
    page = Page(room.peer(receive_buffer_bytes=4_096)).register("maria", ROOM.channel)
    zoe = room.member("zoe")
    lines = [f"PRIVMSG {ROOM.channel} :{'x' * 400}"] * (4 * MAX_SENDQ_BYTES // 400 + 10_000)
    zoe.send("\r\n".join(lines))
    zoe.expect("QUIT")
    messages = list(page.messages())
    assert {message.params for message in messages if message.command == "PRIVMSG"} == {(ROOM.channel, "x" * 400)}
    assert not [message for message in messages if message.command == "ERROR"]
    assert page.closed is None
    assert any("SendQ exceeded" in warning for warning in room.warnings)


# ---- The upgrade ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", [HOST, "127.0.0.1:8100", "[::1]:8100", "[fd00::5]", "PRESS.local"])
def test_our_own_page_may_become_a_websocket_under_each_name_we_have(host: str, room: Serving) -> None:
    Page(room.peer(), Host=host, Origin=f"http://{host.lower()}")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Origin": "http://evil.example"}, 403),
        ("/", {"Origin": "null"}, 403),
        ("/", {"Origin": f"https://{HOST}"}, 403),
        ("/", {"Origin": f"http://{HOST}:81"}, 403),
        ("/", {"Origin": ""}, 403),
        ("/", {"Host": "evil.example", "Origin": "http://evil.example"}, 421),
        ("/", {"Sec_WebSocket_Version": "8"}, 426),
        ("/", {"Sec_WebSocket_Key": "short"}, 426),
        ("/other", {}, 404),
    ],
)
def test_nobody_else_may(path: str, headers: dict[str, str], status: int, room: Serving) -> None:
    peer = room.peer()
    peer.send(upgrade(path, **headers))
    assert read_answer(peer).status == status
    assert room.call(lambda: len(room.server.chat.network.sessions)) == 0


def test_the_web_client_of_another_site_may_where_the_host_says_so_and_may_do_nothing_else(
    serve: Callable[..., Serving],
) -> None:
    room = serve(origins=("http://kiosk.lan:8000",))
    Page(room.peer(), Origin="http://kiosk.lan:8000").register("maria", ROOM.channel)
    for path, status in (("/", 403), ("/Line-3?form=1", 403)):
        peer = room.peer()
        peer.send(
            upgrade(Origin="http://kiosk.lan") if path == "/" else request("POST", path, Origin="http://kiosk.lan:8000")
        )
        assert read_answer(peer).status == status


def test_a_refused_upgrade_leaves_a_connection_that_can_ask_again(room: Serving) -> None:
    peer = room.peer()
    peer.send(upgrade(Origin="null") + request("GET", "/room.json"))
    assert [read_answer(peer).status, read_answer(peer).status] == [403, 200]


def test_a_host_without_a_page_upgrades_nobody(serve: Callable[..., Serving]) -> None:
    peer = serve(has_page=False).peer()
    peer.send(upgrade())
    assert read_answer(peer).status == 404


def test_the_password_is_asked_for_as_of_others(serve: Callable[..., Serving]) -> None:
    room = serve(password="secret")
    page = Page(room.peer())
    page.send("NICK maria", "USER maria 0 * :Maria")
    assert isinstance(page.expect("464"), Message)
    Page(room.peer()).register("maria", ROOM.channel, "PASS secret", "CAP LS 302")
