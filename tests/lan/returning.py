"""Joins a room with a client whose next pause lasts for hours, and prints what its person sees: ADDRESS."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from lanchat.client.connection.place import Person, Place
from lanchat.client.conversation import Conversation
from lanchat.client.rooms.hearing import hear_room
from lanchat.client.rooms.search import relocator
from lanchat.client.state.changes import DeliveryChanged, EntryAdded, LinkStatus, StatusChanged
from lanchat.discovery.probe import probe_first
from lanchat.limits import DEFAULT_PORT

HOURS_S = 10_000.0


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def main(address: str) -> None:
    [room] = await probe_first([address], DEFAULT_PORT)
    conversation = Conversation(Place.of_room(room), Person("Ana"), relocate=relocator(), ear=hear_room)
    await conversation.connect()
    conversation._link._pause_s = HOURS_S
    tell("joined")
    async for changes in conversation.changes():
        for change in changes:
            match change:
                case StatusChanged(LinkStatus.LOST):
                    tell(change.text)
                    if not any(entry.is_own for entry in conversation.state.current.entries if entry.is_spoken):
                        conversation.submit("are you there?")
                case EntryAdded(_, entry) | DeliveryChanged(_, entry):
                    tell(f"{type(change).__name__}: {entry.text} ({entry.delivery.value})")


asyncio.run(main(sys.argv[1]))
