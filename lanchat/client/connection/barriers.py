"""Knowing that everything sent so far has been answered: a PING behind it, whose PONG comes back in order.

Every host answers the messages of one connection in their order. So when the PONG comes, all answers to what was sent
before the PING have come too, also those that may consist of nothing:

    WHO #Line-3        →  352, 352, 315
    PING barrier-4     →  PONG barrier-4: passed, and with it barriers 1 to 3
"""

from dataclasses import dataclass

from lanchat.protocol.message import Message

_TOKEN = "barrier-"  # noqa: S105 - what our PINGs carry
_MAX_DIGITS = 9


@dataclass(slots=True)
class Barriers:
    """The barriers of a conversation, numbered from 1 on. Those of a lost connection are passed with the next one."""

    raised: int = 0
    passed: int = 0

    def raise_next(self) -> Message:
        """Return the PING of a new barrier, whose number is `raised` from now on."""
        self.raised += 1
        return Message("PING", (f"{_TOKEN}{self.raised}",))

    def hear(self, message: Message) -> bool:
        """Look at a message of the host; tell whether it passes a barrier, and with it all before."""
        token = message.params[-1] if message.command == "PONG" and message.params else ""
        digits = token.removeprefix(_TOKEN)
        if not token.startswith(_TOKEN) or not (digits.isascii() and digits.isdecimal()) or len(digits) > _MAX_DIGITS:
            return False
        if not self.passed < int(digits) <= self.raised:
            return False
        self.passed = int(digits)
        return True
