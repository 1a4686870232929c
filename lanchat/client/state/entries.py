"""What a conversation is made of: entries, and the bounded log that keeps them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from lanchat.protocol.names import shown

MAX_ENTRIES = 10_000  # of one channel: days of talk, about 10 MB
_TRIM_ENTRIES = 1_000  # dropped at once, so that a full log costs nothing extra per message
MAX_REACTIONS = 20  # different ones on a message
MAX_REACTORS = 200  # people counted for one of them


class EntryKind(Enum):
    """What an entry tells. `notices.sentence` makes the sentence for those that are not somebody's own text."""

    MESSAGE = auto()
    ACTION = auto()  # "/me waves"
    NOTICE = auto()  # a bot's or the server's message, not to be answered by programs
    WHISPER = auto()  # between two people only; shown in the channel that is open
    JOIN = auto()
    LEAVE = auto()  # `text`: the reason
    KICK = auto()  # `nick`: who had to go; `to`: who did it; `text`: the reason
    NICK = auto()  # `nick`: the old one; `to`: the new one
    TOPIC = auto()  # `text`: the new one
    MODE = auto()  # `text`: a whole sentence
    INFO = auto()  # the program speaking; `text`: whole sentences
    REPLY = auto()  # an answer to what this person asked (/whois, /names …); `text`: lines
    ERROR = auto()  # something did not work; `text`: whole sentences


class Delivery(Enum):
    """What became of what this person said; the value is what stands behind its text."""

    DONE = ""  # confirmed by the host, as is all that others said
    UNDER_WAY = "on its way"
    WAITING = "not sent yet"
    CUT_OFF = "not confirmed yet"  # the connection broke behind it: whether it arrived shows when that is back
    DOUBTFUL = "it may not have arrived"
    FAILED = "not delivered"


SPOKEN = frozenset({EntryKind.MESSAGE, EntryKind.ACTION, EntryKind.NOTICE, EntryKind.WHISPER})


@dataclass(frozen=True, slots=True)
class Reaction:
    """One sign put on a message, and who put it there (wire nicks, in order)."""

    text: str
    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One block of a conversation. All texts are clean: safe to show, but never markup.

    `at_s` is UNIX time in UTC by the host's clock. `nick` is as on the wire: show `name`. `text` holds "\\n" where the
    message had several lines. `serial` counts the entries of a channel: it stays while older ones are dropped.
    """

    kind: EntryKind
    at_s: float
    nick: str = ""
    text: str = ""
    to: str = ""  # whispers: the nick it was for; see also EntryKind
    msgid: str = ""
    reply_to: str = ""  # msgid of the message it answers
    reactions: tuple[Reaction, ...] = ()
    is_own: bool = False
    is_mention: bool = False
    is_replayed: bool = False
    is_missed: bool = False  # replayed, and new: it was said while the connection was lost
    is_deleted: bool = False
    is_bot: bool = False
    delivery: Delivery = Delivery.DONE
    serial: int = -1

    @property
    def name(self) -> str:
        """Who it is from, as people read it."""
        return shown(self.nick)

    @property
    def is_old(self) -> bool:
        """Whether it was said before this person came, or was here already: nothing to ring for."""
        return self.is_replayed and not self.is_missed

    @property
    def is_spoken(self) -> bool:
        """Whether somebody said this, rather than the program or the server reporting it."""
        return self.kind in SPOKEN


@dataclass(slots=True)
class EntryLog:
    """The entries of one channel, oldest first. Beyond `limit`, the oldest are dropped."""

    limit: int = MAX_ENTRIES
    first_serial: int = 0
    _entries: list[Entry] = field(default_factory=list)
    _serial_of: dict[str, int] = field(default_factory=dict)  # by msgid

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __getitem__(self, index: int) -> Entry:
        return self._entries[index]

    def add(self, entry: Entry) -> Entry:
        """Append an entry and return it with its serial."""
        entry = replace(entry, serial=self.first_serial + len(self._entries))
        self._entries.append(entry)
        if entry.msgid:
            self._serial_of[entry.msgid] = entry.serial
        if len(self._entries) > self.limit:
            self._trim()
        return entry

    def _trim(self) -> None:
        drop = min(_TRIM_ENTRIES, max(1, self.limit // 10))
        for entry in self._entries[:drop]:
            self._serial_of.pop(entry.msgid, None)
        del self._entries[:drop]
        self.first_serial += drop

    def by_msgid(self, msgid: str) -> Entry | None:
        """Return the entry with this id, or None if it is not (or no longer) here."""
        serial = self._serial_of.get(msgid)
        return None if serial is None else self.by_serial(serial)

    def by_serial(self, serial: int) -> Entry | None:
        """Return the entry with this serial, or None if it is not (or no longer) here."""
        index = serial - self.first_serial
        return self._entries[index] if 0 <= index < len(self._entries) else None

    def put(self, entry: Entry) -> None:
        """Replace the entry with the same serial; nothing happens if that was dropped."""
        index = entry.serial - self.first_serial
        if 0 <= index < len(self._entries):
            self._entries[index] = entry
            if entry.msgid:
                self._serial_of[entry.msgid] = entry.serial

    def clear(self) -> None:
        """Forget all entries. Serials are not used again."""
        self.first_serial += len(self._entries)
        self._entries.clear()
        self._serial_of.clear()
