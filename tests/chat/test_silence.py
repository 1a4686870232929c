import pytest

from lanchat.protocol.plain_wire import PlainWire
from tests.chat.rig import SERVER, START, Rig


def pass_time(rig: Rig, seconds: int) -> None:
    for _ in range(seconds // 5):
        rig.tick(5)


def test_who_is_silent_is_asked_after_half_a_minute() -> None:
    """Modern, "PING message": "to check the other side of the connection is still connected"."""
    rig = Rig()
    foo = rig.client("foo")
    pass_time(rig, 25)
    assert foo.lines() == []
    pass_time(rig, 5)
    assert foo.lines() == [f"PING :{SERVER}"]


def test_and_is_gone_soon_after_a_minute() -> None:
    """Modern, "QUIT message": "for instance, "Ping timeout: 120 seconds""."""
    rig = Rig()
    foo, bar = rig.client("foo"), rig.client("bar")
    for client in (foo, bar):
        client.ask("JOIN #a")
    bar.lines()
    for _ in range(12):
        rig.tick(5)
        bar.send("PONG x")
    assert not foo.is_closed  # a minute is not held against anybody
    for _ in range(2):
        rig.tick(5)
        bar.send("PONG x")
    assert foo.is_closed
    assert foo.lines()[-1] == "ERROR :Closing link: (10.0.0.9) Ping timeout: 70 seconds"
    assert bar.lines()[-1] == ":foo!~username@10.0.0.9 QUIT :Ping timeout: 70 seconds"


@pytest.mark.parametrize("line", [f"PONG {SERVER}", "PRIVMSG nobody :x", "NONSENSE", b"\xff"])
def test_anything_said_shows_that_somebody_is_there(line: str | bytes) -> None:
    rig = Rig()
    foo = rig.client("foo")
    for _ in range(10):
        pass_time(rig, 30)
        assert f"PING :{SERVER}" in foo.lines()
        foo.send(line)
    assert not foo.is_closed


def test_who_is_asked_is_asked_once() -> None:
    rig = Rig()
    foo = rig.client("foo")
    pass_time(rig, 55)
    assert foo.lines() == [f"PING :{SERVER}"]


def test_after_the_host_was_asleep_nobody_is_let_go_of_unasked() -> None:
    rig = Rig()
    foo = rig.client("foo")
    rig.tick(3_600)
    assert foo.lines() == [f"PING :{SERVER}"]
    pass_time(rig, 35)
    assert not foo.is_closed
    pass_time(rig, 5)
    assert foo.is_closed


def test_a_clock_that_is_put_back_does_not_make_silence_invisible() -> None:
    rig = Rig()
    foo = rig.client("foo")
    rig.now -= 86_400
    rig.tick()
    pass_time(rig, 70)
    assert foo.is_closed


def test_who_never_registers_is_let_go_of_after_a_minute() -> None:
    rig = Rig()
    client = rig.client()
    client.ask("CAP LS 302", "NICK foo")
    pass_time(rig, 60)
    assert not client.is_closed
    pass_time(rig, 5)
    assert client.lines() == ["ERROR :Closing link: (10.0.0.9) Nobody registered"]
    assert client.is_closed
    assert rig.network.unknown_count == 0


def test_somebody_at_nc_is_given_time_to_say_their_name() -> None:
    rig = Rig()
    session = rig.chat.connect(PlainWire("Line 3", "#Line-3"), "10.0.0.9", rig.now)
    assert rig.chat.tick(START + 599) == []
    assert rig.chat.tick(START + 601) != []
    assert session.is_closed


def test_somebody_at_nc_is_not_asked_and_may_be_silent_for_hours() -> None:
    rig = Rig()
    wire = PlainWire("Line 3", "#Line-3")
    session = rig.chat.connect(wire, "10.0.0.9", rig.now)
    for message in wire.receive(b"hi\nbob\n"):
        rig.chat.handle(session, message, rig.now)
    assert rig.network.user("bob")
    assert rig.chat.tick(START + 86_400) == []


def test_a_client_is_gone_once_only() -> None:
    rig = Rig()
    foo = rig.client("foo")
    foo.drop()
    foo.drop()
    pass_time(rig, 90)
    assert foo.lines() == []
