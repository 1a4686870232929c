"""The chat: what follows from what a peer sends.

Everything comes in as an argument, time and ids too; everything that is to be done comes out as effects. This is the
only file that sees the table of commands.
"""

from __future__ import annotations

from lanchat.chat.call import Call
from lanchat.chat.commands.table import COMMANDS
from lanchat.chat.rules import departures, guests, login, multiline, playback, redaction, refused, silence
from lanchat.chat.state.effects import Close, Deliver, Effect
from lanchat.chat.state.flood import Allowance
from lanchat.chat.state.history import Answer, Kind
from lanchat.chat.state.network import Network
from lanchat.chat.state.pending import Registration
from lanchat.chat.state.people import Channel, Session
from lanchat.errors import InvalidUtf8, LineTooLong, ProtocolError, StrayEnd
from lanchat.limits import ASLEEP_S, FLOOD_PER_CPU_S
from lanchat.protocol import numerics
from lanchat.protocol.irc_wire import Wire
from lanchat.protocol.message import Message

_NOT_UTF8 = "Your message was not sent: it is not UTF-8. Set your client to UTF-8, then say it again"
_TOO_LONG = "Your message was not sent: it is too long for one line. Say it in two"
_STRAY_END = "Your line was not read: it has a CR or NUL inside. Lines end with CR LF"
_MAX_LABEL_BYTES = 64  # IRCv3 labeled-response


class Chat:
    """The rules of one host's chat, over who is in its `network`. For one thread. Times are UNIX seconds."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def connect(self, wire: Wire, address: str, now: float, allowance: Allowance | None = None) -> Session:
        """Return a session for a peer at an IP address. It is not registered yet. No allowance: no limits."""
        network = self.network
        shown = f"0{address}" if address.startswith(":") else address  # "::1" would end a line's middle
        session = Session(wire, shown, now)
        session.registration = Registration()
        session.allowance = allowance
        network.sessions[session] = None
        network.unknown_count += 1
        return session

    def handle(self, session: Session, incoming: Message | ProtocolError, now: float) -> list[Effect]:
        """Carry out one message of a peer and return what is to be done. Never raises for what a peer can send.

        An example: "@label=7 JOIN #Line-3" of a registered session. The Call collects what this session is answered
        (its own JOIN, the topic, the names) apart from what others hear (the JOIN). At its end the answers get the
        label: more than one, so they stand in a batch that bears it. A message that belongs to an open batch of
        several lines is only collected there; the command runs, under the label of the batch, when the batch ends.
        """
        if session.is_closed:
            return []
        session.last_heard = now
        if isinstance(incoming, ProtocolError):
            return self._refuse(session, incoming, now)
        label = incoming.tags.get("label", "")
        call = Call(self.network, session, now, label if len(label.encode()) <= _MAX_LABEL_BYTES else "")
        if multiline.is_in_batch(session, incoming):
            multiline.collect(call, incoming)
        else:
            _run(call, incoming)
        return call.finish()

    def _refuse(self, session: Session, error: ProtocolError, now: float) -> list[Effect]:
        """Answer a line that could not be read. The connection stays."""
        network = self.network
        call = Call(network, session, now, error.label if isinstance(error, InvalidUtf8) else "")
        call.spend(1.0)
        if isinstance(error, InvalidUtf8):
            call.fail(error.command, "INVALID_UTF8", "Message rejected: your text is not in UTF-8")
            refused.tell_in_channel(call, error.target, _NOT_UTF8)
        elif isinstance(error, LineTooLong):
            call.numeric(numerics.ERR_INPUTTOOLONG, "Input line was too long")
            refused.tell_in_channel(call, error.target, _TOO_LONG)
        elif isinstance(error, StrayEnd):
            call.reply(Message("NOTICE", (call.nick, _STRAY_END), network.name))
            refused.tell_in_channel(call, error.target, _STRAY_END)
        return call.finish() + multiline.spoil(self.network, session, now)

    def disconnect(self, session: Session, reason: str, now: float) -> list[Effect]:
        """Take note that a session's connection has ended."""
        call = Call(self.network, session, now)
        departures.close(call, session, reason, is_broken=True)
        return call.finish()

    def tick(self, now: float) -> list[Effect]:
        """Ask silent peers whether they are there, and disconnect those that did not answer. Every few seconds."""
        checked = [effect for session in list(self.network.sessions) for effect in self.check(session, now)]
        return checked + self.let_sleepers_go(now)

    def let_sleepers_go(self, now: float) -> list[Effect]:
        """Let go of those who have slept for too long. Every few seconds."""
        effects: list[Effect] = []
        for user, nap in self.network.sleepers.asleep():
            if not 0 <= now - nap.since <= ASLEEP_S:  # nor do they stay where the clock was put back
                call = guests.call_for(self.network, nap.address, now)  # nobody's command: nobody is answered
                departures.end_sleep(call, user, "Asleep for too long")
                effects += call.finish()
        return effects

    def check(self, session: Session, now: float) -> list[Effect]:
        """Ask one peer that is silent whether it is there, or disconnect it where it did not answer."""
        return [] if session.is_closed else silence.check(self.network, session, now)

    def derived(self, session: Session, digest: bytes | None, now: float) -> list[Effect]:
        """Go on with a login, now that its secret is hashed; without a digest, too many others wait for that."""
        session.is_waiting = False
        if session.is_closed or session.login is None:
            return []
        call = Call(self.network, session, now, session.login.label)
        login.finish(call, digest) if digest is not None else login.give_up(call)
        return call.finish()

    def kept(self, session: Session, now: float) -> list[Effect]:
        """Go on with a session, now that its new account is written down."""
        session.is_waiting = False
        if session.is_closed:
            return []
        call = Call(self.network, session, now, session.login.label if session.login else "")
        login.kept(call)
        return call.finish()

    def recalled(self, session: Session, answer: Answer, now: float) -> list[Effect]:
        """Go on with a question, now that what was said is looked up."""
        session.is_waiting = False
        asked, session.asked = session.asked, None
        if session.is_closed or asked is None:
            return []
        call = Call(self.network, session, now, asked.label)
        call.spend(answer.took_s * FLOOD_PER_CPU_S)
        (redaction.finish if asked.query.kind is Kind.FIND else playback.show)(call, asked, answer)
        return call.finish()

    def tell_all(self, text: str) -> list[Effect]:
        """Tell everybody in the host's rooms something about the host itself."""
        rooms = [channel for channel in self.network.channels.values() if channel.is_hosted]
        name = self.network.name
        return [Deliver(room.audience(), Message("NOTICE", (room.name, text), name)) for room in rooms]

    # ---- Guests: a browser without scripts (rules/guests.py) -------------------------------------------------------

    def guest_says(self, saying: guests.Saying, now: float) -> tuple[str, list[Effect]]:
        """Return why a guest is not heard, "" if heard, and what is to be done."""
        refusal, call = guests.say(self.network, saying, now)
        return refusal, call.finish()

    def guest_password_refusal(self, address: str, password: str, now: float) -> str:
        """Return why a password is not enough to read and speak, or ""."""
        return guests.password_refusal(guests.call_for(self.network, address, now), password)

    def guest_reading_refusal(self, address: str, channel: Channel, now: float) -> str:
        """Return why what is said in a channel is not for a guest at an address to read, or ""."""
        return guests.reading_refusal(guests.call_for(self.network, address, now), channel)

    def stop(self, reason: str) -> list[Effect]:
        """Tell everybody that the host ends, and close all sessions."""
        sessions = list(self.network.sessions)
        return [Deliver(sessions, Message("ERROR", (reason,))), *map(Close, sessions)]


def _run(call: Call, message: Message) -> None:
    command = COMMANDS.get(message.command)
    call.spend(command.price(message) if command else 1.0)
    if command is None and call.session.user:
        call.numeric(numerics.ERR_UNKNOWNCOMMAND, message.command, "Unknown command")
    elif command is None or not (call.session.user or command.is_before_registration):
        call.numeric(numerics.ERR_NOTREGISTERED, "You have not registered")
    elif len(message.params) < command.min_params:
        call.numeric(numerics.ERR_NEEDMOREPARAMS, message.command, "Not enough parameters")
    else:
        command.run(call, message)
