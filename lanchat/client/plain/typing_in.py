"""Lines from standard input, without blocking the loop; on terminals and pipes, on every system.

A thread reads the descriptor itself: Python's own `sys.stdin` holds a lock while it waits, so the program could not end
before the next line.
"""

import asyncio
import codecs
import os
import threading
from collections.abc import AsyncIterator, Iterator

READ_BYTES = 4_096
MAX_LINE_CHARS = 16_384  # of one line; a longer one comes in pieces
MAX_WAITING = 100  # lines read ahead


async def typed_lines(descriptor: int) -> AsyncIterator[str]:
    """Yield the lines of a descriptor, without their ends, until it ends. What is not UTF-8 becomes "\ufffd"."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    free = threading.BoundedSemaphore(MAX_WAITING)

    def read() -> None:
        try:
            for line in _lines(descriptor):
                free.acquire()
                loop.call_soon_threadsafe(queue.put_nowait, line)
            loop.call_soon_threadsafe(queue.put_nowait, None)
        except RuntimeError:
            pass  # the loop ended while we were waiting for a line

    threading.Thread(target=read, name="typed lines", daemon=True).start()
    while (line := await queue.get()) is not None:
        free.release()
        yield line


def _lines(descriptor: int) -> Iterator[str]:
    """Read lines until the end. Without any standard input, there are none."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    try:
        # On Windows this reads a console's characters, where os.read would give them in its code page.
        with open(descriptor, "rb", buffering=0, closefd=False) as raw:
            while data := raw.read(READ_BYTES):
                *lines, rest = (rest + decoder.decode(data)).split("\n")
                yield from (line.removesuffix("\r") for line in lines)
                while len(rest) > MAX_LINE_CHARS:
                    yield rest[:MAX_LINE_CHARS]
                    rest = rest[MAX_LINE_CHARS:]
    except (OSError, ValueError):
        pass  # the terminal is gone, or there never was any input
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def ask_line(descriptor: int) -> str | None:
    """Return one line that a person types, or None at the end of the input. Blocks: not for use on a loop."""
    try:
        with open(descriptor, "rb", buffering=0, closefd=False) as raw:
            data = raw.read(READ_BYTES)
    except (OSError, ValueError):
        return None
    return data.decode("utf-8", "replace").rstrip("\r\n") if data else None


def is_terminal(descriptor: int) -> bool:
    """Tell whether a person sits at a descriptor."""
    try:
        return os.isatty(descriptor)
    except OSError:
        return False
