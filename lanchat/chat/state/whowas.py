"""Who was here: names of people who left, the latest first."""

from collections import deque
from dataclasses import dataclass

from lanchat.chat.state.people import User
from lanchat.limits import MAX_WHOWAS


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of somebody; `at` is when they left or took another name (UNIX seconds)."""

    nick: str
    folded: str
    username: str
    host: str
    realname: str
    at: float


class WhoWas:
    """The last names that were given up."""

    def __init__(self) -> None:
        self._past: deque[Past] = deque(maxlen=MAX_WHOWAS)

    def remember(self, user: User, now: float) -> None:
        """Keep who somebody is at this moment."""
        past = Past(user.nick, user.folded, user.username, user.host, user.realname, now)
        self._past.appendleft(past)

    def find(self, folded: str) -> list[Past]:
        """Return all that is remembered under a folded nick, the latest first."""
        return [past for past in self._past if past.folded == folded]
