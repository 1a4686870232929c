"""Who has left a channel a short time ago, and until when they were there: they need not be told all again."""

from __future__ import annotations

from collections.abc import Iterator

from lanchat.chat.state.people import Channel, User
from lanchat.limits import MAX_ABSENCES, RETURN_WITHIN_S
from lanchat.protocol.names import fold


class Absences:
    """Until when people were in channels, by name and by account. Times in UNIX seconds."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], float] = {}  # channel, who → when; those who left last come last

    def began(self, user: User, channel: Channel, until: float) -> None:
        """Note that somebody has left, and until when they are sure to have heard what was said."""
        for key in _keys(user, channel):
            self._until.pop(key, None)
            self._until[key] = until
        while len(self._until) > MAX_ABSENCES:
            del self._until[next(iter(self._until))]

    def since(self, user: User, channel: Channel, now: float) -> float:
        """Return from when on somebody who comes has missed what was said: 0 if they were not in lately."""
        until = max((self._until.get(key, 0.0) for key in _keys(user, channel)), default=0.0)
        return until if 0 <= now - until <= RETURN_WITHIN_S else 0.0


def _keys(user: User, channel: Channel) -> Iterator[tuple[str, str]]:
    yield channel.folded, f"name {user.folded}"
    if user.account:
        yield channel.folded, f"account {fold(user.account)}"
