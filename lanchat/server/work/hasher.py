"""Hashing of secrets off the loop: scrypt takes 50 ms and more, which nobody in the room is to wait for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from lanchat.server.net.loop import Loop

# as RFC 7914 recommends for logins; 16 MiB and some 50 ms each
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 2**20, "dklen": 32}
_THREADS = 2  # hashing lets go of the interpreter, so two cores are put to use
_MAX_WAITING = 2_000


class Hasher:
    """A small pool of threads. What they find comes back to the loop's own thread."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._pool = ThreadPoolExecutor(_THREADS, "lanchat-scrypt")
        self.waiting = 0  # secrets that are not hashed yet

    def derive(self, secret: bytes, salt: bytes, then: Callable[[bytes], None]) -> bool:
        """Hash a secret and call `then` with the digest, 32 bytes. Returns False if too many wait already."""
        if self.waiting >= _MAX_WAITING:
            return False
        self.waiting += 1
        future = self._pool.submit(hashlib.scrypt, secret, salt=salt, **_SCRYPT)
        future.add_done_callback(lambda done: self._loop.call_from_thread(partial(self._derived, done, then)))
        return True

    def _derived(self, done: Future[bytes], then: Callable[[bytes], None]) -> None:
        self.waiting -= 1
        then(done.result())

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(cancel_futures=True)
