"""The signals that end a host."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from lanchat.server.net.loop import Loop

_ENDING_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last one is Windows', SIGHUP is not


@contextmanager
def ending_signals(loop: Loop) -> Iterator[None]:
    """Let the signals that end programs interrupt the loop, now or as soon as it runs; a second ends all at once."""
    known = [signal.Signals[name] for name in _ENDING_SIGNALS if hasattr(signal, name) and not _is_by_nohup(name)]
    heard = 0

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        nonlocal heard
        heard += 1
        if heard == 2:  # a third must not interrupt what the second makes end
            raise KeyboardInterrupt
        if heard == 1:
            loop.call_from_thread(lambda: loop.interrupted())

    before = {number: signal.signal(number, on_signal) for number in known}
    signal.set_wakeup_fd(loop.wake_fd, warn_on_full_buffer=False)  # Windows' select sleeps through signals
    try:
        yield
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if heard else handler)  # no further one may break into the end


def _is_by_nohup(name: str) -> bool:
    """Whether a signal is to be ignored because `nohup` says so."""
    return name == "SIGHUP" and signal.getsignal(signal.Signals[name]) is signal.SIG_IGN
