"""What is said, to whom it goes: effects fill outboxes, and the end of a turn sends what is in them."""

from __future__ import annotations

from lanchat.chat.state.effects import Deliver
from lanchat.protocol.packet import Encoding
from lanchat.server.net.connection import send_all
from lanchat.server.peers import Peers


class Delivery:
    """Fills outboxes in a turn of the loop, and empties them at its end."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    def deliver(self, effect: Deliver) -> None:
        """Fill outboxes; a message is encoded once for all sessions of one kind."""
        filled = self._peers.filled
        encoding = Encoding(effect.message)
        before = kind = packet = None
        for session in effect.sessions:  # nothing is done oftener than this: no calls in the usual case
            carrier = session.carrier
            if carrier is None:
                continue
            if session.kind is not kind or carrier.outbox is not before:
                kind, before = session.kind, carrier.outbox
                packet = encoding.packet(session, before)
            if before is None:
                filled.append(carrier)
            carrier.outbox = packet

    def flush(self) -> None:
        """Send all outboxes, then begin to close the doomed.

        A send that fails disconnects its peer. The chat then tells others that it has quit, which fills outboxes
        again: so this repeats until nothing is left. An example: two members' machines lose power while one sends a
        picture of text. The first round finds one of them gone; its QUIT is in everybody's outbox, the other dead
        one's, too; the second round finds that one; the third tells its QUIT to the living, and ends.
        """
        peers = self._peers
        while peers.filled or peers.doomed:
            filled, peers.filled = peers.filled, []
            send_all(filled)
            doomed, peers.doomed = peers.doomed, []
            for connection in doomed:
                if not connection.is_over:
                    connection.finish()
