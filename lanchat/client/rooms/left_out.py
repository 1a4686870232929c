"""What is told of a search that left something out."""

from lanchat.discovery.bounds import Bounds
from lanchat.discovery.roster import MAX_ROOMS


def left_out(bounds: Bounds) -> list[str]:
    """Return a sentence for each kind of thing that was left out; none where all is there."""
    told = []
    if bounds.rooms:
        more = f"… and {bounds.rooms:,} more" if bounds.rooms > 1 else "… and one more"
        told.append(f"{more}: only the first {MAX_ROOMS} rooms are listed. Join a room by its name or address.")
    if bounds.hints:
        told.append(
            f"{bounds.hints:,} of very many announcements were not followed; if a room is missing, join it by its "
            "address. Who sends so many is no room."
        )
    if bounds.asked < bounds.addresses:
        told.append(
            f"Only {bounds.asked:,} of the {bounds.addresses:,} addresses here were asked, those nearest to this "
            "machine's own; if a room is missing, ask its address: lanchat list-rooms HOST"
        )
    return told
