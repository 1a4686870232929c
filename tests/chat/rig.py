"""A network in memory, and clients that speak IRC lines to it. Time is told, ids are counted, nothing sleeps."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import deque
from collections.abc import Sequence
from itertools import count

from lanchat.chat.chat import Chat
from lanchat.chat.state.accounts import new_account
from lanchat.chat.state.effects import Close, Deliver, Derive, Effect, Happened, KeepAccount, Recall
from lanchat.chat.state.eras import Eras, Stamp
from lanchat.chat.state.flood import Allowances
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Session
from lanchat.chat.state.settings import Room, Settings
from lanchat.errors import ProtocolError
from lanchat.limits import SCRAM_ITERATIONS
from lanchat.protocol import scram
from lanchat.protocol.irc_wire import IrcWire, Wire
from lanchat.protocol.message import Message, parse_message

ROOM = Room("Line 3", "#Line-3", "00112233445566ff")
SERVER = "My.Little.Server"
START = 1_700_000_000.0


class _SameMoment(Eras):
    """Times as the clock has them, so that tests can tell them: several messages may be said at one moment."""

    def stamp(self, now: float) -> Stamp:
        return super().stamp(now)._replace(at=round(now * 1000))


class Rig:
    """A network with a clock in `now` (UNIX seconds). Keyword arguments are those of Settings.

    With `is_exact` no two messages are said at the same time, as on a host.
    """

    def __init__(self, *, rooms: Sequence[Room] = (ROOM,), is_exact: bool = False, **choices: object) -> None:
        self.now = START
        ids = count(1)
        settings = Settings(rooms=rooms, server_name=SERVER, **{"is_flood_limited": False, **choices})  # type: ignore[arg-type]
        eras = (Eras if is_exact else _SameMoment)((), "run", 1)
        self.network = Network(settings, self.now, lambda: f"id{next(ids)}", MemoryHistory("run", eras=eras))
        self.chat = Chat(self.network)
        self.allowances = Allowances()
        self.happened: list[Happened] = []
        self.kept_accounts = 0
        self.hashes: deque[Derive] | None = None  # a deque: secrets wait in it until `hash_next`
        self._clients: dict[Session, Client] = {}

    def client(
        self,
        nick: str = "",
        *,
        caps: str = "",
        address: str = "10.0.0.9",
        account: str = "",
        secret: str = "sesame",
        wire: Wire | None = None,
    ) -> Client:
        """Return a client: registered with these capabilities if a nick is given, and its welcome read.

        With an account, it logs in to it first. A wire is given for peers that do not speak IRC.
        """
        is_limited = self.network.settings.is_flood_limited
        allowance = self.allowances.of(address, self.now) if is_limited else None
        client = Client(self, self.chat.connect(wire or IrcWire(), address, self.now, allowance))
        self._clients[client.session] = client
        if nick:
            client.register(nick, caps, account, secret)
        return client

    @property
    def last_msgid(self) -> str:
        """The msgid that was given last."""
        return f"run-{self.network.history.last_id - 1:x}"

    def own(self, name: str, secret: str = "sesame") -> None:
        """Let a name belong to who knows a secret, from another day."""
        digest = _hashed(secret.encode(), b"salt", SCRAM_ITERATIONS)
        known = scram.verifier(digest, b"salt", SCRAM_ITERATIONS)
        self.network.accounts.add(new_account(name, known, self.now))

    def channel(self, name: str, *nicks: str) -> list[Client]:
        """Return new clients that are all in a channel, the first as its operator, all they were told read."""
        clients = [self.client(nick) for nick in nicks]
        for client in clients:
            client.send(f"JOIN {name}")
        for client in clients:
            client.read()
        return clients

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
                    self.hashes.append(effect) if self.hashes is not None else self._hash(effect)
                case Recall():
                    self._recall(effect)
                case KeepAccount():
                    self.kept_accounts += 1
                    if effect.session:
                        self.perform(self.chat.kept(effect.session, self.now))
                        self._clients[effect.session].pump()
                case Happened():
                    self.happened.append(effect)

    def hash_next(self) -> None:
        """Hash the secret that has waited longest."""
        assert self.hashes, "no secret waits"
        self._hash(self.hashes.popleft())

    def _hash(self, effect: Derive) -> None:
        digest = _hashed(effect.secret, effect.salt, effect.iterations)
        self.perform(self.chat.derived(effect.session, digest, self.now))
        self._clients[effect.session].pump()

    def _recall(self, effect: Recall) -> None:
        answer = self.network.history.answer(effect.query)
        assert answer is not None, "memory knows at once"
        self.perform(self.chat.recalled(effect.session, answer, self.now))
        self._clients[effect.session].pump()

    def tick(self, seconds: float = 0.0) -> None:
        """Let time pass, then let the network look for silence."""
        self.now += seconds
        self.perform(self.chat.tick(self.now))


def _hashed(secret: bytes, salt: bytes, iterations: int) -> bytes:
    """As a hash off the loop, but cheap."""
    return hashlib.sha256(str(iterations).encode() + salt + secret).digest()


class Client:
    """One IRC client. `raw` holds the bytes it was sent and has not read."""

    def __init__(self, rig: Rig, session: Session) -> None:
        self._rig = rig
        self.session = session
        self.raw = b""
        self.is_closed = False
        self._inbox: deque[Message | ProtocolError] = deque()

    def register(self, nick: str, caps: str = "", account: str = "", secret: str = "sesame") -> None:
        """Say who this is, log in if an account is given, and read the welcome."""
        if caps or account:
            self.send("CAP LS 302", f"CAP REQ :{caps or 'sasl'}")
        if account:
            if not self._rig.network.accounts.find(account):
                self._rig.own(account, secret) if account != nick else self.send(f"NICK {account}")
            assert "903" in [code for code, *_ in self.login(account, secret)]
        self.send(f"NICK {nick}", "USER username 0 * :Real Name")
        if caps or account:
            self.send("CAP END")
        assert "001" in [message.command for message in self.read()]

    def login(self, account: str, secret: str = "sesame") -> list[tuple[str, ...]]:
        """Log in with SASL PLAIN, and return what comes back."""
        response = b64encode(f"\0{account}\0{secret}".encode()).decode()
        chunks = [response[at : at + 400] for at in range(0, len(response), 400)]
        if len(chunks[-1]) == 400:
            chunks.append("+")
        return self.numerics("AUTHENTICATE PLAIN", *[f"AUTHENTICATE {chunk}" for chunk in chunks])

    def send(self, *lines: str | bytes) -> None:
        """Send lines, each as one read of the wire."""
        for line in lines:
            data = line if isinstance(line, bytes) else line.encode()
            self._inbox.extend(self.session.wire.receive(data + b"\r\n"))
            self.pump()

    def pump(self) -> None:
        """Have carried out what was sent; while a secret is hashed, it waits, as it does in a server."""
        while self._inbox and not self.session.is_waiting and not self.is_closed:
            self._rig.perform(self._rig.chat.handle(self.session, self._inbox.popleft(), self._rig.now))

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
        self._rig.perform(self._rig.chat.disconnect(self.session, reason, self._rig.now))
