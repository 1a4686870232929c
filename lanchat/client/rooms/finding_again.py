"""Looking for a room whose connection was lost: it may have moved, or another one may stand in its place."""

from dataclasses import replace

from lanchat.client.connection.link import Relocate
from lanchat.client.connection.place import Person, Place
from lanchat.client.rooms.memory import Memory


async def find_again(
    place: Place, relocate: Relocate, memory: Memory, person: Person
) -> tuple[Place | None, Person, str]:
    """Return where the room is now, as whom to go there, and what there is to say about it.

    A new room in its place is told as new, and is on a host that we do not know: it is asked for no proof of names that
    the other host took, and is not given that one's password.
    """
    found = await relocate(place)
    if found is None:
        return None, person, ""
    if found.host_id != place.host_id:
        person = replace(person, secret=memory.secret_for(found), known=memory.names_at(found), password="")
    is_same_host = bool(found.host_id) and found.host_id == place.host_id
    is_new = found.room_id != place.room_id and not is_same_host
    remark = f"This is a new room called {found.title}, at the address of the one that is gone." if is_new else ""
    return found, person, remark
