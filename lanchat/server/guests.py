"""Guests (chat/rules/guests.py): what a browser's plain form says is carried out, and charged to who sent it."""

from __future__ import annotations

from collections.abc import Callable

from lanchat.chat.chat import Chat
from lanchat.chat.rules.guests import Saying
from lanchat.chat.state.people import Channel
from lanchat.server.peers import Perform
from lanchat.server.pricing import price_of


class GuestBook:
    """Brings guests to the chat. `clock` returns UNIX seconds."""

    def __init__(self, chat: Chat, perform: Perform, clock: Callable[[], float]) -> None:
        self._chat = chat
        self._perform = perform
        self._clock = clock

    def say(self, saying: Saying, spend: Callable[[float], None]) -> str:
        """Let a room hear a guest; return why it was not heard, or ""."""
        refusal, effects = self._chat.guest_says(saying, self._clock())
        spend(price_of(effects))
        self._perform(effects)
        return refusal

    def password_refusal(self, address: str, password: str) -> str:
        """Return why a password is not enough, or ""."""
        return self._chat.guest_password_refusal(address, password, self._clock())

    def reading_refusal(self, address: str, channel: Channel) -> str:
        """Return why a channel is not for a guest to read, or ""."""
        return self._chat.guest_reading_refusal(address, channel, self._clock())
