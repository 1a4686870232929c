"""How people come: registered, and let into channels."""

from __future__ import annotations

from collections.abc import Sequence

from lanchat.chat.call import Call
from lanchat.chat.rules import onlookers, replay, replies
from lanchat.chat.rules.multiline import is_for
from lanchat.chat.state.pending import Registration
from lanchat.chat.state.people import Channel, Session, User
from lanchat.protocol.message import Message


def arrive(call: Call, known: Registration) -> None:
    """Make a registered session somebody: a new person, or one more session of a person who is in already.

    That one is called as they are by now, whatever name this session came under: the welcome tells it.
    """
    session, network = call.session, call.network
    present = network.person(known.nick, known.account)
    user = present or _newcomer(call, known)
    session.registration = None
    network.unknown_count -= 1
    session.user = user
    user.sessions.append(session)
    user.account = known.account or user.account
    if present is None:
        network.admit(user)
    for message in replies.welcome(network, user):
        call.reply(message)
    if session.has("draft/read-marker"):  # private conversations have no JOIN to be told on
        for message in replies.all_markers(network, user):
            call.reply(message)
    if present is None:
        onlookers.tell_came(call, user)
    else:
        _catch_up(call, user)


def _newcomer(call: Call, known: Registration) -> User:
    visit = call.network.new_id()
    return User(known.nick, f"~{known.username}", known.realname, call.session.address, call.now, visit)


def _catch_up(call: Call, user: User) -> None:
    """Show a further session the channels its person is in."""
    for channel in user.channels.values():
        channel.forget_audience()
        announce(call, (call.session,), user, channel)
        show_channel(call, call.session, channel)


def enter(call: Call, user: User, channel: Channel, modes: set[str]) -> None:
    """Let somebody into a channel, and tell everybody in it."""
    channel.add(user, modes)
    announce(call, channel.audience(), user, channel)
    call.happened("join", user.nick, channel.name)
    since = call.network.absences.since(user, channel, call.now)
    for session in user.sessions:
        show_channel(call, session, channel, 0.0 if is_for(session) else since)  # which knows by msgid what it has


def announce(call: Call, audience: Sequence[Session], user: User, channel: Channel) -> None:
    """Tell sessions that somebody is in a channel now, and others' sessions with which modes, and whether away."""
    extended = [session for session in audience if session.has("extended-join")]
    if extended:
        event = call.event(user, "JOIN", channel.name, user.account or "*", user.realname)
        call.send(extended, event)
    plain = [session for session in audience if not session.has("extended-join")] if extended else audience
    call.send(plain, call.event(user, "JOIN", channel.name))
    modes = sorted(channel.members[user].modes)
    others = [session for session in audience if session.user is not user] if modes or user.away else []
    if modes:
        params = (channel.name, f"+{''.join(modes)}", *[user.nick] * len(modes))
        call.send(others, Message("MODE", params, call.network.name))
    if user.away:
        watching = [session for session in others if session.has("away-notify")]
        call.send(watching, call.event(user, "AWAY", user.away))


def show_channel(call: Call, session: Session, channel: Channel, since: float = 0.0) -> None:
    """Tell a session what it needs on entering: topic, how far it had read, names, what was said since a time.

    A program that calls itself one (+B) is told nothing of before: it would obey what is long done.
    """
    network, user = call.network, call.user
    messages: list[Message] = []
    if channel.topic:
        messages += replies.topic(network, user.nick, channel)
    if session.has("draft/read-marker"):
        messages.append(replies.marker(network, user, channel.name))
    if not session.has("no-implicit-names"):
        messages += replies.names(network, session, user.nick, channel, is_inside=True)
    if network.settings.is_replaying and not user.is_bot:
        messages += replay.messages(network, session, channel, since)
    call.tell(session, messages)
