"""How people come: registered, and let into channels."""

from __future__ import annotations

from collections.abc import Sequence

from lanchat.chat.call import Call
from lanchat.chat.rules import onlookers, replay, replies, sleeping
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
        sleeping.wake(call, user)
        _catch_up(call, user)


def _newcomer(call: Call, known: Registration) -> User:
    visit = call.network.new_id()
    return User(known.nick, f"~{known.username}", known.realname, call.session.address, call.now, visit)


def _catch_up(call: Call, user: User) -> None:
    """Show a further session the channels its person is in."""
    budget = replay.Budget()
    for channel in user.channels.values():
        channel.forget_audience()
        announce(call, (call.session,), user, channel)
        show_channel(call, call.session, channel, budget)


def enter(call: Call, user: User, channel: Channel, modes: set[str], budget: replay.Budget) -> None:
    """Let somebody into a channel, and tell everybody in it."""
    channel.add(user, modes)
    event = call.happening(user, [channel], "JOIN", *_joined(user, channel))
    announce(call, channel.audience(), user, channel, event)
    call.happened("join", user.nick, channel.name)
    for session in user.sessions:
        show_channel(call, session, channel, budget)


def _joined(user: User, channel: Channel) -> tuple[str, str, str]:
    """The parameters of a JOIN as extended-join has them."""
    return channel.name, user.account or "*", user.realname


def announce(
    call: Call, audience: Sequence[Session], user: User, channel: Channel, event: Message | None = None
) -> None:
    """Tell sessions that somebody is in a channel now, and others' sessions with which modes, and whether away.

    `event` is the JOIN, as extended-join has it, where they have come just now.
    """
    event = event or call.event(user, "JOIN", *_joined(user, channel))
    extended = [session for session in audience if session.has("extended-join")]
    if extended:
        call.send(extended, event)
    plain = [session for session in audience if not session.has("extended-join")] if extended else audience
    call.send(plain, Message("JOIN", event.params[:1], event.source, event.tags))
    modes = sorted(channel.members[user].modes)
    others = [session for session in audience if session.user is not user] if modes or user.away else []
    if modes:
        params = (channel.name, f"+{''.join(modes)}", *[user.nick] * len(modes))
        call.send(others, Message("MODE", params, call.network.name))
    if user.away:
        watching = [session for session in others if session.has("away-notify")]
        call.send(watching, call.event(user, "AWAY", user.away))


def show_channel(call: Call, session: Session, channel: Channel, budget: replay.Budget) -> None:
    """Tell a session what it needs on entering: topic, how far it had read, names, what was said before."""
    network, user = call.network, call.user
    messages: list[Message] = []
    if channel.topic:
        messages += replies.topic(network, user.nick, channel)
    if session.has("draft/read-marker"):
        messages.append(replies.marker(network, user, channel.name))
    if not session.has("no-implicit-names"):
        messages += replies.names(network, session, user.nick, channel, is_inside=True)
    # a bot would answer what was said long ago; who has draft/chathistory asks for what it wants
    if network.settings.is_replaying and not user.is_bot and not session.has("draft/chathistory"):
        left_at = network.absences.left_at(user, channel, call.now)
        messages += replay.messages(network, session, channel, left_at, budget, call.now)
    call.tell(session, messages)
