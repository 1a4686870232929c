"""All connections of a server, and which of them have something to be sent or are to be closed when the turn ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from lanchat.chat.state.effects import Effect
from lanchat.chat.state.flood import prefix_of
from lanchat.chat.state.people import Session
from lanchat.protocol.packet import Carrier, Packet
from lanchat.server.net.connection import Connection, Source

Perform = Callable[[Sequence[Effect]], None]  # carries out effects, in order
Warn = Callable[[str], None]  # tells the host's person something, in one line


class Peers:
    """The connections, by address and by session, too."""

    def __init__(self) -> None:
        self.connections: dict[Connection, None] = {}
        self.sources: dict[str, Source] = {}  # by address
        self._in_prefix: Counter[str] = Counter()  # how many connections are open from a /64 of IPv6
        self.turn = 0  # of the loop
        self.by_session: dict[Session, Connection] = {}
        self.filled: list[Carrier] = []  # whose outbox has something
        self.doomed: list[Connection] = []  # to be closed when it has left

    def add(self, connection: Connection) -> None:
        """Count a new connection in."""
        self.connections[connection] = None
        connection.source = self.sources.setdefault(connection.address, connection.source)
        connection.source.connections += 1
        if prefix := prefix_of(connection.address):
            self._in_prefix[prefix] += 1

    def remove(self, connection: Connection) -> None:
        """Count a connection out that is closed."""
        del self.connections[connection]
        connection.source.connections -= 1
        if not connection.source.connections:
            del self.sources[connection.address]
        if prefix := prefix_of(connection.address):
            self._in_prefix[prefix] -= 1
            self._in_prefix += Counter()  # without what is at zero

    def connections_of(self, address: str) -> int:
        """Return how many connections of an address are open."""
        source = self.sources.get(address)
        return source.connections if source else 0

    def connections_around(self, address: str) -> int:
        """Return how many connections are open from the /64 of an IPv6 address, 0 for any other address."""
        return self._in_prefix[prefix_of(address)]

    def send(self, connection: Connection, data: bytes) -> None:
        """Put bytes behind what this turn has for a peer."""
        if data:
            if connection.outbox is None:
                self.filled.append(connection)
            connection.outbox = Packet(connection.outbox, data)
