"""What of a channel was heard already: tells, after a lost connection, what is new, and whether some of it is missing.

After coming back, the host replays the last messages of the channel:

    m7, m8 (heard before), m9, m10      m9 and m10 are new: they count, ring and are printed like all others
    m60 … m110                          nothing of it was heard before: between m8 and m60 there is a hole

Messages are known by their ids; where a host gives none, by their time. Emptying the screen forgets nothing here.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

MAX_HEARD = 2_000  # ids kept of a channel: twice what is asked for after a lost connection


class Novelty(Enum):
    """What a message is to this client."""

    LIVE = auto()
    OLD = auto()  # from before this person first came
    MISSED = auto()  # said while the connection was lost
    KNOWN = auto()  # heard before


@dataclass(slots=True)
class Continuity:
    """What was heard of one channel. `is_back`: this person was there before the connection was lost."""

    is_back: bool = False
    last_s: float = 0.0  # the host's time of the last message heard
    last_msgid: str = ""  # of what was heard last: what the host is asked to go on from
    _heard: dict[str, None] = field(default_factory=dict)
    _may_have_hole: bool = False
    _happened_s: float = 0.0  # the host's time of the last thing that happened: this person came, somebody left …
    _there_until_s: float = 0.0  # the last sign of the connection that was lost

    def come_back(self) -> None:
        """Note that this person is in the channel again: what is replayed now may be new."""
        self.is_back, self._may_have_hole = True, bool(self._heard)
        self._there_until_s = self._happened_s

    @property
    def known_until_s(self) -> float:
        """The host's time up to which nothing is missing: of the last message, or of a sign that nobody spoke yet."""
        return max(self.last_s, self._there_until_s)

    @property
    def has_heard(self) -> bool:
        """Whether anything was heard there."""
        return bool(self._heard)

    def knows(self, msgid: str) -> bool:
        """Tell whether a message of this id was heard."""
        return msgid in self._heard

    def expect_no_hole(self) -> None:
        """Note that what is missing is told already, or is nothing."""
        self._may_have_hole = False

    def note(self, msgid: str, at_s: float, *, is_replayed: bool) -> bool:
        """Note something that happened (somebody came, left …); tell whether it is new."""
        if is_replayed and msgid and msgid in self._heard:
            return False
        self._happened_s = max(self._happened_s, at_s)
        self._keep(msgid, 0.0)
        return True

    def hear(self, msgid: str, at_s: float, *, is_replayed: bool) -> tuple[Novelty, float]:
        """Note a message; return what it is, and after what time messages before it are missing (0: none are)."""
        is_known = msgid in self._heard if msgid else is_replayed and self.is_back and at_s <= self.last_s
        if is_known:
            self._may_have_hole = False
            return Novelty.KNOWN, 0.0
        hole_s = self.last_s if self._may_have_hole and is_replayed else 0.0
        self._may_have_hole = False
        self._keep(msgid, at_s)
        if not is_replayed:
            return Novelty.LIVE, 0.0
        return (Novelty.MISSED if self.is_back else Novelty.OLD), hole_s

    def _keep(self, msgid: str, at_s: float) -> None:
        self.last_s = max(self.last_s, at_s)
        if msgid:
            self._heard[msgid] = None
            self.last_msgid = msgid
            if len(self._heard) > MAX_HEARD:
                del self._heard[next(iter(self._heard))]
