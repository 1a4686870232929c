"""Going into the rooms after each registration: which to join, and when they are here.

Joining takes several messages: for each room its topic, its members, and the last things said there. A host answers
in order, so a PING behind the JOINs (a barrier) tells when all of that has come:

    JOIN #Line-3          →  JOIN, 332, 353, 366, and from hosts that are not asked for them a batch of old messages
    JOIN #Bridge sesame   →  475: the key is wrong
    PING barrier-7        →  PONG barrier-7: entered, as far as the host lets us

Until then, what the host says may be old, and what this person types waits. Where the connection breaks in between,
the next registration begins with a barrier of its own.
"""

import asyncio
import contextlib
from collections.abc import Iterator

from lanchat.client.connection.barriers import Barriers
from lanchat.client.connection.place import Place
from lanchat.client.connection.stream import Lost
from lanchat.client.state.channels import Channel
from lanchat.client.state.state import ClientState
from lanchat.errors import UserError
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

MAX_ASKED_MEMBERS = 500  # of a channel whose away marks are asked for: one line for each comes back
JOIN_REFUSALS = frozenset(
    {
        numerics.ERR_NOSUCHCHANNEL,
        numerics.ERR_TOOMANYCHANNELS,
        numerics.ERR_TOOMANYTARGETS,
        numerics.ERR_UNAVAILRESOURCE,
        numerics.ERR_CHANNELISFULL,
        numerics.ERR_INVITEONLYCHAN,
        numerics.ERR_BANNEDFROMCHAN,
        numerics.ERR_BADCHANNELKEY,
        numerics.ERR_BADCHANMASK,
        numerics.ERR_NEEDREGGEDNICK,
        numerics.ERR_SECUREONLYCHAN,
    }
)


class Entering:
    """Goes into all rooms of a conversation, once after each registration."""

    def __init__(self, barriers: Barriers) -> None:
        self._barriers = barriers
        self._barrier = 0  # the one behind our JOINs
        self._keys: dict[str, str] = {}  # by folded channel
        self._first: asyncio.Future[None] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether the rooms and their last messages are still to come."""
        return self._barriers.passed < self._barrier

    def wait_for_the_last(self) -> None:
        """Go on entering up to the barrier that was raised last: rooms are being caught up with."""
        self._barrier = self._barriers.raised

    def keep_key(self, join: Message) -> None:
        """Keep the key of a JOIN that is sent, to show it again after a lost connection."""
        if len(join.params) > 1:
            self._keys[fold(join.params[0])] = join.params[1]

    def begin(self, state: ClientState, first_channel: str) -> list[Message]:
        """Return what joins every room this person was in (at first: the one asked for), with the barrier behind it."""
        known = state.rooms
        names = [channel.name for channel in known if not channel.is_kicked] if known else [first_channel]
        barrier = self._barriers.raise_next()
        self._barrier = self._barriers.raised
        return [*(self._join(name) for name in names), barrier]

    def _join(self, name: str) -> Message:
        key = self._keys.get(fold(name))
        return Message("JOIN", (name, key) if key else (name,))

    def questions(self, joined: list[Channel]) -> list[Message]:
        """Return what asks who is away and who is a bot in rooms just entered, the very large ones apart."""
        return [Message("WHO", (channel.name,)) for channel in joined if len(channel.members) <= MAX_ASKED_MEMBERS]

    # ---- the first time -------------------------------------------------------------------------------------------

    def first(self) -> asyncio.Future[None]:
        """Return a future that is done when a room was entered, or fails with the reason why not."""
        self._first = asyncio.get_running_loop().create_future()
        return self._first

    def succeed(self) -> None:
        """Tell who waits for `first` that a room was entered."""
        if self._first is not None and not self._first.done():
            self._first.set_result(None)

    def fail(self, error: UserError) -> None:
        """Tell who waits for `first` why no room was entered."""
        if self._first is not None and not self._first.done():
            self._first.set_exception(error)


@contextlib.contextmanager
def in_sentences(place: Place) -> Iterator[None]:
    """Raise UserError, with a sentence, where the way into a room is cut or takes too long."""
    try:
        yield
    except Lost as error:
        raise UserError(f"{place.title} at {place.where} {error}.") from error
    except TimeoutError as error:
        raise UserError(f"{place.title} at {place.where} does not let anybody in at the moment.") from error
