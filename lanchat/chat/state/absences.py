"""Who was in a channel until some minutes ago: whoever is back so soon has read what was said before they left."""

from __future__ import annotations

from lanchat.chat.state.people import Channel, User
from lanchat.protocol.names import fold

_SOON_S = 600.0  # a walk through a dead corner of the Wi-Fi; after longer, people want to see where the talk was
_MAX_KEPT = 2_000  # people and channels; the oldest are forgotten first


class Absences:
    """When people left channels, in UNIX seconds."""

    def __init__(self) -> None:
        self._left_at: dict[tuple[str, str], float] = {}

    def note(self, user: User, channel: Channel, now: float) -> None:
        """Take note that somebody leaves a channel."""
        key = (_who(user), channel.folded)
        self._left_at.pop(key, None)
        self._left_at[key] = now  # now the last one
        if len(self._left_at) > _MAX_KEPT:
            del self._left_at[next(iter(self._left_at))]

    def left_at(self, user: User, channel: Channel, now: float) -> float:
        """Return when somebody left a channel who is back within ten minutes; 0.0 for anybody else."""
        at = self._left_at.get((_who(user), channel.folded), 0.0)
        return at if 0 <= now - at <= _SOON_S else 0.0


def _who(user: User) -> str:
    """An account, or a name at an address: a name alone may be somebody else by now."""
    return f"account {fold(user.account)}" if user.account else f"{user.folded} {user.host}"
