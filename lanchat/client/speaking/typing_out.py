"""Telling the others that this person is typing: not too often, and never for a command.

Source: ircv3.net/specs/client-tags/typing.
"""

from dataclasses import dataclass

from lanchat.protocol.message import Message

AGAIN_S = 3.0  # the specification's least time between two notices of one kind


@dataclass(slots=True)
class TypingNotice:
    """What the others were last told of the line being typed."""

    _quiet_until_s: float = 0.0  # 0: as far as the others know, nothing is being typed

    def told(self, target: str, text: str, now_s: float) -> list[Message]:
        """Return what tells a room or a person of the line as it is now."""
        how = self.due(text, now_s)
        return [Message("TAGMSG", (target,), tags={"+typing": how})] if how else []

    def due(self, text: str, now_s: float) -> str:
        """Return what to tell about the line as it is now: "active", "done", or "" for nothing."""
        if not text:
            was_told, self._quiet_until_s = self._quiet_until_s > 0, 0.0
            return "done" if was_told else ""
        if text.startswith("/") or now_s < self._quiet_until_s:
            return ""
        self._quiet_until_s = now_s + AGAIN_S
        return "active"

    def sent(self) -> None:
        """Note that the line was sent: the message itself tells the others that the typing is over."""
        self._quiet_until_s = 0.0
