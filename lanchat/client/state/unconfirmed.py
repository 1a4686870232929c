"""Which entry of a log shows which part of what this person said, as long as the host has not confirmed it.

part 7 is said without a connection   → entry 41 of #Line-3, "hello (not sent yet)"
the echo of part 7 arrives            → entry 41 becomes the echo, in its place and with its own time
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lanchat.client.state.channels import Channel
from lanchat.client.state.entries import Delivery, Entry

MAX_SHOWN = 1_000  # twice what may wait to be sent; beyond, the oldest is forgotten


class Shown(NamedTuple):
    """An entry that shows a part, and where."""

    channel: Channel
    entry: Entry


@dataclass(slots=True)
class Unconfirmed:
    """The places of parts, by their numbers."""

    _places: dict[int, tuple[Channel, int]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[int]:
        return iter(list(self._places))

    def note(self, number: int, channel: Channel, serial: int) -> None:
        """Note which entry shows a part."""
        self._places[number] = channel, serial
        if len(self._places) > MAX_SHOWN:
            del self._places[next(iter(self._places))]

    def shown(self, number: int) -> Shown | None:
        """Return the entry that shows a part; None where there is none any more: the log was emptied, say."""
        channel, serial = self._places.get(number, (None, 0))
        entry = channel.entries.by_serial(serial) if channel else None
        return Shown(channel, entry) if channel and entry else None

    def has(self, number: int) -> bool:
        """Tell whether a part was shown, be its entry still there or not."""
        return number in self._places

    def forget(self, number: int) -> None:
        """Forget a part: it is confirmed, or nothing more can become of it."""
        self._places.pop(number, None)

    def cut_off(self, channel: Channel, text: str) -> int | None:
        """Return the oldest part of this text, in this channel, that was sent when the connection broke."""
        for number in self._places:
            shown = self.shown(number)
            is_there = shown is not None and shown.channel is channel and shown.entry.text == text
            if is_there and shown is not None and shown.entry.delivery is Delivery.CUT_OFF:
                return number
        return None
