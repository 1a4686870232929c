"""What was told of lines that the host had not confirmed when they were said: told once, and ended once."""

from lanchat.client.plain.wording import delivery_of
from lanchat.client.state.entries import Delivery, Entry

_UNSENT = frozenset({Delivery.WAITING, Delivery.CUT_OFF})


class Fates:
    """Remembers which lines, by channel and serial, were told as not sent, and which are still to be printed."""

    def __init__(self) -> None:
        self._told: set[tuple[str, int]] = set()
        self._unprinted: set[tuple[str, int]] = set()

    def shown_unsent(self, channel: str, entry: Entry) -> None:
        """Note a line that was not confirmed when it was said: it is printed once it is."""
        self._unprinted.add((channel, entry.serial))

    def sentence(self, channel: str, entry: Entry) -> str:
        """Return what to tell a person of this line now, or ""."""
        place = (channel, entry.serial)
        if entry.delivery in _UNSENT:
            is_news = place not in self._told
            self._told.add(place)
            return delivery_of(entry) if is_news else ""
        if entry.delivery is Delivery.UNDER_WAY:
            return ""
        was_told = place in self._told
        self._told.discard(place)
        return delivery_of(entry) if was_told or entry.delivery is not Delivery.DONE else ""

    def is_to_show(self, channel: str, entry: Entry) -> bool:
        """Tell whether the line itself is to be printed now: it is confirmed, and was not before."""
        is_due = entry.delivery is Delivery.DONE and (channel, entry.serial) in self._unprinted
        if is_due:
            self._unprinted.discard((channel, entry.serial))
        return is_due
