"""Hosts that are not: small servers on loopback that answer as a room would, or as one never should."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

ID_A = "00000000000000aa"
ID_B = "00000000000000bb"

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def room_json(room_id: str = ID_A, name: str = "Line 3", **changes: object) -> dict[str, Any]:
    room = {
        "id": room_id,
        "name": name,
        "channel": "#" + name.replace(" ", "-"),
        "topic": "Shift B",
        "members": 3,
        "auth": "none",
        "version": "0.1.0",
    }
    return {**room, **changes}


def http_answer(document: object, *, status: str = "200 OK") -> bytes:
    body = json.dumps(document).encode("utf-8")
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {len(body)}"
    return head.encode("ascii") + b"\r\n\r\n" + body


def host_answer(*rooms: dict[str, Any]) -> bytes:
    return http_answer({**rooms[0], "rooms": list(rooms)})


def answering(answer: bytes | Callable[[], bytes]) -> Answer:
    """Make a peer that reads the request and answers these bytes."""

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer() if callable(answer) else answer)
        await writer.drain()

    return peer


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Take the request and say nothing for as long as the asker stays."""
    while await reader.read(1024):
        pass


async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer without end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Padding: " + b"a" * 1000 + b"\r\n")
        await writer.drain()


@contextlib.asynccontextmanager
async def serving(peer: Answer, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """Serve a peer on a port of its own; yields the port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await peer(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
