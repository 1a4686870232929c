"""Proof that a room is there: its port answers GET /room.json with the room's id.

A connection alone proves nothing: the port of a suspended program still accepts. The answer may be anybody's bytes, so
the reader is small and strict: one answer of at most 512 KiB, within the time given, every value checked and cleaned.
"""

import asyncio
import contextlib
import dataclasses
import json
import re
from collections.abc import Sequence
from typing import Any

from lanchat.discovery.addresses import MAX_ADDRESSES, with_port
from lanchat.discovery.events import Why
from lanchat.discovery.ip import plain
from lanchat.discovery.names import MAX_NAME_BYTES, MAX_VERSION_BYTES
from lanchat.discovery.race import race
from lanchat.discovery.rooms import FoundRoom, is_room_id
from lanchat.discovery.targets import resolve
from lanchat.limits import MAX_CHANNEL_BYTES, MAX_TOPIC_BYTES
from lanchat.protocol.text import clean, cut_to_bytes

MAX_HEAD_BYTES = 16_384
MAX_BODY_BYTES = 524_288  # as many rooms, with long topics
MAX_ROOMS_PER_HOST = 1_024  # twice what is listed: the list says how many it leaves out
MAX_UP_S = 1e10  # three centuries
MAX_MEMBERS = 1_000_000
MAX_HOST_ID_BYTES = 64
PROBE_TIMEOUT_S = 2.0  # a host at work answers in milliseconds; two cover Wi-Fi waking up

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?")
_LENGTH = re.compile(rb"\d{1,6}")
_NO_ROOM = "is no lanchat room"


class ProbeError(Exception):
    """No room answered. The text ends the sentence "10.0.0.5:8100 …"."""

    def __init__(self, reason: str, why: Why = Why.NO_ROOM) -> None:
        super().__init__(reason)
        self.why = why


async def probe(
    host: str, port: int, *, expect_id: str | None = None, timeout_s: float = PROBE_TIMEOUT_S
) -> list[FoundRoom]:
    """Return the rooms of the host at this address, the first one first. Nobody in them notices.

    The addresses of a host name are tried as `race` does. Raises ProbeError if no valid answer came in time, or if the
    expected room is not among those that answered.
    """
    try:
        async with asyncio.timeout(timeout_s):
            addresses = await resolve(host)
            if addresses == [host]:
                return await _probe_address(host, port, expect_id)
            return await _race(addresses, port, expect_id)
    except TimeoutError as error:
        raise ProbeError(f"did not answer within {timeout_s:g} s", Why.TIMEOUT) from error
    except OSError as error:
        raise ProbeError(f"is no name that can be looked up ({error.strerror or error})", Why.UNKNOWN_NAME) from error


async def probe_first(
    addresses: Sequence[str], port: int, *, expect_id: str | None = None, timeout_s: float = PROBE_TIMEOUT_S
) -> list[FoundRoom]:
    """Return the rooms of the first address that answers validly; the addresses are tried as `race` does.

    The rooms have that address first and the others behind it. Raises ProbeError like `probe`.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await _race(addresses, port, expect_id)
    except TimeoutError as error:
        raise ProbeError(f"did not answer within {timeout_s:g} s", Why.TIMEOUT) from error


async def _race(addresses: Sequence[str], port: int, expect_id: str | None) -> list[FoundRoom]:
    none = ProbeError("is no address that can be connected to", Why.NO_ADDRESS)
    rooms = await race(addresses, lambda one: _probe_address(one, port, expect_id), none)
    return [_with_others(room, addresses) for room in rooms]


def _with_others(room: FoundRoom, addresses: Sequence[str]) -> FoundRoom:
    every = tuple(dict.fromkeys([*room.addresses, *addresses]))[:MAX_ADDRESSES]
    return dataclasses.replace(room, addresses=every)


async def _probe_address(address: str, port: int, expect_id: str | None) -> list[FoundRoom]:
    try:
        answer = await _fetch(address, port)
    except ConnectionRefusedError as error:
        raise ProbeError("refuses connections: nothing listens there", Why.REFUSED) from error
    except OSError as error:
        raise ProbeError("cannot be reached", Why.UNREACHABLE) from error
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ProbeError(_NO_ROOM) from error
    rooms = read_answer(answer, address, port)
    if expect_id is not None and all(room.id != expect_id for room in rooms):
        raise ProbeError("is another room now", Why.ANOTHER_ROOM)
    return rooms


async def _fetch(address: str, port: int) -> bytes:
    """Return what the port answers to GET /room.json."""
    reader, writer = await asyncio.open_connection(address, port, limit=MAX_HEAD_BYTES)
    try:
        host = with_port(plain(address), port)  # a scope means nothing to the other side
        writer.write(f"GET /room.json HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii"))
        return await _read_all(reader)
    finally:
        writer.transport.abort()  # the answer is read, or not wanted any more: no need to close politely
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _read_all(reader: asyncio.StreamReader) -> bytes:
    """Read the head and as many bytes as it announces, without waiting for the connection's end."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _body_length(_headers(head.removesuffix(b"\r\n\r\n")))
    return head + await reader.readexactly(length)


def read_answer(answer: bytes, address: str, port: int) -> list[FoundRoom]:
    """Read a whole HTTP answer to GET /room.json.

    Raises ProbeError, and nothing else, for anything that is not the answer of a room.
    """
    head, blank, body = answer.partition(b"\r\n\r\n")
    if not blank:
        raise ProbeError(_NO_ROOM)
    length = _body_length(_headers(head))
    if len(body) < length:
        raise ProbeError("sent only part of an answer")
    try:
        document = json.loads(body[:length])
    except (ValueError, RecursionError) as error:
        raise ProbeError(_NO_ROOM) from error
    return _rooms(document, address, port)


def _headers(head: bytes) -> dict[bytes, bytes]:
    status_line, *lines = head.split(b"\r\n")
    status = _STATUS_LINE.fullmatch(status_line)
    if status is None or status[1] != b"200":
        raise ProbeError(_NO_ROOM)
    pairs = (line.partition(b":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _body_length(headers: dict[bytes, bytes]) -> int:
    length = headers.get(b"content-length", b"")
    if b"transfer-encoding" in headers or not _LENGTH.fullmatch(length) or int(length) > MAX_BODY_BYTES:
        raise ProbeError(_NO_ROOM)
    return int(length)


def _rooms(document: object, address: str, port: int) -> list[FoundRoom]:
    """Read the first room's object and, in its "rooms", the same for each room of this host."""
    if not isinstance(document, dict):
        raise ProbeError(_NO_ROOM)
    others = document.get("rooms")
    entries = [document, *(others[:MAX_ROOMS_PER_HOST] if isinstance(others, list) else [])]
    host_id, run = (_text(document, key, MAX_HOST_ID_BYTES) for key in ("host", "run"))
    found = (_room(entry, host_id, address, port) for entry in reversed(entries))
    up_s = _seconds(document.get("up"))
    read = (dataclasses.replace(room, run=run, up_s=up_s) for room in found if room is not None)
    rooms = {room.id: room for room in read}
    if not is_room_id(document.get("id")) or document["id"] not in rooms:
        raise ProbeError(_NO_ROOM)
    return list(reversed(rooms.values()))


def _room(entry: object, host_id: str, address: str, port: int) -> FoundRoom | None:
    if not isinstance(entry, dict) or not is_room_id(entry.get("id")):
        return None
    name = _text(entry, "name", MAX_NAME_BYTES)
    channel = _text(entry, "channel", MAX_CHANNEL_BYTES)
    if not name or not channel.startswith("#") or " " in channel:
        return None
    return FoundRoom(
        id=entry["id"],
        name=name,
        channel=channel,
        topic=_text(entry, "topic", MAX_TOPIC_BYTES),
        members=_count(entry.get("members")),
        is_password_needed=entry.get("auth") == "pw",
        version=_text(entry, "version", MAX_VERSION_BYTES),
        addresses=(address,),
        port=port,
        host_id=host_id,
    )


def _text(entry: dict[str, Any], key: str, limit_bytes: int) -> str:
    value = entry.get(key)
    return cut_to_bytes(clean(value), limit_bytes).strip() if isinstance(value, str) else ""


def _seconds(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < MAX_UP_S else None  # type: ignore[arg-type, operator]


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return min(max(value, 0), MAX_MEMBERS)
