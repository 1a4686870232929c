"""Letting the others know that this person types: not too often, and never for a command.

Source: ircv3.net/specs/client-tags/typing.
"""

from dataclasses import dataclass

AGAIN_S = 3.0  # the specification's least time between two notices of one kind


@dataclass(slots=True)
class TypingNotice:
    """What was last told of the line being typed."""

    _quiet_until_s: float = 0.0  # 0: the others think that nothing is typed

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
        """Take it that the line was sent: the message itself ends the typing for the others."""
        self._quiet_until_s = 0.0
