"""A network in memory, and clients that speak IRC lines to it. Time is told, ids are counted, nothing sleeps."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import count

from lanchat.chat.effects import Close, Deliver, Derive, Effect, Happened, KeepAccounts
from lanchat.chat.network import Network
from lanchat.chat.session import Session
from lanchat.chat.settings import Room, Settings
from lanchat.errors import ProtocolError
from lanchat.protocol.irc_wire import IrcWire
from lanchat.protocol.message import Message, parse_message

ROOM = Room("Line 3", "#Line-3", "00112233445566ff")
SERVER = "My.Little.Server"
START = 1_700_000_000.0


class Rig:
    """A network with a clock in `now` (UNIX seconds). Keyword arguments are those of Settings."""

    def __init__(self, *, rooms: Sequence[Room] = (ROOM,), **choices: object) -> None:
        self.now = START
        ids = count(1)
        settings = Settings(rooms=rooms, server_name=SERVER, **{"is_flood_limited": False, **choices})  # type: ignore[arg-type]
        self.network = Network(settings, self.now, lambda: f"id{next(ids)}")
        self.happened: list[Happened] = []
        self.kept_accounts = 0
        self._clients: dict[Session, Client] = {}

    def client(self, nick: str = "", *, caps: str = "", address: str = "10.0.0.9") -> Client:
        """Return a client: registered with these capabilities if a nick is given, and its welcome read."""
        client = Client(self, self.network.connect(IrcWire(), address, self.now))
        self._clients[client.session] = client
        if nick:
            client.register(nick, caps)
        return client

    def perform(self, effects: Sequence[Effect]) -> None:
        """Carry out effects as a server would; hashing is done at once, and cheaply."""
        for effect in effects:
            match effect:
                case Deliver():
                    for session in effect.sessions:
                        self._clients[session].raw += session.wire.encode(effect.message)
                case Close():
                    self._clients[effect.session].is_closed = True
                case Derive():
                    digest = hashlib.sha256(effect.salt + effect.secret).digest()
                    self.perform(self.network.derived(effect.session, digest, self.now))
                case KeepAccounts():
                    self.kept_accounts += 1
                case Happened():
                    self.happened.append(effect)

    def tick(self, seconds: float = 0.0) -> None:
        """Let time pass, then let the network look for silence."""
        self.now += seconds
        self.perform(self.network.tick(self.now))


class Client:
    """One IRC client. `raw` holds the bytes it was sent and has not read."""

    def __init__(self, rig: Rig, session: Session) -> None:
        self._rig = rig
        self.session = session
        self.raw = b""
        self.is_closed = False

    def register(self, nick: str, caps: str = "") -> None:
        """Say who this is, and read the welcome."""
        if caps:
            self.send("CAP LS 302", f"CAP REQ :{caps}")
        self.send(f"NICK {nick}", "USER username 0 * :Real Name")
        if caps:
            self.send("CAP END")
        assert "001" in [message.command for message in self.read()]

    def send(self, *lines: str | bytes) -> None:
        """Send lines, each as one read of the wire."""
        for line in lines:
            data = line if isinstance(line, bytes) else line.encode()
            for incoming in self.session.wire.receive(data + b"\r\n"):
                self._take(incoming)

    def _take(self, incoming: Message | ProtocolError) -> None:
        if not self.is_closed:
            self._rig.perform(self._rig.network.handle(self.session, incoming, self._rig.now))

    def lines(self) -> list[str]:
        """Return the lines that were sent since they were last read."""
        data, self.raw = self.raw, b""
        return data.decode().split("\r\n")[:-1]

    def read(self) -> list[Message]:
        """Return the messages that were sent since they were last read."""
        return [parse_message(line.encode(), 8191) for line in self.lines()]

    def ask(self, *lines: str | bytes) -> list[Message]:
        """Forget what was sent before, send lines, and return what comes back."""
        self.raw = b""
        self.send(*lines)
        return self.read()

    def numerics(self, *lines: str | bytes) -> list[tuple[str, ...]]:
        """As `ask`, each message as its command and parameters."""
        return [(message.command, *message.params) for message in self.ask(*lines)]

    def drop(self, reason: str = "Connection closed") -> None:
        """Be gone without a word."""
        self._rig.perform(self._rig.network.disconnect(self.session, reason, self._rig.now))
