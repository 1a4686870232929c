"""The chat: who is here, which channels there are, and what follows from what somebody sends.

Everything comes in as an argument, time and ids too; everything that is to be done comes out as effects.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Sequence

from lanchat.chat import accounts, arrivals, login, moves, multiline, registration, silence
from lanchat.chat.call import Call
from lanchat.chat.channel import Channel, Topic
from lanchat.chat.commands.table import COMMANDS
from lanchat.chat.effects import Close, Deliver, Effect
from lanchat.chat.flood import Allowance
from lanchat.chat.history import History, MemoryHistory
from lanchat.chat.monitor import Monitors
from lanchat.chat.read_markers import ReadMarkers
from lanchat.chat.session import Session
from lanchat.chat.settings import Settings
from lanchat.chat.user import User
from lanchat.chat.whowas import WhoWas
from lanchat.errors import InvalidUtf8, LineTooLong, ProtocolError
from lanchat.protocol import numerics
from lanchat.protocol.irc_wire import Wire
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

_MAX_LABEL_BYTES = 64  # IRCv3 labeled-response


class Network:
    """All rooms of one host. Not for two threads."""

    def __init__(
        self,
        settings: Settings,
        now: float,
        new_id: Callable[[], str],
        history: History | None = None,
        kept_accounts: Iterable[accounts.Account] = (),
    ) -> None:
        self.settings = settings
        self.name: str = settings.server_name
        self.opened_at = now
        self.new_id = new_id
        self.history: History = history or MemoryHistory()
        self.accounts = accounts.Accounts(kept_accounts)
        self.attempts = accounts.Attempts(is_limited=settings.is_flood_limited)  # of secrets
        self.password_attempts = accounts.Attempts(is_limited=settings.is_flood_limited)  # of the room's
        self.users: dict[str, User] = {}  # folded nick → user
        self.channels: dict[str, Channel] = {}  # folded name → channel
        self.sessions: dict[Session, None] = {}  # in the order they came
        self.most_users = 0
        self.unknown_count = 0  # sessions not registered yet
        self.monitors = Monitors()
        self.read_markers = ReadMarkers()
        self.whowas = WhoWas()
        for room in settings.rooms:
            channel = self.channels[fold(room.channel)] = Channel(room.channel, now, room.name)
            channel.topic = Topic(room.topic or room.name, self.name, now)

    # ---- What the server tells -------------------------------------------------------------------------------------

    def connect(self, wire: Wire, address: str, now: float) -> Session:
        """Return a session for a peer at an IP address. It is nobody yet."""
        shown = f"0{address}" if address.startswith(":") else address  # "::1" would end a line's middle
        session = Session(wire, shown, now)
        session.registration = registration.Registration()
        if self.settings.is_flood_limited:
            session.allowance = Allowance(now)
        self.sessions[session] = None
        self.unknown_count += 1
        return session

    def handle(self, session: Session, incoming: Message | ProtocolError, now: float) -> list[Effect]:
        """Carry out what a session sent. Never raises for what a peer can send."""
        if session.is_closed:
            return []
        session.last_heard = now
        if isinstance(incoming, ProtocolError):
            return self._refuse(session, incoming, now)
        label = incoming.tags.get("label", "")
        call = Call(self, session, now, label if len(label.encode()) <= _MAX_LABEL_BYTES else "")
        if not multiline.take(call, incoming):
            self._run(call, incoming)
        return call.finish()

    def _run(self, call: Call, message: Message) -> None:
        command = COMMANDS.get(message.command)
        call.spend(command.cost if command else 1.0)
        if command is None and call.session.user:
            call.numeric(numerics.ERR_UNKNOWNCOMMAND, message.command, "Unknown command")
        elif command is None or not (call.session.user or command.is_before_registration):
            call.numeric(numerics.ERR_NOTREGISTERED, "You have not registered")
        elif len(message.params) < command.min_params:
            call.numeric(numerics.ERR_NEEDMOREPARAMS, message.command, "Not enough parameters")
        else:
            command.run(call, message)

    def _refuse(self, session: Session, error: ProtocolError, now: float) -> list[Effect]:
        """Answer a line that could not be read. The connection stays."""
        call = Call(self, session, now, error.label if isinstance(error, InvalidUtf8) else "")
        call.spend(1.0)
        if isinstance(error, InvalidUtf8):
            call.fail(error.command, "INVALID_UTF8", "Message rejected: your text is not in UTF-8")
        elif isinstance(error, LineTooLong):
            call.numeric(numerics.ERR_INPUTTOOLONG, "Input line was too long")
        return call.finish() + multiline.spoil(self, session, now)

    def disconnect(self, session: Session, reason: str, now: float) -> list[Effect]:
        """Note that a peer is gone."""
        call = Call(self, session, now)
        self.close(call, session, reason)
        return call.finish()

    def tick(self, now: float) -> list[Effect]:
        """Ask silent peers whether they are there, and let go of those that did not answer. Every few seconds."""
        return [effect for session in list(self.sessions) for effect in silence.check(self, session, now)]

    def derived(self, session: Session, digest: bytes, now: float) -> list[Effect]:
        """Go on with a login, now that the secret is hashed."""
        session.is_waiting = False
        if session.is_closed or session.login is None:
            return []
        call = Call(self, session, now, session.login.label)
        login.finish(call, digest)
        return call.finish()

    def stop(self, reason: str) -> list[Effect]:
        """Tell everybody that this is the end."""
        goodbye = Deliver(list(self.sessions), Message("ERROR", (reason,)))
        return [goodbye, *(Close(session) for session in self.sessions)]

    # ---- Who is here -----------------------------------------------------------------------------------------------

    @property
    def is_full(self) -> bool:
        """Whether nobody more may come in."""
        return len(self.users) >= self.settings.max_clients

    def user(self, nick: str) -> User | None:
        """Return who has a nick now."""
        return self.users.get(fold(nick))

    def person(self, nick: str, account: str) -> User | None:
        """Return who somebody is already that comes under a nick, logged in to an account ("" for none)."""
        holder = self.user(nick)
        if holder or not account:
            return holder
        folded = fold(account)
        return next((user for user in self.users.values() if user.account and fold(user.account) == folded), None)

    def channel(self, name: str) -> Channel | None:
        """Return a channel by its name, however it is written."""
        return self.channels.get(fold(name))

    def nick_refusal(self, nick: str, account: str, user: User | None = None) -> str:
        """Return why somebody logged in to an account ("" for none) cannot have a nick, or "" if they can."""
        holder = self.user(nick)
        if holder and holder is not user and not (account and fold(holder.account) == fold(account) and not user):
            return "This name is in use"
        if self.accounts.find(nick) and fold(account) != fold(nick):
            return "This name belongs to somebody who is not in; the secret that goes with it would prove it yours"
        return ""

    def is_operator_password(self, name: str, password: str) -> bool:
        """Tell whether the host gave this password to this operator."""
        expected = self.settings.operators.get(name)
        return expected is not None and hmac.compare_digest(expected.encode(), password.encode())

    def neighbours(self, user: User) -> list[Session]:
        """Return the sessions of all who share a channel with somebody, and their own, each once."""
        sessions = dict.fromkeys(user.sessions)
        for channel in user.channels.values():
            sessions.update(dict.fromkeys(channel.audience()))
        return list(sessions)

    def admit(self, user: User) -> None:
        """Count somebody in."""
        self.users[user.folded] = user
        self.most_users = max(self.most_users, len(self.users))

    def dismiss(self, user: User, now: float) -> None:
        """Count somebody out."""
        del self.users[user.folded]
        for channel in self.channels.values():
            channel.invited.pop(user, None)
        self.whowas.remember(user, now)
        self.read_markers.forget(user)

    def rename(self, user: User, nick: str, now: float) -> None:
        """Give somebody another nick."""
        if fold(nick) != user.folded:
            self.whowas.remember(user, now)
        del self.users[user.folded]
        user.rename(nick)
        self.users[user.folded] = user

    def drop_if_empty(self, channel: Channel) -> None:
        """Forget a channel that everybody has left, unless it is one of the host's rooms."""
        if not channel.members and not channel.is_hosted:
            del self.channels[channel.folded]
            self.history.forget(channel.folded)

    # ---- The end of a session --------------------------------------------------------------------------------------

    def close(self, call: Call, session: Session, reason: str) -> None:
        """End a session; its person leaves with the last one."""
        if session.is_closed:
            return
        session.is_closed = True
        call.effects.append(Close(session))
        del self.sessions[session]
        self.monitors.forget(session)
        user = session.user
        if user is None:
            self.unknown_count -= 1
            return
        user.sessions.remove(session)
        for channel in user.channels.values():
            channel.forget_audience()
        if user.sessions:
            moves.follow_sessions(call, user)
        else:
            arrivals.depart(call, user, reason)

    def close_all(self, call: Call, sessions: Sequence[Session], reason: str) -> None:
        """End sessions, each told why."""
        for session in list(sessions):
            error = Message("ERROR", (f"Closing link: ({session.address}) {reason}",))
            arrivals.tell(call, session, [error])
            self.close(call, session, reason)
