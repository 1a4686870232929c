"""Finding rooms by UDP broadcast, for networks that drop multicast: a question to the whole subnet, answers by unicast.

IPv6 has no broadcast. The question goes to ff02::1 there, the group of all machines on a link: nobody has to join it,
so switches that look for joins before they pass multicast on ("MLD snooping") pass it on all the same.

The question is padded and no answer is longer, so that forging its sender's address gains nothing. It carries random
bytes that the answer repeats, so that only somebody who saw the question can answer it.

    question:  b"lanchat? 1 <nonce>\\n" + spaces up to 256 bytes
    answer:    b"lanchat! 1 <nonce>\\n" + one line b"<room id> <port>\\n" for each port

An answer is only a hint, which the probe has to prove.
"""

import asyncio
import contextlib
import re
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from lanchat.discovery.addresses import is_on_link
from lanchat.discovery.ip import IPInterface, address_of
from lanchat.limits import DEFAULT_PORT

BROADCAST_PORT = DEFAULT_PORT  # UDP beside the TCP port that rooms use: a firewall needs one number
QUESTION_BYTES = 256
MAX_ANSWERED_ROOMS = 8  # fits into the size of the question
ANSWERS_PER_S = 50.0  # to all askers together, after a burst of as many: a whole site may come back at once
SAME_ASKER_S = 0.1  # at most one answer to one asker in this time: a question may arrive on several adapters
MAX_ASKERS = 512
ASK_AT_S = (0.0, 0.25, 0.75)  # a lost datagram is asked for again, twice

_QUESTION = re.compile(rb"lanchat\? 1 ([0-9a-f]{16})\n *")
_ANSWER = re.compile(rb"lanchat! 1 ([0-9a-f]{16})\n((?:[0-9a-f]{16} \d{1,5}\n){1,8})")


def question(nonce: str) -> bytes:
    """Return the datagram that asks for rooms. `nonce`: 16 hex digits."""
    return f"lanchat? 1 {nonce}\n".encode("ascii").ljust(QUESTION_BYTES)


def read_question(datagram: bytes) -> str | None:
    """Return the question's nonce, or None for anything else, such as a question too short to be answered."""
    found = _QUESTION.fullmatch(datagram) if len(datagram) == QUESTION_BYTES else None
    return found[1].decode("ascii") if found else None


def answer(nonce: str, rooms: Iterable[tuple[str, int]]) -> bytes:
    """Return the datagram that names rooms, by id and port; at most 8 of them."""
    lines = "".join(f"{room_id} {port}\n" for room_id, port in list(rooms)[:MAX_ANSWERED_ROOMS])
    return f"lanchat! 1 {nonce}\n{lines}".encode("ascii")


def read_answer(datagram: bytes, nonce: str) -> list[tuple[str, int]]:
    """Return ids and ports of an answer to this nonce; an empty list for anything else."""
    found = _ANSWER.fullmatch(datagram)
    if found is None or found[1].decode("ascii") != nonce:
        return []
    pairs = (line.split() for line in found[2].decode("ascii").splitlines())
    return [(room_id, int(port)) for room_id, port in pairs if 1 <= int(port) <= 65_535]


class Responder(asyncio.DatagramProtocol):
    """Answers questions from the own subnets, at a bounded rate."""

    def __init__(
        self,
        rooms: Sequence[tuple[str, int]],
        interfaces: Callable[[], Sequence[IPInterface]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rooms = rooms
        self._interfaces = interfaces
        self._clock = clock
        self._transport: asyncio.DatagramTransport | None = None
        self._allowance = ANSWERS_PER_S
        self._counted_at = clock()
        self._answered_at: dict[tuple[str, int], float] = {}

    def change_id(self, old: str, new: str) -> None:
        """Answer with another id for a room from now on."""
        self._rooms = [(new if room_id == old else room_id, port) for room_id, port in self._rooms]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to answer with."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Answer a question; stay silent for everything else."""
        nonce, asker = read_question(data), address_of(addr)
        if nonce is None or self._transport is None or not is_on_link(asker, self._interfaces()):
            return
        if self._may_answer((asker, addr[1])):
            self._transport.sendto(answer(nonce, self._rooms), addr)

    def error_received(self, exc: Exception) -> None:
        """Ignore errors: the asker went away."""

    def _may_answer(self, asker: tuple[str, int]) -> bool:
        now = self._clock()
        self._allowance = min(ANSWERS_PER_S, self._allowance + (now - self._counted_at) * ANSWERS_PER_S)
        self._counted_at = now
        last = self._answered_at.get(asker)
        if self._allowance < 1.0 or (last is not None and now - last < SAME_ASKER_S):
            return False
        if len(self._answered_at) >= MAX_ASKERS:
            self._answered_at.clear()  # each forgotten asker gets at most one answer more
        self._answered_at[asker] = now
        self._allowance -= 1.0
        return True


async def open_responder(
    responder: Responder, port: int = BROADCAST_PORT, family: socket.AddressFamily = socket.AF_INET
) -> asyncio.DatagramTransport:
    """Listen for questions, beside other hosts on this machine. Raises OSError."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: responder, sock=_shared_socket(port, family))
    return transport


def _shared_socket(port: int, family: socket.AddressFamily) -> socket.socket:
    """Return a socket on every address; several hosts on one machine each get every broadcast."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform != "linux" and hasattr(socket, "SO_REUSEPORT"):  # BSD wants it; Linux would bind us to one user
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.setblocking(False)
        sock.bind(("", port))
    except OSError:
        sock.close()
        raise
    return sock


class _Asker(asyncio.DatagramProtocol):
    def __init__(self, nonce: str, on_room: Callable[[str, str, int], None]) -> None:
        self._nonce = nonce
        self._on_room = on_room

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        for room_id, port in read_answer(data, self._nonce):
            self._on_room(room_id, address_of(addr), port)

    def error_received(self, exc: Exception) -> None:
        """Ignore errors: if one adapter cannot broadcast, the others can."""


async def ask(
    routes: Sequence[tuple[str, str]],
    on_room: Callable[[str, str, int], None],
    *,
    listen_s: float,
    port: int = BROADCAST_PORT,
) -> None:
    """Ask every subnet for rooms, three times, and report (id, address, port) of each answer within `listen_s`.

    `routes` are pairs of own address and where to ask everybody from it. Those that cannot be used are skipped.
    """
    nonce = secrets.token_hex(8)
    async with contextlib.AsyncExitStack() as stack:
        transports = []
        for own, target in routes:
            transport = await _open_asker(own, _Asker(nonce, on_room))
            if transport is not None:
                stack.callback(transport.close)
                transports.append((transport, target))
        started = time.monotonic()
        for at_s in ASK_AT_S:
            await asyncio.sleep(max(0.0, started + at_s - time.monotonic()))
            for transport, target in transports:
                transport.sendto(question(nonce), (target, port))
        await asyncio.sleep(max(0.0, started + listen_s - time.monotonic()))


async def _open_asker(own: str, asker: _Asker) -> asyncio.DatagramTransport | None:
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await loop.create_datagram_endpoint(
            lambda: asker, local_addr=(own, 0), allow_broadcast=":" not in own
        )
    except OSError:
        return None
    return transport
