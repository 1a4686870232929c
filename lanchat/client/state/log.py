"""The bounded log of one channel.

Entries bear serials that grow and never change, with room left where older ones may be loaded: before the first, and
at a gap. For example, after a long night without a connection:

    7, 8, 9          heard before it was lost
    10               the gap
    1_000_010 …      what was said last; what the gap holds is put in front of it: 1_000_009, 1_000_008 …
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lanchat.client.state.entries import Entry, EntryKind

MAX_ENTRIES = 10_000  # of one channel: days of talk, about 10 MB
MAX_READ_BACK = 50_000  # while its reader goes back in it
_TRIM_ENTRIES = 1_000  # dropped at once, so that a full log costs nothing extra per message
_GAP_ROOM = 1_000_000  # serials left free behind a gap


@dataclass(slots=True)
class EntryLog:
    """The entries of one channel, oldest first. Beyond `limit`, the oldest are dropped; beyond `most`, while
    this person reads further up.

    `is_whole`: nothing older than its first entry is to be had. `rule_at`: the serial of an entry below its own rule,
    `rule_text`: what is new to this person since they had read up to `new_after_s`, or what was looked for.
    """

    limit: int = MAX_ENTRIES
    most: int = MAX_READ_BACK
    is_whole: bool = False
    rule_at: int | None = None
    rule_text: str = ""
    new_after_s: float = 0.0
    _is_read_back: bool = False
    _entries: list[Entry] = field(default_factory=list)
    _serials: list[int] = field(default_factory=list)  # of the entries, to find them by bisection
    _serial_of: dict[str, int] = field(default_factory=dict)  # by msgid
    _next_serial: int = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __getitem__(self, index: int) -> Entry:
        return self._entries[index]

    @property
    def first_serial(self) -> int:
        """The serial of the oldest entry; of the next one, if there is none."""
        return self._serials[0] if self._serials else self._next_serial

    @property
    def next_serial(self) -> int:
        """The serial of the next entry that is added."""
        return self._next_serial

    @property
    def has_space(self) -> bool:
        """Whether older entries may be loaded."""
        return len(self._entries) < self.most

    # ---- adding and dropping ------------------------------------------------------------------------------------

    def add(self, entry: Entry) -> Entry:
        """Append an entry and return it with its serial."""
        entry = replace(entry, serial=self._next_serial)
        self._put_at(len(self._entries), [entry])
        self._next_serial += _GAP_ROOM if entry.kind is EntryKind.GAP else 1
        if len(self._entries) > (self.most if self._is_read_back else self.limit):
            self._drop(min(_TRIM_ENTRIES, max(1, self.limit // 10)))
        return entry

    def insert_before(self, serial: int, entries: Sequence[Entry]) -> list[Entry]:
        """Put older entries, in order, right before the one with this serial; return them with theirs."""
        first = serial - len(entries)
        placed = [replace(entry, serial=first + number) for number, entry in enumerate(entries)]
        self._put_at(bisect_left(self._serials, serial), placed)
        return placed

    def _put_at(self, index: int, entries: Sequence[Entry]) -> None:
        self._entries[index:index] = entries
        self._serials[index:index] = [entry.serial for entry in entries]
        self._serial_of.update((entry.msgid, entry.serial) for entry in entries if entry.msgid)

    def _drop(self, count: int) -> None:
        for entry in self._entries[:count]:
            self._serial_of.pop(entry.msgid, None)
        del self._entries[:count], self._serials[:count]
        self.is_whole = False

    def remove(self, serial: int) -> None:
        """Take one entry out; nothing happens if it is not here."""
        index = self._index_of(serial)
        if index is not None:
            self._serial_of.pop(self._entries[index].msgid, None)
            del self._entries[index], self._serials[index]

    def clear(self) -> None:
        """Forget all entries; what was emptied stays empty. Serials are not used again."""
        self._entries.clear()
        self._serials.clear()
        self._serial_of.clear()
        self.is_whole = True
        self.rule_at = None

    def read_back(self, *, is_so: bool) -> None:
        """Drop nothing while this person reads further up, as far as there is memory; at the end, what is too much."""
        self._is_read_back = is_so
        if not is_so and len(self._entries) > self.limit:
            self._drop(len(self._entries) - self.limit)

    # ---- finding --------------------------------------------------------------------------------------------------

    def by_msgid(self, msgid: str) -> Entry | None:
        """Return the entry with this id, or None if it is not (or no longer) here."""
        serial = self._serial_of.get(msgid)
        return None if serial is None else self.by_serial(serial)

    def by_serial(self, serial: int) -> Entry | None:
        """Return the entry with this serial, or None if it is not (or no longer) here."""
        index = self._index_of(serial)
        return None if index is None else self._entries[index]

    def _index_of(self, serial: int) -> int | None:
        index = bisect_left(self._serials, serial)
        return index if index < len(self._serials) and self._serials[index] == serial else None

    def before(self, serial: int) -> Entry | None:
        """Return the entry above the one with this serial, or None at the top."""
        index = bisect_left(self._serials, serial)
        return self._entries[index - 1] if index else None

    def since(self, serial: int) -> Iterator[Entry]:
        """Iterate over the entries from this serial on (included)."""
        for index in range(bisect_left(self._serials, serial), len(self._entries)):
            yield self._entries[index]

    def put(self, entry: Entry) -> None:
        """Replace the entry with the same serial; nothing happens if that was dropped."""
        index = self._index_of(entry.serial)
        if index is not None:
            self._entries[index] = entry
            if entry.msgid:
                self._serial_of[entry.msgid] = entry.serial
