"""A server on a free port of loopback, in a thread of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from lanchat.chat.state.effects import Happened
from lanchat.chat.state.network import Network
from lanchat.chat.state.settings import Room, Settings
from lanchat.server.net.listener import bind
from lanchat.server.server import Server
from lanchat.store.accounts import Store, new_id
from lanchat.store.history import StoredHistory
from tests.server.peer import DEADLINE_S, Peer

Answer = TypeVar("Answer")
ROOM = Room("Line 3", "#Line-3", "00112233445566ff")


class Serving:
    """A server that runs. `clock_s` is added to the time it sees."""

    def __init__(self, port: int, plain_port: int) -> None:
        self.port = port
        self.plain_port = plain_port
        self.warnings: list[str] = []
        self.happened: list[Happened] = []
        self.clock_s = 0.0
        self.peers: list[Peer] = []
        self.is_ready = threading.Event()
        self.server: Server

    def now(self) -> float:
        return time.time() + self.clock_s

    def peer(self, *, receive_buffer_bytes: int | None = None, source: str = "") -> Peer:
        self.peers.append(Peer(self.port, receive_buffer_bytes=receive_buffer_bytes, source=source))
        return self.peers[-1]

    def greeted_peer(self) -> Peer:
        """Return a peer at the port that speaks first."""
        self.peers.append(Peer(self.plain_port))
        return self.peers[-1]

    def member(self, nick: str, *, caps: str = "") -> Peer:
        """Return somebody who is in the room."""
        return self.peer().register(nick, channel=ROOM.channel, caps=caps)

    def call(self, function: Callable[[], Answer]) -> Answer:
        """Call something in the server's thread."""
        answer: Future[Answer] = Future()

        def run() -> None:
            try:
                answer.set_result(function())
            except BaseException as error:  # noqa: BLE001 - told where it was asked
                answer.set_exception(error)

        self.server.loop.call_from_thread(run)
        return answer.result(DEADLINE_S)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something holds in the server's thread."""
        deadline = time.monotonic() + DEADLINE_S
        while not self.call(is_so):
            assert time.monotonic() < deadline, "it did not come to be so"

    def pass_time(self, seconds: float) -> None:
        """Let time pass, then let the server look for silence."""
        self.clock_s += seconds
        self.call(lambda: self.server.perform(self.server.chat.tick(self.now())))


@contextlib.contextmanager
def serving(
    folder: Path, *, rooms: Sequence[Room] = (ROOM,), is_stored: bool = False, **choices: object
) -> Iterator[Serving]:
    """Serve until the end of the block, with a file of what is said where it `is_stored`. Others are Settings."""
    sockets, _ = bind(("127.0.0.1",), 0, is_asked_for=True)
    plain_sockets, _ = bind(("127.0.0.1",), 0, is_asked_for=True)
    host = Serving(sockets[0].getsockname()[1], plain_sockets[0].getsockname()[1])

    def run() -> None:  # all in one thread: SQLite insists on it
        settings = Settings(rooms=rooms, server_name="room.test", **choices)  # type: ignore[arg-type]
        store = Store(folder)
        history = StoredHistory(folder, new_id()) if is_stored else None
        network = Network(settings, time.time(), new_id, history, store.accounts())
        notify, warn = host.happened.append, host.warnings.append
        host.server = Server(network, store, notify=notify, warn=warn, clock=host.now)
        host.server.listen(sockets)
        host.server.listen(plain_sockets, speaks_first=True)
        host.is_ready.set()
        host.server.loop.run()
        host.server.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert host.is_ready.wait(DEADLINE_S)
    try:
        yield host
    finally:
        for peer in host.peers:
            peer.sock.close()
        host.server.loop.call_from_thread(lambda: host.server.stop("The test is over"))
        thread.join(DEADLINE_S)
        assert not thread.is_alive(), "the server did not end"
