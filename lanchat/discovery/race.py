"""Trying several addresses of one host: in order, the next one a moment later, and the first that works wins."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

Won = TypeVar("Won")

STAGGER_S = 0.15  # between two starts; a wrong address costs this instead of the 3 s of a connect that fails


async def race(
    addresses: Sequence[str],
    attempt: Callable[[str], Awaitable[Won]],
    failure: Exception,
    discard: Callable[[Won], None] = lambda _: None,
    stagger_s: float = STAGGER_S,
) -> Won:
    """Return what the first successful attempt returned; all others are cancelled.

    An attempt fails with an exception of the kind of `failure`. The last such exception is raised where all fail, and
    `failure` itself where there is no address. `discard` gets what a loser came to in the same instant as the winner.
    """
    waiting = list(addresses)
    running: set[asyncio.Future[Won]] = set()
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.ensure_future(attempt(waiting.pop(0))))
            pause_s = stagger_s if waiting else None
            done, running = await asyncio.wait(running, timeout=pause_s, return_when=asyncio.FIRST_COMPLETED)
            if won := [one for one in done if one.exception() is None]:
                _discard(won[1:], discard)
                return won[0].result()
            failure = _last_failure(done, failure)
    finally:
        await _cancel(running, discard)
    raise failure


def _last_failure(failed: Iterable[asyncio.Future[Won]], failure: Exception) -> Exception:
    """Return one of the failures. What is of another kind is nothing an attempt may end with, and raised."""
    for one in failed:
        error = one.exception()
        if error is not None and not isinstance(error, type(failure)):
            raise error
        failure = error or failure
    return failure


async def _cancel(running: set[asyncio.Future[Won]], discard: Callable[[Won], None]) -> None:
    for one in running:
        one.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    _discard(running, discard)


def _discard(losers: Iterable[asyncio.Future[Won]], discard: Callable[[Won], None]) -> None:
    for loser in losers:
        if not loser.cancelled() and loser.exception() is None:
            discard(loser.result())
