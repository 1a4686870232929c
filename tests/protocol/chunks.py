"""Ways to cut bytes that a network may choose."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


def bytewise(data: bytes) -> Iterator[bytes]:
    """Return the bytes one by one."""
    return (data[at : at + 1] for at in range(len(data)))


def fed(feed: Callable[[bytes], Sequence[T]], parts: Iterator[bytes] | Sequence[bytes]) -> list[T]:
    """Return all that a reader makes of the parts, in order."""
    return [item for part in parts for item in feed(part)]


@st.composite
def cut(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """Return the bytes cut anywhere."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    bounds = [0, *cuts, len(data)]
    return [data[start:end] for start, end in pairwise(bounds)]
