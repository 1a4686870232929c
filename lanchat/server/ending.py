"""How connections end, and how the whole server does."""

from __future__ import annotations

import time
from functools import partial

from lanchat.limits import STOP_WITHIN_S
from lanchat.server.faults import Faults
from lanchat.server.net.connection import Connection
from lanchat.server.net.loop import Loop
from lanchat.server.peers import Peers, Warn

_LINGER_S = 2.0  # for a peer to read our last words
_READ_WITHIN_S = 0.3  # the same, when the whole host ends
_LOOK_AGAIN_S = 0.02  # whether all are told


class Ending:
    """The owner of all connections (net/connection.py): three ways to end one.

    `gone`: the socket has ended by itself. `evict`: the peer exceeded a limit and is told so, if it still reads.
    `finish`: all is said; what waits in its outbox leaves first.
    """

    def __init__(self, loop: Loop, peers: Peers, warn: Warn, faults: Faults) -> None:
        self._loop = loop
        self._peers = peers
        self._warn = warn
        self._faults = faults

    def gone(self, connection: Connection, reason: str) -> None:
        """Close a socket that has ended, however it did, and tell its peer's chat."""
        if connection.is_over:
            return
        connection.close()
        self._peers.remove(connection)
        self._tell_gone(connection, reason)

    def evict(self, connection: Connection, reason: str) -> None:
        """Disconnect a peer that exceeded a limit. Sends ERROR first; the peer may be too slow to receive it."""
        self._warn(f"{connection.address} was disconnected: {reason}.")
        connection.cut()
        if connection.peer:
            self._peers.send(connection, connection.peer.parting_words(reason))
        self._tell_gone(connection, reason)
        self.finish(connection)

    def part(self, connection: Connection, reason: str) -> None:
        """End a connection whose peer has said, in the way of its protocol, that it ends."""
        self._tell_gone(connection, reason)
        self.finish(connection)

    def lose(self, connection: Connection, error: Exception, doing: str) -> None:
        """Disconnect the one peer whose part in something uncovered a fault of ours, and tell of it."""
        self._faults.tell(error, doing)
        if not connection.is_over:
            self.evict(connection, "Internal error")

    def _tell_gone(self, connection: Connection, reason: str) -> None:
        """Tell the peer's side that it is gone. This may be what fails: the connection has to end all the same."""
        try:
            if connection.peer:
                connection.peer.gone(reason)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on talking
            self._faults.tell(error, "disconnecting a peer")

    def finish(self, connection: Connection) -> None:
        """Close a connection once what it has to be told has left; at the latest after a while."""
        if connection.is_ending or connection.is_over:
            return
        connection.is_ending = True
        if connection.peer:
            self._peers.send(connection, connection.peer.farewell())
        self._peers.doomed.append(connection)
        self._loop.call_later(_LINGER_S, partial(self.gone, connection, "Closed"))

    def finish_all(self) -> None:
        """End the loop when all peers have read their last words, or it takes too long."""
        for connection in self._peers.connections:
            self.finish(connection)
        self._loop.call_later(STOP_WITHIN_S, self._loop.stop)
        self._stop_when_told(time.monotonic() + _READ_WITHIN_S)

    def _stop_when_told(self, until: float) -> None:
        """End the loop when all have gone, or have been sent everything and had a moment to read it."""
        is_late = time.monotonic() > until
        if all(is_late and connection.is_all_sent for connection in self._peers.connections):
            self._loop.stop()
        else:
            self._loop.call_later(_LOOK_AGAIN_S, partial(self._stop_when_told, until))
