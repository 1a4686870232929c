import asyncio
import ipaddress
import socket

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanchat.discovery import broadcast
from lanchat.discovery.broadcast import QUESTION_BYTES, Responder, answer, ask, question, read_answer, read_question
from tests.discovery.peers import ID_A, ID_B

NONCE = "0011223344556677"
OWN_SUBNET = (ipaddress.ip_interface("127.0.0.1/8"),)


def test_a_question_comes_back() -> None:
    assert read_question(question(NONCE)) == NONCE


def test_a_question_too_short_to_answer_at_its_own_size_is_none() -> None:
    assert read_question(question(NONCE).rstrip()) is None
    assert read_question(question(NONCE) + b" ") is None


@given(
    st.lists(
        st.tuples(st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}"), st.integers(1, 65_535)), max_size=20
    )
)
def test_answers_come_back_and_are_never_longer_than_the_question(rooms: list[tuple[str, int]]) -> None:
    datagram = answer(NONCE, rooms)

    assert len(datagram) <= QUESTION_BYTES
    assert read_answer(datagram, NONCE) == rooms[:8]


def test_an_answer_to_somebody_elses_question_is_none() -> None:
    assert read_answer(answer(NONCE, [(ID_A, 8100)]), "7" * 16) == []


def test_a_port_that_is_none_is_left_out() -> None:
    assert read_answer(answer(NONCE, [(ID_A, 0), (ID_B, 99_999), (ID_A, 8100)]), NONCE) == [(ID_A, 8100)]


@given(st.binary(max_size=300))
@example(question(NONCE)[:-1] + b"\n")
def test_no_datagram_raises(datagram: bytes) -> None:
    read_question(datagram)
    read_answer(datagram, NONCE)


class Sent(asyncio.DatagramTransport):
    """Takes what a responder sends."""

    def __init__(self) -> None:
        self.datagrams: list[tuple[bytes, object]] = []

    def sendto(self, data: object, addr: object = None) -> None:
        assert isinstance(data, bytes)
        self.datagrams.append((data, addr))


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def responder(clock: Clock) -> tuple[Responder, Sent]:
    made, sent = Responder([(ID_A, 8100)], lambda: OWN_SUBNET, clock), Sent()
    made.connection_made(sent)
    return made, sent


def test_a_neighbour_gets_an_answer() -> None:
    made, sent = responder(Clock())

    made.datagram_received(question(NONCE), ("127.0.0.9", 5000))

    assert sent.datagrams == [(answer(NONCE, [(ID_A, 8100)]), ("127.0.0.9", 5000))]


@pytest.mark.parametrize(
    ("datagram", "sender"),
    [(question(NONCE), "10.0.0.9"), (b"lanchat?", "127.0.0.9"), (b"", "127.0.0.9"), (b"\xff" * 256, "127.0.0.9")],
)
def test_strangers_and_nonsense_get_none(datagram: bytes, sender: str) -> None:
    made, sent = responder(Clock())

    made.datagram_received(datagram, (sender, 5000))

    assert sent.datagrams == []


def test_one_asker_is_answered_once_in_a_tenth_of_a_second() -> None:
    clock = Clock()
    made, sent = responder(clock)

    for _ in range(3):
        made.datagram_received(question(NONCE), ("127.0.0.9", 5000))
    clock.now += 0.11
    made.datagram_received(question(NONCE), ("127.0.0.9", 5000))

    assert len(sent.datagrams) == 2


def test_a_flood_from_everywhere_is_answered_at_a_bounded_rate() -> None:
    clock = Clock()
    made, sent = responder(clock)

    for number in range(10_000):
        made.datagram_received(question(NONCE), (f"127.0.{number // 250}.{number % 250}", 5000))
        clock.now += 0.0001  # 10,000 in one second

    assert 50 <= len(sent.datagrams) <= 101  # the burst, and 50 for the second that passed


async def test_a_question_finds_who_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "ASK_AT_S", (0.0,))
    found: list[tuple[str, str, int]] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    transport = await broadcast.open_responder(Responder([(ID_A, 8100), (ID_B, 9000)], lambda: OWN_SUBNET), port)
    try:
        arrived = asyncio.Event()

        def on_room(room_id: str, address: str, tcp_port: int) -> None:
            found.append((room_id, address, tcp_port))
            arrived.set()

        asking = asyncio.create_task(ask([("127.0.0.1", "127.0.0.1")], on_room, listen_s=30, port=port))
        await asyncio.wait_for(arrived.wait(), 10)
        asking.cancel()
    finally:
        transport.close()

    assert found == [(ID_A, "127.0.0.1", 8100), (ID_B, "127.0.0.1", 9000)]


async def test_two_hosts_share_the_port() -> None:
    first = await broadcast.open_responder(Responder([], tuple), 0)
    port = first.get_extra_info("sockname")[1]
    second = await broadcast.open_responder(Responder([], tuple), port)

    assert second.get_extra_info("sockname")[1] == port
    first.close()
    second.close()


async def test_an_address_that_is_not_ours_is_left_out() -> None:
    await ask([("192.0.2.1", "192.0.2.255")], lambda *_: None, listen_s=0)


async def test_a_question_over_ipv6_finds_who_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "ASK_AT_S", (0.0,))
    own_subnet = (ipaddress.ip_interface("::1/128"),)
    responder = Responder([(ID_A, 8100)], lambda: own_subnet)
    transport = await broadcast.open_responder(responder, 0, socket.AF_INET6)
    port = transport.get_extra_info("sockname")[1]
    found: asyncio.Future[tuple[str, str, int]] = asyncio.get_running_loop().create_future()
    try:
        asking = asyncio.create_task(
            ask([("::1", "::1")], lambda *room: found.set_result(room), listen_s=30, port=port)
        )
        assert await asyncio.wait_for(found, 10) == (ID_A, "::1", 8100)
        asking.cancel()
    finally:
        transport.close()


def test_neighbours_are_told_from_strangers_by_the_scope_too() -> None:
    own = ipaddress.ip_interface("fe80::1%77/64")  # 77: an adapter without a name, so that it is the same everywhere
    made, sent = Responder([(ID_A, 8100)], lambda: (own,), Clock()), Sent()
    made.connection_made(sent)

    made.datagram_received(question(NONCE), ("fe80::2", 5000, 0, 78))
    made.datagram_received(question(NONCE), ("fe80::2", 5000, 0, 77))

    assert [addr for _, addr in sent.datagrams] == [("fe80::2", 5000, 0, 77)]
