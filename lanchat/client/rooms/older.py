"""Loading what was said before: pages above the oldest message, and what a gap holds, as the reader gets there."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

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

Loaded = Callable[[Page, list[Entry]], None]
"""Gets a page, and the entries that it makes."""

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

        def loaded(page: Page, entries: list[Entry]) -> None:
            log.is_whole = page.is_last
            if new := [entry for entry in entries if not log.by_msgid(entry.msgid)]:
                self._insert(channel, log.first_serial, new)

        if first is not None and not log.is_whole and log.has_space:
            self._ask((channel.name, -1), "BEFORE", target, first.msgid, loaded)

    def load_newer(self, channel: Channel, target: str, then: Callable[[bool], None]) -> None:
        """Load a page below the newest message of a view; `then` is told whether that was all there is."""
        log = channel.entries
        last = next((entry for entry in reversed(log) if entry.msgid), None)

        def loaded(page: Page, entries: list[Entry]) -> None:
            new = [entry for entry in entries if not log.by_msgid(entry.msgid)]
            self.tell([EntryAdded(channel.name, log.add(entry)) for entry in new])
            then(page.is_last)

        if last is not None:
            self._ask((channel.name, -2), "AFTER", target, last.msgid, loaded)

    def fill(self, channel: Channel, target: str, gap: int) -> None:
        """Load the last page of what a gap (its serial) holds, and what is left of it when it is scrolled to again."""
        log = channel.entries
        below = next((entry for entry in log.since(gap) if entry.msgid), None)
        if below is not None and log.by_serial(gap) is not None:
            then = partial(self._filled, channel, gap)
            self._ask((channel.name, gap), "BEFORE", target, below.msgid, then)

    def _filled(self, channel: Channel, gap: int, page: Page, entries: list[Entry]) -> None:
        log, heard = channel.entries, channel.continuity
        below = next(log.since(gap + 1), None)
        known = [at for at, one in enumerate(entries) if log.by_msgid(one.msgid) or heard.knows(one.msgid)]
        if log.by_serial(gap) is None or below is None:
            return
        if new := entries[known[-1] + 1 if known else 0 :]:
            self._insert(channel, below.serial, new)
        if known or page.is_last:
            log.remove(gap)
            self.tell([EntryRemoved(channel.name, gap)])

    def _ask(self, key: tuple[str, int], how: str, target: str, msgid: str, then: Loaded) -> None:
        """Ask for the page before or after a message, and on as long as nothing in it makes an entry.

        That is so where there were only signs on messages, say, or a channel's modes changed all the time.
        """
        if key in self._asked or not self.state.offers(CHATHISTORY):
            return

        def answered(page: Page) -> None:
            self._asked.discard(key)
            if page.failure not in ("", _IS_GONE):  # for now: one may be let in again
                return
            entries = told(self.state, target, page.messages)
            if entries or page.is_last:
                then(page, entries)
            else:
                self._ask(key, how, target, page.msgids[0 if how == "BEFORE" else -1], then)

        if self.ask(asked(how, target, of_msgid(msgid)), answered):
            self._asked.add(key)

    def _insert(self, channel: Channel, before: int, entries: Sequence[Entry]) -> None:
        placed = channel.entries.insert_before(before, entries)
        rule = raise_rule(channel, placed, before)
        self.tell([EntriesInserted(channel.name, before, tuple(placed)), *rule])
