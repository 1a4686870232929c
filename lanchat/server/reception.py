"""Who comes in: connections are accepted or turned away, and a peer's first bytes tell which kind it is."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from lanchat.chat.state.flood import Allowance, Allowances
from lanchat.chat.state.settings import Settings
from lanchat.limits import (
    FLOOD_COST_OF_CONNECTING,
    FLOOD_REFUSED_FROM_S,
    MAX_CONNECTIONS_PER_ADDRESS,
    MAX_SHARE_OF_PREFIX,
    REGISTER_WITHIN_S,
    SELECT_MAX_SOCKETS,
)
from lanchat.protocol.irc_wire import IrcWire, Wire
from lanchat.protocol.plain_wire import PlainWire
from lanchat.protocol.sniff import PeerKind, sniff
from lanchat.server.intake import Intake
from lanchat.server.net.connection import Connection, Peer
from lanchat.server.net.keepalive import keep_alive
from lanchat.server.net.listener import Listener
from lanchat.server.net.loop import Timer
from lanchat.server.net.open_files import allowed_connections
from lanchat.server.web.site import Site
from lanchat.server.web.web_peer import WebPeer

_MAX_TOLD = 20  # addresses a minute
_TOLD_AGAIN_S = 60.0  # that an address was turned away
_CROWD_OF_ADDRESS = MAX_CONNECTIONS_PER_ADDRESS // 2  # a browser keeps six open: behind a router nine people's would do
_SPARE_CONNECTIONS = 100  # beyond the people who may be in: browsers, probes, who is told that the room is full


class Reception:
    """Accepts connections on the listening sockets and finds each the peer that understands it."""

    def __init__(self, settings: Settings, intake: Intake, site: Site) -> None:
        self._settings = settings
        self._intake = intake
        self._site = site
        self._listeners: list[Listener] = []
        self._allowances = Allowances()
        self._told_at: dict[str, float] = {}  # address → when it was last told that it was turned away
        self._max_connections = self._connections_to_have()

    def _connections_to_have(self) -> int:
        wanted = self._settings.max_clients + _SPARE_CONNECTIONS
        is_select = self._intake.loop.is_select
        allowed = min(allowed_connections(wanted), SELECT_MAX_SOCKETS if is_select else wanted)
        if allowed < wanted - _SPARE_CONNECTIONS:
            self._intake.warn(
                f"This system allows {allowed} connections at once; the room is full before --max-clients."
            )
        return allowed

    # ---- Connections -----------------------------------------------------------------------------------------------

    def listen(self, sockets: Sequence[socket.socket], *, speaks_first: bool) -> None:
        """Serve peers that connect to these listening sockets; greet them at once where they wait for it."""
        accepted = partial(self._accepted, speaks_first=speaks_first)
        self._listeners += [Listener(self._intake.loop, sock, accepted) for sock in sockets]

    def close(self) -> None:
        """Accept nobody more."""
        while self._listeners:
            self._listeners.pop().close()

    def _accepted(self, sock: socket.socket, address: str, *, speaks_first: bool) -> None:
        allowance = self._allowances.of(address, time.monotonic()) if self._settings.is_flood_limited else None
        if refusal := self._refusal(address, allowance):
            self._tell_refused(address, refusal)
            sock.close()
            return
        sock.setblocking(False)
        with suppress(OSError):  # macOS: the peer has gone already
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a turn's bytes leave in one send anyway
        keep_alive(sock)
        connection = Connection(self._intake.loop, self._intake.ending, sock, address)
        self._intake.peers.add(connection)
        if allowance:
            allowance.spend(FLOOD_COST_OF_CONNECTING)
        if speaks_first:
            self._greet(connection, allowance)
        else:
            connection.peer = _Newcomer(self, self._intake, connection, allowance)

    def _tell_refused(self, address: str, refusal: str) -> None:
        """Tell the host's person, of each address once a minute: it may try a thousand times a second."""
        now = time.monotonic()
        if now - self._told_at.get(address, -_TOLD_AGAIN_S) >= _TOLD_AGAIN_S and len(self._told_at) < _MAX_TOLD:
            self._told_at[address] = now
            self._intake.warn(f"{address} was turned away: {refusal}.")

    def tick(self) -> None:
        """Forget the addresses that owe nothing, and those that were told of long ago."""
        now = time.monotonic()
        self._allowances.forget_full(now)
        self._told_at = {address: at for address, at in self._told_at.items() if now - at < _TOLD_AGAIN_S}

    def _refusal(self, address: str, allowance: Allowance | None) -> str:
        """Return why one more connection of an address is not taken, "" if it is."""
        peers = self._intake.peers
        if allowance and allowance.wait_s(time.monotonic()) > FLOOD_REFUSED_FROM_S:
            return "it sends too much"
        if len(peers.connections) >= self._max_connections:
            return f"{len(peers.connections)} connections are open, and no more fit"
        if self._settings.is_flood_limited and peers.connections_of(address) >= MAX_CONNECTIONS_PER_ADDRESS:
            return f"it has {MAX_CONNECTIONS_PER_ADDRESS} connections open"
        around = peers.connections_around(address)
        if self._settings.is_flood_limited and around >= self._max_connections * MAX_SHARE_OF_PREFIX:
            return f"its network (/64) has {around} connections open, and the rest is for others"
        return ""

    # ---- Kinds of peers --------------------------------------------------------------------------------------------

    def _greet(self, connection: Connection, allowance: Allowance | None) -> None:
        """Speak first, to a peer that waits for it and ends its messages by pauses."""
        wire = self._plain_wire()
        wire.greet()
        talker = self._intake.adopt(connection, wire, allowance)
        talker.answer()
        talker.await_pause()

    def meet(self, connection: Connection, kind: PeerKind, allowance: Allowance | None) -> Peer | None:
        """Return the peer that understands this connection, now that its kind is known; None for one to be closed."""
        make: dict[PeerKind, Callable[[], Peer]] = {
            PeerKind.IRC: lambda: self._intake.adopt(connection, IrcWire(), allowance),
            PeerKind.PLAIN: lambda: self._intake.adopt(connection, self._plain_wire(), allowance),
            PeerKind.HTTP: lambda: self._web_peer(connection, allowance),
        }
        return make[kind]() if kind in make else None

    def _plain_wire(self) -> PlainWire:
        room = self._settings.rooms[0]
        return PlainWire(room.name, room.channel, is_password_needed=bool(self._settings.password))

    def _web_peer(self, connection: Connection, allowance: Allowance | None) -> Peer:
        connection.peer = WebPeer(self._site, _Line(self._intake, connection, allowance), allowance)
        return connection.peer


class _Line:
    """A connection as a web peer uses it (web/web_peer.py)."""

    __slots__ = ("_allowance", "_connection", "_intake")

    def __init__(self, intake: Intake, connection: Connection, allowance: Allowance | None) -> None:
        self._intake = intake
        self._connection = connection
        self._allowance = allowance

    @property
    def address(self) -> str:
        return self._connection.address

    @property
    def is_crowded(self) -> bool:
        return self._connection.source.connections > _CROWD_OF_ADDRESS

    def send(self, data: bytes) -> None:
        self._intake.peers.send(self._connection, data)

    def finish(self) -> None:
        self._intake.ending.finish(self._connection)

    def lose(self, error: Exception) -> None:
        self._intake.ending.lose(self._connection, error, "answering a request")

    def call_later(self, delay_s: float, call: Callable[[], None]) -> Timer:
        return self._intake.loop.call_later(delay_s, call)

    def turn_left_s(self) -> float:
        return self._intake.turn_left_s(self._connection, is_shared=self._allowance is not None)

    def worked(self, seconds: float) -> None:
        if self._allowance:
            self._connection.source.used_s += seconds

    def read(self, *, is_wanted: bool) -> None:
        self._connection.read(is_wanted=is_wanted)

    def talk(self, wire: Wire) -> Peer:
        return self._intake.adopt(self._connection, wire, self._allowance)


class _Newcomer:
    """A peer that has not said enough yet to know its kind. It has a minute."""

    __slots__ = ("_allowance", "_connection", "_first_bytes", "_intake", "_reception", "_timer")

    def __init__(
        self, reception: Reception, intake: Intake, connection: Connection, allowance: Allowance | None
    ) -> None:
        self._reception = reception
        self._allowance = allowance
        self._intake = intake
        self._connection = connection
        self._first_bytes = b""
        self._timer = intake.loop.call_later(REGISTER_WITHIN_S, partial(intake.ending.finish, connection))

    def received(self, data: bytes) -> None:
        """Collect the first bytes, and hand them on once they tell the kind of peer."""
        self._first_bytes += data
        kind = sniff(self._first_bytes)
        if kind is None:
            return
        self._timer.cancel()
        peer = self._reception.meet(self._connection, kind, self._allowance)
        if peer:
            peer.received(self._first_bytes)
        else:
            self._intake.ending.finish(self._connection)

    def parting_words(self, _reason: str) -> bytes:
        """Nothing: which words it reads is not known yet."""
        return b""

    def farewell(self) -> bytes:
        """Nothing, for the same reason."""
        return b""

    def gone(self, _reason: str) -> None:
        """Wait no longer."""
        self._timer.cancel()
