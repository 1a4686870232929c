"""What the table says of a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lanchat.chat.call import Call
from lanchat.protocol.message import Message


@dataclass(frozen=True, slots=True)
class Command:
    """One row: who carries it out, what HELP says, how much it needs and costs (in commands; flood.py)."""

    run: Callable[[Call, Message], None]
    usage: str
    summary: str
    min_params: int = 0
    is_before_registration: bool = False
    cost: float = 1.0
