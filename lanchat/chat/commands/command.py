"""What the table says of a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lanchat.chat.call import Call
from lanchat.protocol.message import Message


@dataclass(frozen=True, slots=True)
class Command:
    """One row: who carries it out, what HELP says, how much it needs and costs (in commands; flood.py).

    `targets_at` is the parameter that names several targets, if one does: each of them is paid for.
    """

    run: Callable[[Call, Message], None]
    usage: str
    summary: str
    min_params: int = 0
    is_before_registration: bool = False
    cost: float = 1.0
    targets_at: int | None = None

    def price(self, message: Message) -> float:
        """Return what a message costs, however its targets are written, and whether they exist or not."""
        if self.targets_at is None or len(message.params) <= self.targets_at:
            return self.cost
        return self.cost * (1 + message.params[self.targets_at].count(","))
