"""The loop: sockets that are ready, timers that are due, calls from other threads. It knows no clients.

Strategy: every ready socket, then those that became ready meanwhile, then every due timer, then what other threads
asked for, and before sleeping again whatever the owner wants done (`before_sleep`). Thanks to the second look those who
speak at one moment share a turn, and so its sends (docs/performance.md). Writability is asked for only while bytes are
left to send.
"""

from __future__ import annotations

import heapq
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Protocol

_WAKE_BYTES = 4_096
_LONG_TURN_S = 0.02  # then what is to be sent leaves, though there is more to do: nobody waits for all the others


class Watched(Protocol):
    """Whoever owns a socket in the loop."""

    def on_readable(self) -> None:
        """The socket has something to read, or has ended."""

    def on_writable(self) -> None:
        """The socket takes bytes again."""


class Timer:
    """A call that is due at a time, unless it is cancelled."""

    __slots__ = ("call", "is_cancelled")

    def __init__(self, call: Callable[[], None]) -> None:
        self.call = call
        self.is_cancelled = False

    def cancel(self) -> None:
        """Make the timer not call any more, nor hold on to what it would have called."""
        self.is_cancelled = True
        self.call = _nothing


class _Waker:
    """The reading end of the pair of sockets by which other threads, and signals, end the loop's sleep."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def on_readable(self) -> None:
        with suppress(BlockingIOError):
            while len(self.sock.recv(_WAKE_BYTES)) == _WAKE_BYTES:
                pass

    def on_writable(self) -> None:
        """Never asked for."""


class Loop:
    """An event loop for one thread. Only `call_from_thread` and `wake` may be used by others."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()  # timers of one moment go off in the order they were set
        self._calls: deque[Callable[[], None]] = deque()
        self._is_running = False
        self._leave_at = 0.0
        self.before_sleep: Callable[[], None] = _nothing
        self.on_fault: Callable[[Exception, object], None] = _raise  # told what a callback raised, and whose it was
        self.interrupted: Callable[[], None] = self.stop  # what a signal that ends the program is to do
        reading, self._waking = socket.socketpair()
        reading.setblocking(False)
        self._waking.setblocking(False)
        self._waker = _Waker(reading)
        self._selector.register(reading, selectors.EVENT_READ, self._waker)

    @property
    def is_select(self) -> bool:
        """Whether the system offers nothing better than select(), which takes some 500 sockets."""
        return isinstance(self._selector, selectors.SelectSelector)

    @property
    def wake_fd(self) -> int:
        """A file descriptor that ends the sleep when written to, for `signal.set_wakeup_fd`."""
        return self._waking.fileno()

    # ---- Sockets ---------------------------------------------------------------------------------------------------

    def watch(self, sock: socket.socket, owner: Watched, *, reads: bool = True, writes: bool = False) -> None:
        """Tell the owner when the socket is ready. Neither reading nor writing: watch it no more."""
        events = (selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if writes else 0)
        is_known = sock in self._selector.get_map()
        if events and is_known:
            self._selector.modify(sock, events, owner)
        elif events:
            self._selector.register(sock, events, owner)
        elif is_known:
            self._selector.unregister(sock)

    # ---- Calls -----------------------------------------------------------------------------------------------------

    def call_later(self, delay_s: float, call: Callable[[], None]) -> Timer:
        """Call once, after a time. Returns what cancels it."""
        timer = Timer(call)
        heapq.heappush(self._timers, (time.monotonic() + delay_s, next(self._order), timer))
        return timer

    def call_from_thread(self, call: Callable[[], None]) -> None:
        """Call in the loop's thread, soon. For other threads."""
        self._calls.append(call)
        self.wake()

    def wake(self) -> None:
        """End the loop's sleep. For other threads."""
        with suppress(OSError):  # full: it will wake up anyway; closed: there is nobody to wake
            self._waking.send(b"\0")

    # ---- Running ---------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run until `stop`."""
        self._is_running = True
        while self._is_running:
            self.turn()

    def stop(self) -> None:
        """End `run` after this turn."""
        self._is_running = False

    def turn(self) -> None:
        """Sleep until something is to be done, and do it."""
        self._leave()
        self._look(self._sleep_s(), is_first=True)
        self._look(0.0)
        self._call_due()
        for _ in range(len(self._calls)):
            self._call(self._calls.popleft())

    def _look(self, within_s: float | None, *, is_first: bool = False) -> None:
        ready = self._selector.select(within_s)
        if is_first:
            self._leave_at = time.monotonic() + _LONG_TURN_S
        for key, events in ready:
            try:
                self._tell(key, events)
            except Exception as error:  # noqa: BLE001 - whatever it is, the other sockets go on
                self.on_fault(error, key.data)
            if time.monotonic() > self._leave_at:
                self._leave()

    @staticmethod
    def _tell(key: selectors.SelectorKey, events: int) -> None:
        sock: socket.socket = key.fileobj  # type: ignore[assignment]  # `watch` takes nothing else
        if events & selectors.EVENT_WRITE:
            key.data.on_writable()
        if events & selectors.EVENT_READ and sock.fileno() >= 0:  # a peer's reset makes it both; one has closed it
            key.data.on_readable()

    def _call(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - whatever it is, the other calls are made
            self.on_fault(error, None)
        if time.monotonic() > self._leave_at:
            self._leave()

    def _leave(self) -> None:
        """Let the owner do what is to be done before sleeping; in a long turn, also in its midst."""
        try:
            self.before_sleep()
        except Exception as error:  # noqa: BLE001 - whatever it is, the loop goes on
            self.on_fault(error, None)
        self._leave_at = time.monotonic() + _LONG_TURN_S

    def _sleep_s(self) -> float | None:
        while self._timers and self._timers[0][2].is_cancelled:
            heapq.heappop(self._timers)
        if self._calls or not self._is_running:
            return 0.0
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None

    def _call_due(self) -> None:
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            timer = heapq.heappop(self._timers)[2]
            if not timer.is_cancelled:
                self._call(timer.call)

    def close(self) -> None:
        """Let go of everything."""
        self._selector.close()
        self._waking.close()
        self._waker.sock.close()


def _nothing() -> None:
    pass


def _raise(error: Exception, _owner: object) -> None:
    raise error
