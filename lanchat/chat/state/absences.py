"""Who was in a channel until some minutes ago: whoever is back so soon has read what was said before they left."""

from __future__ import annotations

from collections.abc import Sequence

from lanchat.chat.state.history import Event
from lanchat.chat.state.people import Channel, User
from lanchat.protocol.names import fold

_SOON_S = 600.0  # a walk through a dead corner of the Wi-Fi; after longer, people want to see where the talk was
_MAX_KEPT = 2_000  # people and channels; the oldest are forgotten first
_AT_THE_END_S = 2.0  # who left so shortly before the host's end left because of it


class Absences:
    """When people left channels, in UNIX seconds: up to when they have read, and since when they are away."""

    def __init__(self) -> None:
        self._left_at: dict[tuple[str, str], tuple[float, float]] = {}

    def note(self, user: User, channel: Channel, now: float) -> None:
        """Take note that somebody leaves a channel."""
        self._note((_who(user), channel.folded), now, now)

    def restore(self, channel: Channel, events: Sequence[Event], ended_at: float) -> None:
        """Take note, at a host's start, of who was in a channel when it ended: they have read all that was said there.

        `events`: what happened there last, oldest first. `ended_at`: when the host did.
        """
        left_at: dict[str, float] = {}  # by who they are; of those who stayed to the end, when something happened last
        for event in events:
            at = event.at / 1000
            who = _sender(event)
            is_leaving = event.message.command in ("PART", "QUIT") and at < events[-1].at / 1000 - _AT_THE_END_S
            left_at[who] = at if is_leaving else events[-1].at / 1000
            if event.message.command == "NICK" and "account" not in event.message.tags:
                host = who.partition(" ")[2]
                left_at[f"{fold(event.message.params[-1])} {host}"] = left_at.pop(who)
        for who, at in left_at.items():
            self._note((who, channel.folded), at, ended_at if at >= events[-1].at / 1000 else at)

    def _note(self, key: tuple[str, str], at: float, since: float) -> None:
        self._left_at.pop(key, None)
        self._left_at[key] = (at, since)  # now the last one
        if len(self._left_at) > _MAX_KEPT:
            del self._left_at[next(iter(self._left_at))]

    def left_at(self, user: User, channel: Channel, now: float) -> float:
        """Return when somebody left a channel who is back within ten minutes; 0.0 for anybody else."""
        at, since = self._left_at.get((_who(user), channel.folded), (0.0, 0.0))
        return at if 0 <= now - since <= _SOON_S else 0.0


def _who(user: User) -> str:
    """An account, or a name at an address: a name alone may be somebody else by now."""
    return f"account {fold(user.account)}" if user.account else f"{user.folded} {user.host}"


def _sender(event: Event) -> str:
    """Who did something, as `_who` has it."""
    nick, _, rest = event.message.source.partition("!")
    account = event.message.tags.get("account", "")
    return f"account {fold(account)}" if account else f"{fold(nick)} {rest.rpartition('@')[2]}"
