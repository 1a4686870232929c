"""Carries out what the chat decides, and brings it what peers send. One thread, one loop.

The way of the data: bytes → wire → message → network → effects → wire → bytes. In one turn of the loop effects only
fill outboxes; before the loop sleeps the turn is stored, the outboxes leave, and the doomed are closed.
"""

from __future__ import annotations

import socket
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from lanchat.chat.effects import Close, Deliver, Derive, Effect, Happened, KeepAccounts
from lanchat.chat.network import Network
from lanchat.chat.session import Session
from lanchat.errors import LineTooLong, ProtocolError
from lanchat.limits import (
    MAX_CONNECTIONS_PER_ADDRESS,
    PLAIN_PAUSE_S,
    REGISTER_WITHIN_S,
    SELECT_MAX_SOCKETS,
    STOP_WITHIN_S,
    TICK_S,
)
from lanchat.protocol.irc_wire import IrcWire, Wire
from lanchat.protocol.message import Message
from lanchat.protocol.plain_wire import PlainWire
from lanchat.protocol.sniff import Peer, sniff
from lanchat.protocol.web_wire import WebWire
from lanchat.server import site
from lanchat.server.connection import Connection, send_all
from lanchat.server.hasher import Hasher
from lanchat.server.listener import Listener
from lanchat.server.loop import Loop
from lanchat.server.open_files import allowed_connections
from lanchat.server.packet import Encoding, Packet
from lanchat.server.store import Store, StoreError

_SPARE_CONNECTIONS = 100  # beyond the people who may be in: browsers, probes, who is told that the room is full
_TURN_S = 0.005  # what one peer's messages may take of a turn while they are many; the others wait no longer than that
_PIECE_BYTES = 1_024  # some hundred messages at most: no peer can have us hold more of them than that
_LINGER_S = 2.0  # for a peer to read our last words
_READ_WITHIN_S = 0.3  # the same, when the whole host ends
_LOOK_AGAIN_S = 0.02  # whether all are told


class Server:
    """One host's server. `notify` is told what a console shows; `warn` what its person should know, one line each."""

    def __init__(
        self,
        network: Network,
        store: Store,
        *,
        loop: Loop | None = None,
        notify: Callable[[Happened], None] = lambda _: None,
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.network = network
        self.loop = loop or Loop()
        self._store = store
        self._host_id = store.host_id()
        self.announced_as: dict[str, str] = {}  # room id → name, for rooms announced under another than their own
        self._notify = notify
        self._warn = warn
        self._listeners: list[Listener] = []
        self._connections: dict[Connection, None] = {}
        self._by_address: Counter[str] = Counter()
        self._filled: list[Connection] = []  # whose outbox has something
        self._doomed: list[Connection] = []  # to be closed when it has left
        self._are_accounts_changed = False
        self._are_accounts_unwritten = False  # the last attempt failed
        self._hasher = Hasher(self.loop)
        self._max_connections = self._connections_to_have()
        self._perform: dict[type, Callable[..., None]] = {
            Deliver: self._deliver,
            Close: self._close,
            Derive: self._derive,
            KeepAccounts: self._keep_accounts,
            Happened: lambda effect: self._notify(effect),
        }
        self.loop.before_sleep = self._finish_turn
        self.loop.call_later(TICK_S, self._tick)

    def _connections_to_have(self) -> int:
        wanted = self.network.settings.max_clients + _SPARE_CONNECTIONS
        allowed = min(allowed_connections(wanted), SELECT_MAX_SOCKETS if self.loop.is_select else wanted)
        if allowed < wanted - _SPARE_CONNECTIONS:
            self._warn(f"This system allows {allowed} connections at once; the room is full before --max-clients.")
        return allowed

    # ---- Peers come ------------------------------------------------------------------------------------------------

    def listen(self, sockets: Sequence[socket.socket], *, speaks_first: bool = False) -> None:
        """Serve peers that connect to these listening sockets; greet them at once where they wait for it."""
        accepted = partial(self._accepted, speaks_first=speaks_first)
        self._listeners += [Listener(self.loop, sock, accepted) for sock in sockets]

    def _accepted(self, sock: socket.socket, address: str, *, speaks_first: bool) -> None:
        if self._is_too_many(address):
            sock.close()
            return
        sock.setblocking(False)
        with suppress(OSError):  # macOS: the peer has gone already
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a turn's bytes leave in one send anyway
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # for peers that answer no PING
        connection = Connection(self, sock, address)
        self._connections[connection] = None
        self._by_address[address] += 1
        if speaks_first:
            connection.plain = self._plain_wire()
            connection.plain.greet()
            self._adopt_wire(connection, connection.plain)
            self._answer(connection)
        else:
            connection.timer = self.loop.call_later(REGISTER_WITHIN_S, partial(self._end, connection))

    def _is_too_many(self, address: str) -> bool:
        if len(self._connections) >= self._max_connections:
            self._warn(f"{address} was turned away: {len(self._connections)} connections are open, and no more fit.")
            return True
        is_limited = self.network.settings.is_flood_limited
        if is_limited and self._by_address[address] >= MAX_CONNECTIONS_PER_ADDRESS:
            self._warn(f"{address} was turned away: it has {MAX_CONNECTIONS_PER_ADDRESS} connections open.")
            return True
        return False

    def _plain_wire(self) -> PlainWire:
        room = self.network.settings.rooms[0]
        return PlainWire(room.name, room.channel, is_password_needed=bool(self.network.settings.password))

    def _adopt_wire(self, connection: Connection, wire: Wire) -> None:
        """Make a peer a session, now that it is known how to speak with it."""
        connection.first_bytes = None
        connection.wire = wire
        connection.session = self.network.connect(wire, connection.address, time.time())
        connection.session.carrier = connection
        if connection.timer:
            connection.timer.cancel()
            connection.timer = None

    # ---- Bytes come ------------------------------------------------------------------------------------------------

    def received(self, connection: Connection, data: bytes) -> None:
        """Take bytes that a peer sent."""
        if connection.first_bytes is not None:
            data = connection.first_bytes + data
            peer = sniff(data)
            connection.first_bytes = data
            if peer is None:
                return
            self._meet(connection, peer)
        if connection.web:
            self._serve(connection, connection.web, data)
        elif connection.wire:
            connection.unread = data
            self._pump(connection)

    def _meet(self, connection: Connection, peer: Peer) -> None:
        if peer is Peer.IRC:
            self._adopt_wire(connection, IrcWire())
        elif peer is Peer.PLAIN:
            self._adopt_wire(connection, self._plain_wire())
        elif peer is Peer.HTTP:
            connection.first_bytes = None
            connection.web = WebWire()
        else:
            self._end(connection)

    def _serve(self, connection: Connection, web: WebWire, data: bytes) -> None:
        try:
            request = web.receive(data)
        except ProtocolError:
            self._send(connection, web.refusal())
            self._end(connection)
            return
        if request:
            self._send(connection, web.encode(site.respond(request, self.network, self._host_id, self.announced_as)))
            self._end(connection)

    def _pump(self, connection: Connection) -> None:
        """Have the chat carry out what a peer sent; what may not be done yet waits, and so does the peer."""
        session, until = connection.session, time.monotonic() + _TURN_S
        while session and not session.is_closed and not session.is_waiting and self._has_more(connection):
            now = time.time()
            wait_s = session.allowance.wait_s(now) if session.allowance else 0.0
            if wait_s > 0 or time.monotonic() > until:
                self.loop.call_later(wait_s, partial(self._pump, connection))
                break
            if not self._is_carried_out(connection, session, now):
                return
        connection.read(is_wanted=not (connection.inbox or connection.unread))

    def _is_carried_out(self, connection: Connection, session: Session, now: float) -> bool:
        """Have the chat carry out one message. A fault of ours that it uncovers costs one peer, not the room."""
        incoming = connection.inbox.popleft()
        try:
            self.perform(self.network.handle(session, incoming, now))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on talking
            self._warn(f"A fault of lanchat's own, please report it: {_told(error, incoming)}")
            self.lose(connection, "Internal error")
            return False
        return True

    def _has_more(self, connection: Connection) -> bool:
        """Tell whether there is something to carry out; bytes are turned into messages as these are needed."""
        while connection.wire and connection.unread and not connection.inbox:
            data = connection.unread
            piece, connection.unread = data[:_PIECE_BYTES], data[_PIECE_BYTES:]
            try:
                connection.inbox.extend(connection.wire.receive(piece))
            except LineTooLong:
                self.lose(connection, "Line without end")
                return False
            self._answer(connection)
            if connection.plain:
                self._await_pause(connection, connection.plain)
        return bool(connection.inbox)

    def _await_pause(self, connection: Connection, plain: PlainWire) -> None:
        """Take a pause for the end of a message."""
        if connection.timer:
            connection.timer.cancel()
        connection.timer = self.loop.call_later(PLAIN_PAUSE_S, partial(self._paused, connection, plain))

    def _paused(self, connection: Connection, plain: PlainWire) -> None:
        if not connection.unread and not connection.is_ending:
            connection.inbox.extend(plain.receive_pause())
            self._answer(connection)
            self._pump(connection)

    def _answer(self, connection: Connection) -> None:
        answer = connection.wire.answer() if connection.wire else b""
        if answer:
            self._send(connection, answer)

    # ---- Effects ---------------------------------------------------------------------------------------------------

    def perform(self, effects: Sequence[Effect]) -> None:
        """Carry out effects, in order."""
        for effect in effects:
            self._perform[type(effect)](effect)

    def _deliver(self, effect: Deliver) -> None:
        """Fill outboxes; a message is encoded once for all sessions of one kind."""
        filled = self._filled
        encoding = Encoding(effect.message)
        before = kind = packet = None
        for session in effect.sessions:  # nothing is done oftener than this: no calls in the usual case
            connection = session.carrier
            if connection is None:
                continue
            if session.kind is not kind or connection.outbox is not before:
                kind, before = session.kind, connection.outbox
                packet = encoding.packet(session, before)
            if before is None:
                filled.append(connection)
            connection.outbox = packet

    def _close(self, effect: Close) -> None:
        if effect.session.carrier:
            self._end(effect.session.carrier)

    def _derive(self, effect: Derive) -> None:
        is_taken = self._hasher.derive(effect.secret, effect.salt, partial(self._derived, effect.session))
        if not is_taken and effect.session.carrier:
            self.lose(effect.session.carrier, "Too many logins at once; try again in a minute")

    def _derived(self, session: Session, digest: bytes) -> None:
        self.perform(self.network.derived(session, digest, time.time()))
        if session.carrier:
            self._pump(session.carrier)

    def _keep_accounts(self, _effect: KeepAccounts) -> None:
        self._are_accounts_changed = True

    # ---- The end of a turn -----------------------------------------------------------------------------------------

    def _finish_turn(self) -> None:
        if self._are_accounts_changed:
            self._write_accounts()
        while self._filled or self._doomed:  # who is lost in sending is news to others
            filled, self._filled = self._filled, []
            send_all(filled)
            doomed, self._doomed = self._doomed, []
            for connection in doomed:
                if not connection.is_over:
                    connection.end()

    def _write_accounts(self) -> None:
        """Write new accounts down. Where that fails they hold as long as the host runs, and it is tried again later."""
        self._are_accounts_changed = False
        try:
            self._store.keep_accounts(self.network.accounts.all())
            self._are_accounts_unwritten = False
        except StoreError as error:
            if not self._are_accounts_unwritten:
                self._warn(str(error))
            self._are_accounts_unwritten = True

    def _read_accounts(self) -> None:
        """Take over what another program has changed."""
        with suppress(StoreError):  # the next tick may have more luck
            if self._store.is_changed_elsewhere():
                self.network.accounts.replace(self._store.accounts())

    def _send(self, connection: Connection, data: bytes) -> None:
        if connection.outbox is None:
            self._filled.append(connection)
        connection.outbox = Packet(connection.outbox, data)

    def _tick(self) -> None:
        self.loop.call_later(TICK_S, self._tick)
        if self._are_accounts_unwritten:
            self._write_accounts()
        else:
            self._read_accounts()
        self.perform(self.network.tick(time.time()))

    # ---- Peers go --------------------------------------------------------------------------------------------------

    def lost(self, connection: Connection, reason: str) -> None:
        """Note that a socket has ended, however it did."""
        if connection.is_over:
            return
        connection.close()
        del self._connections[connection]
        self._by_address[connection.address] -= 1
        if not self._by_address[connection.address]:
            del self._by_address[connection.address]
        session = connection.session
        if session:
            session.carrier = None
            self.perform(self.network.disconnect(session, reason, time.time()))

    def lose(self, connection: Connection, reason: str) -> None:
        """Throw a peer out that breaks a bound: it is told, though it may not read it."""
        self._warn(f"{connection.address} was disconnected: {reason}.")
        connection.drop_unsent()
        if connection.wire:
            self._send(connection, connection.wire.encode(Message("ERROR", (reason,))))
        if connection.session:
            self.perform(self.network.disconnect(connection.session, reason, time.time()))
        self._end(connection)

    def _end(self, connection: Connection) -> None:
        """Close a connection once what it has to be told has left; at the latest after a while."""
        if connection.is_ending or connection.is_over:
            return
        connection.is_ending = True
        self._doomed.append(connection)
        self.loop.call_later(_LINGER_S, partial(self.lost, connection, "Closed"))

    def stop(self, reason: str) -> None:
        """Tell everybody that this is the end, and end the loop when they are told or it takes too long."""
        self._close_listeners()
        self.perform(self.network.stop(reason))
        for connection in self._connections:
            self._end(connection)
        self.loop.call_later(STOP_WITHIN_S, self.loop.stop)
        self._stop_when_told(time.monotonic() + _READ_WITHIN_S)

    def _stop_when_told(self, until: float) -> None:
        """End the loop when all have gone, or have been sent everything and had a moment to read it."""
        is_late = time.monotonic() > until
        if all(is_late and connection.is_all_sent for connection in self._connections):
            self.loop.stop()
        else:
            self.loop.call_later(_LOOK_AGAIN_S, partial(self._stop_when_told, until))

    def _close_listeners(self) -> None:
        while self._listeners:
            self._listeners.pop().close()

    def close(self) -> None:
        """Let go of all sockets and files."""
        self._close_listeners()
        for connection in list(self._connections):
            connection.close()
        self._hasher.close()
        self.loop.close()
        self._store.close()


def _told(error: Exception, incoming: Message | ProtocolError) -> str:
    """One line about a fault: what, where, and at which command. No word of what was said."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    command = incoming.command if isinstance(incoming, Message) else type(incoming).__name__
    return f"{type(error).__name__} at {place}, carrying out {command}"
