"""All connections of a server, and which of them have something to be sent or are to be closed when the turn ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from lanchat.chat.state.effects import Effect
from lanchat.chat.state.people import Session
from lanchat.protocol.packet import Carrier, Packet
from lanchat.server.net.connection import Connection

Perform = Callable[[Sequence[Effect]], None]  # carries out effects, in order
Warn = Callable[[str], None]  # tells the host's person something, in one line


class Peers:
    """The connections, by address and by session, too."""

    def __init__(self) -> None:
        self.connections: dict[Connection, None] = {}
        self.by_address: Counter[str] = Counter()
        self.by_session: dict[Session, Connection] = {}
        self.filled: list[Carrier] = []  # whose outbox has something
        self.doomed: list[Connection] = []  # to be closed when it has left

    def add(self, connection: Connection) -> None:
        """Count a new connection in."""
        self.connections[connection] = None
        self.by_address[connection.address] += 1

    def remove(self, connection: Connection) -> None:
        """Count a connection out that is closed."""
        del self.connections[connection]
        self.by_address[connection.address] -= 1
        if not self.by_address[connection.address]:
            del self.by_address[connection.address]

    def send(self, connection: Connection, data: bytes) -> None:
        """Put bytes behind what this turn has for a peer."""
        if data:
            if connection.outbox is None:
                self.filled.append(connection)
            connection.outbox = Packet(connection.outbox, data)
