"""What one angry address does to a room, each in a process of its own: as much of it as the host takes."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

ATTACKER = "127.0.0.2"  # on Linux, all of 127.0.0.0/8 is this machine
CHANNEL = "#Bench"
_CONNECTIONS = 90  # below what one address may have
_BIG_LINE_BYTES = 16_000
_SETTLE_S = 0.2


@dataclass(frozen=True)
class Target:
    """The host under attack."""

    port: int
    password: str

    def connect(self, source: str = ATTACKER) -> socket.socket:
        """Return a new connection from an address."""
        sock = socket.socket()
        sock.bind((source, 0))
        sock.settimeout(5.0)
        sock.connect(("127.0.0.1", self.port))
        return sock

    def member(self, nick: str, source: str = ATTACKER, channel: str = CHANNEL, caps: str = "") -> socket.socket:
        """Return a connection that registers and enters a channel; it does not wait for the answers."""
        sock = self.connect(source)
        lines = [f"PASS {self.password}"] if self.password else []
        lines += ["CAP LS 302", f"CAP REQ :{caps}"] if caps else []
        lines += [f"NICK {nick}", f"USER {nick} 0 * :{nick}", *(["CAP END"] if caps else []), f"JOIN {channel}"]
        sock.sendall("".join(f"{line}\r\n" for line in lines).encode())
        return sock


@dataclass(frozen=True)
class Attack:
    """One way: `prepare` is what other addresses have made before, `open` makes the connections, `data` is sent."""

    title: str
    open: Callable[[Target], list[socket.socket]]
    data: bytes
    prepare: Callable[[Target], list[socket.socket]] = lambda _: []


def _one(target: Target) -> list[socket.socket]:
    return [target.member("mallory")]


def _nameless(target: Target) -> list[socket.socket]:
    return [target.connect()]


def _many(target: Target) -> list[socket.socket]:
    return [target.member(f"m{number}") for number in range(_CONNECTIONS)]


def _many_nameless(target: Target) -> list[socket.socket]:
    return [target.connect() for _ in range(_CONNECTIONS)]


def _many_pages(target: Target) -> list[socket.socket]:
    """WebSockets that have said nothing yet."""
    key = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    pages = _many_nameless(target)
    for page in pages:
        page.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + key)
    return pages


def _ten_sessions(target: Target) -> list[socket.socket]:
    return [target.member(f"m{number}", caps="batch server-time draft/multiline message-tags") for number in range(10)]


def _banned_channels(target: Target) -> list[socket.socket]:
    """Thirty channels with a hundred long bans and as many exceptions each, made by thirty addresses."""
    made = []
    for number in range(30):
        owner = target.member(f"o{number}", f"127.0.1.{number + 1}", f"#b{number}")
        for letter in "be":
            for start in range(0, 96, 6):
                masks = " ".join(f"*{'?a' * 24}{letter}{number}x{start + at}*!*@*" for at in range(6))
                owner.sendall(f"MODE #b{number} +{letter * 6} {masks}\r\n".encode()[:510] + b"\r\n")
        made.append(owner)
    return made


def _told_channels(target: Target) -> list[socket.socket]:
    """Ten channels in each of which much was said, by ten addresses."""
    made = []
    for number in range(10):
        teller = target.member(f"t{number}", f"127.0.2.{number + 1}", f"#t{number}", "batch draft/multiline")
        lines = [f"@batch=1 PRIVMSG #t{number} :{'x' * 400}" for _ in range(30)]
        batch = [f"BATCH +1 draft/multiline #t{number}", *lines, "BATCH -1"]
        teller.sendall("".join(f"{line}\r\n" for line in batch * 8).encode())
        made.append(teller)
    return made


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


_GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n"
_NOTHING = b"\x89\x80\0\0\0\0" + b"\x81\x80\0\0\0\0"  # a ping and an empty text; RFC 6455, section 5.2
_BANNED = ",".join(f"#b{number}" for number in range(30))
_TOLD = ",".join(f"#t{number}" for number in range(10))
_PASTE = ["BATCH +1 draft/multiline #Bench", *[f"@batch=1 PRIVMSG #Bench :{'x' * 400}"] * 38, "BATCH -1"]

ATTACKS = {
    "quiet": Attack("nobody attacks", lambda _: [], b""),
    "telnet": Attack("telnet without end, nameless", _nameless, (b"\xff\xfa" * (_BIG_LINE_BYTES // 2)) + b"\n"),
    "blank": Attack("blank lines", _nameless, b"hello\r\n" + b"\n" * 30_000),
    "reconnect": Attack("36 lines, hang up, again", lambda _: [], _lines(*["PRIVMSG #Bench :loud"] * 36, "QUIT")),
    "join": Attack("JOIN of 30 channels with long bans", _one, _lines(f"JOIN {_BANNED}", "JOIN 0"), _banned_channels),
    "speak": Attack(
        "PRIVMSG to 4 channels with long bans", _one, _lines("PRIVMSG #b1,#b2,#b3,#b4 :x"), _banned_channels
    ),
    "list": Attack("LIST with 74 masks", _one, _lines("LIST " + ",".join(["!*?a?a*"] * 60)), _banned_channels),
    "replay": Attack(
        "10 sessions come into 10 channels", _ten_sessions, _lines(f"JOIN {_TOLD}", "JOIN 0"), _told_channels
    ),
    "paste": Attack("pastes of 16 kB", _ten_sessions, _lines(*_PASTE)),
    "crowd": Attack("90 connections that ask for all", _many, _lines("WHO *", "NAMES", "LIST", "MOTD")),
    "talk": Attack("90 connections that talk", _many, _lines(*["PRIVMSG #Bench :loud"] * 20)),
    "trickle": Attack("90 connections, byte by byte", _many, b"x"),
    "http": Attack("GET /room.json without end", lambda _: [], _GET % b"/room.json"),
    "pages": Attack("90 connections that load the page", _many_nameless, (_GET % b"/") * 50),
    "frames": Attack("90 pages of pings and empty frames", _many_pages, _NOTHING * 500),
    "open": Attack("connections without end", lambda _: [], b"x"),
}


def run(name: str, target: Target, ready: Callable[[], None], is_over: Callable[[], bool]) -> None:
    """Do it until it is over. In a process of its own."""
    attack = ATTACKS[name]
    made = attack.prepare(target)
    time.sleep(_SETTLE_S if made else 0.0)
    ready()
    if attack.data:
        sockets = attack.open(target)
        if sockets:
            _send_on(sockets, attack.data, is_over)
        else:
            _connect_on(target, attack.data, is_over, is_member=name == "reconnect")
    while not is_over():
        time.sleep(_SETTLE_S)


def _send_on(sockets: list[socket.socket], data: bytes, is_over: Callable[[], bool]) -> None:
    """Send on all of them as fast as they take it, and read what comes."""
    waiting = dict.fromkeys(sockets, data)
    for sock in sockets:
        sock.setblocking(False)
    while waiting and not is_over():
        for sock in list(waiting):
            try:
                waiting[sock] = waiting[sock][sock.send(waiting[sock]) :] or data
            except BlockingIOError:
                pass
            except OSError:
                del waiting[sock]
                continue
            with suppress(OSError):
                sock.recv(65_536)
        time.sleep(0.001)  # the machine is not what is measured


def _connect_on(target: Target, data: bytes, is_over: Callable[[], bool], *, is_member: bool) -> None:
    """Connect, send, hang up, and again."""
    for number in _until(is_over):
        with suppress(OSError):
            sock = target.member(f"m{number}") if is_member else target.connect()
            with sock:
                sock.settimeout(0.5)
                sock.sendall(data)
                while is_member and sock.recv(65_536):
                    pass
        time.sleep(0.001)


def _until(is_over: Callable[[], bool]) -> Iterator[int]:
    number = 0
    while not is_over():
        number += 1
        yield number
