"""What this person said and the host has not confirmed yet. No socket: messages in, messages out.

A part waits, is sent, and leaves the outbox when the host confirms or refuses it. Three kinds of hosts confirm in three
ways, here for the part number 7:

    labels and echo    @label=say7 PRIVMSG #Line-3 :hello   →  @label=say7 :Ana!… PRIVMSG #Line-3 :hello
    echo only          PRIVMSG #Line-3 :hello               →  :Ana!… PRIVMSG #Line-3 :hello   (known by its text)
    neither            PRIVMSG #Line-3 :hello, PING sent-7  →  PONG sent-7
    refused            PRIVMSG #Line-3 :hello               →  404 #Line-3 :Cannot send to channel

A part that was sent when the connection broke is *doubtful*: it may have arrived, only its echo did not. After coming
back, the host replays the last messages of the room. If the part is among those that are new to us, it is delivered;
if not, it is sent again. So nothing is lost with a connection, and nothing is said twice, as far as the replay reaches.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from lanchat.client.speaking.phrasing import Part
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

MAX_PARTS = 500  # said while there is no connection; a pipe waits until there is space
WINDOW = 16  # sent and unconfirmed at one time: below what a host takes without slowing us down (limits.FLOOD_BURST)
_TOKEN = "sent-"  # noqa: S105 - of the PING sent after a part, where the host echoes nothing
_NEVER_SENT = frozenset(
    {
        numerics.ERR_NOSUCHNICK,
        numerics.ERR_NOSUCHSERVER,
        numerics.ERR_NOSUCHCHANNEL,
        numerics.ERR_CANNOTSENDTOCHAN,
        numerics.ERR_TOOMANYCHANNELS,
        numerics.ERR_TOOMANYTARGETS,
        numerics.ERR_NORECIPIENT,
        numerics.ERR_NOTEXTTOSEND,
        numerics.ERR_NOTOPLEVEL,
        numerics.ERR_WILDTOPLEVEL,
        numerics.ERR_BADMASK,
        numerics.ERR_INPUTTOOLONG,
    }
)


@dataclass(slots=True)
class _Item:
    part: Part
    number: int
    said_s: float
    is_sent: bool = False
    is_doubtful: bool = False
    is_labelled: bool = False  # then only an answer with its label is about it

    @property
    def is_known_by_text(self) -> bool:
        """Whether an echo of its text confirms it: not what is replayed, nor what was said at another terminal."""
        return self.is_sent and not self.is_doubtful and not self.is_labelled


@dataclass(frozen=True, slots=True)
class Pending:
    """A part that is not confirmed. `number`: its own; `said_s`: when it was said, by the host's clock."""

    number: int
    part: Part
    said_s: float
    is_sent: bool
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a part: confirmed by the host, or refused or given up."""

    part: Part
    is_delivered: bool
    pending: "Pending | None" = field(default=None, compare=False)


@dataclass(slots=True)
class Outbox:
    """Parts in the order they were said."""

    _items: list[_Item] = field(default_factory=list)
    _batches: dict[str, _Item] = field(default_factory=dict)  # labelled answers in several messages, by reference
    _count: int = 0

    def __len__(self) -> int:
        return len(self._items)

    @property
    def free(self) -> int:
        """How many more parts may be put in."""
        return MAX_PARTS - len(self._items)

    @property
    def waiting(self) -> list[Part]:
        """The parts that are not confirmed yet, sent or not."""
        return [item.part for item in self._items]

    @property
    def pending(self) -> list[Pending]:
        """The same with what is known of each."""
        return [_pending(item) for item in self._items]

    def put(self, part: Part, said_s: float = 0.0) -> None:
        """Add a part. The caller has checked that there is space."""
        self._count += 1
        self._items.append(_Item(part, self._count, said_s))

    # ---- sending -----------------------------------------------------------------------------------------------------

    def due(
        self, is_open: Callable[[str], bool], *, has_labels: bool, has_echo: bool
    ) -> list[tuple[Pending, list[Message]]]:
        """Return the parts to send now, each with its messages, and count them as sent.

        `is_open` tells whether a target can be spoken to at the moment.
        """
        free = WINDOW - sum(item.is_sent for item in self._items)  # doubtful ones count until they are settled
        chosen = [item for item in self._items if not item.is_sent and is_open(item.part.target)][: max(0, free)]
        for item in chosen:
            item.is_sent, item.is_doubtful, item.is_labelled = True, False, has_labels
        return [(_pending(item), _labelled(item, has_labels=has_labels, has_echo=has_echo)) for item in chosen]

    def disconnected(self) -> None:
        """Note that the connection broke: what was sent is doubtful now."""
        self._batches.clear()
        for item in self._items:
            item.is_doubtful = item.is_doubtful or item.is_sent

    def settle(self, arrived: Mapping[str, Iterable[str]], is_channel: Callable[[str], bool]) -> list[Outcome]:
        """Decide what became of doubtful parts, now that the connection is back.

        `arrived`: our own texts that the host replayed and we had not heard before, by folded target. Parts among them
        are delivered, others for channels will be sent again. Whispers are not replayed by every host, so of the others
        nobody can know: they are given up rather than said twice.
        """
        left = {target: list(texts) for target, texts in arrived.items()}
        outcomes = []
        for item in [item for item in self._items if item.is_doubtful]:
            texts = left.get(fold(item.part.target), [])
            if item.part.text in texts:
                texts.remove(item.part.text)
                outcomes.append(self._conclude(item, is_delivered=True))
            elif not is_channel(item.part.target):
                outcomes.append(self._conclude(item, is_delivered=False))
            else:
                item.is_sent = item.is_doubtful = False
        return outcomes

    # ---- what the host answers ---------------------------------------------------------------------------------------

    def echoed_by(self, message: Message) -> int | None:
        """Return the number of the part that a message of this person is the echo of, or a piece of it."""
        if "label" in message.tags:
            item = self._labelled(message)
        else:
            item = self._batches.get(message.tags.get("batch", "")) or self._echoed(message)
        return item.number if item is not None and item.is_sent else None

    def hear(self, message: Message, *, is_own: bool) -> list[Outcome]:
        """Look at a message of the host; return what it confirms or refuses. `is_own`: this person is its source."""
        if "label" in message.tags:
            return self._labelled_answer(message)
        if message.tags.get("batch", "") in self._batches:
            return self._inside(message)
        if message.command == "BATCH" and message.params and message.params[0][1:] in self._batches:
            return [self._conclude(self._batches[message.params[0][1:]], is_delivered=True)]
        item = self._echoed(message) if is_own else self._answered(message)
        return [self._conclude(item, is_delivered=not _is_refusal(message))] if item else []

    def _labelled_answer(self, message: Message) -> list[Outcome]:
        item = self._labelled(message)
        if item is None or not item.is_sent:
            return []
        if message.command == "BATCH" and message.params[1:2] == ("labeled-response",):
            self._batches[message.params[0][1:]] = item
            return []
        return [self._conclude(item, is_delivered=not _is_refusal(message))]

    def _labelled(self, message: Message) -> _Item | None:
        return next((item for item in self._items if _label(item) == message.tags["label"]), None)

    def _inside(self, message: Message) -> list[Outcome]:
        item = self._batches[message.tags["batch"]]
        return [self._conclude(item, is_delivered=False)] if _is_refusal(message) else []

    def _echoed(self, message: Message) -> _Item | None:
        """Find the part that an unlabelled echo confirms."""
        is_batch = message.command == "BATCH" and message.params[1:2] == ("draft/multiline",)
        place = 2 if is_batch else 0
        if not (is_batch or message.command == "PRIVMSG") or len(message.params) < place + 1:
            return None
        target, text = fold(message.params[place]), message.params[-1]
        for item in self._items:
            is_there = item.is_known_by_text and fold(item.part.target) == target
            if is_there and (is_batch == (len(item.part.messages) > 1)) and (is_batch or _wire_text(item) == text):
                return item
        return None

    def _answered(self, message: Message) -> _Item | None:
        """Find the part that an unlabelled PONG or refusal is about."""
        if message.command == "PONG" and message.params and message.params[-1].startswith(_TOKEN):
            return next((item for item in self._items if item.is_sent and _token(item) == message.params[-1]), None)
        if not _is_refusal(message):
            return None
        named = {fold(param) for param in message.params[1:-1]}
        sent = [item for item in self._items if item.is_sent]
        is_nameless = message.command in (
            numerics.ERR_NORECIPIENT,
            numerics.ERR_NOTEXTTOSEND,
            numerics.ERR_INPUTTOOLONG,
            "FAIL",
        )
        about = [item for item in sent if fold(item.part.target) in named or is_nameless]
        return about[0] if about else None

    def fail(self, target: str) -> list[Outcome]:
        """Give up everything for a target that cannot be spoken to."""
        doomed = [item for item in self._items if fold(item.part.target) == fold(target)]
        return [self._conclude(item, is_delivered=False) for item in doomed]

    def _conclude(self, item: _Item, *, is_delivered: bool) -> Outcome:
        self._items.remove(item)
        self._batches = {reference: other for reference, other in self._batches.items() if other is not item}
        return Outcome(item.part, is_delivered, _pending(item))


def _is_refusal(message: Message) -> bool:
    return message.command in _NEVER_SENT or (
        message.command == "FAIL" and message.params[:1] in (("PRIVMSG",), ("BATCH",), ("*",))
    )


def _pending(item: _Item) -> Pending:
    return Pending(item.number, item.part, item.said_s, item.is_sent, item.is_doubtful)


def _label(item: _Item) -> str:
    return f"say{item.number}"


def _token(item: _Item) -> str:
    return f"{_TOKEN}{item.number}"


def _wire_text(item: _Item) -> str:
    return item.part.messages[0].params[-1]


def _labelled(item: _Item, *, has_labels: bool, has_echo: bool) -> list[Message]:
    first, *others = item.part.messages
    if has_labels:
        first = replace(first, tags={**first.tags, "label": _label(item)})
    barrier = [] if has_echo else [Message("PING", (_token(item),))]
    return [first, *others, *barrier]
