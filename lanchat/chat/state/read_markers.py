"""How far people have read, shared between their sessions. Source: ircv3.net/specs/extensions/read-marker."""

from __future__ import annotations

from collections.abc import Iterable

from lanchat.chat.state.ledger import Ledger
from lanchat.chat.state.people import User
from lanchat.limits import MAX_MARKERS_BYTES, MAX_MARKERS_BYTES_OF_ADDRESS
from lanchat.protocol.names import fold

UNKNOWN = "*"
_MAX_TARGETS = 200  # per person, the oldest forgotten first
_MARKER_BYTES = 600  # roughly what it takes to keep one


class ReadMarkers:
    """The last timestamp read per person and target, in memory. Timestamps only ever grow."""

    def __init__(self) -> None:
        self._read: dict[str | User, dict[str, tuple[str, str]]] = {}  # author or person → folded → target, marker
        self._from: dict[str | User, str] = {}  # author or person → the address they last read at, "" if restored
        self.ledger = Ledger(MAX_MARKERS_BYTES_OF_ADDRESS, MAX_MARKERS_BYTES)

    def get(self, user: User, target: str) -> str:
        """Return "timestamp=…", or "*" where nothing is known."""
        return self._read.get(_owner(user), {}).get(fold(target), (target, UNKNOWN))[1]

    def advance(self, user: User, target: str, marker: str) -> str:
        """Note how far a target was read unless it was further already. Return how far it is read now."""
        owner = _owner(user)
        markers = self._take_out(owner)
        _, known = markers.pop(fold(target), (target, ""))
        markers[fold(target)] = (target, max(known, marker))
        self._put_last(owner, markers, user.host)
        return markers[fold(target)][1]

    def restore(self, kept: Iterable[tuple[str, str, str]]) -> None:
        """Take over what was kept of accounts: author, target, marker; those read longest ago first."""
        read: dict[str, dict[str, tuple[str, str]]] = {}
        for author, target, marker in kept:
            markers = read[author] = read.pop(author, {})  # now the last one
            markers[fold(target)] = (target, marker)
        for author, markers in read.items():
            self._put_last(author, self._take_out(author) | markers, "")

    def _take_out(self, owner: str | User) -> dict[str, tuple[str, str]]:
        """Return what somebody has read, and keep and count it no more."""
        markers = self._read.pop(owner, {})
        if markers:
            self.ledger.remove(self._from.pop(owner), len(markers) * _MARKER_BYTES)
        return markers

    def _put_last(self, owner: str | User, markers: dict[str, tuple[str, str]], address: str) -> None:
        """Keep what somebody has read, the latest of all, and forget others where a bound is passed.

        What was restored came from no address: all such accounts share the bound of all, and no other.
        """
        while len(markers) > _MAX_TARGETS:
            del markers[next(iter(markers))]
        self._read[owner], self._from[owner] = markers, address
        self.ledger.add(address, len(markers) * _MARKER_BYTES)
        while address and self.ledger.is_over(address):
            self._take_out(next(one for one, place in self._from.items() if place == address))
        while self.ledger.is_all_over():
            self._take_out(next(iter(self._read)))

    def forget(self, user: User) -> None:
        """Forget somebody who left; an account's markers stay."""
        self._take_out(user)

    def forget_account(self, author: str) -> None:
        """Forget how far an account has read."""
        self._take_out(author)

    def all(self, user: User) -> list[tuple[str, str]]:
        """Return each target that somebody has read, and how far; those of longest ago first."""
        return list(self._read.get(_owner(user), {}).values())


def _owner(user: User) -> str | User:
    """Never the nick: whoever takes it next must not see how far somebody else has read."""
    return user.author if user.account else user
