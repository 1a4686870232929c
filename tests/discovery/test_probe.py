import asyncio
import json
import sys
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanchat.discovery.events import Why
from lanchat.discovery.probe import ProbeError, probe, probe_first, read_answer
from lanchat.discovery.rooms import FoundRoom
from lanchat.protocol.text import clean
from tests.discovery.peers import ID_A, ID_B, answering, endless, host_answer, http_answer, room_json, serving, silent

needs_more_loopback = pytest.mark.skipif(sys.platform == "darwin", reason="macOS has 127.0.0.1 and no other")


async def test_a_room_answers_for_itself() -> None:
    async with serving(answering(host_answer(room_json(auth="pw")))) as port:
        rooms = await probe("127.0.0.1", port, expect_id=ID_A)

    assert rooms == [
        FoundRoom(
            id=ID_A,
            name="Line 3",
            channel="#Line-3",
            topic="Shift B",
            members=3,
            is_password_needed=True,
            version="0.1.0",
            addresses=("127.0.0.1",),
            port=port,
        )
    ]


async def test_the_question_is_a_plain_get() -> None:
    asked: list[bytes] = []

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(host_answer(room_json()))

    async with serving(peer) as port:
        await probe("127.0.0.1", port)

    expected = f"GET /room.json HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    assert asked == [expected.encode()]


async def test_all_rooms_of_a_host_come_along_the_first_one_first() -> None:
    answer = host_answer(room_json(), room_json(ID_B, "Press 4"))
    async with serving(answering(answer)) as port:
        rooms = await probe("127.0.0.1", port, expect_id=ID_B)

    assert [room.name for room in rooms] == ["Line 3", "Press 4"]


async def test_an_answer_in_pieces_is_read() -> None:
    answer = host_answer(room_json())

    async def peer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in answer:
            writer.write(bytes([byte]))
            await writer.drain()

    async with serving(peer) as port:
        rooms = await probe("127.0.0.1", port)

    assert rooms[0].id == ID_A


async def test_nobody_waits_for_the_connection_to_end() -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(host_answer(room_json()))
        await silent(reader, writer)

    async with serving(peer) as port:
        assert await probe("127.0.0.1", port, timeout_s=20)


async def test_another_rooms_answer_is_no_proof() -> None:
    async with serving(answering(host_answer(room_json(ID_B)))) as port:
        with pytest.raises(ProbeError, match="another room"):
            await probe("127.0.0.1", port, expect_id=ID_A)


async def test_nothing_listening_is_told_from_silence() -> None:
    async with serving(silent) as port:
        pass

    with pytest.raises(ProbeError) as raised:
        await probe("127.0.0.1", port)
    assert raised.value.why is Why.REFUSED


async def test_a_suspended_host_that_still_accepts_is_no_room() -> None:
    async with serving(silent) as port:
        with pytest.raises(ProbeError, match=r"within 0\.2 s") as raised:
            await probe("127.0.0.1", port, timeout_s=0.2)

    assert raised.value.why is Why.TIMEOUT


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"lanchat\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b":server NOTICE * :Who are you?\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + b"[" * 40_000,
        http_answer(room_json(), status="404 Not Found"),
        http_answer(room_json(), status="301 Moved"),
        http_answer([room_json()]),
        http_answer({"rooms": [room_json()]}),
        http_answer({**room_json(), "id": "x"}),
        http_answer({**room_json(), "id": 7}),
        http_answer({**room_json(), "name": ""}),
        http_answer({**room_json(), "name": ["Line 3"]}),
        http_answer({**room_json(), "channel": "Line-3"}),
        http_answer({**room_json(), "channel": "#Line 3"}),
    ],
)
async def test_who_is_no_room_is_not_taken_for_one(answer: bytes) -> None:
    async with serving(answering(answer)) as port:
        with pytest.raises(ProbeError):
            await probe("127.0.0.1", port, timeout_s=20)


async def test_an_answer_without_end_is_cut_off() -> None:
    async with serving(endless) as port:
        with pytest.raises(ProbeError, match="no lanchat room"):
            await probe("127.0.0.1", port, timeout_s=20)


def test_what_a_room_says_is_cleaned_and_cut() -> None:
    said = room_json(
        name="\x1b[31mLine\u202e 3\n" + "x" * 100,
        channel="#Line-3",
        topic="y" * 1000,
        version="\x07" + "9" * 100,
        members=10**15,
    )
    room = read_answer(host_answer(said), "10.0.0.5", 8100)[0]

    assert room.name.startswith("[31mLine 3 xxx")
    assert len(room.name.encode()) <= 68
    assert len(room.topic) == 300
    assert len(room.version) == 32
    assert room.members == 1_000_000


@pytest.mark.parametrize("members", [-1, True, "3", None, 2.5, [], 10**30])
def test_a_strange_number_of_people_is_a_number_all_the_same(members: object) -> None:
    room = read_answer(host_answer(room_json(members=members)), "10.0.0.5", 8100)[0]

    assert 0 <= room.members <= 1_000_000


def test_broken_rooms_beside_a_good_one_are_left_out() -> None:
    document = {**room_json(), "rooms": [None, 3, {}, room_json(ID_B, "Press 4"), {"id": ID_B}]}

    rooms = read_answer(http_answer(document), "10.0.0.5", 8100)

    assert [room.id for room in rooms] == [ID_A, ID_B]


def _read(answer: bytes) -> list[FoundRoom]:
    try:
        return read_answer(answer, "10.0.0.5", 8100)
    except ProbeError:
        return []


@given(st.binary(max_size=2000))
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"9" * 5000)
def test_no_bytes_make_the_reader_raise_anything_but_its_own_error(answer: bytes) -> None:
    _read(answer)
    _read(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer))


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(ID_A),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
_ROOM = st.fixed_dictionaries({}, optional={key: _JSON | st.just(value) for key, value in room_json().items()})


@given(_ROOM, st.lists(_ROOM | _JSON, max_size=5))
def test_no_document_makes_a_room_that_is_not_fit_to_show(first: dict[str, Any], others: list[Any]) -> None:
    for room in _read(http_answer({**first, "rooms": others})):
        assert clean(room.name) == room.name != ""
        assert clean(room.topic) == room.topic
        assert room.channel.startswith("#")
        json.dumps(room.name).encode("ascii")


@needs_more_loopback
async def test_addresses_are_raced_and_the_first_with_the_id_wins() -> None:
    async with (
        serving(silent, "127.0.0.2") as port,
        serving(answering(host_answer(room_json(ID_B))), "127.0.0.3", port),
        serving(answering(host_answer(room_json(ID_A))), "127.0.0.4", port),
    ):
        started = time.monotonic()
        rooms = await probe_first(["127.0.0.2", "127.0.0.3", "127.0.0.4"], port, expect_id=ID_A, timeout_s=20)
        passed_s = time.monotonic() - started

    assert rooms[0].addresses == ("127.0.0.4", "127.0.0.2", "127.0.0.3")
    assert passed_s < 10  # 0.15 s in quiet; in sequence, the silent one alone would take all of 20


@needs_more_loopback
async def test_the_first_address_gets_a_start() -> None:
    async with (
        serving(answering(host_answer(room_json()))) as port,
        serving(answering(host_answer(room_json())), "127.0.0.2", port),
    ):
        rooms = await probe_first(["127.0.0.1", "127.0.0.2"], port, expect_id=ID_A)

    assert rooms[0].addresses == ("127.0.0.1", "127.0.0.2")


@needs_more_loopback
async def test_a_refusal_lets_the_next_address_start_at_once() -> None:
    async with serving(answering(host_answer(room_json())), "127.0.0.9") as port:
        rooms = await probe_first(["127.0.0.8", "127.0.0.9"], port, expect_id=ID_A)

    assert rooms[0].addresses[0] == "127.0.0.9"


async def test_all_addresses_failing_is_one_failure() -> None:
    async with serving(silent) as port:
        pass

    with pytest.raises(ProbeError):
        await probe_first(["127.0.0.1", "127.0.0.2"], port)
    with pytest.raises(ProbeError, match="no address"):
        await probe_first([], port)


async def test_a_name_is_looked_up_and_its_addresses_raced() -> None:
    async with serving(answering(host_answer(room_json()))) as port:
        rooms = await probe("localhost", port, timeout_s=20)

    assert rooms[0].addresses[0] == "127.0.0.1"


def test_all_rooms_of_a_host_carry_its_id() -> None:
    document = {**room_json(), "host": "feedfacefeedface", "rooms": [room_json(), room_json(ID_B, "Press 4")]}

    rooms = read_answer(http_answer(document), "10.0.0.5", 8100)

    assert [room.host_id for room in rooms] == ["feedfacefeedface"] * 2
