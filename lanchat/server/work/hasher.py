"""Hashing of secrets off the loop: it takes tens of milliseconds, which nobody in the room is to wait for.

An address has one secret hashed at a time, and addresses take turns: who asks for a hundred waits for a hundred, and
somebody else for one. A secret whose connection has ended is hashed no more.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from lanchat.limits import MAX_HASHING, MAX_HASHING_PER_ADDRESS
from lanchat.protocol import scram
from lanchat.server.net.loop import Loop

# as RFC 7914 recommends for logins; 16 MiB and some 50 ms each
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 2**20, "dklen": 32}
_THREADS = 2  # hashing lets go of the interpreter, so two cores are put to use


@dataclass(frozen=True, slots=True)
class Job:
    """A secret to be hashed, by PBKDF2 so many times, or by scrypt where `iterations` is 0."""

    owner: Hashable  # whose it is: dropped together
    secret: bytes
    salt: bytes
    iterations: int
    then: Callable[[bytes], None]


def _hash(job: Job) -> bytes:
    if job.iterations:
        return scram.salted(job.secret, job.salt, job.iterations)
    return hashlib.scrypt(job.secret, salt=job.salt, **_SCRYPT)


class Hasher:
    """A small pool of threads. What they find comes back to the loop's own thread."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._pool = ThreadPoolExecutor(_THREADS, "lanchat-hash")
        self._queues: dict[str, deque[Job]] = {}  # source → what waits; the source whose turn it is stands first
        self._hashing: dict[str, Job] = {}  # source → what is hashed for it now
        self._dropped: set[Hashable] = set()  # owners that are gone while theirs is hashed

    @property
    def waiting(self) -> int:
        """How many secrets are not hashed yet."""
        return len(self._hashing) + sum(map(len, self._queues.values()))

    def derive(self, source: str, job: Job) -> bool:
        """Hash a secret for an address, in its turn. Returns False if too many wait already."""
        queue = self._queues.get(source, ())
        if len(queue) >= MAX_HASHING_PER_ADDRESS or self.waiting >= MAX_HASHING:
            return False
        self._queues.setdefault(source, deque()).append(job)
        self._begin()
        return True

    def drop(self, source: str, owner: Hashable) -> None:
        """Hash nothing more for somebody who is gone."""
        kept = deque(job for job in self._queues.pop(source, ()) if job.owner != owner)
        if kept:
            self._queues[source] = kept
        if source in self._hashing and self._hashing[source].owner == owner:
            self._dropped.add(owner)

    def _begin(self) -> None:
        """Have the threads begin what may begin: the next of each address that has none being hashed."""
        for source in list(self._queues):
            if len(self._hashing) == _THREADS:
                return
            if source not in self._hashing:
                self._hash_next(source)

    def _hash_next(self, source: str) -> None:
        queue = self._queues.pop(source)
        job = self._hashing[source] = queue.popleft()
        if queue:
            self._queues[source] = queue  # behind the others: it had its turn
        future = self._pool.submit(_hash, job)
        future.add_done_callback(lambda done: self._loop.call_from_thread(partial(self._hashed, source, done)))

    def _hashed(self, source: str, done: Future[bytes]) -> None:
        job = self._hashing.pop(source)
        self._begin()
        if job.owner in self._dropped:
            self._dropped.discard(job.owner)
        else:
            job.then(done.result())

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(cancel_futures=True)
