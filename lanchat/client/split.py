"""Typed and pasted texts cut into their lines."""

from collections.abc import Iterator


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a typed or pasted text that hold something, without the blank ends."""
    for line in text.split("\n"):
        if stripped := line.rstrip():
            yield stripped
