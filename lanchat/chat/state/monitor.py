"""Who wants to know when somebody comes or goes. Source: ircv3.net/specs/extensions/monitor."""

from __future__ import annotations

from collections.abc import Sequence

from lanchat.chat.state.people import Session
from lanchat.protocol.names import fold


class Monitors:
    """Which sessions watch which nicks."""

    def __init__(self) -> None:
        self._watchers: dict[str, dict[Session, None]] = {}  # folded nick → sessions

    def watchers(self, folded: str) -> Sequence[Session]:
        """Return the sessions that watch a folded nick."""
        return tuple(self._watchers.get(folded, ()))

    def add(self, session: Session, nick: str) -> None:
        """Let a session watch a nick."""
        if session.monitored is None:
            session.monitored = {}
        session.monitored.setdefault(fold(nick), nick)
        self._watchers.setdefault(fold(nick), {})[session] = None

    def remove(self, session: Session, nick: str) -> None:
        """Let a session watch a nick no more."""
        if session.monitored and session.monitored.pop(fold(nick), None) is not None:
            self._unwatch(session, fold(nick))

    def forget(self, session: Session) -> None:
        """Let a session watch nobody."""
        for folded in session.monitored or ():
            self._unwatch(session, folded)
        session.monitored = None

    def _unwatch(self, session: Session, folded: str) -> None:
        watchers = self._watchers[folded]
        del watchers[session]
        if not watchers:
            del self._watchers[folded]
