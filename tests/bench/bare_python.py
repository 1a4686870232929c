"""The bare loop of bare.c, in Python: what the language itself costs a server that only sends.

Usage: python bare_python.py PORT

No server in Python can deliver for less. Like bare.c it trusts its peers, joins nothing that goes to
one receiver, and blocks on a full socket.
"""

from __future__ import annotations

import selectors
import socket
import sys
from collections.abc import Callable

SCRATCH_BYTES = 65536
BACKLOG = 4096


class Peer:
    """One connection: its nick, and the end of what it has sent that is no line yet."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.nick = b"?"
        self.rest = b""

    def lines(self) -> list[bytes] | None:
        """Give the lines of one recv, or None when the peer has closed."""
        try:
            got = self.sock.recv(SCRATCH_BYTES)
        except OSError:
            return None
        *lines, self.rest = (self.rest + got).split(b"\r\n")
        return lines if got else None


class Room:
    """The one room. `sends` is each member's bound send: looking it up once is half of the speed."""

    def __init__(self) -> None:
        self.sends: dict[Peer, Callable[[bytes], int]] = {}

    def obey(self, peer: Peer, line: bytes) -> None:
        """Carry out one line of a peer."""
        command, _, rest = line.partition(b" ")
        if command == b"PRIVMSG":
            self.relay(peer, b":%b!u@h %b\r\n" % (peer.nick, line))
        elif command == b"NICK":
            peer.nick = rest
        elif command == b"USER":
            peer.sock.send(b":bare 001 %b :Welcome\r\n" % peer.nick)
        elif command == b"JOIN":
            self.join(peer)

    def relay(self, peer: Peer, line: bytes) -> None:
        """Send a line to every other member."""
        own = self.sends.get(peer)
        for send in self.sends.values():
            if send is not own:
                send(line)

    def join(self, peer: Peer) -> None:
        """Let a peer in; all see it."""
        self.relay(peer, b":%b!u@h JOIN :#bench\r\n" % peer.nick)
        self.sends[peer] = peer.sock.send
        answer = b":%b!u@h JOIN :#bench\r\n:bare 366 %b #bench :End of NAMES\r\n"
        peer.sock.send(answer % (peer.nick, peer.nick))


def serve(port: int) -> None:
    """Run the room until killed."""
    listener = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    room = Room()
    while True:
        for key, _ in selector.select():
            if key.data is None:
                sock, _ = listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(sock, selectors.EVENT_READ, Peer(sock))
                continue
            lines = key.data.lines()
            if lines is None:
                room.sends.pop(key.data, None)
                selector.unregister(key.fileobj)
                key.data.sock.close()
                continue
            for line in lines:
                room.obey(key.data, line)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
