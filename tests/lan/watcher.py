"""Watches for rooms until it is ended, and prints what happens: "Appeared Line 3 10.77.1.11"."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from lanchat.discovery import find
from lanchat.discovery.find import Appeared, Changed, Finder, Vanished

find.RECHECK_S = (0.4, 0.6)  # instead of 10 to 15 s: what is shown is the same, only sooner


async def main() -> None:
    async with Finder() as finder:
        sys.stdout.write("watching\n")
        sys.stdout.flush()
        async for event in finder:
            if isinstance(event, Appeared | Changed | Vanished):
                sys.stdout.write(f"{type(event).__name__} {event.room.name} {event.room.addresses[0]}\n")
                sys.stdout.flush()


asyncio.run(main())
