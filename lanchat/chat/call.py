"""One command being carried out: what its handler needs to know, and where it puts what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanchat.chat.state.effects import Deliver, Effect, Happened
from lanchat.chat.state.eras import Stamp
from lanchat.chat.state.history import Event
from lanchat.chat.state.network import Network
from lanchat.chat.state.pending import Lines
from lanchat.chat.state.people import Channel, Session, User
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol.message import Message, fitted, free_bytes
from lanchat.protocol.split import packed


class Call:
    """Handlers answer the asking session with `reply` and `numeric`, tell others with `send`, and touch no socket.

    What goes to the asking session is collected and labelled in one place when the command is done (IRCv3
    labeled-response). An example, for a client that sent "@label=7 PRIVMSG zoe :hello":

    - the handler replies once (the echo of the message): the echo bears the label;
    - it replies twice (the echo, and that Zoe is away): both stand in a batch, and the batch bears the label;
    - it replies nothing (no echo-message was asked for): an ACK bears the label.

    A handler whose answer comes later, such as a login that waits for a hash, calls `postpone`. Whoever goes on with
    it makes a new Call with the kept label, or calls `relabel`.
    """

    __slots__ = ("_is_label_spent", "_replies", "effects", "label", "network", "now", "session")

    def __init__(self, network: Network, session: Session, now: float, label: str = "") -> None:
        self.network = network
        self.session = session
        self.now = now
        self.label = label if session.has("labeled-response") else ""
        self.effects: list[Effect] = []
        self._replies: list[Message] = []
        self._is_label_spent = False

    @property
    def user(self) -> User:
        """Who asks. Only handlers of commands for registered sessions may use it."""
        user = self.session.user
        assert user is not None, "the command table lets nobody in unregistered"  # noqa: S101
        return user

    @property
    def nick(self) -> str:
        """The asker's nick, or "*" before registration."""
        if self.session.user:
            return self.session.user.nick
        registration = self.session.registration
        return (registration and registration.nick) or "*"

    # ---- Answers ---------------------------------------------------------------------------------------------------

    def numeric(self, code: str, *params: str) -> None:
        """Answer with a numeric. Parameters but the last are made fit for the middle of a line."""
        *middle, last = params
        self.reply(fitted(Message(code, (self.nick, *map(_middle, middle), last), self.network.name)))

    def packed(self, code: str, words: Iterable[str], *params: str, separator: str = " ") -> None:
        """Answer with a numeric that lists words, in as many lines as hold them; with none if there are no words."""
        head = Message(code, (self.nick, *params), self.network.name)
        for line in packed(words, free_bytes(head), separator):
            self.numeric(code, *params, line)

    def fail(self, command: str, code: str, *params: str) -> None:
        """Answer with a FAIL of standard-replies; the last parameter is for people."""
        *context, text = params
        self.reply(fitted(Message("FAIL", (command, code, *map(_middle, context), text), self.network.name)))

    def note(self, command: str, code: str, text: str) -> None:
        """Add to an answer a NOTE of standard-replies, for people."""
        self.reply(fitted(Message("NOTE", (command, code, text), self.network.name)))

    def reply(self, message: Message) -> None:
        """Answer with any message. It is told when; the lines of a batch bear no time but that of the batch."""
        if self.session.has("server-time") and not message.tags.keys() & _TIMED:
            message = _tagged(message, time=timestamp(self.now))
        if self.label:
            self._replies.append(message)
        else:
            self.effects.append(Deliver((self.session,), message))

    def spend(self, cost: float) -> None:
        """Take what this costs, in commands, from what the session may still send."""
        if self.session.allowance:
            self.session.allowance.spend(cost)

    # ---- Told to others --------------------------------------------------------------------------------------------

    def send(self, sessions: Sequence[Session], message: Message) -> None:
        """Tell sessions something; where the asking one is among them, it is part of the answer."""
        audience = sessions
        if self.label and self.session in audience:
            audience = [session for session in audience if session is not self.session]
            self.reply(message)
        self.deliver(audience, message)

    def deliver(self, sessions: Sequence[Session], message: Message) -> None:
        """Tell sessions something that is no answer, even where the asking one is among them."""
        if sessions:
            self.effects.append(Deliver(sessions, message))

    def event(self, user: User, command: str, *params: str, stamp: Stamp | None = None) -> Message:
        """Return a message from somebody, with the tags that say when, under which account, and whether a bot.

        With a stamp it is told when and under which msgid it is kept.
        """
        stamped = {"time": timestamp(stamp.at / 1000 if stamp else self.now)}
        if user.account:
            stamped["account"] = user.account
        if user.modes and user.is_bot:
            stamped["bot"] = ""
        if stamp:
            stamped["msgid"] = stamp.msgid
        return Message(command, params, user.source, stamped)

    def happening(self, user: User, channels: Iterable[Channel], command: str, *params: str) -> Message:
        """Return such a message, kept as something that happened in these channels."""
        stamp = self.network.history.stamp(self.now)
        event = self.event(user, command, *params, stamp=stamp)
        self.keep([channel.kept_as for channel in channels], stamp, user, event)
        return event

    def keep(self, keys: Sequence[str], stamp: Stamp, user: User, message: Message, lines: Lines = ()) -> None:
        """Keep a message of somebody's that bears the last stamp in these conversations."""
        if keys:
            event = Event(*stamp, user.author, message, lines, address=self.session.address)
            self.network.history.record(keys, event)

    def happened(self, kind: str, nick: str, channel: str = "", text: str = "") -> None:
        """Let the host's console know."""
        self.effects.append(Happened(kind, nick, channel, text))

    def tell(self, session: Session, messages: Iterable[Message]) -> None:
        """Send messages to one session. Where it is the asking one, they are part of the answer."""
        for message in messages:
            if session is self.session:
                self.reply(message)
            else:
                self.send((session,), message)

    # ---- The end ---------------------------------------------------------------------------------------------------

    def finish(self) -> list[Effect]:
        """Return all effects, the answers labelled where a label was asked for."""
        if self.label and not self._is_label_spent:
            self._is_label_spent = True
            self.effects += [Deliver((self.session,), message) for message in self._labelled()]
        return self.effects

    def postpone(self) -> None:
        """Leave the label to a later answer: a batch that is still open, a secret that is being hashed."""
        self._is_label_spent = True

    def relabel(self, label: str) -> None:
        """Answer under the label of an earlier command, which was postponed."""
        self.label = label
        self._is_label_spent = False

    def _labelled(self) -> list[Message]:
        """One reply bears the label; several stand in a batch that does; none is an ACK. IRCv3 labeled-response."""
        if not self._replies:
            return [_tagged(Message("ACK", (), self.network.name), label=self.label)]
        first, last = self._replies[0], self._replies[-1]
        if first is last or (first.command == last.command == "BATCH" and first.params[0][1:] == last.params[0][1:]):
            return [_tagged(first, label=self.label), *self._replies[1:]]
        if not self.session.has("batch"):  # "MUST be negotiated to use labeled responses"; it asked for half of it
            return self._replies
        batch = self.network.new_id()
        start = Message("BATCH", (f"+{batch}", "labeled-response"), self.network.name)
        inner = [message if "batch" in message.tags else _tagged(message, batch=batch) for message in self._replies]
        return [_tagged(start, label=self.label), *inner, Message("BATCH", (f"-{batch}",), self.network.name)]


_TIMED = frozenset({"time", "batch"})


def _tagged(message: Message, **tags: str) -> Message:
    """A copy with more tags: the message itself may be somebody else's too, or in the history."""
    return Message(message.command, message.params, message.source, {**tags, **message.tags})


def _middle(param: str) -> str:
    """A parameter that can stand in the middle of a line; "*" where a client's text cannot."""
    return "*" if not param or " " in param or param[0] == ":" else param
