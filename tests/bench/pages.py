"""Measure what members in browsers cost beside members with IRC clients: 200 of each, on one host, by turns.

Usage: python -m tests.bench.pages [--members N] [--messages N] [--rounds N] [--json]

One room has only IRC members, the other only WebSocket members; an IRC member speaks in each, so that what is measured
is delivery. CPU per delivery is the host's time by the messages that reached a receiver, as in tests.bench.fanout.
Needs Linux (/proc).
"""

from __future__ import annotations

import argparse
import base64
import json
import multiprocessing
import os
import selectors
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from wsproto.frame_protocol import FrameProtocol

from tests.bench import running
from tests.bench.machine import Cores, Machine, allow_many_files, pinned
from tests.bench.proc import cpu_ns

ROOMS = {"irc": "#irc", "pages": "#pages"}
AIM = 1.1  # times an IRC member's cost
_WITHIN_S = 60.0


@dataclass
class Round:
    """What one delivery cost the host, in microseconds."""

    irc_us: float
    pages_us: float

    @property
    def ratio(self) -> float:
        """How much more a page costs."""
        return self.pages_us / self.irc_us


class _Member:
    """A connection that is in a room, as an IRC client or as a page."""

    def __init__(self, port: int, nick: str, channel: str, *, is_page: bool) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), _WITHIN_S)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._frames = FrameProtocol(client=True, extensions=[]) if is_page else None
        if is_page:
            self._upgrade()
        self.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}", f"JOIN {channel}")
        self._read_until(b" 366 ")

    def _upgrade(self) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        head = f"Host: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        self.sock.sendall(f"GET / HTTP/1.1\r\n{head}Sec-WebSocket-Version: 13\r\n\r\n".encode())
        self._read_until(b"\r\n\r\n")

    def _read_until(self, mark: bytes) -> None:
        data = b""
        while mark not in data:
            more = self.sock.recv(65_536)
            assert more, data
            data += more

    def send(self, *lines: str) -> None:
        """Say lines, in frames where it is a page."""
        for line in lines:
            self.sock.sendall(bytes(self._frames.send_data(line)) if self._frames else f"{line}\r\n".encode())


def _hear(port: int, members: int, orders: Connection) -> None:
    """In a process of its own: be all members of both rooms; for each order, tell when all have heard the last line."""
    crowds = {
        name: [_Member(port, f"{name}{number}", channel, is_page=name == "pages") for number in range(members)]
        for name, channel in ROOMS.items()
    }
    orders.send("ready")
    while order := orders.recv():
        name, mark = order
        _hear_all([member.sock for member in crowds[name]], mark)
        orders.send("heard")


def _hear_all(socks: Sequence[socket.socket], mark: bytes) -> None:
    """Read until each has read a mark."""
    with selectors.DefaultSelector() as selector:
        for sock in socks:
            selector.register(sock, selectors.EVENT_READ, bytearray())
        while selector.get_map():
            for key, _ in selector.select(_WITHIN_S):
                tail: bytearray = key.data
                tail += key.fileobj.recv(262_144)  # type: ignore[union-attr]  # what was registered is a socket
                if mark in tail:
                    selector.unregister(key.fileobj)
                del tail[:-200]


@contextmanager
def _crowd(port: int, members: int, cores: frozenset[int]) -> Iterator[Callable[[str, bytes], Callable[[], None]]]:
    """Have both rooms filled; what comes back begins to hear a mark in one of them, and returns what waits for that."""
    ours, theirs = multiprocessing.Pipe()
    with pinned(cores):
        crowd = multiprocessing.get_context("fork").Process(target=_hear, args=(port, members, theirs), daemon=True)
        crowd.start()
    try:
        assert ours.poll(_WITHIN_S)
        ours.recv()

        def hear(name: str, mark: bytes) -> Callable[[], None]:
            ours.send((name, mark))

            def wait() -> None:
                assert ours.poll(_WITHIN_S), f"{name} did not hear all"
                ours.recv()

            return wait

        yield hear
    finally:
        crowd.kill()
        crowd.join()


def measure(members: int, messages: int, rounds: int, folder: Path) -> list[Round]:
    """Return what each round measured, the rooms in turns."""
    port, cores = running.free_port(), Cores.of_this_machine()
    command = [sys.executable, "-m", "lanchat", "host", "--name", "irc", "--name", "pages", "--listen", "127.0.0.1"]
    command += ["--port", str(port), "--quiet", "--no-mdns", "--no-history", "--no-flood-limits", "--no-join-replay"]
    host = running.started("lanchat", [*command, "--data-dir", str(folder)], folder, port, cores.server)
    with host as server, _crowd(port, members, cores.load) as hear:
        speakers = {name: _Member(port, f"s{name}", channel, is_page=False) for name, channel in ROOMS.items()}
        found = []
        for number in range(rounds + 1):
            cost = {}
            for name in sorted(ROOMS, reverse=bool(number % 2)):
                cost[name] = _cost_us(server.pid, speakers[name], name, (number, messages, members), hear)
            found.append(Round(cost["irc"], cost["pages"]))
        for speaker in speakers.values():
            speaker.sock.close()
        return found[1:]  # the first warms up


def _cost_us(
    pid: int,
    speaker: _Member,
    name: str,
    size: tuple[int, int, int],
    hear: Callable[[str, bytes], Callable[[], None]],
) -> float:
    """Say messages one after the other; return the host's time a delivery, in microseconds."""
    number, messages, members = size
    mark = f"end-{name}-{number}.".encode()
    wait = hear(name, mark)
    before_ns = cpu_ns(pid)
    for at in range(messages):
        last = mark.decode() if at == messages - 1 else "the usual length of what people say at work"
        speaker.send(f"PRIVMSG {ROOMS[name]} :{last}", f"PING {at}")
        speaker._read_until(f" :{at}\r\n".encode())  # each message is a turn of its own
    wait()
    return (cpu_ns(pid) - before_ns) / 1000 / (messages * members)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 if the aim is met."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=200, help="of each room (200)")
    parser.add_argument("--messages", type=int, default=300, help="a round, in each room (300)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print every round as JSON")
    options = parser.parse_args(arguments)
    allow_many_files()
    with tempfile.TemporaryDirectory(prefix="lanchat-pages-") as name:
        rounds = measure(options.members, options.messages, options.rounds, Path(name))
    ratio = median(one.ratio for one in rounds)
    if options.json:
        print(json.dumps({"machine": Machine.here().as_dict(), "rounds": [asdict(one) for one in rounds]}, indent=1))
    else:
        irc, pages = median(one.irc_us for one in rounds), median(one.pages_us for one in rounds)
        print(f"a delivery to an IRC member {irc:.2f} µs, to a page {pages:.2f} µs: {ratio:.2f} times (aim: ≤ {AIM:g})")
        print(Machine.here())
    return 0 if ratio <= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
