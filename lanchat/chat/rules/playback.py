"""What was said, shown to who asked for it. Source: ircv3.net/specs/extensions/chathistory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lanchat.chat.call import Call
from lanchat.chat.rules import replay
from lanchat.chat.state.history import (
    MOVES,
    REACTIONS,
    REDACTIONS,
    SAID,
    Answer,
    Event,
    Kind,
    Query,
    pairs,
    parties,
)
from lanchat.chat.state.network import Network
from lanchat.chat.state.pending import Asked
from lanchat.chat.state.people import Session, User
from lanchat.chat.state.stamps import timestamp
from lanchat.protocol.message import Message
from lanchat.protocol.names import CHANNEL_PREFIX, fold

END = "draft/chathistory-end"  # on the batch: nothing is left that way
_CONTEXT = "draft/chathistory-context"  # on what is shown beside what was asked for
_PLAYBACK = "draft/event-playback"
_LATER = "It could not be looked up now; ask again in a while"
_PARTIAL = "Not all that was said was looked through: say in which room or when, or ask again in a while"
_Batched = tuple[Message, Iterator[Message]]  # what begins a batch, and what stands in it


# ---- What may be asked -----------------------------------------------------------------------------------------------


def visible_keys(call: Call, name: str) -> tuple[str, ...]:
    """Return under which keys it is kept what the asker may read of a channel or with a person; () for nothing."""
    network = call.network
    if name.startswith(CHANNEL_PREFIX):
        channel = network.channel(name)
        return (channel.kept_as,) if channel and call.user in channel.members else ()
    return pairs(call.user.authors, _authors(network, name))


def channel_keys(call: Call) -> tuple[str, ...]:
    """Return under which keys it is kept what was said in the channels that the asker is in."""
    return tuple(channel.kept_as for channel in call.user.channels.values())


def _authors(network: Network, name: str) -> frozenset[str]:
    """Who is meant by a name: who has it now, and whose account it is."""
    user, account = network.person(name, name), network.accounts.find(name)
    owner = frozenset({f"account {fold(account.name)}"}) if account else frozenset[str]()
    return owner | user.authors if user else owner


def since(call: Call) -> int:
    """Return from when on what was said under the asker's account is theirs, in UNIX milliseconds.

    A name can be let go of and become somebody else's account. What one said on one's visit before is one's own.
    """
    account = call.network.accounts.find(call.user.account) if call.user.account else None
    return round(min(account.created_at, call.user.signed_on) * 1000) if account else 0


def layers(session: Session) -> tuple[int, ...]:
    """Return what a session wants to be shown, and understands: by default, what was said and nothing else."""
    wanted = [SAID]
    if session.has(_PLAYBACK):
        wanted.append(MOVES)
        wanted += [REACTIONS] if session.has("message-tags") else []
    if session.has("draft/message-redaction"):
        wanted.append(REDACTIONS)
    return tuple(wanted)


# ---- What is told ----------------------------------------------------------------------------------------------------


def show(call: Call, asked: Asked, answer: Answer) -> None:
    """Tell what was found, in a batch where batches are understood, or why nothing can be told."""
    if answer.failure:
        _fail(call, asked, answer.failure)
        return
    if answer.is_partial:
        call.note(
            "SEARCH", "INCOMPLETE", "Not all that was said can be searched yet; ask again in a while for the rest"
        )
    start, lines = _BATCHES.get(asked.query.kind, _page)(call, asked, answer)
    if not call.session.has("batch"):
        for message in lines:
            call.reply(message)
        return
    batch = call.network.new_id()
    ended = {END: ""} if answer.is_end and asked.query.kind is not Kind.SEARCH else {}
    call.reply(Message("BATCH", (f"+{batch}", *start.params), call.network.name, ended))
    for message in lines:
        call.reply(Message(message.command, message.params, message.source, {"batch": batch, **message.tags}))
    call.reply(Message("BATCH", (f"-{batch}",), call.network.name))


def _fail(call: Call, asked: Asked, failure: str) -> None:
    """Tell why nothing can be told. The specification has one code for that, so the words say which it is."""
    if asked.query.kind is Kind.SEARCH:
        call.fail("SEARCH", "INTERNAL_ERROR", _LATER)
        return
    kind, *params = asked.message.params
    if failure == "UNKNOWN_MSGID":
        call.fail("CHATHISTORY", "MESSAGE_ERROR", kind, *params[:-1], "No such message is kept there")
    else:
        call.fail("CHATHISTORY", "MESSAGE_ERROR", kind, asked.name, _LATER)


def _page(call: Call, asked: Asked, answer: Answer) -> _Batched:
    return Message("BATCH", ("chathistory", asked.name)), _lines(call, asked, answer)


def _lines(call: Call, asked: Asked, answer: Answer) -> Iterator[Message]:
    addressed = _addressing(call, asked)
    for event in answer.events:
        yield from _as_seen_by(call, addressed(event))
        for reaction in answer.reactions.get(event.msgid, ()):
            message = addressed(reaction).message
            yield Message(message.command, message.params, message.source, {_CONTEXT: "", **message.tags})


def _as_seen_by(call: Call, event: Event) -> Iterator[Message]:
    message = event.message
    if event.layer == SAID:
        yield from replay.as_seen_by(call.network, call.session, event, call.now)
    elif message.command == "JOIN" and not call.session.has("extended-join"):
        yield Message("JOIN", message.params[:1], message.source, message.tags)
    else:
        yield message


def _addressing(call: Call, asked: Asked) -> Callable[[Event], Event]:
    """Return what addresses events between two people to the names they have now.

    "Servers may wish to rewrite the sources or targets of messages to correspond to the current nicknames"; a client
    could not tell whose conversation it is otherwise.
    """
    if asked.name.startswith(CHANNEL_PREFIX):
        return lambda event: event
    name = _called(call, asked)
    return lambda event: _sent_to(event, name if event.by in call.user.authors else call.user.nick)


def _called(call: Call, asked: Asked) -> str:
    """How somebody is called now who was asked for by a name or an account."""
    other = call.network.person(asked.name, asked.name)
    return other.nick if other else asked.name


def _sent_to(event: Event, name: str) -> Event:
    message = event.message
    again = Message(message.command, (name, *message.params[1:]), message.source, message.tags)
    return Event(event.id, event.msgid, event.at, event.by, again, event.lines)


# ---- Which conversations there are -----------------------------------------------------------------------------------


def targets_query(call: Call, query: Query) -> Query:
    """Return the question which of all conversations that the asker may read were the last to be spoken in."""
    keys, owners = channel_keys(call), call.user.authors
    return Query(Kind.TARGETS, keys, query.limit, query.first, query.second, owners=owners, since=since(call))


def _targets(call: Call, _asked: Asked, answer: Answer) -> _Batched:
    return Message("BATCH", ("draft/chathistory-targets",)), _target_lines(call, answer)


def _target_lines(call: Call, answer: Answer) -> Iterator[Message]:
    names = {channel.kept_as: channel.name for channel in call.user.channels.values()}
    latest: dict[str, int] = {}  # of the several keys of one person the last
    for key, at in answer.latest:
        name = names.get(key) or _other(call, key)
        if name:
            latest.pop(name, None)
            latest[name] = at
    for name, at in latest.items():
        yield Message("CHATHISTORY", ("TARGETS", name, timestamp(at / 1000)), call.network.name)


def _other(call: Call, key: str) -> str:
    """How the other of two is called who speak under a key; "" for who cannot be spoken to any more: a past visit."""
    both = parties(key) or ("", "")
    other = both[0] if both[1] in call.user.authors and both[0] not in call.user.authors else both[1]
    present: dict[str, User] = {author: user for user in call.network.users.values() for author in user.authors}
    if other in present:
        return present[other].nick
    account = call.network.accounts.find(other.partition(" ")[2]) if other.startswith("account ") else None
    return account.name if account else ""


# ---- What was found -------------------------------------------------------------------------------------------------


def _hits(call: Call, asked: Asked, answer: Answer) -> _Batched:
    return Message("BATCH", ("soju.im/search",)), _hit_lines(call, asked, answer)


def _hit_lines(call: Call, asked: Asked, answer: Answer) -> Iterator[Message]:
    """What was found in each conversation, but for those with somebody who cannot be spoken to any more."""
    for key, event in zip(answer.keys, answer.events, strict=True):
        if not parties(key):
            yield from _as_seen_by(call, event)
        elif name := _called(call, asked) if asked.name else _other(call, key):
            yield from _as_seen_by(call, _sent_to(event, name if event.by in call.user.authors else call.user.nick))


_BATCHES: dict[Kind, Callable[[Call, Asked, Answer], _Batched]] = {Kind.TARGETS: _targets, Kind.SEARCH: _hits}
