"""What a conversation is made of: entries. The log that keeps them is in `log.py`."""

from dataclasses import dataclass
from enum import Enum, auto

from lanchat.protocol.names import shown

MAX_REACTIONS = 20  # different ones on a message
MAX_REACTION_BYTES = 40  # one emoji with all its joiners, or a short word
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
    GAP = auto()  # what was said here is not loaded, and can be; `text`: whole sentences


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
    message had several lines. `serial` is its place in the log: it stays while older ones are dropped or loaded.
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
