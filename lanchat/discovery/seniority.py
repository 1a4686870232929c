"""Which of two hosts with one id takes another: the one that came later, as people are used to the other.

Both look at the same two answers of /room.json, and both come to the same end. Ages are seconds since each start, as
clocks of machines without internet are wrong. Two that started together (a power cut) are told apart by their run.
"""

from enum import Enum, auto

from lanchat.discovery.rooms import FoundRoom

TOGETHER_S = 5.0  # more than passes between the two answers


class GivesWay(Enum):
    """Who takes another id."""

    OURS = auto()
    THEIRS = auto()
    NOBODY = auto()  # our id is new already, so that no copy can have it: somebody pretends to be us


def gives_way(ours: FoundRoom, theirs: FoundRoom) -> GivesWay:
    """Return who takes another id. A host that does not tell its age is of an older version, and never does."""
    if theirs.up_s is None or ours.up_s is None:
        return GivesWay.OURS
    older_by_s = ours.up_s - theirs.up_s
    if abs(older_by_s) >= TOGETHER_S:
        return GivesWay.THEIRS if older_by_s > 0 else GivesWay.OURS
    return GivesWay.OURS if ours.run > theirs.run else GivesWay.THEIRS
