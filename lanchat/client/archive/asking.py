"""Asking a host for all that was said in a channel in a period, page after page. No socket: messages in, messages out.

    JOIN #Line-3                                                   →  366: it is entered
    CHATHISTORY BETWEEN #Line-3 timestamp=… timestamp=… 100        →  BATCH +1 chathistory …, messages, BATCH -1
    CHATHISTORY BETWEEN #Line-3 msgid=(the last one) timestamp=… 100  →  the next page, and so on

The last page is told by a tag on its batch (draft/chathistory-end), or, by hosts that do not know that, by being empty.
Source: ircv3.net/specs/extensions/chathistory, draft/event-playback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lanchat.client.rooms.entering import JOIN_REFUSALS
from lanchat.client.state.batches import Batches
from lanchat.client.state.heard import time_of
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold
from lanchat.protocol.text import clean

_END = "draft/chathistory-end"
_CONTEXT = "draft/chathistory-context"  # on reactions to a page's messages, which came later
_PAGE = 100
_MAX_PAGE_MESSAGES = 1_000  # with the reactions to them; our own host sends 300 at most
_MAX_OPEN = 16  # batches; a host has one or two open
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Page:
    """What came together: what happened, in order, and the reactions to it."""

    messages: list[Message] = field(default_factory=list)
    reactions: list[Message] = field(default_factory=list)
    is_last: bool = False


class Asking:
    """One question, until `is_done` or there is a `failure`. Send what `begin` and `hear` return; take the `pages`.

    `since` and `until` are in UNIX milliseconds, the second one excluded.
    """

    def __init__(self, channel: str, since: int, until: int) -> None:
        self.is_done = False
        self.failure = ""
        self.pages: list[Page] = []
        self._channel = channel
        self._from = f"timestamp={_timestamp(since - 1)}"
        self._until = f"timestamp={_timestamp(until)}"
        self._batches = Batches()
        self._open: dict[str, Page] = {}
        self._is_asking = False

    def begin(self, enabled: Iterable[str]) -> list[Message]:
        """Return what enters the channel, also after a lost connection: it goes on behind the last page."""
        self._batches.forget()
        self._open.clear()
        self._is_asking = False
        if not {"draft/chathistory", "batch", "server-time"} <= set(enabled):
            self.failure = "This host has no history that can be asked for."
            return []
        return [Message("JOIN", (self._channel,))]

    def hear(self, message: Message) -> list[Message]:
        """Handle a message of the host; return what to send."""
        if message.command == "BATCH":
            return self._hear_batch(message)
        if message.command == numerics.RPL_ENDOFNAMES:
            return self._entered(message)
        if message.command in JOIN_REFUSALS or (message.command == "FAIL" and message.params[:1] == ("CHATHISTORY",)):
            self.failure = clean(message.params[-1]) if message.params else "It was refused."
            return []
        self._take(message.tags.get("batch", ""), message)
        return []

    def _entered(self, message: Message) -> list[Message]:
        """Ask, once, when we are in: another session of ours may be in other channels, and their names come, too."""
        is_ours = fold(message.params[1]) == fold(self._channel) if len(message.params) > 1 else False
        if self._is_asking or not is_ours:
            return []
        self._is_asking = True
        return [self._next()]

    def _next(self) -> Message:
        return Message("CHATHISTORY", ("BETWEEN", self._channel, self._from, self._until, str(_PAGE)))

    def _hear_batch(self, message: Message) -> list[Message]:
        reference = message.params[0] if message.params else ""
        outer = message.tags.get("batch", "")
        whole, _ = self._batches.assemble(message)
        if whole is not None:
            self._put(whole)
        elif reference.startswith("+") and not outer and message.params[1:2] == ("chathistory",):
            if len(self._open) >= _MAX_OPEN:
                self._open.pop(next(iter(self._open)))
            self._open[reference[1:]] = Page(is_last=_END in message.tags)
        elif (page := self._open.pop(reference[1:], None)) is not None:
            return self._turn(page)
        return []

    def _take(self, reference: str, message: Message) -> None:
        if not reference:
            return  # said now, to everybody
        whole, is_old = self._batches.assemble(message)
        if whole is not None and is_old:
            self._put(whole)

    def _put(self, message: Message) -> None:
        """Add a message to the page that is open: a host sends one at a time."""
        page = next(iter(self._open.values()), None)
        if page is None:
            return
        if len(page.messages) + len(page.reactions) >= _MAX_PAGE_MESSAGES:
            self.failure = "It sends more than it was asked for."
            return
        if message.command == "TAGMSG":
            page.reactions.append(message)
        if message.command != "TAGMSG" or _CONTEXT not in message.tags:
            page.messages.append(message)

    def _turn(self, page: Page) -> list[Message]:
        last = next((one.tags["msgid"] for one in reversed(page.messages) if one.tags.get("msgid")), "")
        page.messages = [one for one in page.messages if one.command != "TAGMSG"]
        self.pages.append(page)
        self.is_done = page.is_last or not last or self._from == f"msgid={last}"
        self._from = f"msgid={last}"
        return [] if self.is_done else [self._next()]


def at_of(message: Message) -> int:
    """Return when a message was said, in UNIX milliseconds; 0 where the host does not say."""
    return round(time_of(message.tags.get("time", ""), 0.0) * 1000)


def _timestamp(at: int) -> str:
    return (_EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
