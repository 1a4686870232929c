"""How far people have read, shared between their sessions. Source: ircv3.net/specs/extensions/read-marker."""

from __future__ import annotations

from collections.abc import Iterable

from lanchat.chat.state.people import User
from lanchat.protocol.names import fold

UNKNOWN = "*"
_MAX_TARGETS = 200  # per person, the oldest forgotten first
_MAX_OWNERS = 2_000  # people and accounts, those who read longest ago forgotten first


class ReadMarkers:
    """The last timestamp read per person and target, in memory. Timestamps only ever grow."""

    def __init__(self) -> None:
        self._read: dict[str | User, dict[str, tuple[str, str]]] = {}  # author or person → folded → target, marker

    def get(self, user: User, target: str) -> str:
        """Return "timestamp=…", or "*" where nothing is known."""
        return self._read.get(_owner(user), {}).get(fold(target), (target, UNKNOWN))[1]

    def advance(self, user: User, target: str, marker: str) -> str:
        """Note how far a target was read unless it was further already. Return how far it is read now."""
        markers = self._read[_owner(user)] = self._read.pop(_owner(user), {})  # now the last one
        if len(self._read) > _MAX_OWNERS:
            del self._read[next(iter(self._read))]
        _, known = markers.pop(fold(target), (target, ""))
        markers[fold(target)] = (target, max(known, marker))
        if len(markers) > _MAX_TARGETS:
            del markers[next(iter(markers))]
        return markers[fold(target)][1]

    def restore(self, kept: Iterable[tuple[str, str, str]]) -> None:
        """Take over what was kept of accounts: author, target, marker; those read longest ago first."""
        for author, target, marker in kept:
            self._read.setdefault(author, {})[fold(target)] = (target, marker)

    def forget(self, user: User) -> None:
        """Forget somebody who left; an account's markers stay."""
        self._read.pop(user, None)

    def all(self, user: User) -> list[tuple[str, str]]:
        """Return each target that somebody has read, and how far; those of longest ago first."""
        return list(self._read.get(_owner(user), {}).values())


def _owner(user: User) -> str | User:
    """Never the nick: whoever takes it next must not see how far somebody else has read."""
    return user.author if user.account else user
