import socket
import threading
import time
from collections.abc import Iterator

import pytest

from lanchat.server.net.loop import Loop
from tests.server.peer import DEADLINE_S


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    yield one, other
    one.close()
    other.close()


class Owner:
    """Notes what the loop tells it about its socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.heard: list[str] = []

    def on_readable(self) -> None:
        self.heard.append(f"readable {self.sock.recv(100)!r}")

    def on_writable(self) -> None:
        self.heard.append("writable")


def run_until(loop: Loop, called: list[str], count: int) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while len(called) < count:
        assert time.monotonic() < deadline, called
        loop.turn()


def test_timers_go_off_in_the_order_they_are_due(loop: Loop) -> None:
    called: list[str] = []
    loop.call_later(0.02, lambda: called.append("last"))
    loop.call_later(0.0, lambda: called.append("first"))
    loop.call_later(0.01, lambda: called.append("second"))
    run_until(loop, called, 3)
    assert called == ["first", "second", "last"]


def test_timers_of_one_moment_go_off_in_the_order_they_were_set(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    moment = time.monotonic()
    with monkeypatch.context() as stopped:
        stopped.setattr(time, "monotonic", lambda: moment)
        for name in "abc":
            loop.call_later(0.0, lambda name=name: called.append(name))  # type: ignore[misc]
        loop.turn()
    assert called == ["a", "b", "c"]


def test_a_timer_is_not_early(loop: Loop) -> None:
    called: list[str] = []
    started = time.monotonic()
    loop.call_later(0.03, lambda: called.append("due"))
    run_until(loop, called, 1)
    assert time.monotonic() - started >= 0.03


def test_a_cancelled_timer_does_not_call(loop: Loop) -> None:
    called: list[str] = []
    loop.call_later(0.0, lambda: called.append("cancelled")).cancel()
    loop.call_later(0.01, lambda: called.append("due"))
    run_until(loop, called, 1)
    assert called == ["due"]


def test_a_timer_set_by_a_timer_waits_for_the_next_turn(loop: Loop) -> None:
    called: list[str] = []

    def again() -> None:
        called.append("again")
        loop.call_later(0.0, again)

    loop.call_later(0.0, again)
    loop.turn()
    assert called == ["again"]


def test_a_call_from_another_thread_ends_the_sleep(loop: Loop) -> None:
    threads: list[threading.Thread] = []

    def call() -> None:
        threads.append(threading.current_thread())
        loop.stop()

    caller = threading.Thread(target=lambda: loop.call_from_thread(call))
    caller.start()
    loop.run()  # sleeps without an end: there are no timers
    caller.join()
    assert threads == [threading.current_thread()]


def test_calls_from_threads_are_carried_out_in_order_and_none_is_lost(loop: Loop) -> None:
    called: list[str] = []
    total = 20_000  # more than the wake-up's buffer holds

    def call() -> None:
        for number in range(total):
            loop.call_from_thread(lambda number=number: called.append(str(number)))  # type: ignore[misc]

    caller = threading.Thread(target=call)
    caller.start()
    run_until(loop, called, total)
    caller.join()
    assert called == [str(number) for number in range(total)]


def test_a_call_that_calls_again_lets_the_others_have_their_turn(loop: Loop) -> None:
    called: list[str] = []

    def again() -> None:
        called.append("again")
        loop.call_from_thread(again)

    loop.call_from_thread(again)
    loop.turn()
    assert called == ["again"]


def test_waking_a_closed_loop_is_no_error() -> None:
    loop = Loop()
    loop.close()
    loop.wake()


def test_a_socket_is_told_that_it_is_readable(loop: Loop, pair: tuple[socket.socket, socket.socket]) -> None:
    owner = Owner(pair[0])
    loop.watch(pair[0], owner)
    pair[1].send(b"hello")
    loop.turn()
    assert owner.heard == ["readable b'hello'"]


def test_writability_is_told_only_where_it_is_asked_for(loop: Loop, pair: tuple[socket.socket, socket.socket]) -> None:
    owner = Owner(pair[0])
    loop.watch(pair[0], owner)
    loop.wake()
    loop.turn()
    assert owner.heard == []
    loop.watch(pair[0], owner, writes=True)
    loop.turn()
    assert set(owner.heard) == {"writable"}


def test_a_socket_watched_for_nothing_is_left_alone(loop: Loop, pair: tuple[socket.socket, socket.socket]) -> None:
    owner = Owner(pair[0])
    loop.watch(pair[0], owner)
    loop.watch(pair[0], owner, reads=False)
    loop.watch(pair[0], owner, reads=False)
    pair[1].send(b"hello")
    loop.wake()
    loop.turn()
    assert owner.heard == []


def test_a_socket_closed_while_it_is_told_that_it_is_writable_is_not_read(
    loop: Loop, pair: tuple[socket.socket, socket.socket]
) -> None:
    class Closer(Owner):
        def on_writable(self) -> None:
            super().on_writable()
            loop.watch(self.sock, self, reads=False)
            self.sock.close()

    owner = Closer(pair[0])
    pair[1].send(b"hello")
    loop.watch(pair[0], owner, writes=True)
    loop.turn()
    assert owner.heard == ["writable"]


def test_before_each_sleep_the_owner_does_what_it_wants_done(loop: Loop) -> None:
    called: list[str] = []
    loop.before_sleep = lambda: called.append("before")
    loop.call_from_thread(lambda: called.append("call"))
    loop.turn()
    loop.wake()
    loop.turn()
    assert called == ["before", "call", "before"]


def test_who_speaks_while_another_is_heard_shares_the_turn(
    loop: Loop, pair: tuple[socket.socket, socket.socket]
) -> None:
    # their words then leave in the same sends: 16 senders cost a fifth less (docs/performance.md)
    one, other = pair
    slow, quick = socket.socketpair()
    with slow, quick:

        class Slow(Owner):
            def on_readable(self) -> None:
                super().on_readable()
                other.send(b"meanwhile")

        first, second = Slow(slow), Owner(one)
        loop.watch(slow, first)
        loop.watch(one, second)
        quick.send(b"now")
        loop.turn()
        assert (first.heard, second.heard) == (["readable b'now'"], ["readable b'meanwhile'"])
