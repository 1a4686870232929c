"""How soon the system gives a peer up whose machine is gone."""

import socket
import sys

import pytest

from lanchat.server.net import keepalive
from tests.server.serving import Serving


@pytest.mark.skipif(sys.platform != "linux", reason="the names are Linux'")
def test_every_peer_is_asked_for_after_30_s_and_given_up_after_70(room: Serving) -> None:
    room.peer()  # of no kind yet
    room.greeted_peer()
    room.wait_until(lambda: len(room.server.peers.connections) == 2)
    for connection in room.server.peers.connections:
        read = connection.sock.getsockopt
        assert read(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        names = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
        assert [read(socket.IPPROTO_TCP, name) for name in names] == [30, 10, 4, 70_000]


def test_macos_and_windows_are_told_in_their_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TCP_KEEPIDLE", "TCP_USER_TIMEOUT"):
        monkeypatch.delattr(socket, name, raising=False)
    for name, number in {"TCP_KEEPALIVE": 0x10, "TCP_KEEPINTVL": 0x101, "TCP_KEEPCNT": 0x102}.items():
        monkeypatch.setattr(socket, name, number, raising=False)  # <netinet/tcp.h> of macOS
    told = FakeSocket()
    keepalive.keep_alive(told, "darwin")  # type: ignore[arg-type]
    assert told.options == {0x10: 30, 0x101: 10, 0x102: 4, 0x80: 70}

    told = FakeSocket()
    monkeypatch.setattr(socket, "SIO_KEEPALIVE_VALS", 0x98000004, raising=False)
    monkeypatch.delattr(socket, "TCP_KEEPINTVL")
    monkeypatch.delattr(socket, "TCP_KEEPCNT")
    keepalive.keep_alive(told, "win32")  # type: ignore[arg-type]
    assert told.asked == [(0x98000004, (1, 30_000, 4_000))]  # 30 s, then ten probes 4 s apart


class FakeSocket:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.options: dict[int, int] = {}
        self.asked: list[tuple[int, tuple[int, int, int]]] = []

    def setsockopt(self, level: int, option: int, value: int) -> None:
        if level == socket.IPPROTO_TCP:
            self.options[option] = value

    def ioctl(self, control: int, values: tuple[int, int, int]) -> None:
        self.asked.append((control, values))
