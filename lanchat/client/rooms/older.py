"""Loading what was said before: pages above the oldest message, and what a gap holds, as the reader gets there."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lanchat.client.rooms.asking import CHATHISTORY, Ask, asked, of_msgid
from lanchat.client.rooms.pages import Page
from lanchat.client.state.apply import apply
from lanchat.client.state.changes import Change, EntriesInserted, EntryAdded, EntryRemoved
from lanchat.client.state.channels import Channel
from lanchat.client.state.entries import Entry
from lanchat.client.state.reading import raise_rule
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

_IS_GONE = "UNKNOWN_MSGID"  # what comes before a message that is kept no longer is kept no longer either


def told(state: ClientState, target: str, messages: Sequence[Message]) -> list[Entry]:
    """Return the entries that old messages of a channel, or between two people, make beside what is in it."""
    key, aside = fold(target), Channel(target, is_private=not state.features.is_channel(target))
    kept, open_key = state.channels.get(key), state.current_key
    state.channels[key], state.current_key = aside, key  # what has no place of its own stands there
    try:
        for message in messages:
            apply(state, message, time.time(), replayed_in=target)
    finally:
        state.current_key = open_key
        if kept is None:
            del state.channels[key]
        else:
            state.channels[key] = kept
    return list(aside.entries)


@dataclass(slots=True)
class Older:
    """Asks for older messages, one question at a time for each place."""

    state: ClientState
    ask: Ask
    tell: Callable[[list[Change]], None]
    _asked: set[tuple[str, int]] = field(
        default_factory=set
    )  # the channel, and the gap; -1: its beginning, -2: its end

    def forget(self) -> None:
        """Forget what was asked: the connection is gone."""
        self._asked.clear()

    def load(self, channel: Channel, target: str) -> None:
        """Load a page above the oldest message of a channel, unless there is none or it is on its way."""
        log = channel.entries
        first = next((entry for entry in log if entry.msgid), None)
        if first is None or log.is_whole or not log.has_space:
            return
        self._ask(
            (channel.name, -1),
            asked("BEFORE", target, of_msgid(first.msgid)),
            lambda page: self._loaded(channel, target, page),
        )

    def load_newer(self, channel: Channel, target: str, then: Callable[[bool], None]) -> None:
        """Load a page below the newest message of a view; `then` is told whether that was all there is."""
        last = next((entry for entry in reversed(channel.entries) if entry.msgid), None)

        def loaded(page: Page) -> None:
            new = [one for one in told(self.state, target, page.messages) if not channel.entries.by_msgid(one.msgid)]
            self.tell([EntryAdded(channel.name, channel.entries.add(entry)) for entry in new])
            then(page.is_end or bool(page.failure) or not page.msgids)

        if last is not None:
            self._ask((channel.name, -2), asked("AFTER", target, of_msgid(last.msgid)), loaded)

    def fill(self, channel: Channel, target: str, gap: int) -> None:
        """Load the last page of what a gap (its serial) holds, and what is left of it when it is scrolled to again."""
        below = next((entry for entry in channel.entries.since(gap) if entry.msgid), None)
        if below is not None and channel.entries.by_serial(gap) is not None:
            self._ask(
                (channel.name, gap),
                asked("BEFORE", target, of_msgid(below.msgid)),
                lambda page: self._filled(channel, target, gap, page),
            )

    def _ask(self, key: tuple[str, int], question: Message, then: Callable[[Page], None]) -> None:
        if key in self._asked or not self.state.offers(CHATHISTORY):
            return

        def answered(page: Page) -> None:
            self._asked.discard(key)
            if page.failure in ("", _IS_GONE):  # other refusals are for now: one may be let in again
                then(page)

        if self.ask(question, answered):
            self._asked.add(key)

    def _loaded(self, channel: Channel, target: str, page: Page) -> None:
        log = channel.entries
        entries = [entry for entry in told(self.state, target, page.messages) if not log.by_msgid(entry.msgid)]
        log.is_whole = page.is_end or bool(page.failure) or not page.msgids
        if entries:
            self._insert(channel, log.first_serial, entries)

    def _filled(self, channel: Channel, target: str, gap: int, page: Page) -> None:
        log = channel.entries
        below = next(log.since(gap + 1), None)
        entries = told(self.state, target, page.messages)
        known = [number for number, entry in enumerate(entries) if log.by_msgid(entry.msgid)]
        if log.by_serial(gap) is None or below is None:
            return
        if new := entries[known[-1] + 1 if known else 0 :]:
            self._insert(channel, below.serial, new)
        if known or page.is_end or page.failure or not page.msgids:
            log.remove(gap)
            self.tell([EntryRemoved(channel.name, gap)])

    def _insert(self, channel: Channel, before: int, entries: Sequence[Entry]) -> None:
        placed = channel.entries.insert_before(before, entries)
        rule = raise_rule(channel, placed, before)
        self.tell([EntriesInserted(channel.name, before, tuple(placed)), *rule])
